"""What happens to the operator's lists. Staff acts: each is in the audit log, in the words of `said` and `words`."""

from dataclasses import dataclass
from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from terrace.kernel.events import Event

Words = dict[str, dict[str, str | Promise]]  # of each field, by its value

# How a listed word or domain is treated.
TREATED: dict[str, str | Promise] = {
    "hold": _("Hold for a moderator"),
    "block": _("Refuse"),
    "replace": _("Replace"),
    "allow": _("Let pass"),
}


@dataclass(frozen=True)
class WordListed(Event):
    """A word stands on a list now, or is treated otherwise."""

    about: ClassVar[str] = "word_id"
    staff_act: ClassVar[bool] = True
    said: ClassVar[str | Promise] = _("listed the word “%(pattern)s” (%(treated)s)")
    words: ClassVar[Words] = {"treated": TREATED}
    word_id: int
    pattern: str
    treated: str


@dataclass(frozen=True)
class WordUnlisted(Event):
    """A word was taken off the lists."""

    about: ClassVar[str] = "word_id"
    staff_act: ClassVar[bool] = True
    said: ClassVar[str | Promise] = _("took the word “%(pattern)s” off the list")
    word_id: int
    pattern: str


@dataclass(frozen=True)
class DomainListed(Event):
    """A domain stands on a list now, or is treated otherwise."""

    about: ClassVar[str] = "domain_id"
    staff_act: ClassVar[bool] = True
    said: ClassVar[str | Promise] = _("listed the domain %(domain)s (%(treated)s)")
    words: ClassVar[Words] = {"treated": TREATED}
    domain_id: int
    domain: str
    treated: str


@dataclass(frozen=True)
class DomainUnlisted(Event):
    """A domain was taken off the lists."""

    about: ClassVar[str] = "domain_id"
    staff_act: ClassVar[bool] = True
    said: ClassVar[str | Promise] = _("took the domain %(domain)s off the list")
    domain_id: int
    domain: str
