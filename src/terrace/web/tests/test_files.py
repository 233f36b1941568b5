"""Uploads through the door: whole, in parts, not again, and only for whom they are. No thread of Django's is taken."""

import asyncio
import threading

import pytest
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

from terrace.kernel import slots
from terrace.media import actions, policies, queries
from terrace.media.tests.clips import clip
from terrace.media.tests.pictures import saved, scene
from terrace.members import actions as members
from terrace.web import asgi, files

pytestmark = pytest.mark.django_db(transaction=True)


class Answer:
    """What came back."""

    def __init__(self, messages):
        self.status = messages[0]["status"]
        self.headers = {name.decode(): value.decode() for name, value in messages[0]["headers"]}
        self.body = b"".join(message.get("body", b"") for message in messages[1:])
        assert len(messages[0]["headers"]) == len(self.headers), "no header is said twice"


def ask(path, *, method="GET", **headers):
    sent = []

    async def send(message):
        sent.append(message)

    async def receive():
        return {"type": "http.request", "body": b""}

    pairs = [(name.replace("_", "-").encode(), value.encode("latin-1")) for name, value in headers.items()]
    scope = {"type": "http", "method": method, "path": path, "headers": pairs}
    asyncio.run(asgi.application(scope, receive, send))
    return Answer(sent)


