"""Forms that are refused keep what was typed; forms that are sent twice make one thing."""

import re
import threading
from datetime import timedelta

import pytest
from django.db import connection
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from terrace.forum import actions, policies, queries, tasks
from terrace.forum.actions import submissions
from terrace.forum.models import Post, Submission, Topic
from terrace.kernel import options
from terrace.members import actions as members

pytestmark = pytest.mark.django_db


def parse(response):
    return HTMLParser(response.content.decode())


def key_of(response):
    return parse(response).css_first("input[name=once]").attributes["value"]


def typed_choices(page):
    return [each.attributes["value"] for each in page.css("input[name^=choices_]")]


def address(topic):
    return f"/t/{topic.pk}/{topic.slug or '-'}/"


NEW = {"title": "新帖", "body": "很长的一段话", "board": "photo", "kind": "discussion"}


def suspend(member, moderator, now):
    # Requests ask the real clock.
    members.suspend(moderator, member, reason="刷屏", until=now + timedelta(days=9999), now=now)


def test_a_suspended_member_is_told_before_writing_and_loses_no_text(browse, board, lin, moderator, now):
    client = browse(lin)
    suspend(lin, moderator, now)
    page = client.get("/new/")
    assert page.status_code == 403
    assert parse(page).css_first("textarea") is None
    assert parse(page).css_first("main a").attributes["href"] == "/suspended/"
    answer = client.post("/new/", NEW)
    assert answer.status_code == 403
    assert parse(answer).css_first("textarea[name=body]").text() == "很长的一段话"
    assert parse(answer).css_first("textarea[name=title]").text() == "新帖"
    assert "suspended" in parse(answer).css_first("[data-sentence]").text()
    assert parse(answer).css_first("form.composer a.txt").attributes["href"] == "/suspended/"
    assert not Topic.objects.exists()


def test_who_owes_a_phone_is_led_to_adding_one(browse, board, lin, now):
    options.put("members.phone_before_post", True, now)
    options.forget()
    client = browse(lin)
    page = client.get("/new/")
    assert page.status_code == 403
    assert parse(page).css_first("main a").attributes["href"] == "/settings/contact/"
    answer = client.post("/new/", NEW)
    assert answer.status_code == 403
    assert parse(answer).css_first("textarea[name=body]").text() == "很长的一段话"


def test_a_board_that_does_not_open_for_the_author_keeps_the_text(browse, board, lin, now):
    actions.set_rule(board, "open", audience="members", level=8, now=now)
    policies.forget_tree()
    answer = browse(lin).post("/new/", NEW)
    assert answer.status_code in {403, 422}
    assert parse(answer).css_first("textarea[name=body]").text() == "很长的一段话"


def test_an_edit_that_comes_too_late_keeps_the_text(browse, topic, lin, wen):
    post = queries.first_post(topic.pk)  # written long before the real clock of the request
    client = browse(lin)
    assert client.get(f"/posts/{post.pk}/edit").status_code == 403
    answer = client.post(f"/posts/{post.pk}/edit", {"title": topic.title, "body": "改过的", "seen": ""})
    assert answer.status_code == 403
    assert parse(answer).css_first("textarea[name=body]").text() == "改过的"
    assert "time to edit" in parse(answer).css_first("main").text()
    stranger = browse(wen).post(f"/posts/{post.pk}/edit", {"title": topic.title, "body": "别人的", "seen": ""})
    assert stranger.status_code == 403
    assert parse(stranger).css_first("textarea[name=body]") is None


def test_a_reply_to_a_topic_that_was_locked_meanwhile_keeps_the_text(browse, topic, wen, moderator, now):
    actions.lock_topic(topic, True, by=moderator, now=now)
    answer = browse(wen).post(f"/t/{topic.pk}/reply", {"body": "写了很久"})
    assert answer.status_code == 403
    assert parse(answer).css_first("#unsent").text() == "写了很久"
    assert "locked" in parse(answer).css_first("#r").text()


def test_a_new_topic_sent_twice_is_one(browse, board, lin):
    client = browse(lin)
    form = NEW | {"once": key_of(client.get("/new/"))}
    first, second = client.post("/new/", form), client.post("/new/", form)
    assert (first.status_code, second.status_code) == (302, 302)
    assert first.headers["Location"] == second.headers["Location"]
    assert Topic.objects.count() == 1
    client.post("/new/", form | {"body": "从历史里回来，写了别的"})
    assert Topic.objects.count() == 2


def test_a_refused_form_keeps_its_key_and_each_page_has_another(browse, board, topic, lin):
    client = browse(lin)
    key = key_of(client.get("/new/"))
    assert re.fullmatch(r"[0-9a-f]{64}", key)
    assert key_of(client.post("/new/", NEW | {"title": "", "once": key})) == key
    pages = [key_of(client.get(address(topic))) for _each in range(2)]
    assert len({key, *pages}) == 3
    assert parse(client.get(address(topic))).css_first("input[name=once]").attributes["form"] == "reply"
    assert "once" not in browse().get(address(topic)).content.decode()


