"""Event in, one call down; again, and nothing is different."""

from types import SimpleNamespace

import pytest

from terrace.forum import events as forum
from terrace.kernel import events
from terrace.members import events as members
from terrace.rewards import actions, listeners

HANDED = SimpleNamespace(event_id=9, at="then", now="now", actor_id=5)
KINDS = [
    (listeners.count_writer, "count_growth", forum.PostPublished(1, 2, 3, 1, 4), 4),
    (listeners.count_writer, "count_growth", forum.PostHeld(1, 2, 3, 4), 4),
    (listeners.count_writer, "count_growth", forum.PostHidden(1, 2, 4, "x", False), 4),
    (listeners.count_writer, "count_growth", forum.PostRestored(1, 2, 4), 4),
    (listeners.count_thanked, "count_growth", forum.PostReacted(1, 2, 4, 5, "like"), 4),
    (listeners.count_thanked, "count_growth", forum.ReactionWithdrawn(1, 2, 4, 5), 4),
    (listeners.count_thanked, "count_growth", forum.AnswerAccepted(2, 1, 4, 5), 4),
    (listeners.count_thanked, "count_growth", forum.AnswerWithdrawn(2, 1, 4, 5), 4),
    (listeners.count_featured, "count_author", forum.TopicChanged(2, "featured"), 2),
    (listeners.count_featured, "count_author", forum.TopicChanged(2, "unfeatured"), 2),
]


@pytest.mark.parametrize(("hear", "act", "event", "about"), KINDS)
def test_one_call(monkeypatch, hear, act, event, about):
    calls = []
    monkeypatch.setattr(actions, act, lambda *given, **named: calls.append((given, named)))
    hear(event, HANDED)
    assert calls == [((about,), {"now": "now"})]


@pytest.mark.parametrize(("hear", "event"), [(each[0], each[2]) for each in KINDS])
@pytest.mark.django_db
def test_wired_and_nothing_happens_about_who_is_not_there(hear, event, now):
    assert f"rewards.{hear.__name__}" in {each.name for each in events.wired()[event.kind]}
    hear(event, SimpleNamespace(now=now))
    hear(event, SimpleNamespace(now=now))


def test_other_changes_of_a_topic_count_nothing(monkeypatch):
    monkeypatch.setattr(actions, "count_author", lambda *given, **named: pytest.fail("counted"))
    for change in ("locked", "pinned", "tagged"):
        listeners.count_featured(forum.TopicChanged(2, change), HANDED)


def test_a_departed_member(monkeypatch):
    calls = []
    monkeypatch.setattr(actions, "forget_member", calls.append)
    listeners.forget_member(members.MemberDeleted(4), HANDED)
    assert calls == [4]
