"""Where a topic may be opened: every board whose rule lets the reader, with boards below it or without."""

import pytest
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from terrace.forum import actions, policies, queries
from terrace.forum.models import Topic

pytestmark = pytest.mark.django_db


def parse(response):
    return HTMLParser(response.content.decode())


def rule(board, act, audience, now):
    actions.set_rule(board, act, audience=audience, now=now)
    policies.forget_tree()  # as the commit does


def offered(member, now):
    return [slug for slug, _name in queries.board_choices(policies.access(member, now))]


@pytest.fixture
def night(board, now):
    """Return a board below `board`, beside another one at the top."""
    actions.create_board("闲聊", slug="talk", now=now)
    child = actions.create_board("夜景", slug="night", parent=board, now=now)
    policies.forget_tree()
    return child


def test_a_board_with_boards_below_it_takes_topics(browse, board, night, lin, now):
    assert offered(lin, now) == ["photo", "night", "talk"]
    client = browse(lin)
    chosen = parse(client.get("/new/?board=photo")).css_first("select[name=board] option[selected]")
    assert chosen.attributes["value"] == "photo"
    typed = {"title": "夜里怎么拍", "body": "手持总是糊，怎么办？", "board": "photo", "kind": "discussion"}
    assert client.post("/new/", typed).status_code == 302
    assert Topic.objects.get().board == board


def test_boards_that_the_reader_may_not_see_take_nothing_away(board, night, lin, now):
    rule(night, "see", "staff", now)
    assert offered(lin, now) == ["photo", "talk"]


def test_a_heading_is_closed_by_its_rule(board, night, lin, moderator, now):
    rule(board, "open", "nobody", now)
    assert offered(lin, now) == ["talk"], "what is below has the rule of what is above"
    rule(night, "open", "members", now)
    assert offered(lin, now) == ["night", "talk"]
    assert offered(moderator, now) == ["photo", "night", "talk"]


def test_a_topic_moves_into_a_board_with_boards_below_it(browse, board, night, make_topic, moderator):
    topic = make_topic(where=night)
    assert browse(moderator).post(f"/t/{topic.pk}/move", {"board": "photo"}).status_code == 302
    topic.refresh_from_db()
    assert topic.board == board


def test_a_board_that_does_not_open_is_not_exchanged_for_another(browse, board, night, lin, now):
    rule(board, "open", "nobody", now)
    page = browse(lin).get("/new/?board=photo")
    assert page.status_code == 403
    assert parse(page).css_first("textarea") is None
    assert parse(page).css_first("main h1").text() == "Only moderators open topics in “Photography”."
    rule(night, "open", "members", now)
    page = browse(lin).get("/new/?board=photo")
    told = "Topics do not stand in “Photography” itself: choose a board below it."
    assert parse(page).css_first("main h1").text() == told
    assert parse(page).css_first("main a.btn").attributes["href"] == "/new/"
    rule(board, "see", "staff", now)
    client = browse(lin)
    assert [client.get(f"/new/?board={slug}").status_code for slug in ("photo", "elsewhere")] == [404, 404]


def test_a_draft_for_a_board_that_has_closed_asks_for_another(browse, board, night, lin, now):
    client = browse(lin)
    actions.keep_draft("new", {"title": "旧", "body": "写了一半", "board": "photo"}, by=lin, now=now)
    assert parse(client.get("/new/")).css_first("select[name=board] option[selected]").attributes["value"] == "photo"
    rule(board, "open", "nobody", now)
    for path in ("/new/", "/new/fields?kind=question&board=photo"):
        select = parse(client.get(path)).css_first("select[name=board]")
        assert select.css_first("option").attributes["value"] == ""
        assert select.css_first("option[selected]") is None
        assert select.css_first("option").text() == "Choose a board"
