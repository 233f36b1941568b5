"""Role by act: operators everything, leads and product managers what is their team's, everybody else nothing."""

import pytest

from terrace.kernel.errors import Missing, Refused
from terrace.members.policies import SecondFactorNeeded
from terrace.products import actions, policies

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(person, project, team, chen, boss, now):
    """Return a function that makes somebody of a kind."""
    places = {
        "project lead": (project, "lead"),
        "project manager": (project, "manager"),
        "project engineer": (project, "engineer"),
        "feature lead": (team, "lead"),
        "feature tester": (team, "tester"),
    }

    def make(kind):
        if kind in places:
            where, part = places[kind]
            member = person("某人", role="engineer")
            actions.give_part(where, member, part, by=boss, now=now)
            return member
        return person("某人", role={"engineer": "engineer", "member": "member"}.get(kind, kind))

    return make


# See a product at the desk, run it, change the module of the feature team, run the feature team, run the project team.
TABLE = {
    "member": (False, False, False, False, False),
    "moderator": (False, False, False, False, False),
    "engineer": (False, False, False, False, False),
    "project engineer": (True, False, False, False, False),
    "feature tester": (True, False, False, False, False),
    "feature lead": (True, False, True, True, False),
    "project manager": (True, True, True, True, True),
    "project lead": (True, True, True, True, True),
    "operator": (True, True, True, True, True),
    "administrator": (True, True, True, True, True),
}


def passes(check, *args):
    try:
        check(*args)
    except Refused:
        return False
    return True


@pytest.mark.parametrize("kind", TABLE)
def test_who_may_do_what(kind, people, product, project, team, boss, now):
    module = actions.add_module(product, "锁屏", team_id=team.pk, by=boss, now=now)
    by = policies.hand(people(kind))
    found = (
        passes(policies.check_see_product, by, product),
        passes(policies.check_run_product, by, product),
        passes(policies.check_change_module, by, module, product),
        passes(policies.check_run_team, by, team),
        passes(policies.check_run_team, by, project),
    )
    assert found == TABLE[kind]
    assert by.keeps is (kind in {"operator", "administrator"})
    assert passes(policies.check_keep, by) is by.keeps


def test_a_stranger_has_no_hand(db):
    assert policies.hand(None).is_empty
    with pytest.raises(Missing):
        policies.check_desk(None)


def test_who_is_inside_but_does_not_run_it_is_told_why(people, product, project):
    by = policies.hand(people("project engineer"))
    for check, thing in ((policies.check_run_product, product), (policies.check_run_team, project)):
        with pytest.raises(Refused) as refused:
            check(by, thing)
        assert refused.value.status == 403 and refused.value.sentence


def test_a_password_alone_opens_nothing(team, chen, boss):
    assert not policies.check_desk(chen).is_empty
    chen.second_factor = boss.second_factor = False
    assert policies.hand(chen).is_empty and policies.hand(boss).is_empty
    with pytest.raises(SecondFactorNeeded):
        policies.check_desk(chen)


def test_it_costs_two_queries(team, chen, lin, boss, django_assert_num_queries):
    with django_assert_num_queries(2):
        policies.hand(chen)
    with django_assert_num_queries(0):
        policies.hand(boss)
        policies.hand(lin)
