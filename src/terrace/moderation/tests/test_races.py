"""Two moderators at once, with two real connections: one decides, the other is told."""

import threading

import pytest
from django.db import connection

from terrace.forum import queries as forum_queries
from terrace.kernel.errors import Conflict
from terrace.kernel.tests.together import at_once
from terrace.moderation import actions
from terrace.moderation.actions import decisions
from terrace.moderation.models import Case, Decision, Flag
from terrace.moderation.tests.people import build, person
from terrace.screening.policies import machine


@pytest.fixture
def place(transactional_db, now, monkeypatch):
    monkeypatch.setattr(machine, "_kept", None)
    return build(now)


def two_decide(place, now):
    actions.flag(place.reply, by=place.asker, reason="spam", now=now)
    case = Case.objects.get()
    return at_once(
        lambda: actions.decide(case, "hide", by=place.moderator, message="收", now=now),
        lambda: actions.decide(case, "dismiss", by=place.keeper, now=now),
    )


def test_one_decides_and_the_other_is_told(place, now):
    results = two_decide(place, now)
    assert sorted(type(each).__name__ for each in results) == ["Conflict", "Decision"], results
    decision = Decision.objects.get()
    shown = forum_queries.find_post(place.reply.pk).state
    assert shown == ("hidden" if decision.verdict == "hide" else "published")
    told = next(each for each in results if isinstance(each, Conflict))
    assert decision.by.handle in told.sentence


def test_without_the_lock_both_decide(place, now, monkeypatch):
    """The test above is worth something: on PostgreSQL, reading without locking lets both through."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite lets one transaction write at a time, with or without our lock")
    both = threading.Barrier(2)

    def unlocked(case_id):
        case = Case.objects.get(pk=case_id)
        both.wait(10)
        return case

    monkeypatch.setattr(decisions, "_lock", unlocked)
    results = two_decide(place, now)
    assert [type(each).__name__ for each in results] == ["Decision", "Decision"]


def test_many_flags_at_once_are_all_counted(place, now):
    people = [person(f"同时{number}", now, level=3) for number in range(4)]
    results = at_once(*(lambda by=by: actions.flag(place.reply, by=by, reason="spam", now=now) for by in people))
    assert [type(each).__name__ for each in results] == ["Flag"] * 4, results
    case = Case.objects.get()
    assert (case.flag_count, case.flag_weight) == (4, 8)
    assert Flag.objects.count() == 4
    assert forum_queries.find_post(place.reply.pk).state == "hidden"
