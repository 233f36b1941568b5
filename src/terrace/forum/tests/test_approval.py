"""A moderator lets a held post through: a new one is announced once, an edited one is back in its place, quietly."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps

from terrace.forum import actions, queries
from terrace.forum.models import Post
from terrace.kernel import live
from terrace.kernel.models import EventRow
from terrace.screening import actions as screening

pytestmark = pytest.mark.django_db
LATER = timedelta(hours=5)
SHOWN = ("state", "replies", "last_post_at", "last_author_id", "heat", "last_number")


def said(*posts):
    """Return what was said of these posts, and of their topics being opened, in order."""
    about = [f"post:{each.pk}" for each in posts] + [f"topic:{each.topic_id}" for each in posts]
    rows = EventRow.objects.filter(about__in=about).order_by("pk")
    return [row.kind.partition(".")[2] for row in rows]


@pytest.fixture
def hold_edits(monkeypatch):
    """Let screening hold whatever is edited."""

    def judge(writing, now):
        return screening.Verdict("hold" if writing.editing else "allow", ("links",) if writing.editing else ())

    monkeypatch.setattr(screening, "judge", judge)


def state_of(topic, board):
    topic.refresh_from_db()
    board.refresh_from_db()
    return [getattr(topic, name) for name in SHOWN] + [board.topic_count, board.post_count, board.last_post_at]


def edited(post, now, *, words="换了几个字 @Wen 看"):
    return actions.edit_post(Post.objects.get(pk=post.pk), by=post.author, source=words, now=now)


def test_an_edited_reply_is_back_in_its_place(topic, board, make_reply, lin, moderator, now, hold_edits, monkeypatch):
    old = make_reply(topic, "早先的一句", at=now + timedelta(minutes=1))
    make_reply(topic, "后来的一句", author=lin, at=now + timedelta(minutes=2))
    before = state_of(topic, board)
    assert edited(old, now + LATER).state == "held"
    assert state_of(topic, board) != before
    sent = []
    monkeypatch.setattr(live, "_publish", sent.append)
    assert actions.approve_post(old, by=moderator, now=now + 2 * LATER)
    assert not actions.approve_post(old, by=moderator, now=now + 2 * LATER), "twice equals once"
    assert state_of(topic, board) == before
    assert sent == []
    assert said(old)[-3:] == ["PostEdited", "PostHeld", "PostRestored"]
    assert said(old).count("PostPublished") == 1
    restored = EventRow.objects.get(kind="forum.PostRestored")
    assert restored.data["mentioned"] == [old.author_id]


def test_an_edited_first_post_brings_its_topic_back(topic, board, make_reply, lin, moderator, now, hold_edits):
    make_reply(topic, at=now + timedelta(minutes=1))
    before = state_of(topic, board)
    first = queries.first_post(topic.pk)
    edited(first, now + LATER)
    assert state_of(topic, board)[0] == "held"
    actions.approve_post(first, by=moderator, now=now + 2 * LATER)
    assert state_of(topic, board) == before
    assert (said(first).count("TopicOpened"), said(first).count("PostPublished")) == (1, 1)


def test_an_imported_post_was_read_before(board, moderator, now, hold_edits):
    posts = [actions.ThreadPost(n, f"u{n}", n - 1 if n else None, "你好", now) for n in range(3)]
    topic = actions.import_thread(actions.Thread("x:1", "来自别处", posts), board, now=now)
    post = Post.objects.get(topic=topic, number=2)
    edited(post, now + LATER)
    actions.approve_post(post, by=moderator, now=now + 2 * LATER)
    assert "PostPublished" not in said(post)


def test_a_new_reply_is_announced_once(topic, board, make_reply, moderator, now):
    post = make_reply(topic, "新来的一句", at=now + timedelta(minutes=1), held=True)
    assert not post.appeared
    actions.approve_post(post, by=moderator, now=now + LATER)
    topic.refresh_from_db()
    assert (topic.replies, topic.last_post_at) == (1, now + LATER)
    # Taken back, let through again: nobody hears a second time.
    actions.hold_post(post, now=now + LATER)
    actions.approve_post(post, by=moderator, now=now + 2 * LATER)
    topic.refresh_from_db()
    assert topic.replies == 1
    assert said(post) == ["TopicOpened", "PostHeld", "PostPublished", "PostHeld", "PostRestored"]


def test_a_new_post_is_announced_once_though_it_was_edited_while_it_waited(
    topic, make_reply, moderator, now, hold_edits
):
    post = make_reply(topic, "新来的一句", held=True)
    edited(post, now + LATER)
    actions.approve_post(post, by=moderator, now=now + 2 * LATER)
    assert said(post).count("PostPublished") == 1
    assert EventRow.objects.get(kind="forum.PostPublished", about=f"post:{post.pk}").data["mentioned"] == [
        post.author_id
    ]


@pytest.mark.parametrize("number", [1, 2])
def test_what_was_hidden_while_it_waited_is_announced_when_it_is_put_back(
    board, lin, make_topic, make_reply, moderator, now, number
):
    post = queries.first_post(make_topic(held=True).pk) if number == 1 else make_reply(make_topic(), held=True)
    actions.hide_post(post, by=moderator, reason="广告", now=now)
    assert "PostPublished" not in said(post)
    actions.restore_post(post, by=moderator, now=now + LATER)
    board.refresh_from_db()
    assert (board.topic_count, board.post_count) == (1, number)
    actions.hide_post(post, by=moderator, reason="广告", now=now)
    actions.restore_post(post, by=moderator, now=now + LATER)
    assert (said(post).count("TopicOpened"), said(post).count("PostPublished")) == (1, 1)


@pytest.mark.parametrize("number", [1, 2])
def test_a_hidden_post_can_wait_again(board, topic, make_reply, moderator, now, number):
    reply = make_reply(topic)
    post = queries.first_post(topic.pk) if number == 1 else reply
    before = state_of(topic, board)
    actions.hide_post(post, by=moderator, reason="广告", now=now)
    assert actions.hold_post(post, now=now)
    assert not actions.hold_post(post, now=now), "twice equals once"
    post.refresh_from_db()
    assert (post.state, post.hidden_by, post.hidden_reason) == ("held", None, "")
    assert actions.approve_post(post, by=moderator, now=now + LATER)
    assert state_of(topic, board) == before


def test_what_waited_before_this_was_kept_is_told_apart_by_its_events(topic, make_reply, moderator, now, hold_edits):
    """The migration: only what was held from the beginning, and is still out of sight, has not appeared."""
    stands, waits, hidden, old = (make_reply(topic, held=each) for each in (False, True, True, False))
    actions.hide_post(hidden, by=moderator, reason="广告", now=now)
    edited(old, now)
    Post.objects.update(appeared=True)
    import_module("terrace.forum.migrations.0003_post_appeared").held_from_the_beginning(apps, None)
    appeared = dict(Post.objects.values_list("pk", "appeared"))
    assert [appeared[each.pk] for each in (stands, waits, hidden, old)] == [True, False, False, True]
