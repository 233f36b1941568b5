"""What moderation hears, one call each."""

from terrace.forum.events import PostHeld, PostHidden, PostRestored
from terrace.kernel.deliveries import Handed
from terrace.members.events import MemberDeleted
from terrace.moderation import actions


def open_held_case(event: PostHeld, handed: Handed) -> None:
    """A post waits for a moderator: it comes into the queue."""
    actions.open_held_case(event.post_id, list(event.reasons), handed.at)


def note_hidden(event: PostHidden, handed: Handed) -> None:
    """A post was hidden: its case closes, and what a moderator did on the post itself is kept like a decision."""
    actions.note_hidden(
        event.post_id, by_id=handed.actor_id, own=event.own, reason=event.reason, at=handed.at, now=handed.now
    )


def note_restored(event: PostRestored, handed: Handed) -> None:
    """A post is back: its case closes."""
    actions.note_restored(event.post_id, by_id=handed.actor_id, at=handed.at, now=handed.now)


def forget_member(event: MemberDeleted, handed: Handed) -> None:
    """A member has left: their own words go."""
    actions.forget_member(event.member_id)
