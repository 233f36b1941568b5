"""Who may what, and what weighs how much."""

from datetime import timedelta

import pytest

from terrace.forum import policies as forum_policies
from terrace.kernel.errors import Missing, Refused
from terrace.members.models import Role
from terrace.members.policies import SecondFactorNeeded
from terrace.moderation import policies
from terrace.moderation.models import Case
from terrace.moderation.tests.people import person


def test_whose_cases_are_whose(place, now):
    assert policies.boards_of(place.moderator) is None
    assert policies.boards_of(person("运营", now, role=Role.OPERATOR)) is None
    assert policies.boards_of(place.keeper) == [place.board.pk]
    for nobody in (None, place.author, person("工程师", now, role=Role.ENGINEER)):
        assert policies.boards_of(nobody) == []
        with pytest.raises(Missing):
            policies.check_queue(nobody)
    place.moderator.second_factor = False
    assert policies.boards_of(place.moderator) == []
    with pytest.raises(SecondFactorNeeded):
        policies.check_queue(place.moderator)


def test_who_may_flag(place, now):
    def ask(member):
        return policies.check_flag(forum_policies.access(member, now), place.topic, place.reply, now)

    assert ask(place.asker) == place.asker
    with pytest.raises(Refused):
        ask(place.author)
    with pytest.raises(Refused):
        ask(None)
    place.asker.suspended_until = now + timedelta(days=1)
    with pytest.raises(Refused):
        ask(place.asker)
    place.reply.state = "hidden"
    with pytest.raises(Missing):
        ask(place.moderator)


@pytest.mark.parametrize(
    "level, days, role, upheld, refused, weight, trusted",
    [
        (1, 100, Role.MEMBER, 0, 0, 1, False),
        (2, 100, Role.MEMBER, 9, 0, 1, False),
        (3, 100, Role.MEMBER, 0, 0, 2, True),
        (5, 100, Role.MEMBER, 0, 0, 3, True),
        (8, 1, Role.MEMBER, 0, 0, 1, False),
        (5, 100, Role.MEMBER, 1, 3, 1, False),
        (5, 100, Role.MEMBER, 4, 3, 3, True),
        (1, 0, Role.ENGINEER, 0, 9, 5, True),
    ],
)
def test_what_a_flag_weighs(db, now, level, days, role, upheld, refused, weight, trusted):
    member = person("某人", now, level=level, days=days, role=role)
    assert policies.weight_of(member, now, upheld=upheld, refused=refused) == weight
    assert policies.is_trusted(member, now, upheld=upheld, refused=refused) is trusted


@pytest.mark.parametrize(
    "facts, due",
    [
        ({"held": True, "first": True}, timedelta(minutes=30)),
        ({"held": True}, timedelta(hours=2)),
        ({"flag_weight": 1}, timedelta(hours=12)),
        ({"flag_weight": 6}, timedelta(hours=2)),
        ({"flag_weight": 100}, timedelta(minutes=15)),
        ({"appealed": True}, timedelta(hours=24)),
        ({"held": True, "flag_weight": 12}, timedelta(hours=1)),
    ],
)
def test_the_order_of_the_queue(now, facts, due):
    assert policies.due_at(Case(opened_at=now, **facts)) == now + due
