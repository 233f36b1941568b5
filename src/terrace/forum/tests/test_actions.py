"""What happens in the forum: rows, counters, events, errors, and twice equals once."""

import threading
from datetime import timedelta

import pytest
from django.db import connections
from django.test import override_settings

from terrace.forum import actions, policies, queries
from terrace.forum.actions import writing
from terrace.forum.actions.polls import make_poll
from terrace.forum.models import (
    Board,
    Bookmark,
    Choice,
    Draft,
    Position,
    Post,
    Question,
    Revision,
    Tag,
    Topic,
    TopicTag,
)
from terrace.kernel.errors import Conflict, Invalid, Refused, TooMany
from terrace.kernel.models import EventRow
from terrace.members import actions as members

pytestmark = pytest.mark.django_db


def kinds(about=None):
    rows = EventRow.objects.filter(kind__startswith="forum.").order_by("pk")
    return [row.kind.removeprefix("forum.") for row in (rows.filter(about=about) if about else rows)]


def test_opening_a_topic_writes_topic_and_first_post(topic, board, lin, now):
    post = Post.objects.get(topic=topic)
    assert (topic.title, topic.slug, topic.state, topic.replies, topic.last_number) == (
        "夜里拍不清楚",
        topic.slug,
        "published",
        0,
        1,
    )
    assert topic.slug == "yeli-pai-bu-qingchu"
    assert (post.number, post.author, post.html) == (1, lin, "<p>手持总是糊，怎么办？</p>\n")
    board.refresh_from_db()
    assert (board.topic_count, board.post_count, board.last_topic_id, board.last_post_at) == (1, 1, topic.pk, now)
    assert kinds() == ["BoardChanged", "TopicOpened", "PostPublished"]
    assert Position.objects.get(topic=topic, member=lin).number == 1


@pytest.mark.parametrize(
    ("title", "source", "field"),
    [
        ("", "words", "title"),
        ("x" * 121, "words", "title"),
        ("title", "", "source"),
        ("title", "  \n ", "source"),
        ("title", "x" * 50_001, "source"),
    ],
)
def test_what_cannot_be_used_is_refused_with_its_field(title, source, field, lin, board, now):
    with pytest.raises(Invalid) as refused:
        actions.open_topic(lin, board, kind="discussion", title=title, source=source, now=now, screened=False)
    assert refused.value.field == field
    assert not Topic.objects.exists()
    assert not EventRow.objects.filter(kind="forum.TopicOpened").exists()


def test_a_held_topic_is_not_counted_and_not_announced(lin, board, now, moderator):
    topic = actions.open_topic(lin, board, kind="discussion", title="t", source="s", now=now, held=True, screened=False)
    board.refresh_from_db()
    assert (topic.state, board.topic_count) == ("held", 0)
    assert kinds(f"post:{queries.first_post(topic.pk).pk}") == ["PostHeld"]
    assert actions.approve_post(queries.first_post(topic.pk), by=moderator, now=now)
    assert not actions.approve_post(queries.first_post(topic.pk), by=moderator, now=now), "twice equals once"
    topic.refresh_from_db()
    board.refresh_from_db()
    assert (topic.state, board.topic_count, board.post_count) == ("published", 1, 1)
    assert kinds().count("TopicOpened") == 1


def test_replies_are_numbered_and_counted(topic, board, wen, make_reply, now):
    first = make_reply(topic, at=now + timedelta(minutes=1))
    second = make_reply(topic, reply_to=first, at=now + timedelta(minutes=2))
    topic.refresh_from_db()
    board.refresh_from_db()
    assert (first.number, second.number, second.reply_to) == (2, 3, first)
    assert (topic.replies, topic.last_number, topic.last_author, topic.last_post_at) == (
        2,
        3,
        wen,
        now + timedelta(minutes=2),
    )
    assert (board.topic_count, board.post_count) == (1, 3)
    event = EventRow.objects.filter(kind="forum.PostPublished").order_by("pk").last()
    assert event.data["reply_to_member_id"] == wen.pk
    assert event.data["number"] == 3


def test_a_reply_to_a_post_of_another_topic_answers_the_topic(topic, make_topic, make_reply):
    elsewhere = queries.first_post(make_topic("another").pk)
    assert make_reply(topic, reply_to=elsewhere).reply_to is None


