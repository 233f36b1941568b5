"""What happens in the forum. An event with `staff_act` is in the audit log, in the words of `said` and `words`."""

from dataclasses import dataclass
from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from terrace.kernel.events import Event


@dataclass(frozen=True)
class BoardChanged(Event):
    """A board was made, or its name, place or rules are others now."""

    about = "board_id"
    staff_act: ClassVar[bool] = True
    said: ClassVar[str | Promise] = _("changed board %(board_id)s: %(what)s")
    words: ClassVar[dict[str, dict[str, str | Promise]]] = {
        "what": {
            "made": _("made"),
            "edited": _("name, place or pace"),
            "see": _("who sees it"),
            "read": _("who reads"),
            "open": _("who opens topics"),
            "reply": _("who replies"),
            "moderators": _("its moderators"),
        }
    }
    board_id: int
    what: str = ""


@dataclass(frozen=True)
class TopicOpened(Event):
    """A topic stands in a board."""

    about = "topic_id"
    topic_id: int
    post_id: int
    board_id: int
    member_id: int
    kind_of_topic: str = "discussion"


@dataclass(frozen=True)
class PostPublished(Event):
    """A post can be read for the first time: written just now, or let through by a moderator. The first of a topic too.

    `mentioned` and `quoted` are members.
    """

    about = "post_id"
    post_id: int
    topic_id: int
    board_id: int
    number: int
    member_id: int
    reply_to_member_id: int | None = None
    mentioned: tuple[int, ...] = ()
    quoted: tuple[int, ...] = ()


@dataclass(frozen=True)
class PostHeld(Event):
    """A post waits for a moderator, for the reasons of screening or because its board asks for it."""

    about = "post_id"
    post_id: int
    topic_id: int
    board_id: int
    member_id: int
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True)
class PostEdited(Event):
    """The words of a post are others now."""

    about = "post_id"
    post_id: int
    topic_id: int
    member_id: int
    revision: int
    mentioned: tuple[int, ...] = ()


@dataclass(frozen=True)
class PostHidden(Event):
    """A post was taken away, by its author or by a moderator with a reason. The first post takes its topic with it."""

    about = "post_id"
    staff_act: ClassVar[bool] = True
    said: ClassVar[str | Promise] = _("hid post %(post_id)s: %(reason)s")
    post_id: int
    topic_id: int
    member_id: int
    reason: str
    own: bool


@dataclass(frozen=True)
class PostRestored(Event):
    """A post that was out of sight is back; `mentioned` are the members that an edit named before it was let through."""

    about = "post_id"
    staff_act: ClassVar[bool] = True
    said: ClassVar[str | Promise] = _("brought post %(post_id)s back")
    post_id: int
    topic_id: int
    member_id: int
    mentioned: tuple[int, ...] = ()


@dataclass(frozen=True)
class PostReacted(Event):
    """A member reacted to a post."""

    about = "post_id"
    post_id: int
    topic_id: int
    author_id: int
    member_id: int
    reaction: str


@dataclass(frozen=True)
class ReactionWithdrawn(Event):
    """A member took a reaction back."""

    about = "post_id"
    post_id: int
    topic_id: int
    author_id: int
    member_id: int


@dataclass(frozen=True)
class AnswerAccepted(Event):
    """A reply was said to be the answer to its question."""

    about = "topic_id"
    topic_id: int
    post_id: int
    author_id: int
    member_id: int


@dataclass(frozen=True)
class AnswerWithdrawn(Event):
    """A reply is no longer the answer."""

    about = "topic_id"
    topic_id: int
    post_id: int
    author_id: int
    member_id: int


@dataclass(frozen=True)
class VoteCast(Event):
    """A member voted in a poll."""

    about = "topic_id"
    topic_id: int
    member_id: int


@dataclass(frozen=True)
class TopicChanged(Event):
    """A moderator locked, pinned, featured or renamed a topic, or took that back."""

    about = "topic_id"
    staff_act: ClassVar[bool] = True
    said: ClassVar[str | Promise] = _("topic %(topic_id)s: %(change)s")
    words: ClassVar[dict[str, dict[str, str | Promise]]] = {
        "change": {
            "locked": _("locked"),
            "unlocked": _("unlocked"),
            "pinned": _("pinned"),
            "unpinned": _("no longer pinned"),
            "featured": _("featured"),
            "unfeatured": _("no longer featured"),
            "tagged": _("under other tags"),
        }
    }
    topic_id: int
    change: str


@dataclass(frozen=True)
class TopicMoved(Event):
    """A topic stands in another board."""

    about = "topic_id"
    staff_act: ClassVar[bool] = True
    said: ClassVar[str | Promise] = _("moved topic %(topic_id)s to board %(to_board_id)s")
    topic_id: int
    from_board_id: int
    to_board_id: int


@dataclass(frozen=True)
class ThreadImported(Event):
    """A whole conversation came in from elsewhere."""

    about = "topic_id"
    topic_id: int
    board_id: int
    posts: int
