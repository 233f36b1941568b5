"""The operator's form of a board, when something that it names goes meanwhile."""

import pytest

from terrace.forum import actions
from terrace.forum.models import Board, BoardRule
from terrace.kernel.errors import Invalid
from terrace.kernel.tests.together import at_once
from terrace.members import actions as members
from terrace.memberships import actions as memberships
from terrace.memberships.models import Group


@pytest.fixture
def boss(transactional_db, now):
    return members.create_member("若溪", role="operator", now=now)


def typed(**more):
    plain = {"name": "内测", "line": "", "name_en": "", "line_en": "", "parent": "", "position": 0, "slow_seconds": 0}
    acts = {f"{act}_{part}": "" for act in ("see", "read", "open", "reply") for part in ("audience", "level", "group")}
    return {**plain, **acts, "icon": "lock", "moderators": "", "premoderated": False, "slug": "inside", **more}


def test_a_group_that_is_gone_leaves_no_half_of_a_board(boss, now):
    group = memberships.make_group("内测组", by=boss.pk, now=now)
    memberships.delete_group(group, by=boss.pk, now=now)
    with pytest.raises(Invalid, match=r"is gone|刚刚被删除"):
        actions.save_board(None, typed(see_audience="members", see_group=str(group.pk)), by=boss, now=now)
    assert not Board.objects.exists() and not BoardRule.objects.exists()


@pytest.mark.parametrize("turn", range(4))
def test_a_rule_and_the_end_of_its_group_at_once(boss, now, turn):
    """Either the group stays for the rule, or the board is refused: never an error of the database."""
    group = memberships.make_group("内测组", by=boss.pk, now=now)
    fields = typed(see_audience="members", see_group=str(group.pk))
    acts = [
        lambda: actions.save_board(None, fields, by=boss, now=now),
        lambda: memberships.delete_group(group, by=boss.pk, now=now),
    ]
    results = at_once(*(acts if turn % 2 else acts[::-1]))
    said = sorted(type(each).__name__ for each in results)
    assert said in (["Board", "Conflict"], ["Invalid", "NoneType"]), results
    assert Board.objects.exists() == Group.objects.filter(pk=group.pk).exists() == BoardRule.objects.exists()
