"""A verdict on a text before it is shown."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class Writing:
    """A text and what is known of its author."""

    member_id: int
    level: int
    joined_at: datetime
    is_staff: bool
    posts_before: int
    text: str
    title: str = ""
    links: tuple[str, ...] = ()


@dataclass(frozen=True)
class Verdict:
    """What to do with a text: allow, hold for a moderator, or refuse; why; and the text with words replaced."""

    outcome: str
    reasons: tuple[str, ...] = ()
    sentence: str = ""
    replaced: dict[str, str] = field(default_factory=dict)


def judge(writing: Writing, *, now: datetime) -> Verdict:
    """Return the verdict on a text."""
    return Verdict("allow")
