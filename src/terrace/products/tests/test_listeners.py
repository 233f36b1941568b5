"""An event comes in, one effect; again, nothing."""

import pytest

from terrace.kernel import deliveries
from terrace.members import actions as members
from terrace.members.models import Member
from terrace.products import actions
from terrace.products.models import Device, TeamMember

pytestmark = pytest.mark.django_db


def test_who_leaves_takes_devices_and_parts_along(lin, phone, now):
    actions.add_device(lin, phone, now=now)
    members.delete_account(lin, now=now)
    deliveries.drain(now, outside=False)
    assert not Device.objects.exists()
    assert deliveries.drain(now, outside=False) == 0


def test_who_is_no_staff_any_more_leaves_the_team(person, chen, team, now):
    admin = person("山弦", role="administrator")
    members.give_role(admin, chen, "moderator", team="x", now=now)
    deliveries.drain(now, outside=False)
    assert TeamMember.objects.filter(member=chen).exists()
    assert Member.objects.get(pk=chen.pk).team == "动效组", "the team that they are in stands beside the name"
    members.give_role(admin, chen, "member", now=now)
    deliveries.drain(now, outside=False)
    assert not TeamMember.objects.exists()
    assert Member.objects.get(pk=chen.pk).team == ""
