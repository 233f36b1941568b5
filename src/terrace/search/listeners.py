"""What search hears, one call each. Order is not promised, so each acts on the present state."""

from terrace.forum.events import (
    AnswerAccepted,
    AnswerWithdrawn,
    PostEdited,
    PostHeld,
    PostHidden,
    PostPublished,
    PostRestored,
    ThreadImported,
    TopicChanged,
    TopicMoved,
)
from terrace.kernel.deliveries import Handed
from terrace.members.events import HandleChanged, MemberDeleted, MemberJoined
from terrace.search import actions


def index_post(event: PostPublished | PostEdited | PostHeld | PostHidden | PostRestored, handed: Handed) -> None:
    """A post came, changed or went."""
    actions.index_post(event.post_id)


def index_topic(
    event: TopicMoved | TopicChanged | AnswerAccepted | AnswerWithdrawn | ThreadImported, handed: Handed
) -> None:
    """A topic stands elsewhere, is marked otherwise, or came in whole."""
    actions.index_topic(event.topic_id)


def index_member(event: MemberJoined | HandleChanged, handed: Handed) -> None:
    """Somebody came, or is called otherwise."""
    actions.index_member(event.member_id)


def forget_member(event: MemberDeleted, handed: Handed) -> None:
    """A member has left."""
    actions.forget_author(event.member_id)
