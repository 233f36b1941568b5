"""Pages: what they show, to whom, with how many queries; forms without script; what a stranger gets."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from terrace.forum import actions, policies, queries
from terrace.forum.models import Draft, Post, Question, Topic

pytestmark = pytest.mark.django_db


def parse(response):
    return HTMLParser(response.content.decode())


def main_text(response):
    return parse(response).css_first("main").text(separator=" ")


def typed_choices(page):
    return [each.attributes["value"] for each in page.css("input[name^=choices_]")]


def address(topic):
    return f"/t/{topic.pk}/{topic.slug or '-'}/"


def test_a_topic_is_read_by_a_stranger_without_cookies_or_tokens(browse, topic, make_reply):
    make_reply(topic, "用三脚架。")
    response = browse().get(address(topic))
    body = response.content.decode()
    assert response.status_code == 200
    assert "用三脚架。" in main_text(response)
    assert not response.cookies
    assert "csrf" not in body.lower()
    assert response.headers["Terrace-Tags"] == f"board:{topic.board_id} topic:{topic.pk}"


def test_a_page_for_a_member_is_not_stored_anywhere(browse, topic, wen):
    response = browse(wen).get(address(topic))
    assert response.headers["Cache-Control"] == "no-store"
    assert "Terrace-Tags" not in response.headers


@pytest.mark.parametrize("tail", ["", "wrong-slug/"])
def test_another_address_of_a_topic_leads_to_the_one(browse, topic, tail):
    response = browse().get(f"/t/{topic.pk}/{tail}?at=3")
    assert (response.status_code, response.headers["Location"]) == (301, f"{address(topic)}?at=3")


def test_a_permalink_survives_a_move(browse, topic, make_reply, moderator, now):
    post = make_reply(topic)
    other = actions.create_board("续航", slug="power", now=now)
    actions.move_topic(topic, other, by=moderator, now=now)
    response = browse().get(f"/p/{post.pk}/")
    assert response.headers["Location"] == f"{address(topic)}?at=2#p2"
    assert browse().get(f"/p/{queries.first_post(topic.pk).pk}/").headers["Location"] == address(topic)


def test_what_is_not_there_is_404_and_says_so(browse, topic, moderator, now):
    for path in (
        "/t/999999/x/",
        "/p/999999/",
        "/b/nowhere/",
        f"/t/{2**63}/x/",
        "/b/photo/?list=unheard",
    ):
        if path.startswith("/b/photo"):
            assert browse().get(path).status_code == 404
            continue
        response = browse().get(path)
        assert response.status_code == 404, path
        assert "This page is gone" in response.content.decode()
    actions.hide_post(queries.first_post(topic.pk), by=moderator, reason="x", now=now)
    assert browse().get(address(topic)).status_code == 404
    assert browse(moderator).get(address(topic)).status_code == 200


def test_a_closed_board_answers_403_with_what_is_missing_and_an_unseen_one_404(browse, board, topic, wen, now):
    actions.set_rule(board, "read", audience="members", level=8, now=now)
    policies.forget_tree()
    for path in ("/b/photo/", address(topic)):
        response = browse(wen).get(path)
        assert response.status_code == 403
        assert "level 8" in main_text(response)
    assert "Photography" in main_text(browse().get("/forum/"))
    actions.set_rule(board, "see", audience="staff", now=now)
    policies.forget_tree()
    first = queries.first_post(topic.pk).pk
    hidden = [
        "/b/photo/",
        address(topic),
        "/b/photo/feed.atom",
        f"/p/{first}/",
        f"/posts/{first}/history",
        f"/t/{topic.pk}/fresh",
        f"/t/{topic.pk}/card.png",
    ]
    for path in hidden:
        assert browse(wen).get(path).status_code == 404, path
        assert browse().get(path).status_code == 404, path
    for path in ("/forum/", "/topics/", "/", "/sitemap-0.xml"):
        assert topic.title not in browse().get(path).content.decode()
        assert "photo" not in browse().get(path).content.decode().replace("/img/", "")


def test_opening_a_topic_by_form(browse, board, lin):
    client = browse(lin)
    form = parse(client.get("/new/?board=photo"))
    assert form.css_first("select[name=board] option[selected]").attributes["value"] == "photo"
    response = client.post(
        "/new/", {"title": "新帖", "body": "**内容**", "board": "photo", "tags": "夜景，三脚架", "kind": "discussion"}
    )
    topic = Topic.objects.get()
    assert (response.status_code, response.headers["Location"]) == (302, address(topic))
    assert queries.tags_of_topic(topic.pk) == ["夜景", "三脚架"]


def test_a_failed_form_keeps_what_was_typed(browse, board, lin):
    response = browse(lin).post(
        "/new/",
        {
            "title": "",
            "body": "a long text that must not be lost",
            "board": "photo",
            "kind": "poll",
            "choices_0": "only one",
            "choices_1": "",
        },
    )
    page = parse(response)
    assert response.status_code == 422
    assert page.css_first("textarea[name=body]").text() == "a long text that must not be lost"
    assert typed_choices(page) == ["only one", ""]
    assert "two to twelve" in page.css_first("main").text()
    assert not Topic.objects.exists()


def test_a_poll_is_made_and_voted_in_by_form(browse, board, lin, wen):
    browse(lin).post(
        "/new/",
        {
            "title": "哪台",
            "body": "选",
            "board": "photo",
            "kind": "poll",
            "choices_0": "5",
            "choices_1": "5  Pro",
            "choices_4": "5",
            "days": "3",
        },
    )
    topic = Topic.objects.get()
    client = browse(wen)
    choices = [each.attributes["value"] for each in parse(client.get(address(topic))).css("input[name=choice]")]
    assert len(choices) == 2
    assert client.post(f"/t/{topic.pk}/vote", {"choice": choices[1]}).status_code == 302
    assert "100%" in main_text(client.get(address(topic)))
    fragment = browse(lin).post(f"/t/{topic.pk}/vote", {"choice": choices[0]}, headers={"hx-request": "true"})
    assert HTMLParser(fragment.content.decode()).css_first("#poll") is not None
    assert client.post(f"/t/{topic.pk}/vote", {"choice": choices[0]}).status_code == 403


def test_replying_quoting_and_answering_a_post(browse, topic, make_reply, wen, now):
    post = make_reply(topic, "第一行\n第二行", author=topic.author)
    client = browse(wen)
    page = parse(client.get(f"{address(topic)}?quote={post.pk}"))
    typed = page.css_first("textarea[name=body]").text()
    assert typed.startswith(f"> [林间 #2](/p/{post.pk}/)\n>\n> 第一行")
    assert client.get(f"/posts/{post.pk}/quote").content.decode() == typed
    assert "> 第一行\n> 第二行" in typed
    response = client.post(f"/t/{topic.pk}/reply", {"body": typed + "对", "reply_to": post.pk})
    assert response.headers["Location"] == f"{address(topic)}?at=3#p3"
    assert Post.objects.get(number=3).reply_to == post
    empty = client.post(f"/t/{topic.pk}/reply", {"body": "   ", "reply_to": post.pk})
    assert empty.status_code == 422


def test_reacting_by_form_and_by_htmx(browse, topic, wen, lin):
    post = queries.first_post(topic.pk)
    client = browse(wen)
    assert client.post(f"/posts/{post.pk}/react", {"key": "like"}).status_code == 302
    fragment = client.post(f"/posts/{post.pk}/react", {"key": "thanks"}, headers={"hx-request": "true"})
    pressed = [each.text(strip=True) for each in HTMLParser(fragment.content.decode()).css("[aria-pressed=true]")]
    assert pressed == ["Thanks 1"]
    client.post(f"/posts/{post.pk}/react", {"key": "thanks"})
    post.refresh_from_db()
    assert post.reactions == {}
    assert browse(lin).post(f"/posts/{post.pk}/react", {"key": "like"}).status_code == 403
    assert client.post(f"/posts/{post.pk}/react", {"key": "__class__"}).status_code == 422


def test_a_stranger_who_acts_is_led_to_the_sign_in_page_and_back(browse, topic):
    response = browse().post(f"/t/{topic.pk}/follow", headers={"referer": f"http://testserver{address(topic)}"})
    assert response.status_code == 302
    assert response.headers["Location"].startswith("/accounts/login/?next=")
    away = browse().post(f"/t/{topic.pk}/follow", headers={"referer": "https://evil.example/x"})
    assert "evil" not in away.headers["Location"]
    assert browse().get("/new/").headers["Location"] == "/accounts/login/?next=/new/"
    assert not Post.objects.filter(number=2).exists()


def test_editing_keeps_both_texts_when_somebody_was_first(browse, topic, lin, moderator, now):
    post = queries.first_post(topic.pk)
    client = browse(lin)
    Post.objects.filter(pk=post.pk).update(created_at=Topic.objects.get().created_at + timedelta(days=999))
    assert client.get(f"/posts/{post.pk}/edit").status_code == 200
    actions.edit_post(post, by=moderator, source="a moderator was here", now=now)
    response = client.post(f"/posts/{post.pk}/edit", {"title": topic.title, "body": "my words", "seen": ""})
    assert response.status_code == 409
    assert parse(response).css_first("textarea[name=body]").text() == "my words"
    assert "Somebody edited this post meanwhile" in main_text(response)
    seen = parse(response).css_first("input[name=seen]").attributes["value"]
    assert (
        client.post(f"/posts/{post.pk}/edit", {"title": topic.title, "body": "my words", "seen": seen}).status_code
        == 302
    )
    assert "a moderator was here" in main_text(client.get(f"/posts/{post.pk}/history"))


def test_only_who_may_edits_deletes_and_moderates(browse, topic, make_reply, lin, wen, moderator, person):
    other = person("阿禾")
    post = make_reply(topic)
    acts = {
        f"/posts/{post.pk}/edit": {"body": "x"},
        f"/posts/{post.pk}/delete": {},
        f"/posts/{post.pk}/hide": {"reason": "x", "to": "on"},
        f"/posts/{post.pk}/accept": {},
        f"/t/{topic.pk}/lock": {"to": "on"},
        f"/t/{topic.pk}/pin": {"to": "on"},
        f"/t/{topic.pk}/feature": {"to": "on"},
        f"/t/{topic.pk}/move": {"board": "photo"},
        f"/t/{topic.pk}/tags": {"tags": "x"},
    }
    before = list(Topic.objects.values()), list(Post.objects.values())
    for path, data in acts.items():
        assert browse(other).post(path, data).status_code in {403, 404}, path
        assert browse().post(path, data).status_code == (403 if "body" in data else 302), path
    assert (list(Topic.objects.values()), list(Post.objects.values())) == before
    for path in (f"/t/{topic.pk}/lock", f"/t/{topic.pk}/pin", f"/t/{topic.pk}/feature"):
        assert browse(moderator).get(path).status_code == 200
        assert browse(moderator).post(path, {"to": "on"}).status_code == 302
    topic.refresh_from_db()
    assert topic.locked_at
    assert topic.pinned_at
    assert topic.featured_at
    assert browse(moderator).post(f"/posts/{post.pk}/hide", {"reason": "", "to": "on"}).status_code == 422
    assert browse(moderator).post(f"/posts/{post.pk}/hide", {"reason": "advertising", "to": "on"}).status_code == 302
    assert "advertising" in main_text(browse(moderator).get(address(topic)))
    assert "advertising" not in main_text(browse(other).get(address(topic))), "it was written to the author"


def test_accepting_an_answer(browse, make_topic, make_reply, lin):
    topic = make_topic(kind="question", complete=lambda each: Question.objects.create(topic=each))
    post = make_reply(topic, "开夜景模式")
    browse(lin).post(f"/posts/{post.pk}/accept")
    page = main_text(browse().get(address(topic)))
    assert "Solved" in page
    assert "accepted by 林间" in page
    browse(lin).post(f"/posts/{post.pk}/accept")
    assert "accepted by" not in main_text(browse().get(address(topic)))


def test_drafts_are_kept_per_place(browse, topic, wen):
    client = browse(wen)
    assert client.post("/draft", {"place": f"reply:{topic.pk}", "body": "half"}).status_code == 200
    assert parse(client.get(address(topic))).css_first("textarea[name=body]").text() == "half"
    assert client.post("/draft", {"place": f"reply:{topic.pk}", "body": ""}).status_code == 200
    assert not Draft.objects.exists()
    assert client.post("/draft", {"place": "../../etc", "body": "x"}).status_code == 422


def test_position_is_kept_across_devices(browse, topic, make_reply, wen):
    for _each in range(3):
        make_reply(topic, author=topic.author)
    assert browse(wen).post(f"/t/{topic.pk}/position", {"number": "3"}).status_code == 204
    assert parse(browse(wen).get(address(topic))).css_first("#posts").attributes["data-position"] == "3"
    assert browse(wen).post(f"/t/{topic.pk}/position", {"number": "9" * 30}).status_code == 422


def test_fresh_answers_only_what_came_after(browse, topic, make_reply, wen):
    make_reply(topic, "two")
    make_reply(topic, "three")
    page = HTMLParser(browse(wen).get(f"/t/{topic.pk}/fresh?after=2").content.decode())
    assert [each.attributes["data-number"] for each in page.css("[data-number]")] == ["3"]
    assert page.css_first("[data-live-topic]").attributes["data-seen"] == "3"


def test_a_feed_and_the_sitemap_show_what_strangers_may_read(browse, topic):
    feed = browse().get("/b/photo/feed.atom")
    assert feed.headers["Content-Type"].startswith("application/atom+xml")
    assert topic.title in feed.content.decode()
    assert f"/t/{topic.pk}/" in browse().get("/sitemap-0.xml").content.decode()
    assert "sitemap-0.xml" in browse().get("/sitemap.xml").content.decode()
    assert browse().get(f"/t/{topic.pk}/card.png").content[:4] == b"\x89PNG"


def test_a_shared_topic_says_what_it_is(browse, make_topic, make_reply):
    topic = make_topic('</script><script>alert("x")</script>', "words & <b>signs</b>")
    make_reply(topic, "</script>")
    page = parse(browse().get(address(topic)))
    meta = {each.attributes.get("property"): each.attributes.get("content") for each in page.css("meta[property]")}
    assert meta["og:title"] == topic.title
    assert (meta["og:type"], meta["og:description"]) == ("article", topic.excerpt)
    assert meta["og:url"].endswith(address(topic))
    assert meta["og:image"].endswith(f"/t/{topic.pk}/card.png")
    assert page.css_first("link[rel=canonical]").attributes["href"].endswith(address(topic))
    posting = json.loads(page.css_first('script[type="application/ld+json"]').text())
    assert posting["@type"] == "DiscussionForumPosting"
    assert posting["headline"] == topic.title
    assert posting["comment"][0]["text"] == "</script>"
    assert len(page.css("script:not([src]):not([type='application/ld+json'])")) == 0


BUDGETS = {"/": 8, "/b/photo/": 6, "topic": 9}


@pytest.mark.parametrize("path", BUDGETS)
def test_query_budgets(path, browse, board, make_topic, make_reply, wen, person, now):
    for number in range(25):
        topic = make_topic(f"t{number}", at=now + timedelta(minutes=number), tags=["a", "b"])
    for number in range(19):
        make_reply(topic, f"r{number}", author=person(f"成员{number}"))
    client = browse(wen)
    place = address(topic) if path == "topic" else path
    client.get(place)  # boards and options are remembered from here on
    with CaptureQueriesContext(connection) as captured:
        assert client.get(place).status_code == 200
    told = "\n".join(query["sql"][:200] for query in captured.captured_queries)
    assert len(captured) <= BUDGETS[path], told
