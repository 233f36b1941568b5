"""A verdict on a text before it is shown; the operator's lists."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext

from terrace.kernel import events
from terrace.kernel.errors import Invalid
from terrace.screening import policies, queries
from terrace.screening.events import DomainListed, DomainUnlisted, WordListed, WordUnlisted
from terrace.screening.models import ListedDomain, ListedWord, Trace

KEEP_TRACES = timedelta(days=3)


@dataclass(frozen=True)
class Writing:
    """A text and what is known of its author. `editing` says that it takes the place of a text that stood."""

    member_id: int
    level: int
    joined_at: datetime
    is_staff: bool
    posts_before: int
    text: str
    title: str = ""
    links: tuple[str, ...] = ()
    editing: bool = False


@dataclass(frozen=True)
class Verdict:
    """What to do with a text: allow, hold for a moderator, or refuse; why; and the text with words replaced."""

    outcome: str
    reasons: tuple[str, ...] = ()
    sentence: str = ""
    replaced: dict[str, str] = field(default_factory=dict)


def judge(writing: Writing, *, now: datetime, traced: bool = True) -> Verdict:
    """Return the verdict on a text, and keep a trace of what was not refused.

    Reasons are keys such as `word:博彩` (`queries.reason_in_words` says them). Raises TooMany with a sentence for an
    author who writes too often. `traced` False is for trying a text.
    """
    lists = policies.lists()
    whole = "\n".join(part for part in (writing.title, writing.text, *writing.links) if part)
    seen = policies.Seen(writing, policies.Reading(whole), lists, now)
    found = policies.findings(seen)
    outcome = policies.outcome(found)
    if outcome == "refuse":
        refused = next(each for each in found if each.outcome == "refuse")
        return Verdict("refuse", (refused.reason,), refused.sentence)
    if traced:
        note(writing.member_id, seen.reading, now=now)
    reasons = tuple(dict.fromkeys(each.reason[:80] for each in found))[:12] if outcome == "hold" else ()
    return Verdict(outcome, reasons, replaced=_replaced(writing, lists))


def check_short(text: str, *, field: str, now: datetime) -> None:
    """Raise Invalid for a name or profile text that the rules would hold or refuse: such a text cannot wait for a moderator.

    It is read as a newcomer's, because everybody sees it beside everything that the member says.
    """
    writing = Writing(member_id=0, level=1, joined_at=now, is_staff=False, posts_before=0, text=text, editing=True)
    verdict = judge(writing, now=now, traced=False)
    if verdict.outcome == "refuse":
        raise Invalid(verdict.sentence, field=field)
    if verdict.outcome == "hold":
        told = gettext("This cannot stand here: %(why)s. Change it, then save again.")
        raise Invalid(told % {"why": queries.reason_in_words(verdict.reasons[0]).rstrip("。.")}, field=field)


def note(member_id: int, reading: policies.Reading | str, *, now: datetime) -> None:
    """Keep a trace that somebody wrote: for the pace, and for finding the same text again."""
    if isinstance(reading, str):
        reading = policies.Reading(reading)
    mark = reading.fingerprint
    parts = policies.bands(mark) if mark is not None else [None] * 6
    Trace.objects.create(
        member_id=member_id,
        at=now,
        size=len(reading.squeezed),
        fingerprint=mark,
        **{f"band_{number}": part for number, part in enumerate(parts)},
    )


def _replaced(writing: Writing, lists: policies.Lists) -> dict[str, str]:
    """Return those of text and title in which words were replaced."""
    answer = {}
    for name in ("text", "title"):
        typed = getattr(writing, name)
        changed = _replace(typed, lists) if typed else typed
        if changed != typed:
            answer[name] = changed
    return answer


def _replace(text: str, lists: policies.Lists) -> str:
    out, done = [], 0
    for each in lists.found(policies.Reading(text)):
        if each.word.kind == ListedWord.REPLACE and each.hit.start >= done:
            out += [text[done : each.hit.start], each.word.replacement]
            done = each.hit.end
    return "".join([*out, text[done:]])


def list_word(
    pattern: str,
    *,
    kind: str,
    now: datetime,
    by: int | None,
    replacement: str = "",
    sound: bool = False,
    note: str = "",
) -> ListedWord:
    """Put a word on a list; a word that is there already is treated anew. Raises Invalid for what cannot be found."""
    pattern = " ".join(pattern.split())[:60]
    folded = policies.squeezed(pattern)
    if len(folded) < 2:
        raise Invalid(gettext("A word needs two letters or characters at least."), field="pattern")
    if kind not in dict(ListedWord.KINDS):
        raise Invalid(gettext("Choose what happens to a text with this word."), field="kind")
    if kind == ListedWord.REPLACE and not replacement.strip():
        raise Invalid(gettext("Say what stands in its place."), field="replacement")
    if kind == ListedWord.REPLACE and folded in policies.squeezed(replacement):
        raise Invalid(gettext("The replacement holds the word itself."), field="replacement")
    with transaction.atomic():
        row, _made = ListedWord.objects.update_or_create(
            folded=folded[:80],
            defaults={
                "pattern": pattern,
                "kind": kind,
                "replacement": replacement.strip()[:60] if kind == ListedWord.REPLACE else "",
                "sound": sound,
                "note": note.strip()[:120],
                "changed_at": now,
            },
        )
        events.record(WordListed(row.pk, pattern, kind), now=now, actor_id=by)
        transaction.on_commit(policies.forget_lists)
    return row


def unlist_word(word_id: int, *, now: datetime, by: int | None) -> bool:
    """Take a word off the lists; return whether it was there."""
    with transaction.atomic():
        row = ListedWord.objects.filter(pk=word_id).first()
        if row is None:
            return False
        row.delete()
        events.record(WordUnlisted(word_id, row.pattern), now=now, actor_id=by)
        transaction.on_commit(policies.forget_lists)
    return True


def list_domain(domain: str, *, kind: str, now: datetime, by: int | None, note: str = "") -> ListedDomain:
    """Put a domain, with all below it, on a list. Raises Invalid for what is no domain."""
    host = policies.host_of(domain.strip().removeprefix("*."))
    if "." not in host or len(host) > 253:
        raise Invalid(gettext("Type a domain such as example.com."), field="domain")
    if kind not in dict(ListedDomain.KINDS):
        raise Invalid(gettext("Choose what happens to a link to this domain."), field="kind")
    with transaction.atomic():
        row, _made = ListedDomain.objects.update_or_create(
            domain=host.removeprefix("www."), defaults={"kind": kind, "note": note.strip()[:120], "changed_at": now}
        )
        events.record(DomainListed(row.pk, row.domain, kind), now=now, actor_id=by)
        transaction.on_commit(policies.forget_lists)
    return row


def unlist_domain(domain_id: int, *, now: datetime, by: int | None) -> bool:
    """Take a domain off the lists; return whether it was there."""
    with transaction.atomic():
        row = ListedDomain.objects.filter(pk=domain_id).first()
        if row is None:
            return False
        row.delete()
        events.record(DomainUnlisted(domain_id, row.domain), now=now, actor_id=by)
        transaction.on_commit(policies.forget_lists)
    return True


def forget_traces(before: datetime) -> int:
    """Delete traces older than `before`; return how many."""
    return Trace.objects.filter(at__lt=before).delete()[0]


def forget_member(member_id: int) -> None:
    """A member has left: their traces go."""
    Trace.objects.filter(member_id=member_id).delete()
