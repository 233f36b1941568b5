"""What a member gets of the forum who asks for their data."""

from datetime import timedelta

import pytest

from terrace.forum import actions, policies, queries
from terrace.forum.actions.polls import make_poll
from terrace.forum.models import Choice
from terrace.forum.queries import exports

pytestmark = pytest.mark.django_db


def test_a_member_gets_what_they_voted_followed_read_and_wrote_before(board, topic, make_topic, lin, wen, now):
    poll = make_poll(topic, choices=["三脚架", "手持"], most=1, closes_at=None)
    actions.vote(poll, [Choice.objects.get(text="手持").pk], by=wen, now=now)
    actions.follow_topic(topic, by=wen, now=now, kind="mute")
    actions.follow_board(board, by=wen, now=now)
    actions.keep_position(topic, 1, by=wen, now=now)
    own = make_topic("旧题目", "旧的话", author=wen)
    later = now + timedelta(minutes=5)
    actions.edit_post(queries.first_post(own.pk), by=wen, source="新的话", title="新题目", reason="错字", now=later)
    actions.edit_post(queries.first_post(topic.pk), by=lin, source="别人改的", now=later)
    held = queries.export_member(wen.pk, now)
    assert held["votes"] == [{"topic": topic.title, "choice": "手持", "at": now}]
    muted, written = held["followed_topics"]
    assert muted == {"topic": topic.title, "topic_id": topic.pk, "kind": "mute", "at": now}
    assert (written["topic"], written["kind"]) == ("新题目", "follow")
    assert held["followed_boards"] == [{"board": "拍照", "at": now}]
    assert {"topic": topic.title, "topic_id": topic.pk, "number": 1, "at": now} in held["read_to"]
    before = {"topic": "新题目", "number": 1, "at": later, "title": "旧题目", "text": "旧的话", "reason": "错字"}
    assert held["revisions"] == [before], "what others wrote is theirs"


def test_words_of_others_stay_where_the_member_may_not_read(board, topic, wen, now, monkeypatch):
    monkeypatch.setattr(exports, "_AT_ONCE", 1)
    poll = make_poll(topic, choices=["三脚架", "手持"], most=2, closes_at=None)
    actions.vote(poll, Choice.objects.values_list("pk", flat=True), by=wen, now=now)
    actions.follow_topic(topic, by=wen, now=now)
    actions.follow_board(board, by=wen, now=now)
    assert {each["topic"] for each in queries.export_member(wen.pk, now)["votes"]} == {topic.title}
    actions.set_rule(board, "see", audience="staff", now=now)
    policies.forget_tree()
    held = queries.export_member(wen.pk, now)
    assert [(each["topic"], each["choice"]) for each in held["votes"]] == [("", ""), ("", "")]
    assert (held["followed_topics"][0]["topic"], held["followed_boards"][0]["board"]) == ("", "")