def test_a_reply_sent_twice_is_one(browse, topic, wen, lin):
    client = browse(wen)
    form = {"body": "用三脚架试试。", "once": key_of(client.get(address(topic)))}
    first, second = client.post(f"/t/{topic.pk}/reply", form), client.post(f"/t/{topic.pk}/reply", form)
    assert first.headers["Location"] == second.headers["Location"] == f"{address(topic)}?at=2#p2"
    assert Post.objects.filter(number__gt=1).count() == 1
    browse(lin).post(f"/t/{topic.pk}/reply", form)
    assert Post.objects.filter(number__gt=1).count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_at_the_same_moment_make_one(board, lin, topic, now, monkeypatch):
    before, meet = submissions.made, threading.Barrier(2, timeout=20)
    met = set()

    def both_first(key, *, by):
        found = before(key, by=by)
        if threading.get_ident() not in met:
            met.add(threading.get_ident())
            meet.wait()
        return found

    monkeypatch.setattr(submissions, "made", both_first)
    opened, wrong = [], []

    def send():
        try:
            made = actions.open_topic(
                lin, board, kind="discussion", title="t", source="x", now=now, screened=False, once="k"
            )
            opened.append(made.pk)
        except Exception as error:  # told by the test, in its own thread
            wrong.append(error)
        finally:
            connection.close()

    senders = [threading.Thread(target=send) for _each in range(2)]
    [each.start() for each in senders]
    [each.join() for each in senders]
    assert not wrong
    assert opened[0] == opened[1]
    assert Topic.objects.count() == 2


def test_old_submissions_are_forgotten(topic, lin, make_topic, now):
    make_topic("t", once="old", at=now - timedelta(days=3))
    make_topic("t", once="new")
    tasks.drop_old_submissions(now)
    assert list(Submission.objects.values_list("key", flat=True)) == ["new"]
    actions.forget_member(lin.pk)
    assert not Submission.objects.exists()


def refusal(answer, name="body"):
    """Return what is said below a field."""
    return [each.text().strip() for each in parse(answer).css(f".f:has([name={name}]) [data-sentence]")]


@pytest.mark.parametrize(
    ("title", "body", "status"),
    [
        ("新帖", "好", 302),
        ("news", "ok", 302),
        ("新帖", "![](/media/abc/960.webp)", 302),
        ("新", "好好好", 422),
        ("new", "ok ok", 422),
        ("？？？？？？", "好好好", 422),
        ("新帖", "……", 422),
        ("新帖", "x", 422),
        ("👨‍👩‍👧‍👦" * 20, "好", 302),
        ("长" * 120, "好", 302),
        ("长" * 121, "好", 422),
        ("新帖", "字" * 50_000, 302),
        ("新帖", "字" * 50_001, 422),
        ("新帖", "👍🏽" * 30_000, 302),
        ("新帖", "👍🏽" * 50_001, 422),
    ],
)
def test_how_much_a_topic_says_and_how_long_it_is(browse, board, lin, title, body, status):
    answer = browse(lin).post("/new/", NEW | {"title": title, "body": body})
    assert answer.status_code == status
    assert bool(status == 422) == bool(refusal(answer) + refusal(answer, "title") if status == 422 else [])


def test_the_sentence_says_how_little_is_too_little(browse, board, topic, lin, wen):
    answer = browse(lin).post("/new/", NEW | {"title": "新", "body": "x"})
    assert refusal(answer, "title") == ["Say a little more: at least 2 Chinese characters or 4 letters."]
    assert refusal(answer) == ["Say a little more: at least 1 Chinese character or 2 letters."]
    answer = browse(wen).post(f"/t/{topic.pk}/reply", {"body": "。"})
    assert answer.status_code == 422
    assert "Say a little more" in parse(answer).css_first("#r_error").text()
    assert parse(answer).css_first("#r").text() == "。"


def test_the_counter_knows_the_limits_of_the_server(browse, board, topic, lin):
    page = parse(browse(lin).get("/new/"))
    limits = {each.attributes["data-for"]: each.attributes["data-most"] for each in page.css("[data-behavior=counter]")}
    assert limits == {"id_title": "120", "id_body": "50000"}
    page = parse(browse(lin).get(address(topic)))
    assert page.css_first("#reply [data-behavior=counter]").attributes["data-most"] == "50000"


