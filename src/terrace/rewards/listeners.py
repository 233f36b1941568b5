"""What rewards hear, one call each. Imports are not heard: nobody grows by what was said elsewhere."""

from terrace.forum.events import (
    AnswerAccepted,
    AnswerWithdrawn,
    PostHeld,
    PostHidden,
    PostPublished,
    PostReacted,
    PostRestored,
    ReactionWithdrawn,
    TopicChanged,
)
from terrace.kernel.deliveries import Handed
from terrace.members.events import MemberDeleted
from terrace.rewards import actions


def count_writer(event: PostPublished | PostHeld | PostHidden | PostRestored, handed: Handed) -> None:
    """A post came or went: its author's growth is counted again."""
    actions.count_growth(event.member_id, now=handed.now)


def count_thanked(event: PostReacted | ReactionWithdrawn | AnswerAccepted | AnswerWithdrawn, handed: Handed) -> None:
    """Somebody was thanked, or no longer."""
    actions.count_growth(event.author_id, now=handed.now)


def count_featured(event: TopicChanged, handed: Handed) -> None:
    """A topic is worth everybody's time, or no longer."""
    if event.change in {"featured", "unfeatured"}:
        actions.count_author(event.topic_id, now=handed.now)


def forget_member(event: MemberDeleted, handed: Handed) -> None:
    """A member has left."""
    actions.forget_member(event.member_id)
