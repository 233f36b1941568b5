"""What happens to cases. An event with `staff_act` is in the audit log, in the words of `said` and `words`."""

from dataclasses import dataclass
from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from terrace.kernel.events import Event

Words = dict[str, dict[str, str | Promise]]  # of each field, by its value

# What was done, by the verdict of a decision.
VERDICTS: dict[str, str | Promise] = {
    "stand": _("Post read and left standing"),
    "dismiss": _("Post read, no problem found"),
    "hide": _("Post hidden"),
    "suspend": _("Post hidden, author suspended for 3 days"),
    "approve": _("Post read and let through"),
    "restore": _("Post shown again"),
    "uphold": _("Appeal read, the post stays hidden"),
}


@dataclass(frozen=True)
class PostFlagged(Event):
    """A member flagged a post."""

    about: ClassVar[str] = "post_id"
    post_id: int
    flag_id: int
    member_id: int
    reason: str


@dataclass(frozen=True)
class CaseOpened(Event):
    """A post waits for a moderator (again): held by screening, flagged, or its author appealed."""

    about: ClassVar[str] = "case_id"
    case_id: int
    post_id: int
    board_id: int


@dataclass(frozen=True)
class CaseDecided(Event):
    """A moderator decided about a post. `tell`: the author is told, with `message` (empty: in the standard words)."""

    about: ClassVar[str] = "case_id"
    staff_act: ClassVar[bool] = True
    said: ClassVar[str | Promise] = _("decided a case (%(verdict)s): %(message)s")
    words: ClassVar[Words] = {"verdict": VERDICTS}
    case_id: int
    decision_id: int
    post_id: int
    topic_id: int
    board_id: int
    author_id: int
    verdict: str
    category: str
    message: str
    tell: bool = True


@dataclass(frozen=True)
class DecisionUndone(Event):
    """A decision was taken back within minutes; everything stands as it did before."""

    about: ClassVar[str] = "decision_id"
    staff_act: ClassVar[bool] = True
    said: ClassVar[str | Promise] = _("took a decision back (%(verdict)s)")
    words: ClassVar[Words] = {"verdict": VERDICTS}
    decision_id: int
    case_id: int
    post_id: int
    author_id: int
    verdict: str


@dataclass(frozen=True)
class FlagAnswered(Event):
    """What became of a flag: `upheld` (the post went) or `stands`."""

    about: ClassVar[str] = "flag_id"
    flag_id: int
    post_id: int
    member_id: int
    answer: str


@dataclass(frozen=True)
class AppealMade(Event):
    """An author asked for a second look at a decision."""

    about: ClassVar[str] = "appeal_id"
    appeal_id: int
    case_id: int
    decision_id: int
    post_id: int
    member_id: int


@dataclass(frozen=True)
class AppealAnswered(Event):
    """What became of an appeal: `upheld` (the decision stays) or `overturned`. CaseDecided carries the words."""

    about: ClassVar[str] = "appeal_id"
    appeal_id: int
    case_id: int
    post_id: int
    member_id: int
    outcome: str