def test_the_fields_of_a_poll_come_without_script_and_nothing_is_judged_or_lost(browse, board, lin):
    client = browse(lin)
    assert parse(client.get("/new/")).css_first("noscript") is not None
    answer = client.post("/new/", NEW | {"title": "", "kind": "poll", "fields": "1", "once": "k", "tags": "茶, 夜"})
    page = parse(answer)
    assert answer.status_code == 200
    assert typed_choices(page) == ["", ""]
    assert page.css_first(".err, .errors") is None
    assert page.css_first("textarea[name=body]").text() == NEW["body"]
    assert page.css_first("input[name=tags]").attributes["value"] == "茶, 夜"
    assert page.css_first("select[name=board] [selected]").attributes["value"] == "photo"
    assert page.css_first("input[name=kind][checked]").attributes["value"] == "poll"
    assert page.css_first("input[name=once]").attributes["value"] == "k"
    two = {"kind": "poll", "choices_0": "一", "choices_1": "二"}
    again = parse(client.post("/new/", NEW | two | {"fields": "1", "several": "on", "most": "2", "days": "7"}))
    assert typed_choices(again) == ["一", "二", "", ""], "who asks for more gets two more"
    assert "checked" in again.css_first("[name=several]").attributes
    assert again.css_first("[name=most]").attributes["value"] == "2"
    assert again.css_first("[name=days][checked]").attributes["value"] == "7"
    assert not Topic.objects.exists()
    assert client.post("/new/", NEW | two).status_code == 302


def test_a_kept_draft_comes_back_and_one_can_start_over(browse, board, lin, now):
    actions.keep_draft("new", {"title": "半个", "body": "写了一半", "at": 1_000}, by=lin, now=now)
    client = browse(lin)
    page = parse(client.get("/new/"))
    assert page.css_first("textarea[name=body]").text() == "写了一半"
    assert page.css_first("form.composer").attributes["data-draft-at"] == "1000"
    line = page.css_first("[data-draft-back]")
    assert "hidden" not in line.attributes
    fresh = parse(client.get(line.css_first("a").attributes["href"]))
    assert fresh.css_first("textarea[name=body]").text() == ""
    assert "hidden" in fresh.css_first("[data-draft-back]").attributes
    assert "data-draft-at" not in fresh.css_first("form.composer").attributes


def test_an_edit_that_was_begun_comes_back_unless_the_post_changed(browse, board, moderator, topic, now):
    post = queries.first_post(topic.pk)
    place = f"edit:{post.pk}"
    at = int(now.timestamp() * 1000)
    actions.keep_draft(place, {"title": "改名", "body": "改了一半", "at": at}, by=moderator, now=now)
    client = browse(moderator)
    page = parse(client.get(f"/posts/{post.pk}/edit"))
    assert page.css_first("textarea[name=body]").text() == "改了一半"
    assert page.css_first("textarea[name=title]").text() == "改名"
    fresh = parse(client.get(page.css_first("[data-draft-back] a").attributes["href"]))
    assert fresh.css_first("textarea[name=body]").text() == post.source
    client.post(f"/posts/{post.pk}/edit", {"title": topic.title, "body": "别的话", "seen": ""})
    actions.keep_draft(place, {"body": "旧的一半", "at": at}, by=moderator, now=now)
    assert parse(client.get(f"/posts/{post.pk}/edit")).css_first("textarea[name=body]").text() == "别的话"


def test_a_reply_is_looked_at_first_without_script(browse, topic, wen):
    answer = browse(wen).post(f"/t/{topic.pk}/reply", {"body": "用**三脚架**试试。", "preview": "1"})
    page = parse(answer)
    assert answer.status_code == 200
    assert page.css_first("#reply #preview .prose strong").text() == "三脚架"
    assert page.css_first("#r").text() == "用**三脚架**试试。"
    assert Post.objects.count() == 1


@pytest.mark.parametrize("path", ["/new/", "topic", "edit"])
def test_all_editors_are_the_same(browse, board, topic, moderator, path):
    post = queries.first_post(topic.pk)
    page = parse(browse(moderator).get({"topic": address(topic), "edit": f"/posts/{post.pk}/edit"}.get(path, path)))
    box = page.css_first("form .editor[data-behavior=editor]")
    area = box.css_first("textarea[name=body]")
    bar = page.css_first("form .marks[role=toolbar]")
    assert bar.attributes["data-for"] == area.attributes["id"]
    assert [each.attributes["data-mark"] for each in bar.css("button")] == [
        *(
            "heading",
            "bold",
            "italic",
            "link",
            "list",
            "numbers",
            "tasks",
            "quote",
            "code",
            "table",
            "spoiler",
            "mention",
        ),
        "keys",
    ]
    assert page.css_first("form .upload") is not None
    assert page.css_first("form button[name=preview][formnovalidate]") is not None
    assert box.attributes["data-complete-url"] == "/search/complete"
    assert box.attributes.get("data-topic") == (None if path == "/new/" else str(topic.pk))
