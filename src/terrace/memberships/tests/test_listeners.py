"""A member leaves: their entitlements go, once and for all."""

from terrace.kernel import deliveries
from terrace.members import actions as members
from terrace.memberships import actions
from terrace.memberships.models import Entitlement


def test_what_a_departed_member_had_goes(group, boss, lin, person, now):
    other = person("阿木")
    for each in (lin, other):
        actions.give(group, each.pk, reason="x", by=boss.pk, now=now)
    members.delete_account(lin, now=now)
    while deliveries.drain(now):
        pass
    assert list(Entitlement.objects.values_list("member_id", flat=True)) == [other.pk]
    while deliveries.drain(now):
        pass
    assert Entitlement.objects.count() == 1