def test_mentions_are_the_longest_existing_handle(topic, person, make_reply):
    short, long = person("陈澈"), person("陈澈工程师")
    post = make_reply(topic, "问问@陈澈工程师傅吧，还有@陈澈。")
    event = EventRow.objects.filter(kind="forum.PostPublished").order_by("pk").last()
    assert event.data["mentioned"] == [long.pk, short.pk]
    assert post.html.count("/u/") == 2


def test_slow_mode_makes_one_wait(topic, wen, make_reply, now):
    make_reply(topic, slow_seconds=60)
    with pytest.raises(TooMany) as refused:
        make_reply(topic, at=now + timedelta(seconds=20), slow_seconds=60)
    assert refused.value.retry_after == 40
    assert make_reply(topic, at=now + timedelta(seconds=61), slow_seconds=60)


def test_a_topic_that_was_taken_away_meanwhile_takes_no_reply(topic, moderator, make_reply, now):
    actions.hide_post(queries.first_post(topic.pk), by=moderator, reason="spam", now=now)
    with pytest.raises(Refused):
        make_reply(topic)


def test_an_edit_keeps_what_stood_there(topic, lin, now):
    post = queries.first_post(topic.pk)
    later = now + timedelta(minutes=5)
    edited = actions.edit_post(post, by=lin, source="手持，快门 1/4。", title="夜里手持拍不清楚", now=later)
    topic.refresh_from_db()
    revision = Revision.objects.get(post=post)
    assert (edited.source, edited.edited_at, topic.title) == ("手持，快门 1/4。", later, "夜里手持拍不清楚")
    assert (revision.number, revision.source, revision.title) == (1, "手持总是糊，怎么办？", "夜里拍不清楚")
    actions.edit_post(edited, by=lin, source="手持，快门 1/4。", now=later, seen_edit=later)
    assert Revision.objects.count() == 1, "an edit that changes nothing leaves nothing"
    assert kinds().count("PostEdited") == 1


def test_an_edit_of_what_somebody_else_edited_is_a_conflict(topic, lin, moderator, now):
    post = queries.first_post(topic.pk)
    actions.edit_post(post, by=moderator, source="other words", now=now)
    with pytest.raises(Conflict):
        actions.edit_post(post, by=lin, source="my words", now=now, seen_edit=None)
    post.refresh_from_db()
    assert post.source == "other words"


def test_hiding_and_restoring_a_reply(topic, board, moderator, make_reply, now):
    post = make_reply(topic)
    assert actions.hide_post(post, by=moderator, reason="off topic", now=now)
    assert not actions.hide_post(post, by=moderator, reason="off topic", now=now)
    topic.refresh_from_db()
    board.refresh_from_db()
    post.refresh_from_db()
    assert (post.state, post.hidden_by, post.hidden_reason) == ("hidden", moderator, "off topic")
    assert (topic.replies, topic.last_number, board.post_count) == (0, 2, 1)
    assert actions.restore_post(post, by=moderator, now=now)
    assert not actions.restore_post(post, by=moderator, now=now)
    topic.refresh_from_db()
    board.refresh_from_db()
    assert (topic.replies, board.post_count) == (1, 2)
    assert kinds(f"post:{post.pk}") == ["PostPublished", "PostHidden", "PostRestored"]


def test_hiding_the_first_post_takes_the_topic(topic, board, moderator, make_reply, now):
    make_reply(topic)
    first = queries.first_post(topic.pk)
    actions.hide_post(first, by=moderator, reason="spam", now=now)
    topic.refresh_from_db()
    board.refresh_from_db()
    assert (topic.state, board.topic_count, board.post_count, board.last_topic) == ("hidden", 0, 0, None)
    actions.restore_post(first, by=moderator, now=now)
    board.refresh_from_db()
    assert (board.topic_count, board.post_count, board.last_topic) == (1, 2, topic)


def test_reactions_count_and_change_and_go(topic, wen, person, now):
    post = queries.first_post(topic.pk)
    other = person("阿禾")
    assert actions.react(post, "like", by=wen, now=now) is None
    assert actions.react(post, "like", by=wen, now=now) == "like", "twice equals once"
    actions.react(post, "thanks", by=other, now=now)
    post.refresh_from_db()
    topic.refresh_from_db()
    assert (post.reactions, topic.likes) == ({"like": 1, "thanks": 1}, 2)
    actions.react(post, "insight", by=wen, now=now)
    post.refresh_from_db()
    topic.refresh_from_db()
    assert (post.reactions, topic.likes) == ({"insight": 1, "thanks": 1}, 2)
    actions.react(post, None, by=wen, now=now)
    post.refresh_from_db()
    topic.refresh_from_db()
    assert (post.reactions, topic.likes) == ({"thanks": 1}, 1)
    with pytest.raises(Invalid):
        actions.react(post, "explode", by=wen, now=now)


