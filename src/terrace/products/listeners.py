"""What products hears."""

from terrace.kernel.deliveries import Handed
from terrace.members.events import MemberDeleted, RoleGiven
from terrace.products import actions


def forget_member(event: MemberDeleted, handed: Handed) -> None:
    """A member has left: their devices go, and their part in teams."""
    actions.forget_member(event.member_id)


def settle_staff(event: RoleGiven, handed: Handed) -> None:
    """Somebody has another role: who is no staff any more leaves their teams."""
    actions.settle_staff(event.member_id, handed.now)