@pytest.fixture
def owner(now, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    files._open_file.cache_clear()
    return members.create_member("owner", now=now)


@pytest.fixture
def cookie(owner, settings):
    store = SessionStore()
    store[SESSION_KEY] = str(owner.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = owner.get_session_auth_hash()
    store.save()
    return f"{settings.SESSION_COOKIE_NAME}={store.session_key}"


@pytest.fixture
def film(owner, now):
    limits = policies.limits_at(5)
    upload = actions.keep_clip(clip("plain.mp4"), member_id=owner.pk, name="a.mp4", now=now, limits=limits)
    data = (queries.folder(upload.key) / "clip.mp4").read_bytes()
    return queries.address_of(upload), data


def test_a_video_is_served_whole_and_in_parts(film, cookie):
    path, data = film
    whole = ask(path, cookie=cookie)
    assert (whole.status, whole.body) == (200, data)
    assert whole.headers["content-type"] == "video/mp4"
    assert whole.headers["accept-ranges"] == "bytes"
    assert whole.headers["content-length"] == str(len(data))
    assert whole.headers["cache-control"] == "private, max-age=3600"
    assert whole.headers["x-content-type-options"] == "nosniff"
    assert whole.headers["content-security-policy"] == "default-src 'none'; sandbox"
    first = ask(path, cookie=cookie, range="bytes=0-99")
    assert (first.status, first.body) == (206, data[:100])
    assert first.headers["content-range"] == f"bytes 0-99/{len(data)}"
    assert first.headers["content-length"] == "100"
    assert ask(path, cookie=cookie, range="bytes=100-").body == data[100:]
    last = ask(path, cookie=cookie, range="bytes=-50")
    assert (last.status, last.body) == (206, data[-50:])
    assert last.headers["content-range"] == f"bytes {len(data) - 50}-{len(data) - 1}/{len(data)}"
    for odd in ("bytes=9-5", "bytes=0-1,4-5", "lines=1-2"):
        assert ask(path, cookie=cookie, range=odd).status == 200


def test_a_range_behind_the_end(film, cookie):
    path, data = film
    answer = ask(path, cookie=cookie, range=f"bytes={len(data)}-")
    assert (answer.status, answer.body) == (416, b"")
    assert answer.headers["content-range"] == f"bytes */{len(data)}"
    assert ask(path, cookie=cookie, range="bytes=-0").status == 416


def test_the_head_alone(film, cookie):
    path, data = film
    answer = ask(path, method="HEAD", cookie=cookie, range="bytes=0-9")
    assert (answer.status, answer.body, answer.headers["content-length"]) == (200, b"", str(len(data)))
    assert ask(path, method="POST", cookie=cookie).status == 405


def test_a_part_only_of_the_same_file(film, cookie):
    path, data = film
    tag = ask(path, cookie=cookie).headers["etag"]
    assert ask(path, cookie=cookie, range="bytes=0-9", if_range=tag).status == 206
    other = ask(path, cookie=cookie, range="bytes=0-9", if_range='"other"')
    assert (other.status, other.body) == (200, data)
    dated = ask(path, cookie=cookie, range="bytes=0-9", if_range="Sat, 18 Jul 2026 09:30:00 GMT")
    assert dated.status == 200, "no date is said, so none can be the same"


def test_what_a_browser_has_is_not_sent_again(film, cookie):
    path, _data = film
    tag = ask(path, cookie=cookie).headers["etag"]
    for known in (tag, f'"x", W/{tag}', "*"):
        answer = ask(path, cookie=cookie, if_none_match=known)
        assert (answer.status, answer.body, answer.headers["etag"]) == (304, b"", tag)
    assert ask(path, cookie=cookie, if_none_match='"x"').status == 200


def test_permission_comes_before_everything(film, owner, monkeypatch):
    path, _data = film
    for headers in ({}, {"range": "bytes=0-9"}, {"if_none_match": "*"}, {"cookie": "sessionid=made-up"}):
        answer = ask(path, **headers)
        assert (answer.status, answer.body, answer.headers["cache-control"]) == (404, b"", "no-store")
    monkeypatch.setitem(slots._fillers, queries.MAY_READ, [lambda upload_id, member: True])
    assert ask(path, range="bytes=0-9").status == 206


def test_the_lighter_rendition_is_another_file(owner, cookie, now):
    upload = actions.keep_image(saved(scene(2, (1300, 900)), quality=97), member_id=owner.pk, now=now)
    assert actions.draw_lighter(upload.pk)
    path = queries.address(upload.key, 640)
    plain = ask(path, cookie=cookie, accept="image/webp,*/*")
    lighter = ask(path, cookie=cookie, accept="image/avif,image/webp,*/*")
    assert (plain.headers["content-type"], lighter.headers["content-type"]) == ("image/webp", "image/avif")
    assert len(lighter.body) < len(plain.body)
    assert plain.headers["vary"] == lighter.headers["vary"] == "accept"
    assert plain.headers["etag"] != lighter.headers["etag"]
    mixed = ask(path, cookie=cookie, accept="image/avif", range="bytes=0-9", if_range=plain.headers["etag"])
    assert (mixed.status, mixed.headers["content-type"]) == (200, "image/avif"), (
        "no part of one behind a part of the other"
    )


def test_a_file_that_has_gone(film, cookie):
    path, _data = film
    queries.folder(path.split("/")[2]).joinpath("clip.mp4").unlink()
    assert ask(path, cookie=cookie).status == 404


def test_no_thread_of_django_is_taken(film, cookie, monkeypatch):
    path, data = film

    async def never(*_args):
        raise AssertionError("this went to Django")

    monkeypatch.setattr(asgi, "pages", never)
    before = {thread.name for thread in threading.enumerate()}
    assert ask(path, cookie=cookie, range="bytes=5-9").body == data[5:10]
    assert not {thread.name for thread in threading.enumerate()} - before


# -- in the other direction ------------------------------------------------------------------------------------------


def come(parts, *, cookie="", length=None, end="http.request", path="/uploads"):
    """Send a body in parts; return how many of them had come when Django was asked, and what it was given."""
    told = {"parts": 0, "asked": None, "given": b"", "end": ""}

    async def receive():
        at = told["parts"]
        told["parts"] += 1
        if at >= len(parts):
            return {"type": "http.disconnect"}
        more = at + 1 < len(parts) or end != "http.request"
        return {"type": "http.request", "body": parts[at], "more_body": more}

    async def pages(scope, body, send):
        told["asked"] = told["parts"]
        more = True
        while more:
            message = await body()
            told["given"] += message.get("body", b"")
            told["end"], more = message["type"], message.get("more_body", False)

    async def send(message):
        raise AssertionError("the door does not answer itself")

    size = sum(len(part) for part in parts) if length is None else length
    headers = [(b"content-length", str(size).encode()), (b"cookie", cookie.encode())]
    scope = {"type": "http", "method": "POST", "path": path, "headers": headers}
    before, asgi.pages = asgi.pages, pages
    try:
        asyncio.run(asgi.application(scope, receive, send))
    finally:
        asgi.pages = before
    return told


PARTS = [b"a" * 100_000, b"b" * 100_000, b"c"]


def test_a_file_is_all_here_before_a_thread_of_django_is_taken(cookie):
    told = come(PARTS, cookie=cookie)
    assert told == {"parts": 3, "asked": 3, "given": b"".join(PARTS), "end": "http.request"}


def test_what_is_refused_anyway_is_not_waited_for(cookie):
    for how in ({}, {"cookie": "sessionid=made-up"}, {"cookie": cookie, "length": files.MOST + 1}):
        assert come(PARTS, **how)["asked"] == 0, how
    assert come(PARTS, cookie=cookie, path="/new/")["asked"] == 0


def test_a_connection_that_breaks_ends_in_a_disconnect(cookie):
    told = come(PARTS[:2], cookie=cookie, length=300_000, end="broken")
    assert (told["end"], told["given"]) == ("http.disconnect", b"".join(PARTS[:2]))


def test_no_more_than_was_announced_is_kept(cookie):
    assert len(come(PARTS, cookie=cookie, length=150_000)["given"]) == 150_000
