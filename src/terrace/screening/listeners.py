"""What screening hears. This floor knows no members, so an event is read by its field."""

from typing import Any

from terrace.kernel.deliveries import Handed
from terrace.screening import actions


def forget_member(event: Any, handed: Handed) -> None:
    """A member has left (MemberDeleted): their traces go."""
    actions.forget_member(event.member_id)
