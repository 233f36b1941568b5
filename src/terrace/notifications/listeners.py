"""What notices hear, one call each. Imports are not heard: nobody is told of what was said elsewhere."""

from terrace.forum.events import (
    AnswerAccepted,
    AnswerWithdrawn,
    PostEdited,
    PostHeld,
    PostHidden,
    PostPublished,
    PostReacted,
    PostRestored,
    ReactionWithdrawn,
    TopicMoved,
)
from terrace.kernel.deliveries import Handed
from terrace.members.events import LevelReached, MemberDeleted, MemberFollowed, MemberSuspended, SuspensionLifted
from terrace.moderation.events import CaseDecided, DecisionUndone, FlagAnswered
from terrace.notifications import actions
from terrace.notifications.events import NoticeTold


def tell_of_post(event: PostPublished, handed: Handed) -> None:
    """A post can be read: whoever it concerns is told, once."""
    actions.tell_of_post(
        event.post_id,
        mentioned=event.mentioned,
        quoted=event.quoted,
        event_id=handed.event_id,
        at=handed.at,
        now=handed.now,
    )


def tell_of_mentions(event: PostEdited | PostRestored, handed: Handed) -> None:
    """An edit may mention somebody who was not mentioned before, and may have been held for a while."""
    actions.tell_of_mentions(event.post_id, event.mentioned, event_id=handed.event_id, at=handed.at, now=handed.now)


def settle_post(event: PostHeld | PostHidden | PostRestored | ReactionWithdrawn, handed: Handed) -> None:
    """A post or a reaction went, or a post is back."""
    actions.settle_post(event.post_id)


def settle_access(event: TopicMoved, handed: Handed) -> None:
    """A topic stands in a board that not everybody may read."""
    actions.settle_access(event.topic_id, now=handed.now)


def tell_of_reaction(event: PostReacted, handed: Handed) -> None:
    """Somebody reacted: the author is told."""
    actions.tell_of_reaction(event.post_id, event.member_id, event_id=handed.event_id, at=handed.at, now=handed.now)


def tell_of_answer(event: AnswerAccepted, handed: Handed) -> None:
    """A reply is the answer: its author is told."""
    actions.tell_of_answer(
        event.topic_id, event.post_id, event.member_id, event_id=handed.event_id, at=handed.at, now=handed.now
    )


def settle_answer(event: AnswerWithdrawn, handed: Handed) -> None:
    """A reply is the answer no longer."""
    actions.settle_answer(event.topic_id)


def tell_of_follow(event: MemberFollowed, handed: Handed) -> None:
    """A member has a new follower."""
    actions.tell_of_follow(event.member_id, event.follower_id, event_id=handed.event_id, at=handed.at, now=handed.now)


def tell_of_level(event: LevelReached, handed: Handed) -> None:
    """A member reached a level."""
    actions.tell_of_level(event.member_id, event.level, event_id=handed.event_id, at=handed.at, now=handed.now)


def tell_of_suspension(event: MemberSuspended, handed: Handed) -> None:
    """A member may not write for a while."""
    actions.tell_of_suspension(
        event.member_id, until=event.until, reason=event.reason, event_id=handed.event_id, at=handed.at, now=handed.now
    )


def tell_of_lifting(event: SuspensionLifted, handed: Handed) -> None:
    """Staff ended a suspension; one that ran out had said when."""
    if not event.by_time:
        actions.tell_of_lifting(event.member_id, event_id=handed.event_id, at=handed.at, now=handed.now)


def tell_of_verdict(event: CaseDecided, handed: Handed) -> None:
    """A moderator decided about a post: its author is told with the reason, unless nobody need know."""
    if event.tell:
        actions.tell_of_verdict(
            event.author_id,
            event.decision_id,
            post_id=event.post_id,
            topic_id=event.topic_id,
            verdict=event.verdict,
            message=event.message,
            event_id=handed.event_id,
            at=handed.at,
            now=handed.now,
        )


def take_back_verdict(event: DecisionUndone, handed: Handed) -> None:
    """A decision was taken back."""
    actions.take_back_verdict(event.decision_id)


def tell_of_flag(event: FlagAnswered, handed: Handed) -> None:
    """Who flagged a post is told what became of it."""
    actions.tell_of_flag(
        event.member_id, event.flag_id, answer=event.answer, event_id=handed.event_id, at=handed.at, now=handed.now
    )


def push_notice(event: NoticeTold, handed: Handed) -> None:
    """A notice has news: the device shows it. Reaches beyond the database."""
    actions.push_notice(event.notice_id, event.device_id, attempt=handed.attempt, now=handed.now)


def end_devices(event: MemberSuspended, handed: Handed) -> None:
    """A member is suspended: no device shows notices any more."""
    actions.end_devices(event.member_id)


def forget_member(event: MemberDeleted, handed: Handed) -> None:
    """A member has left."""
    actions.forget_member(event.member_id)
