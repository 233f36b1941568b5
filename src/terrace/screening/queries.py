"""The lists as they are shown, and reasons in words."""

from typing import Any

from django.utils.translation import gettext, ngettext

from terrace.screening import policies
from terrace.screening.models import ListedDomain, ListedWord, Trace

LISTED = 200  # words on one page


def listed_words(text: str = "") -> list[ListedWord]:
    """Return the operator's words, newest first; `text` picks those that hold it, however it is written."""
    rows = ListedWord.objects.order_by("-changed_at", "-pk")
    folded = policies.squeezed(text)
    return list((rows.filter(folded__contains=folded) if folded else rows)[:LISTED])


def listed_domains() -> list[ListedDomain]:
    """Return the operator's domains, by name."""
    return list(ListedDomain.objects.order_by("domain")[:LISTED])


def marked(text: str) -> list[tuple[str, str]]:
    """Return a text in pieces, each with what is done about it: block, hold, replace, sign, or nothing."""
    pieces: list[tuple[str, str]] = []
    done = 0
    for each in policies.lists().found(policies.Reading(text)):
        if each.hit.start >= done:
            pieces += [(text[done : each.hit.start], ""), (text[each.hit.start : each.hit.end], each.word.kind)]
            done = each.hit.end
    return [piece for piece in [*pieces, (text[done:], "")] if piece[0]]


def reason_in_words(reason: str) -> str:
    """Return a reason of a verdict as a sentence for a moderator, in the reader's language."""
    key, _colon, detail = reason.partition(":")
    number = int(detail) if detail.isdigit() and len(detail) < 9 else 0
    sentences = {
        "word": gettext("Holds “%(what)s”, which is on the list of words"),
        "sign": gettext("Reads like advertising: “%(what)s”"),
        "domain": gettext("Links to %(what)s, which is on the list of domains"),
        "host": gettext("Links to %(what)s, a kind of address that is bought by the hundred"),
        "links": ngettext("%(n)s link that leads away", "%(n)s links that lead away", number),
        "repeat": ngettext(
            "Nearly the same text came %(n)s time lately", "Nearly the same text came %(n)s times lately", number
        ),
        "reach": gettext("Asks to be reached elsewhere"),
        "phone": gettext("Holds a phone number"),
        "scraped": gettext("Reads like an article from elsewhere"),
        "stuffed": gettext("Repeats the same words over and over"),
    }
    return sentences.get(key, reason) % {"what": detail, "n": number} if key in sentences else reason


def export_member(member_id: int) -> dict[str, Any]:
    """Answer `members.export`: what this room holds of a member, which is only that they wrote."""
    rows = Trace.objects.filter(member_id=member_id).order_by("at")
    return {"traces": [{"at": at.isoformat(), "signs": size} for at, size in rows.values_list("at", "size")]}