def test_heat_is_worth_twelve_hours_for_each_doubling(now):
    cold = writing.heat(now, 0, 0)
    assert writing.heat(now, 1, 0) == pytest.approx(cold + 1)
    assert writing.heat(now + timedelta(hours=12), 0, 0) == pytest.approx(cold + 1)
    assert writing.heat(now, 1, 1) == pytest.approx(cold + 2)
    assert writing.heat(now, 0, 0, featured=True) == pytest.approx(cold + 2)


def test_a_question_has_at_most_one_answer(make_topic, lin, make_reply, now):
    question = make_topic(kind="question", complete=lambda topic: Question.objects.create(topic=topic))
    one, two = make_reply(question), make_reply(question)
    assert actions.accept_answer(one, by=lin, now=now)
    assert not actions.accept_answer(one, by=lin, now=now)
    assert actions.accept_answer(two, by=lin, now=now)
    question.refresh_from_db()
    assert question.solved
    assert Question.objects.get(topic=question).accepted == two
    assert actions.withdraw_answer(question, by=lin, now=now)
    assert not actions.withdraw_answer(question, by=lin, now=now)
    question.refresh_from_db()
    assert not question.solved
    assert kinds(f"topic:{question.pk}") == [
        "TopicOpened",
        "AnswerAccepted",
        "AnswerWithdrawn",
        "AnswerAccepted",
        "AnswerWithdrawn",
    ]


@pytest.fixture
def poll(make_topic, now):
    made = []

    def complete(topic):
        made.append(make_poll(topic, choices=["是", "否", "都行"], most=2, closes_at=now + timedelta(days=1)))

    make_topic(kind="poll", complete=complete)
    return made[0]


def test_a_vote_is_cast_once(poll, wen, now):
    ids = list(Choice.objects.filter(poll=poll).values_list("pk", flat=True))
    actions.vote(poll, ids[:2], by=wen, now=now)
    with pytest.raises(Refused):
        actions.vote(poll, ids[:1], by=wen, now=now)
    poll.refresh_from_db()
    assert (poll.voters, list(Choice.objects.filter(poll=poll).values_list("votes", flat=True))) == (1, [1, 1, 0])


def test_a_vote_must_fit(poll, wen, now):
    ids = list(Choice.objects.filter(poll=poll).values_list("pk", flat=True))
    for wrong in ([], ids, [ids[0], 999_999]):
        with pytest.raises(Invalid):
            actions.vote(poll, wrong, by=wen, now=now)
    with pytest.raises(Refused):
        actions.vote(poll, ids[:1], by=wen, now=now + timedelta(days=2))
    poll.refresh_from_db()
    assert poll.voters == 0


def test_marks_are_set_once_and_taken_back(topic, moderator, now):
    for act, field in (
        (actions.lock_topic, "locked_at"),
        (actions.pin_topic, "pinned_at"),
        (actions.feature_topic, "featured_at"),
    ):
        act(topic, True, by=moderator, now=now)
        act(topic, True, by=moderator, now=now)
        topic.refresh_from_db()
        assert getattr(topic, field) == now
        act(topic, False, by=moderator, now=now)
        topic.refresh_from_db()
        assert getattr(topic, field) is None
    changes = list(
        EventRow.objects.filter(kind="forum.TopicChanged").order_by("pk").values_list("data__change", flat=True)
    )
    assert changes == ["locked", "unlocked", "pinned", "unpinned", "featured", "unfeatured"]


def test_a_move_carries_counters_and_keeps_addresses(topic, board, moderator, make_reply, now):
    make_reply(topic)
    other = actions.create_board("续航", slug="power", now=now)
    address = queries.topic_rows([topic.pk], policies.access(None, now))[0].url
    actions.move_topic(topic, other, by=moderator, now=now)
    actions.move_topic(topic, other, by=moderator, now=now)
    board.refresh_from_db()
    other.refresh_from_db()
    topic.refresh_from_db()
    assert topic.board == other
    assert (board.topic_count, board.post_count, board.last_topic) == (0, 0, None)
    assert (other.topic_count, other.post_count, other.last_topic) == (1, 2, topic)
    policies.forget_tree()
    assert queries.topic_rows([topic.pk], policies.access(None, now))[0].url == address
    assert kinds(f"topic:{topic.pk}").count("TopicMoved") == 1


