"""Groups, and the right to enter them."""

from datetime import datetime

from django.db import transaction

from terrace.kernel import events
from terrace.memberships.events import EntitlementEnded, EntitlementGiven
from terrace.memberships.models import Entitlement, Group


def ensure_group(key: str, name: str) -> Group:
    """Return the group of this key, made if need be."""
    return Group.objects.get_or_create(key=key, defaults={"name": name})[0]


def give(
    group: Group, member_id: int, *, reason: str, now: datetime, by: int | None = None, until: datetime | None = None
) -> None:
    """Let a member into a group, until `until` (without an end when None). Giving again moves the end."""
    with transaction.atomic():
        Entitlement.objects.update_or_create(
            group=group,
            member_id=member_id,
            defaults={"ends_at": until, "reason": reason},
            create_defaults={"starts_at": now, "ends_at": until, "reason": reason},
        )
        events.record(EntitlementGiven(member_id=member_id, group_id=group.pk, reason=reason), now=now, actor_id=by)


def end(group: Group, member_id: int, *, reason: str, now: datetime, by: int | None = None) -> bool:
    """Take a member out of a group; return whether they were in it."""
    with transaction.atomic():
        ended, _each = Entitlement.objects.filter(group=group, member_id=member_id).delete()
        if ended:
            events.record(EntitlementEnded(member_id=member_id, group_id=group.pk, reason=reason), now=now, actor_id=by)
    return bool(ended)


def forget_member(member_id: int) -> None:
    """Drop what this room holds about a member who has left."""
    Entitlement.objects.filter(member_id=member_id).delete()
