"""How members stand to each other."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from terrace.kernel import events
from terrace.members import policies, queries
from terrace.members.events import MemberFollowed
from terrace.members.models import Avoidance, Follow, Member


def follow(member: Member, other: Member, *, now: datetime) -> bool:
    """Follow somebody; return whether that is new. Raises Refused where a block stands between the two."""
    policies.check_not_suspended(member, now)
    policies.check_can_meet(member, other, blocked=queries.blocked_either(member.pk, other.pk))
    with transaction.atomic():
        _row, new = Follow.objects.get_or_create(follower=member, followed=other, defaults={"at": now})
        if new:
            friends = Follow.objects.filter(follower=other, followed=member).exists()
            events.record(MemberFollowed(other.pk, member.pk, friends), now=now, actor_id=member.pk)
    return new


def unfollow(member: Member, other: Member) -> None:
    """Follow somebody no longer."""
    Follow.objects.filter(follower=member, followed=other).delete()


def mute(member: Member, other: Member, *, now: datetime) -> None:
    """Fold away what somebody writes, for this member only. They are not told."""
    policies.check_can_meet(member, other, blocked=False)
    Avoidance.objects.update_or_create(member=member, avoided=other, defaults={"kind": Avoidance.MUTE, "at": now})


def block(member: Member, other: Member, *, now: datetime) -> None:
    """Mute somebody, and let neither follow nor write to the other. Follows between the two end."""
    policies.check_can_meet(member, other, blocked=False)
    with transaction.atomic():
        Avoidance.objects.update_or_create(member=member, avoided=other, defaults={"kind": Avoidance.BLOCK, "at": now})
        Follow.objects.filter(Q(follower=member, followed=other) | Q(follower=other, followed=member)).delete()


def release(member: Member, other: Member) -> None:
    """End a mute or a block."""
    Avoidance.objects.filter(member=member, avoided=other).delete()