def test_tags_are_compared_folded_and_counted(make_topic, moderator, now):
    one = make_topic(tags=["夜景", "Camera"])
    two = make_topic(tags=["夜景", "ＣＡＭＥＲＡ", " camera "])
    assert queries.tags_of_topic(two.pk) == ["夜景", "Camera"]
    assert dict(Tag.objects.values_list("name", "uses")) == {"夜景": 2, "Camera": 2}
    actions.retag_topic(one, ["三脚架"], by=moderator, now=now)
    assert dict(Tag.objects.values_list("name", "uses")) == {"夜景": 1, "Camera": 1, "三脚架": 1}
    make_topic(tags=[f"t{n}" for n in range(9)])
    assert TopicTag.objects.filter(tag__name__startswith="t").count() == 5


def test_bookmarks_positions_and_drafts(topic, wen, make_reply, now):
    post = make_reply(topic)
    assert actions.bookmark(post, by=wen, now=now)
    assert not actions.bookmark(post, by=wen, now=now)
    assert actions.remove_bookmark(post, by=wen)
    assert not Bookmark.objects.exists()
    topic.refresh_from_db()
    assert actions.keep_position(topic, 99, by=wen, now=now) == 2, "nobody has read what is not there"
    assert actions.keep_position(topic, 1, by=wen, now=now) == 2, "a position never goes back"
    actions.keep_draft("reply:1", {"body": "half"}, by=wen, now=now)
    actions.keep_draft("reply:1", {"body": "half a sentence"}, by=wen, now=now)
    assert queries.draft_of(wen.pk, "reply:1") == {"body": "half a sentence"}
    actions.drop_draft("reply:1", by=wen)
    assert not Draft.objects.exists()


def test_views_are_counted_in_memory_and_written_together(topic):
    for _each in range(3):
        actions.note_view(topic.pk)
    topic.refresh_from_db()
    assert topic.views == 0
    actions.count_views()
    actions.count_views()
    topic.refresh_from_db()
    assert topic.views == 3


def test_a_board_cannot_stand_below_itself(board, now):
    child = actions.create_board("夜景", slug="night", parent=board, now=now)
    policies.forget_tree()
    with pytest.raises(Invalid):
        actions.edit_board(board, parent=child, now=now)
    with pytest.raises(Invalid):
        actions.create_board("again", slug="night", now=now)
    assert Board.objects.count() == 2


def test_a_member_who_left_leaves_no_habits(topic, wen, now):
    actions.bookmark(queries.first_post(topic.pk), by=wen, now=now)
    actions.keep_draft("new", {"body": "x"}, by=wen, now=now)
    actions.forget_member(wen.pk)
    assert not Bookmark.objects.filter(member=wen).exists()
    assert not Draft.objects.filter(member=wen).exists()


@pytest.mark.django_db(transaction=True)
def test_twenty_replies_at_once_get_twenty_numbers(now):
    """Two real connections and more: no number is given twice and no counter loses one."""
    lin = members.create_member("林间", now=now)
    board = actions.create_board("拍照", slug="photo", now=now)
    topic = actions.open_topic(lin, board, kind="discussion", title="t", source="s", now=now, screened=False)
    ready, failed = threading.Barrier(20), []

    def answer():
        try:
            ready.wait(10)
            actions.reply(lin, topic, source="me too", now=now, screened=False)
        except Exception as error:
            failed.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=answer) for _each in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failed == []
    topic.refresh_from_db()
    board.refresh_from_db()
    assert list(Post.objects.filter(topic=topic).order_by("number").values_list("number", flat=True)) == list(
        range(1, 22)
    )
    assert (topic.replies, topic.last_number, board.post_count) == (20, 21, 21)


@override_settings(TERRACE_DEMO=False)
def test_screening_can_hold_and_refuse(lin, board, now, monkeypatch):
    from terrace.screening import actions as screening

    verdicts = iter(
        [screening.Verdict("hold", ("links",)), screening.Verdict("refuse", ("words",), "Leave that word out.")]
    )
    monkeypatch.setattr(screening, "judge", lambda writing, now: next(verdicts))
    held = actions.open_topic(lin, board, kind="discussion", title="t", source="s", now=now)
    assert held.state == "held"
    assert EventRow.objects.get(kind="forum.PostHeld").data["reasons"] == ["links"]
    with pytest.raises(Invalid, match="Leave that word out"):
        actions.open_topic(lin, board, kind="discussion", title="t", source="s", now=now)
