"""What growth is made of, for whoever asks."""

from typing import Any

from terrace.rewards.models import Growth


def export_member(member_id: int) -> dict[str, Any]:
    """Answer `members.export`: what this room holds of a member."""
    row = Growth.objects.filter(pk=member_id).first()
    return {"brought": row.brought, "counted": row.counted, "at": row.at} if row else {}
