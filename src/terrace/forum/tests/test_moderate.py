"""The forms of moderators carry the state that they ask for."""

import pytest
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from terrace.forum import actions, queries
from terrace.kernel.models import EventRow
from terrace.members import queries as members

pytestmark = pytest.mark.django_db


def parse(response):
    return HTMLParser(response.content.decode())


def form_of(client, path):
    fields = parse(client.get(path)).css("#confirm input")
    return {each.attributes["name"]: each.attributes.get("value", "") for each in fields}


def told(client, topic):
    return parse(client.get(f"/t/{topic.pk}/{topic.slug}/")).css_first("#toasts").text()


@pytest.mark.parametrize(("tail", "field"), [("lock", "locked_at"), ("pin", "pinned_at"), ("feature", "featured_at")])
def test_two_who_ask_for_the_same_do_not_undo_each_other(browse, topic, moderator, person, tail, field):
    path, one, other = f"/t/{topic.pk}/{tail}", browse(moderator), browse(person("叶青", role="moderator"))
    forms = [form_of(each, path) for each in (one, other)]
    assert [each["to"] for each in forms] == ["on", "on"]
    one.post(path, forms[0])
    events = EventRow.objects.count()
    assert other.post(path, forms[1]).status_code == 302
    topic.refresh_from_db()
    assert getattr(topic, field) is not None
    assert EventRow.objects.count() == events
    assert "Somebody has done this already." in told(other, topic)
    off = form_of(one, path)
    assert off["to"] == "off"
    one.post(path, off)
    other.post(path, off)
    topic.refresh_from_db()
    assert getattr(topic, field) is None
    assert EventRow.objects.count() == events + 1


def test_a_form_that_asks_for_no_state_asks_again(browse, topic, moderator):
    answer = browse(moderator).post(f"/t/{topic.pk}/lock", {"to": "sideways"})
    assert answer.status_code == 200
    topic.refresh_from_db()
    assert topic.locked_at is None


def test_two_who_hide_do_not_bring_back(browse, topic, make_reply, moderator, person):
    post = make_reply(topic)
    path, one, other = f"/posts/{post.pk}/hide", browse(moderator), browse(person("叶青", role="moderator"))
    forms = [form_of(each, path) | {"reason": "广告"} for each in (one, other)]
    one.post(path, forms[0])
    events = EventRow.objects.count()
    assert other.post(path, forms[1]).status_code == 302
    post.refresh_from_db()
    assert (post.state, post.hidden_by_id) == ("hidden", moderator.pk)
    assert "Somebody has done this already." in told(other, topic)
    back = form_of(one, path)
    assert back["to"] == "off"
    one.post(path, back)
    other.post(path, back)
    post.refresh_from_db()
    assert post.state == "published"
    assert EventRow.objects.count() == events + 1


def test_what_its_author_took_back_says_so(browse, topic, make_reply, wen, lin, moderator, now):
    post = make_reply(topic, author=wen)
    page = parse(browse(wen).get(f"/t/{topic.pk}/{topic.slug}/")).css_first(f"[data-post='{post.pk}'] .menu").text()
    assert "Take back" in page
    assert "Delete" not in page
    assert browse(wen).post(f"/posts/{post.pk}/delete").status_code == 302
    for reader in (browse(), browse(wen), browse(lin), browse(moderator)):
        shown = parse(reader.get(f"/t/{topic.pk}/{topic.slug}/")).css_first(f"[data-post='{post.pk}']")
        assert "Its author took this post back." in shown.text()
        assert "Hidden." not in shown.text()
        assert "Take back" not in shown.text()
    again = browse(wen).get(f"/posts/{post.pk}/delete")
    assert (again.status_code, again.headers["Location"]) == (302, f"/p/{post.pk}/")
    chinese = browse(**{"accept-language": "zh"}).get(f"/t/{topic.pk}/{topic.slug}/").content.decode()
    assert "作者收回了这条发言。" in chinese
    assert "已收起" not in chinese
    other = make_reply(topic, author=wen)
    actions.hide_post(other, by=moderator, reason="广告", now=now)
    for reader, words in ((wen, "Hidden. 广告"), (None, "Hidden.  板桥")):  # the reason was written to the author
        page = parse(browse(reader).get(f"/t/{topic.pk}/{topic.slug}/"))
        assert words in page.css_first(f"#p{other.number}").text()
    assert queries.find_post(post.pk).state == "hidden"


def test_what_its_author_took_back_only_the_author_shows_again(browse, topic, make_reply, moderator, lin):
    post = make_reply(topic, "说早了", author=lin)
    assert browse(lin).post(f"/posts/{post.pk}/delete").status_code == 302
    page = parse(browse(moderator).get(f"/t/{topic.pk}/{topic.slug}/")).css_first("#p2")
    assert page.css_first(f"a[href='/posts/{post.pk}/hide']") is None
    assert browse(moderator).post(f"/posts/{post.pk}/hide", {"to": "off"}).status_code == 403
    post.refresh_from_db()
    assert post.state == "hidden"
    page = parse(browse(lin).get(f"/t/{topic.pk}/{topic.slug}/")).css_first("#p2")
    assert page.css_first(f"a[href='/posts/{post.pk}/hide']") is not None
    assert browse(lin).post(f"/posts/{post.pk}/hide", {"to": "off"}).status_code == 302
    post.refresh_from_db()
    assert (post.state, post.hidden_by_id) == ("published", None)
    actions.hide_post(post, by=moderator, reason="广告", now=post.created_at)
    assert browse(lin).post(f"/posts/{post.pk}/hide", {"to": "off"}).status_code == 403, "a moderator's act stays"


def test_what_waits_for_a_moderator_is_not_there_for_others(browse, topic, make_reply, moderator, lin, wen, now):
    post = make_reply(topic, "有待看过的一句", author=lin)
    actions.hold_post(post, reasons=(), now=now)
    shown = [
        parse(browse(who).get(f"/t/{topic.pk}/{topic.slug}/")).css_first("#p2") for who in (None, wen, lin, moderator)
    ]
    assert [each is not None for each in shown] == [False, False, True, True]


@pytest.mark.parametrize(
    ("who", "sentence"),
    [
        ("author", "The author took this topic back."),
        ("moderator", "A moderator took this topic away."),
        (None, "Members flagged this topic. It is hidden until a moderator has read it."),
    ],
)
def test_a_topic_that_is_gone_says_by_whom(browse, topic, moderator, lin, now, who, sentence):
    by = {"author": lin, "moderator": moderator, None: None}[who]
    actions.hide_post(queries.first_post(topic.pk), by=by, reason="", now=now)
    page = parse(browse(moderator).get(f"/t/{topic.pk}/{topic.slug}/"))
    assert sentence in page.css_first("main").text()


def test_the_audit_log_names_boards_and_topics(topic, board, moderator, now):
    actions.lock_topic(topic, True, by=moderator, now=now)
    other = actions.create_board("系统", slug="system", now=now)
    actions.move_topic(topic, other, by=moderator, now=now)
    moved, locked = members.audit_page(about=f"topic:{topic.pk}").rows
    assert locked.sentence == f"topic “{topic.title}”: locked"
    assert moved.sentence == f"moved topic “{topic.title}” to board “系统”"
    assert (moved.name, moved.url) == (f"“{topic.title}”", f"/t/{topic.pk}/{topic.slug}/")
