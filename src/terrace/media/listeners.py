"""What media hears. This floor knows no members, so an event of theirs is read by its field."""

from typing import Any

from terrace.kernel.deliveries import Handed
from terrace.media import actions
from terrace.media.events import PictureKept


def draw_lighter(event: PictureKept, handed: Handed) -> None:
    """A picture came in: its lighter renditions are drawn. Files are beyond the database, so this is an outside one."""
    actions.draw_lighter(event.upload_id)


def forget_member(event: Any, handed: Handed) -> None:
    """A member has left (MemberDeleted): their unused pictures go."""
    actions.forget_member(event.member_id, handed.now)
