"""Lists and pages: who sees what, in which order, with how many queries."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from terrace.forum import actions, policies, queries
from terrace.forum.models import Question
from terrace.forum.queries import topic as topic_queries
from terrace.forum.queries.contents import contents
from terrace.forum.queries.scrubber import scrubber
from terrace.kernel import live
from terrace.members import actions as members

pytestmark = pytest.mark.django_db


def titles(reader, key, now, **others):
    return [row.title for row in queries.topic_list(reader, key, now=now, **others).rows]


@pytest.fixture
def five(make_topic, now):
    return [make_topic(f"topic {n}", at=now + timedelta(hours=n)) for n in range(5)]


def test_latest_follows_the_last_post_and_new_follows_the_opening(five, make_reply, now):
    make_reply(five[1], at=now + timedelta(hours=9))
    reader = policies.access(None, now)
    assert titles(reader, "latest", now) == ["topic 1", "topic 4", "topic 3", "topic 2", "topic 0"]
    assert titles(reader, "new", now) == ["topic 4", "topic 3", "topic 2", "topic 1", "topic 0"]


def test_hot_weighs_activity_against_age(five, make_reply, now):
    for hour in range(3):
        make_reply(five[0], at=now + timedelta(hours=hour))
    assert titles(policies.access(None, now), "hot", now)[0] == "topic 0"


def test_featured(five, moderator, now):
    actions.feature_topic(five[2], True, by=moderator, now=now)
    actions.feature_topic(five[0], True, by=moderator, now=now + timedelta(hours=1))
    assert titles(policies.access(None, now), "featured", now) == ["topic 0", "topic 2"]


def test_unread_is_what_has_posts_after_the_read_position(five, wen, make_reply, now):
    reader = policies.access(wen, now)
    assert len(titles(reader, "unread", now)) == 5
    for topic in five:
        actions.keep_position(topic, 1, by=wen, now=now)
    assert titles(reader, "unread", now) == []
    make_reply(five[3], author=five[3].author)
    assert titles(reader, "unread", now) == ["topic 3"]
    assert titles(reader, "unread", now + timedelta(days=30)) == [], "what is two weeks old is not news"


def test_following_gathers_boards_topics_and_people(five, board, wen, lin, person, make_topic, now):
    other = actions.create_board("续航", slug="power", now=now)
    policies.forget_tree()
    friend = person("阿禾")
    make_topic("by a friend", author=friend, where=other)
    make_topic("by a stranger", author=person("路人"), where=other)
    reader = policies.access(wen, now)
    assert titles(reader, "following", now) == []
    actions.follow_topic(five[0], by=wen, now=now)
    assert titles(reader, "following", now) == ["topic 0"]
    members.follow(wen, friend, now=now)
    assert set(titles(reader, "following", now)) == {"topic 0", "by a friend"}
    actions.follow_board(board, by=wen, now=now)
    assert len(titles(reader, "following", now)) == 6
    actions.unfollow_board(board, by=wen)
    actions.unfollow_topic(five[0], by=wen)
    assert titles(reader, "following", now) == ["by a friend"]


def test_pages_of_a_list_meet_without_gap_or_overlap(make_topic, now):
    for number in range(23):
        make_topic(f"t{number}", at=now + timedelta(minutes=number // 2))
    reader = policies.access(None, now)
    seen, cursor = [], ""
    while True:
        page = queries.topic_list(reader, "latest", now=now, cursor=cursor, size=5)
        seen += [row.title for row in page.rows]
        cursor = page.next
        if not cursor:
            break
    assert len(seen) == len(set(seen)) == 23


def test_a_closed_board_is_in_no_list(five, board, wen, now):
    actions.set_rule(board, "read", audience="staff", now=now)
    policies.forget_tree()
    reader = policies.access(wen, now)
    for key, _name, _members_only in queries.LISTS:
        assert titles(reader, key, now) == []
    assert queries.feed_topics(reader) == []
    assert queries.sitemap_topics(reader, 0) == []
    assert queries.topic_rows([topic.pk for topic in five], reader) == []
    assert queries.by_author(reader, five[0].author_id).rows == []
    assert not queries.is_open_to_all(five[0].pk, now)


def test_whom_one_avoids_is_in_no_list(five, lin, wen, now):
    members.mute(wen, lin, now=now)
    assert titles(policies.access(wen, now), "latest", now) == []
    assert len(titles(policies.access(None, now), "latest", now)) == 5


def test_bookmarks_that_may_no_longer_be_read_are_gone(topic, board, wen, moderator, now):
    actions.bookmark(queries.first_post(topic.pk), by=wen, now=now)
    assert [kept.topic for kept in queries.bookmarks(policies.access(wen, now)).rows] == [topic.title]
    actions.set_rule(board, "see", audience="staff", now=now)
    policies.forget_tree()
    assert queries.bookmarks(policies.access(wen, now)).rows == []


def page(topic, reader, now, at=""):
    loaded = topic_queries.load(topic.pk, reader)
    return topic_queries.topic_page(loaded, reader, at=at, now=now)


def test_a_long_topic_is_read_in_pages_of_twenty(topic, make_reply, wen, now):
    for number in range(44):
        make_reply(topic, f"reply {number}", at=now + timedelta(minutes=number))
    reader = policies.access(None, now)
    assert [post.number for post in page(topic, reader, now).posts] == list(range(1, 21))
    assert [post.number for post in page(topic, reader, now, "21").posts] == list(range(21, 41))
    assert [post.number for post in page(topic, reader, now, "38").posts] == list(range(21, 41))
    last = page(topic, reader, now, "last")
    assert [post.number for post in last.posts] == list(range(41, 46))
    assert last.pager.newer_url == ""
    drawn = scrubber(topic_queries.load(topic.pk, reader), last.first)
    assert (len(drawn.slices), sum(each.here for each in drawn.slices)) == (48, 1)
    assert [post.number for post in page(topic, reader, now, "99999").posts] == list(range(41, 46))
    actions.keep_position(topic, 41, by=wen, now=now)
    assert page(topic, policies.access(wen, now), now, "unread").posts[0].number == 41


def test_a_hidden_post_shows_its_reason_and_not_its_words(topic, make_reply, moderator, wen, person, now):
    post = make_reply(topic, "buy my coins")
    actions.hide_post(post, by=moderator, reason="advertising", now=now)
    for who, shown in ((None, False), (person("阿禾"), False), (wen, True), (moderator, True)):
        part = page(topic, policies.access(who, now), now).posts[1]
        assert part.hidden
        assert part.hidden_reason == ("advertising" if shown else ""), who
        assert bool(part.html) is shown, who


def test_what_an_answer_answers_is_shown_when_it_is_not_right_above(topic, make_reply, now):
    first = make_reply(topic, "one")
    make_reply(topic, "two")
    third = make_reply(topic, "three", reply_to=first)
    parts = {part.id: part for part in page(topic, policies.access(None, now), now).posts}
    assert (parts[third.pk].reply_to.number, parts[third.pk].reply_to.excerpt) == (2, "one")
    assert parts[first.pk].reply_to is None


def test_headings_of_a_long_first_post_are_its_contents(make_topic, now):
    topic = make_topic(source="## 光圈 <b>\n\n...\n\n## 快门\n\n...")
    post = page(topic, policies.access(None, now), now).rows([queries.first_post(topic.pk).pk])[0]
    assert [entry["text"] for entry in contents(post.html)] == ["光圈 <b>", "快门"]


def test_a_topic_costs_the_same_queries_whatever_its_length(topic, make_topic, make_reply, wen, now):
    long = make_topic("long", kind="question", complete=lambda each: Question.objects.create(topic=each))
    for number in range(60):
        make_reply(long, f"reply {number}", author=wen)
    counts = []
    for each in (topic, long):
        policies.tree()
        with CaptureQueriesContext(
            connection,
        ) as captured:
            page(each, policies.access(wen, now), now)
        counts.append(len(captured))
    assert counts[1] <= counts[0] + 1, "the scrubber of a long topic is one query more"


def test_exported_threads_are_what_was_imported(board, now):
    thread = actions.Thread(
        key="file:a1",
        title="a title",
        posts=[
            actions.ThreadPost(3, "u0", None, "first\nline", now),
            actions.ThreadPost(5, "u1", 3, "second  [doge]", now),
            actions.ThreadPost(9, "u0", 5, "third", now),
        ],
        data={"numbers": [3, 5, 9], "kept": {"split": "train"}, "kept_after": {"opinions": [{"target": "电池"}]}},
    )
    assert actions.import_thread(thread, board, now=now)
    assert actions.import_thread(thread, board, now=now) is None, "twice equals once"
    assert list(queries.exported_threads()) == [
        {
            "id": "a1",
            "split": "train",
            "posts": [
                {"n": 3, "author": "u0", "reply_to": None, "text": "first\nline"},
                {"n": 5, "author": "u1", "reply_to": 3, "text": "second  [doge]"},
                {"n": 9, "author": "u0", "reply_to": 5, "text": "third"},
            ],
            "opinions": [{"target": "电池"}],
        }
    ]


def test_live_state_is_the_number_of_the_last_post(topic, make_reply, moderator, now):
    make_reply(topic)
    (message,) = queries.live_state(topic.pk)
    assert (message.channel, message.kind, message.data) == (f"topic:{topic.pk}", "topic", {"last": 2})
    assert queries.is_open_to_all(topic.pk, now)
    assert queries.may_hear(topic.pk, None, now)
    actions.hide_post(queries.first_post(topic.pk), by=moderator, reason="x", now=now)
    assert queries.live_state(topic.pk) == []
    assert not queries.is_open_to_all(topic.pk, now)


def test_who_may_follow_what_happens_in_a_topic(
    topic, board, lin, wen, moderator, now, django_capture_on_commit_callbacks
):
    sent = []
    live.publish_through(sent.append)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            actions.set_rule(board, "read", audience="members", now=now)
        policies.forget_tree()
        assert [queries.may_hear(topic.pk, who, now) for who in (None, lin.pk, wen.pk)] == [False, True, True]
        with django_capture_on_commit_callbacks(execute=True):
            actions.hide_post(queries.first_post(topic.pk), by=moderator, reason="x", now=now)
        heard = [queries.may_hear(topic.pk, who.pk, now) for who in (lin, wen, moderator)]
        assert heard == [True, False, True], "its author and who keeps order"
        assert not queries.may_hear(10**9, None, now)
        assert [each.channel for each in sent if each.kind == "refresh"] == ["", f"topic:{topic.pk}"]
    finally:
        live.publish_through(live.hub.send)
