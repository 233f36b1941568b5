"""Pages: mine and nobody else's, without script."""

import pytest
from django.test import Client
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from terrace.kernel.tests.safety import active_nodes
from terrace.notifications import queries
from terrace.notifications.models import KINDS, Notice

pytestmark = pytest.mark.django_db


@pytest.fixture
def browse():
    """Return a function giving the browser of somebody; forms are checked as in life."""

    def sign_in(member=None):
        client = Client(headers={"accept-language": "en"}, enforce_csrf_checks=True)
        if member is not None:
            client.force_login(member)
        return client

    return sign_in


def main(response):
    return HTMLParser(response.content.decode()).css_first("main")


def token(page):
    return page.css_first("main input[name=csrfmiddlewaretoken]").attributes["value"]


def submit(client, address, **data):
    page = HTMLParser(client.get("/settings/notices/").content.decode())
    return client.post(address, {"csrfmiddlewaretoken": token(page), **data})


@pytest.fixture
def told(make_topic, make_reply, quiet, heard, lin):
    """A notice of Lin's about a reply."""
    topic = make_topic("夜景怎么拍")
    quiet()
    make_reply(topic, "<script>alert(1)</script> 用三脚架")
    heard()
    return Notice.objects.get(member=lin)


def test_strangers_sign_in_first(browse, told):
    for address in ("/notices/", f"/notices/{told.pk}/", "/settings/notices/"):
        response = browse().get(address)
        assert response.status_code == 302
        assert response.headers["Location"].endswith(f"?next={address}")


def test_the_list_is_seen_and_not_yet_read(browse, told, lin):
    assert queries.unseen_count(lin.pk) == 1
    client = browse(lin)
    page = main(client.get("/notices/"))
    line = page.css_first(".notices > li.new")
    assert line.css_first("a").text() == "Wen wrote in “夜景怎么拍”, which you follow"
    assert line.css_first("a").attributes["href"] == f"/notices/{told.pk}/"
    assert active_nodes(client.get("/notices/").content.decode(), ".notices") == []
    assert queries.unseen_count(lin.pk) == 0
    assert main(client.get("/notices/")).css(".notices > li.new")


def test_opening_reads_and_leads_to_the_post(browse, told, lin):
    client = browse(lin)
    response = client.get(f"/notices/{told.pk}/")
    assert (response.status_code, response.headers["Location"]) == (302, f"/p/{told.post_id}/")
    told.refresh_from_db()
    assert told.read_at is not None
    assert not main(client.get("/notices/")).css(".notices > li.new")


def test_nobody_opens_the_notice_of_another(browse, told, wen):
    assert browse(wen).get(f"/notices/{told.pk}/").status_code == 404
    assert browse(wen).get("/notices/999999999999/").status_code == 404
    told.refresh_from_db()
    assert told.read_at is None


def test_what_is_gone_says_so(browse, told, lin, moderator, now):
    from terrace.forum import actions as forum

    forum.hide_post(told.post, by=moderator, reason="离题", now=now)
    response = browse(lin).get(f"/notices/{told.pk}/", follow=True)
    assert "is not here any more" in response.content.decode()


def test_mark_all_as_read_without_script(browse, told, lin):
    client = browse(lin)
    response = submit(client, "/notices/read")
    assert response.headers["Location"] == "/notices/"
    assert not main(client.get("/notices/")).css(".notices > li.new")
    assert browse(lin).post("/notices/read").status_code == 403
    assert client.get("/notices/read").status_code == 405


def test_an_empty_list(browse, lin, quiet):
    quiet()
    assert "Nothing has happened to you yet" in main(browse(lin).get("/notices/")).text()


def test_wishes_without_script(browse, lin, quiet):
    client = browse(lin)
    page = main(client.get("/settings/notices/"))
    assert len(page.css("input[name=kinds][checked]")) == len(page.css("input[name=kinds]")) == len(KINDS) - 2
    assert page.css_first(".rooms [aria-current=page]").attributes["href"] == "/settings/notices/"
    assert submit(client, "/settings/notices/", kinds=["mention", "reply"]).status_code == 302
    checked = main(client.get("/settings/notices/")).css("input[name=kinds][checked]")
    assert [each.attributes["value"] for each in checked] == ["mention", "reply"]
    assert submit(client, "/settings/notices/", kinds=["mention", "nonsense"]).status_code == 422
    assert submit(client, "/settings/notices/").status_code == 302
    assert not main(client.get("/settings/notices/")).css("input[name=kinds][checked]")


@pytest.mark.parametrize("after", ["x", "'", "AAAA", "W10", "eyJhIjoxfQ", "9" * 5000])
def test_any_cursor_is_answered(browse, told, lin, after):
    assert browse(lin).get("/notices/", {"after": after}).status_code == 200


def test_the_bell_in_the_bar(browse, told, lin):
    page = HTMLParser(browse(lin).get("/settings/notices/").content.decode())
    assert page.css_first(".bar .pip").text() == "1"


def test_those_not_read_have_a_tab(browse, told, lin):
    client = browse(lin)
    page = main(client.get("/notices/?show=unread"))
    assert len(page.css(".notices li")) == 1
    assert page.css_first(".seg [aria-current]").text() == "Unread"
    client.get(f"/notices/{told.pk}/")
    page = main(client.get("/notices/?show=unread"))
    assert not page.css(".notices li") and "You have read everything" in page.text()
    assert len(main(client.get("/notices/")).css(".notices li")) == 1
