"""What happens to groups."""

from dataclasses import dataclass

from terrace.kernel.events import Event


@dataclass(frozen=True)
class EntitlementGiven(Event):
    """A member may enter a group from now on."""

    about = "member_id"
    member_id: int
    group_id: int
    reason: str


@dataclass(frozen=True)
class EntitlementEnded(Event):
    """A member may no longer enter a group."""

    about = "member_id"
    member_id: int
    group_id: int
    reason: str
