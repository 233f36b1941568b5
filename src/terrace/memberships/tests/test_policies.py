"""Who keeps groups: role by act, with and without a second factor."""

import pytest
from django.urls import reverse

from terrace.kernel.errors import Missing
from terrace.members.policies import SecondFactorNeeded
from terrace.memberships import actions, policies

ROLES = {"member": False, "engineer": False, "moderator": False, "operator": True, "administrator": True}


@pytest.mark.parametrize(("role", "may"), ROLES.items())
def test_who_keeps_groups(person, role, may):
    member = person("某人", role=role)
    member.second_factor = True
    if may:
        policies.check_keep_groups(member)
        member.second_factor = False
        with pytest.raises(SecondFactorNeeded):
            policies.check_keep_groups(member)
    else:
        with pytest.raises(Missing):
            policies.check_keep_groups(member)


def test_a_stranger_keeps_none(db):
    with pytest.raises(Missing):
        policies.check_keep_groups(None)


@pytest.mark.parametrize("role", [None, *ROLES])
def test_role_by_act(person, group, lin, boss, browse, now, role):
    """Every page and every form: there for who keeps groups, not there for anybody else."""
    actions.give(group, lin.pk, reason="x", by=boss.pk, now=now)
    client = browse(person("某人", role=role) if role else None)
    key = group.key
    acts = [
        ("get", reverse("memberships:console_groups"), {}),
        ("get", reverse("memberships:console_group", args=[key]), {}),
        ("get", reverse("memberships:console_group_end", args=[key, lin.pk]), {}),
        ("get", reverse("memberships:console_group_delete", args=[key]), {}),
        ("post", reverse("memberships:console_group", args=[key]), {"who": "林间", "reason": "y"}),
        ("post", reverse("memberships:console_group_end", args=[key, lin.pk]), {"reason": "z"}),
        ("post", reverse("memberships:console_group_rename", args=[key]), {"name": "Alpha"}),
        ("post", reverse("memberships:console_group_delete", args=[key]), {}),
        ("post", reverse("memberships:console_groups"), {"name": "Beta"}),
    ]
    found = [getattr(client, method)(url, typed).status_code for method, url, typed in acts]
    assert found == ([200] * 4 + [302] * 5 if role and ROLES[role] else [404] * 9)


def test_with_a_password_alone_nothing_opens(boss, browse):
    assert browse(boss, factor=False).get("/console/groups/").status_code == 302


@pytest.mark.parametrize(("name", "key"), [("内测组", "neice-zu"), ("Beta Testers", "beta-testers"), ("★", "group")])
def test_the_key_is_the_name_in_latin_letters(name, key):
    assert policies.key_of(name) == key


def test_a_key_is_never_too_long():
    assert 20 < len(policies.key_of("长" * policies.LONGEST_NAME)) <= policies.LONGEST_KEY
