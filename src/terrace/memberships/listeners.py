"""What memberships hears."""

from terrace.kernel.deliveries import Handed
from terrace.members.events import MemberDeleted
from terrace.memberships import actions


def forget_member(event: MemberDeleted, handed: Handed) -> None:
    """A member has left: their entitlements go."""
    actions.forget_member(event.member_id)
