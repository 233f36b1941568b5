"""Event in, one call down; again, and nothing is different."""

import pytest

from terrace.forum import events as forum
from terrace.kernel import events
from terrace.members import events as members
from terrace.search import actions, listeners

KINDS = [
    (listeners.index_post, "index_post", forum.PostPublished(1, 2, 3, 1, 4), 1),
    (listeners.index_post, "index_post", forum.PostEdited(1, 2, 4, 1), 1),
    (listeners.index_post, "index_post", forum.PostHeld(1, 2, 3, 4), 1),
    (listeners.index_post, "index_post", forum.PostHidden(1, 2, 4, "x", False), 1),
    (listeners.index_post, "index_post", forum.PostRestored(1, 2, 4), 1),
    (listeners.index_topic, "index_topic", forum.TopicMoved(2, 3, 5), 2),
    (listeners.index_topic, "index_topic", forum.TopicChanged(2, "tagged"), 2),
    (listeners.index_topic, "index_topic", forum.AnswerAccepted(2, 1, 4, 5), 2),
    (listeners.index_topic, "index_topic", forum.AnswerWithdrawn(2, 1, 4, 5), 2),
    (listeners.index_topic, "index_topic", forum.ThreadImported(2, 3, 9), 2),
    (listeners.index_member, "index_member", members.MemberJoined(7), 7),
    (listeners.index_member, "index_member", members.HandleChanged(7), 7),
    (listeners.forget_member, "forget_author", members.MemberDeleted(7), 7),
]


@pytest.mark.parametrize(("hear", "act", "event", "about"), KINDS, ids=[type(each[2]).__name__ for each in KINDS])
def test_one_call(monkeypatch, hear, act, event, about):
    calls = []
    monkeypatch.setattr(actions, act, calls.append)
    hear(event, None)
    assert calls == [about]


@pytest.mark.parametrize("event", [each[2] for each in KINDS], ids=lambda event: type(event).__name__)
@pytest.mark.django_db
def test_wired_and_nothing_happens_about_what_is_not_there(event):
    names = {each.name for each in events.wired()[event.kind]}
    hear = next(each[0] for each in KINDS if each[2] is event)
    assert f"search.{hear.__name__}" in names
    hear(event, None)
    hear(event, None)
