"""The lists of pages at the desk and in the settings: who sees which, and where one is."""

import re

import pytest
from django.test import Client

from terrace.forum import actions as forum
from terrace.kernel import options
from terrace.members import actions as members

pytestmark = pytest.mark.django_db
SETTINGS = ["", "profile/", "security/", "people/", "devices/", "notices/", "data/"]


def browser(member):
    client = Client(headers={"accept-language": "en"})
    client.force_login(member)
    session = client.session
    session["account_authentication_methods"] = [{"method": "mfa", "at": 0.0}]
    session["account_authentication_methods_user"] = str(member.pk)
    session.save()
    return client


def rooms(page):
    """Return (address, whether one is there) of every link of the list."""
    nav = re.search(r'<nav class="rooms".*?</nav>', page.content.decode(), re.S)[0]
    return [(url, bool(here)) for url, here in re.findall(r'<a href="([^"]+)"( aria-current="page")?', nav)]


@pytest.mark.parametrize("at", range(len(SETTINGS)))
def test_every_page_of_the_settings_leads_to_every_other(now, at):
    client = browser(members.create_member("林间", now=now))
    found = rooms(client.get(f"/settings/{SETTINGS[at]}"))
    assert found == [(f"/settings/{page}", number == at) for number, page in enumerate(SETTINGS)]


@pytest.mark.parametrize(
    ("url", "typed", "current"),
    [
        ("/settings/handle/", {"handle": "x"}, "/settings/"),
        ("/settings/profile/picture/", {}, "/settings/profile/"),
        ("/settings/notices/", {"kinds": ["nonsense"]}, "/settings/notices/"),
    ],
)
def test_a_form_that_comes_back_is_still_on_its_page(now, url, typed, current):
    answer = browser(members.create_member("林间", now=now)).post(url, typed)
    assert answer.status_code == 422
    assert [address for address, here in rooms(answer) if here] == [current]


@pytest.mark.parametrize(
    ("role", "seen"),
    [
        (
            "moderator",
            {
                "/console/groups/": False,
                "/console/products/": False,
                "/console/product-words/": False,
                "/console/queue/": True,
            },
        ),
        (
            "operator",
            {
                "/console/groups/": True,
                "/console/products/": True,
                "/console/teams/": True,
                "/console/product-words/": True,
                "/console/boards/": True,
            },
        ),
        ("administrator", {"/console/groups/": True, "/console/product-words/": True, "/console/brand/": True}),
    ],
)
def test_the_desk_shows_what_one_may_open(now, role, seen):
    client = browser(members.create_member("某人", role=role, now=now))
    found = dict(rooms(client.get("/console/")))
    assert {url: url in found for url in seen} == seen
    assert [url for url, here in found.items() if here] == ["/console/"]
    for url in found:
        page = client.get(url)
        assert page.status_code == 200, url
        assert [each for each, here in rooms(page) if here] == [url]


def test_the_greeting_breaks_between_its_sentences(now):
    client = browser(members.create_member("山弦", role="operator", language="zh-hans", now=now))
    page = client.get("/console/").content.decode()
    phrases = re.findall(r'<span class="phrase">(.*?)</span>', page)
    assert [phrase.replace("<wbr>", "") for phrase in phrases] == ["山弦，你好。", "没有等你处理的事。"]


def test_the_page_of_a_section_that_is_off_is_not_there(now):
    stranger = Client()
    assert stranger.get("/people/").status_code == 200
    options.put("brand.sections", ["members", "home"], now)
    options.forget()
    assert [stranger.get(page).status_code for page in ("/people/", "/forum/", "/")] == [404, 200, 200]


def test_the_way_to_a_board_bears_the_name_of_its_section(now):
    forum.create_board("拍照", slug="photo", now=now)
    client = Client(headers={"accept-language": "en"})

    def top():
        options.forget()
        crumbs = re.search(r'<nav class="crumb".*?</nav>', client.get("/b/photo/").content.decode(), re.S)[0]
        return re.search(r"<a [^>]*>([^<]*)</a>", crumbs)[1]

    assert top() == "Forum"
    options.put("brand.more", {"names": {"forum": {"en": "Village"}}}, now)
    assert top() == "Village"
