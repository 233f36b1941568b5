"""Who belongs to which group now."""

from datetime import datetime

from django.db.models import Q

from terrace.memberships.models import Entitlement, Group


def groups_of(member_id: int, now: datetime) -> frozenset[int]:
    """Return the ids of the groups that a member belongs to at `now`."""
    open_end = Q(ends_at=None) | Q(ends_at__gt=now)
    rows = Entitlement.objects.filter(open_end, member_id=member_id, starts_at__lte=now)
    return frozenset(rows.values_list("group_id", flat=True))


def group_names() -> dict[int, str]:
    """Return every group's name by id."""
    return dict(Group.objects.values_list("id", "name"))


def export_member(member_id: int) -> dict[str, object]:
    """Return what this room holds about a member."""
    rows = Entitlement.objects.filter(member_id=member_id).select_related("group")
    return {
        "groups": [
            {"group": row.group.key, "since": row.starts_at, "until": row.ends_at, "reason": row.reason} for row in rows
        ]
    }
