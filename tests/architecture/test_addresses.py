"""Every address of the product: no act without a token, no change by reading, headers everywhere, tags on public pages."""

import hashlib
import re
from datetime import timedelta

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from terrace.forum import actions as forum
from terrace.forum import policies
from terrace.members import actions as members
from terrace.products import actions as products

pytestmark = pytest.mark.django_db
NOT_OURS = re.compile(r"^(demo|setup)/")  # only there in the demo, or until a community is founded


# Doors and forms, which hold a token, and answers to what one types.
NEVER_KEPT = re.compile(r"^(accounts/|language/|search/similar$|health$|live/|welcome/)")


def patterns(resolver=None, prefix=""):
    """Yield every address as (path with placeholders, name)."""
    for each in (resolver or get_resolver()).url_patterns:
        path = prefix + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from patterns(each, path)
        elif isinstance(each, URLPattern):
            yield path, each.name


@pytest.fixture
def world(now):
    """A community with one of everything that an address can name; returns example values for placeholders."""
    policies.forget_tree()
    lin, wen = members.create_member("林间", now=now, email="lin@example.com"), members.create_member("Wen", now=now)
    board = forum.create_board("拍照", slug="photo", now=now)
    topic = forum.open_topic(
        lin, board, kind="discussion", title="t", source="s", tags=["夜景"], now=now, screened=False
    )
    forum.reply(wen, topic, source="r", now=now + timedelta(minutes=1), screened=False)
    team = products.make_team("影像组", slug="photo", zone="Asia/Shanghai", now=now)
    product = products.make_product("相机", slug="photo", team_id=team.pk, now=now)
    version = products.plan_version(product, "1", channel="stable", now=now)
    products.release_version(version, now=now)
    products.add_module(product, "镜头", team_id=team.pk, now=now)
    device = products.add_device(wen, product, now=now)
    policies.forget_tree()
    yield {
        "topic_id": topic.pk, "post_id": topic.pk, "slug": "photo", "name": "夜景", "handle": "林间", "code": "en",
        "member_id": lin.pk, "number": 1, "after": 0, "channel": "email",
        "device_id": device.pk,
    }  # fmt: skip
    policies.forget_tree()


def fill(path, values):
    """Return an address with its placeholders filled."""
    if path.startswith("t/<int:topic_id>/<str:slug>"):
        return f"/t/{values['topic_id']}/t/"
    return "/" + re.sub(r"<(?:(\w+):)?(\w+)>", lambda m: str(values.get(m[2], 1 if m[1] == "int" else "x")), path)


def all_addresses(values):
    found = [(fill(path, values), path) for path, _name in patterns()]
    assert len(found) > 80
    return [(url, path) for url, path in found if not NOT_OURS.match(path)]


def browser(handle=None, *, strict=False):
    client = Client(enforce_csrf_checks=strict, headers={"accept-language": "en"})
    if handle is not None:
        member = members_by_handle(handle)
        client.force_login(member)
        session = client.session
        session["account_authentication_methods"] = [{"method": "mfa", "at": 0.0}]
        session["account_authentication_methods_user"] = str(member.pk)
        session.save()
    return client


def members_by_handle(handle):
    from terrace.members import queries

    return queries.by_handle(handle)


@pytest.mark.parametrize("who", [None, "Wen", "Boss"])
def test_nothing_is_done_without_a_token(world, now, who):
    boss = members.create_member("Boss", role="administrator", now=now)
    for member in (boss, members_by_handle("Wen")):
        members.note_seen(member, now=now + timedelta(days=3650))
    client = browser(who, strict=True)
    before = rows()
    for url, path in all_addresses(world):
        for method in ("post", "put", "patch", "delete"):
            status = getattr(client, method)(url).status_code
            assert status == 403 or (path == "uploads" and status in {401, 403, 405}), (method, url, status)
    assert rows() == before


@pytest.mark.parametrize("who", [None, "Wen", "Boss"])
def test_reading_changes_nothing(world, now, who):
    boss = members.create_member("Boss", role="administrator", now=now)
    for member in (boss, members_by_handle("Wen")):
        members.note_seen(member, now=now + timedelta(days=3650))
    client = browser(who)
    before = rows()
    for url, _path in all_addresses(world):
        response = client.get(url)
        assert response.status_code < 500, (url, response.status_code)
        assert rows() == before, url


def rows():
    """Return a digest of every row of every table but sessions (which tests themselves make)."""
    digest = hashlib.sha256()
    for model in sorted(apps.get_models(), key=lambda each: each._meta.label):
        if (
            model is Session
            or not model._meta.managed
            or model._meta.label.startswith(("usersessions.", "contenttypes."))
        ):
            continue
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT * FROM "{model._meta.db_table}" ORDER BY 1')
            digest.update(repr((model._meta.label, cursor.fetchall())).encode())
    return digest.hexdigest()


HEADERS = {
    "Content-Security-Policy": "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


@pytest.mark.parametrize("who", [None, "Wen"])
def test_every_answer_has_its_headers(world, who):
    client = browser(who)
    for url in [url for url, _path in all_addresses(world)] + ["/nowhere/", "/t/%00/", "/%F0%28/"]:
        response = client.get(url)
        for name, part in HEADERS.items():
            assert part in response.headers.get(name, "") or name == "Content-Security-Policy", (url, name)
        policy = response.headers["Content-Security-Policy"]
        assert "unsafe" not in policy, url
        assert "'self'" in policy or "sandbox" in policy, url
        if (
            who is not None
            and not url.startswith(("/avatar/", "/t/", "/brand/", "/icons/"))
            and response.status_code == 200
        ):
            assert "public" not in response.headers.get("Cache-Control", ""), url


def test_every_page_for_strangers_says_what_it_shows_or_is_never_kept(world):
    client = browser()
    kept = 0
    for url, path in all_addresses(world):
        response = client.get(url)
        if response.status_code != 200:
            continue
        body = (
            response.content.decode("utf-8", "replace")
            if response.headers["Content-Type"].startswith("text/html")
            else ""
        )
        control = response.headers["Cache-Control"]
        if "no-store" in control or "private" in control:
            assert "Terrace-Tags" not in response.headers, url
            assert NEVER_KEPT.match(path), f"{url} ({path}) declares no tags"
            continue
        kept += 1
        assert response.headers.get("Terrace-Tags"), f"{url} ({path}) declares no tags"
        assert "csrfmiddlewaretoken" not in body, url
        assert not response.cookies, url
    assert kept > 12


def test_a_stranger_reaches_no_console_page(world):
    for url, path in all_addresses(world):
        if path.startswith(("console/", "settings/")):
            assert browser().get(url).status_code in {302, 404, 405}, url
            if path.startswith("console/"):
                assert browser("Wen").get(url).status_code in {404, 405}, url


@pytest.mark.parametrize(
    "path",
    [
        "/.git/config",
        "/.env",
        "/terrace.sqlite3",
        "/data/terrace.toml",
        "/static/../settings.py",
        "/media/../terrace.sqlite3",
        "/media/..%2f..%2fterrace.toml",
        "/backup.zip",
    ],
)
def test_nothing_of_the_house_is_served(path):
    assert Client().get(path).status_code in {400, 404}
    assert settings.DEBUG is False
