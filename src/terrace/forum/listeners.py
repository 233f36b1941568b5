"""What the forum hears."""

from terrace.forum import actions
from terrace.kernel.deliveries import Handed
from terrace.members.events import MemberDeleted


def forget_member(event: MemberDeleted, handed: Handed) -> None:
    """A member has left: their private habits go."""
    actions.forget_member(event.member_id)
