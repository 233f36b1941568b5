"""Sent again from a form that was loaded anew, and the board's slow mode."""

from datetime import timedelta

import pytest

from terrace.forum import actions
from terrace.forum.models import Post, Topic
from terrace.kernel import clock
from terrace.kernel.errors import Invalid, TooMany
from terrace.kernel.models import EventRow
from terrace.members import queries as members
from terrace.screening import actions as screening
from terrace.screening import policies as screening_policies

pytestmark = pytest.mark.django_db


@pytest.fixture
def opened(board, lin, now):
    def open_it(once, *, minutes=0, title="雾天拍照", by=lin, **more):
        return actions.open_topic(
            by,
            board,
            kind="discussion",
            title=title,
            source="手持总是糊",
            now=now + timedelta(minutes=minutes),
            once=once,
            **more,
        )

    return open_it


def test_the_same_words_from_a_form_that_was_loaded_anew_are_one_topic(opened, moderator, wen, now):
    first = opened("a")
    assert opened("b", minutes=1).pk == first.pk
    assert opened("c", title="雾天拍照二", minutes=1).pk != first.pk
    assert opened("d", minutes=1, by=wen).pk != first.pk, "somebody else may say the same"
    assert opened("e", minutes=11).pk != first.pk, "later it is meant"
    last = Topic.objects.order_by("-pk").first()
    actions.hide_post(Post.objects.get(topic=last, number=1), by=moderator, reason="x", now=now)
    assert opened("f", minutes=12).pk != last.pk, "what was taken away is no answer"


def test_the_same_reply_is_one_post_until_somebody_of_us_said_something_else(topic, wen, now):
    def say(once, text="同意", minutes=0):
        topic.refresh_from_db()
        return actions.reply(wen, topic, source=text, now=now + timedelta(minutes=minutes), once=once)

    first = say("a")
    assert say("b", minutes=1).pk == first.pk
    assert say("c", "另一句", minutes=2).pk != first.pk
    assert say("d", minutes=3).pk != first.pk


def test_slow_mode_holds_topics_back_too(opened, board, wen, now):
    opened("a", slow_seconds=600)
    with pytest.raises(TooMany) as told:
        opened("b", title="另一个", minutes=4, slow_seconds=600)
    assert told.value.retry_after == 360
    opened("c", title="别人", by=wen, minutes=4, slow_seconds=600)
    opened("d", title="另一个", minutes=10, slow_seconds=600)
    assert Topic.objects.filter(board=board).count() == 3


def test_one_save_of_a_board_says_what_changed_and_nothing_else(board, moderator, now):
    def said():
        return [row.sentence for row in members.audit_page(about=f"board:{board.pk}").rows][::-1]

    about = members.audit_page(about=f"board:{board.pk}").rows[0]
    assert (about.name, about.url) == ("“Photography”", "/b/photo/")
    before = len(said())
    actions.edit_board(board, name=board.name, now=now, by=moderator)
    actions.set_rule(board, "see", audience=None, now=now, by=moderator)
    assert len(said()) == before, "nothing changed"
    actions.set_rule(board, "read", audience="members", level=2, now=now, by=moderator)
    actions.set_rule(board, "read", audience="members", level=2, now=now, by=moderator)
    actions.appoint_moderator(board, moderator, now=now, by=moderator)
    actions.edit_board(board, line="一句话", now=now, by=moderator)
    assert said()[before:] == [
        "changed board “Photography”: who reads",
        "changed board “Photography”: its moderators",
        "changed board “Photography”: name, place or pace",
    ]


def test_who_keeps_order_in_a_board_answers_for_the_words_of_an_edit(
    topic, make_reply, lin, wen, moderator, board, now
):
    screening.list_word("坏词", kind="block", now=clock.now(), by=None)
    screening_policies.forget_lists()
    post = make_reply(topic, "原来的话", author=wen)
    actions.appoint_moderator(board, lin, now=now)
    try:
        with pytest.raises(Invalid):
            actions.edit_post(post, by=lin, source="改成坏词", now=now)
        assert actions.edit_post(post, by=moderator, source="员工写到坏词", now=now)
    finally:
        screening_policies.forget_lists()
    assert EventRow.objects.filter(kind="forum.PostEdited").count() == 1
