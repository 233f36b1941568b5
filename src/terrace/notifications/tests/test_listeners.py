"""Event in, one call down, with the event's own id and time."""

from types import SimpleNamespace

import pytest

from terrace.forum import events as forum
from terrace.kernel import events
from terrace.members import events as members
from terrace.moderation import events as moderation
from terrace.notifications import actions, listeners
from terrace.notifications.events import NoticeTold

HANDED = SimpleNamespace(event_id=9, at="then", now="now", actor_id=5, attempt=2)
TIMES = {"event_id": 9, "at": "then", "now": "now"}
KINDS = [
    (
        "tell_of_post",
        forum.PostPublished(1, 2, 3, 4, 5, None, (6,), (7,)),
        (1,),
        {"mentioned": (6,), "quoted": (7,), **TIMES},
    ),
    ("tell_of_mentions", forum.PostEdited(1, 2, 5, 1, (6,)), (1, (6,)), TIMES),
    ("tell_of_mentions", forum.PostRestored(1, 2, 5, (6,)), (1, (6,)), TIMES),
    ("settle_post", forum.PostHeld(1, 2, 3, 5), (1,), {}),
    ("settle_post", forum.PostHidden(1, 2, 5, "x", False), (1,), {}),
    ("settle_post", forum.PostRestored(1, 2, 5), (1,), {}),
    ("settle_post", forum.ReactionWithdrawn(1, 2, 5, 6), (1,), {}),
    ("settle_access", forum.TopicMoved(2, 3, 4), (2,), {"now": "now"}),
    ("tell_of_reaction", forum.PostReacted(1, 2, 5, 6, "like"), (1, 6), TIMES),
    ("tell_of_answer", forum.AnswerAccepted(2, 1, 5, 6), (2, 1, 6), TIMES),
    ("settle_answer", forum.AnswerWithdrawn(2, 1, 5, 6), (2,), {}),
    ("tell_of_follow", members.MemberFollowed(5, 6), (5, 6), TIMES),
    ("tell_of_level", members.LevelReached(5, 4), (5, 4), TIMES),
    ("tell_of_suspension", members.MemberSuspended(5, "u", "r"), (5,), {"until": "u", "reason": "r", **TIMES}),
    (
        "tell_of_verdict",
        moderation.CaseDecided(1, 2, 3, 4, 5, 6, "hide", "spam", "m"),
        (6, 2),
        {"post_id": 3, "topic_id": 4, "verdict": "hide", "message": "m", **TIMES},
    ),
    ("take_back_verdict", moderation.DecisionUndone(2, 1, 3, 6, "hide"), (2,), {}),
    ("tell_of_flag", moderation.FlagAnswered(1, 3, 6, "upheld"), (6, 1), {"answer": "upheld", **TIMES}),
    ("push_notice", NoticeTold(7, 8), (7, 8), {"attempt": 2, "now": "now"}),
    ("end_devices", members.MemberSuspended(5, "u", "r"), (5,), {}),
    ("forget_member", members.MemberDeleted(5), (5,), {}),
]


@pytest.mark.parametrize(("act", "event", "args", "kwargs"), KINDS, ids=[type(each[1]).__name__ for each in KINDS])
def test_one_call(monkeypatch, act, event, args, kwargs):
    calls = []
    monkeypatch.setattr(actions, act, lambda *given, **named: calls.append((given, named)))
    getattr(listeners, act)(event, HANDED)
    assert calls == [(args, kwargs)]


@pytest.mark.parametrize(("act", "event"), [each[:2] for each in KINDS], ids=[type(each[1]).__name__ for each in KINDS])
@pytest.mark.django_db
def test_wired_and_nothing_happens_about_what_is_not_there(act, event, now):
    assert f"notifications.{act}" in {each.name for each in events.wired()[event.kind]}
    handed = SimpleNamespace(event_id=9, at=now, now=now, actor_id=None, attempt=1)
    getattr(listeners, act)(event, handed)
    getattr(listeners, act)(event, handed)


def test_an_untold_decision_is_not_told(monkeypatch):
    monkeypatch.setattr(actions, "tell_of_verdict", lambda *given, **named: pytest.fail("told"))
    listeners.tell_of_verdict(moderation.CaseDecided(1, 2, 3, 4, 5, 6, "dismiss", "", "", tell=False), HANDED)


def test_imports_are_not_heard():
    names = {each.name for each in events.wired().get(forum.ThreadImported.kind, ())}
    assert not [name for name in names if name.startswith(("notifications.", "rewards."))]
