"""The rules, each a small function from what was seen to what it found."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext, ngettext

from terrace.kernel import options
from terrace.kernel.errors import TooMany
from terrace.screening.models import ListedDomain, ListedWord, Trace
from terrace.screening.policies.machine import SIGN, Found, Lists
from terrace.screening.policies.reading import Reading, bands, distance

NEW = timedelta(days=2)
TRUSTED_LEVEL = 4
REPEATS_WITHIN = timedelta(hours=24)
NEAR = 9  # bits of 64 in which two fingerprints of nearly the same text differ
LONG = 60  # signs from which a text is nobody's chance repetition
WINDOWS = ((timedelta(minutes=1), 60), (timedelta(minutes=10), 600), (timedelta(days=1), 86_400))
_SHADY = frozenset("top xyz vip icu club cc win bet casino loan tk ml ga cf pw ws click".split())  # noqa: SIM905
_REACH = re.compile(
    r"(?:微信|薇信|威信|v信|wx|vx|weixin|wechat|qq|扣扣|企鹅号|whatsapp|telegram|飞机号)(?:号|群|id)?\s?[:;=,、]{0,2}\s?\+?[a-z0-9][a-z0-9_-]{4,}"
)
_PHONE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
_SCRAPED = re.compile(
    r"责任编辑|本报讯|本报记者|记者\s?[\u4e00-\u9fff]{2,3}\s?报道|来源[:;]|原标题[:;]|转载请注明|点击查看原文|版权归原作者|read more at|originally published"
)


def _three(value: Any) -> list[int]:
    numbers = [int(each) for each in value]
    if len(numbers) != 3 or not all(1 <= each <= 100_000 for each in numbers):
        raise ValueError("three whole numbers: in a minute, in ten, in a day")
    return numbers


def _small(value: Any) -> int:
    number = int(value)
    if not 0 <= number <= 100:
        raise ValueError("0 to 100")
    return number


options.declare("screening.pace", [8, 30, 300], "Posts of one member in a minute, in ten minutes, in a day", _three)
options.declare("screening.pace_new", [3, 10, 40], "The same for new members", _three)
options.declare("screening.links", 10, "Links in one text before it is held", _small)
options.declare("screening.links_new", 2, "The same for new members", _small)


@dataclass(frozen=True)
class Finding:
    """What a rule found. Without an outcome it is a sign, and signs that weigh 1 together hold a text."""

    reason: str
    outcome: str = ""
    weight: float = 0.0
    sentence: str = ""


@dataclass(frozen=True)
class Seen:
    """A text, its author and the lists, as the rules see them."""

    writing: Any
    reading: Reading
    lists: Lists
    now: datetime

    @property
    def new(self) -> bool:
        """Whether the author is new here."""
        return self.writing.level <= 1 or self.now - self.writing.joined_at < NEW

    @property
    def trusted(self) -> bool:
        """Whether the author has shown for long that most rules need not be asked."""
        return self.writing.is_staff or (self.writing.level >= TRUSTED_LEVEL and not self.new)

    @property
    def share(self) -> float:
        """What a sign weighs here: half for who is trusted, because accounts are also taken over; nothing for staff."""
        return 0.0 if self.writing.is_staff else 0.5 if self.trusted else 1.0

    @cached_property
    def found(self) -> list[Found]:
        """The listed words in the text."""
        return self.lists.found(self.reading)

    @cached_property
    def links(self) -> list[str]:
        """The hosts of links that lead away, without those that the operator lets pass."""
        home = urlsplit(settings.TERRACE_BASE_URL).hostname or ""
        return [host for host in self.reading.hosts if host != home and self.lists.domain(host) != ListedDomain.ALLOW]


def pace(seen: Seen) -> Iterator[Finding]:
    """Raise TooMany when the author has written as often as one may; nothing is lost, and nothing is held."""
    if seen.writing.is_staff:
        return
    limits = options.get("screening.pace_new" if seen.new else "screening.pace")
    since = seen.now - WINDOWS[-1][0]
    rows = Trace.objects.filter(member_id=seen.writing.member_id, at__gt=since).order_by("-at")
    times = list(rows.values_list("at", flat=True)[: max(limits)])
    for (window, seconds), most in zip(WINDOWS, limits, strict=True):
        inside = [at for at in times if at > seen.now - window]
        if len(inside) >= most:
            left = max(1, int((inside[most - 1] + window - seen.now).total_seconds()) + 1)
            raise TooMany(breath(min(left, seconds)), retry_after=left)
    yield from ()


def breath(seconds: int) -> str:
    """Return the sentence for who has to wait so long before the next post."""
    if seconds < 60:
        return ngettext(
            "Take a breath: you can post again in %(n)s second. Your draft is kept.",
            "Take a breath: you can post again in %(n)s seconds. Your draft is kept.",
            seconds,
        ) % {"n": seconds}
    if seconds < 5400:
        minutes = -(-seconds // 60)
        return ngettext(
            "Take a breath: you can post again in %(n)s minute. Your draft is kept.",
            "Take a breath: you can post again in %(n)s minutes. Your draft is kept.",
            minutes,
        ) % {"n": minutes}
    hours = -(-seconds // 3600)
    return ngettext(
        "Take a breath: you can post again in %(n)s hour. Your draft is kept.",
        "Take a breath: you can post again in %(n)s hours. Your draft is kept.",
        hours,
    ) % {"n": hours}


def words(seen: Seen) -> Iterator[Finding]:
    """Listed words: some stop a text, some hold it. What the operator lists holds everybody but staff."""
    for each in seen.found:
        if each.word.kind == ListedWord.BLOCK and not seen.writing.is_staff:
            sentence = gettext("“%(word)s” is not used here. Change it, then send again; your text is kept.") % {
                "word": seen.reading.text[each.hit.start : each.hit.end][:40]
            }
            yield Finding(f"word:{each.word.pattern}", "refuse", sentence=sentence)
        elif each.word.kind == ListedWord.HOLD and not seen.writing.is_staff:
            certain = each.word.listed or not seen.trusted
            yield Finding(f"word:{each.word.pattern}", "hold" if certain else "", weight=seen.share)


def domains(seen: Seen) -> Iterator[Finding]:
    """Links to domains that the operator has listed."""
    if seen.writing.is_staff:
        return
    for host in dict.fromkeys(seen.reading.hosts):
        kind = seen.lists.domain(host)
        if kind == ListedDomain.BLOCK:
            sentence = gettext("Links to %(domain)s are not taken here. Take it out, then send again.") % {
                "domain": host
            }
            yield Finding(f"domain:{host}", "refuse", sentence=sentence)
        elif kind == ListedDomain.HOLD:
            yield Finding(f"domain:{host}", "hold")


def links(seen: Seen) -> Iterator[Finding]:
    """Many links, and fewer for who is new; every link of a newcomer is also a sign."""
    most = options.get("screening.links_new" if seen.new else "screening.links")
    if len(seen.links) > most and not seen.trusted:
        yield Finding(f"links:{len(seen.links)}", "hold")
    elif seen.links and seen.new:
        yield Finding(f"links:{len(seen.links)}", weight=0.25 * len(set(seen.links)))
    shady = next((host for host in seen.links if _looks_shady(host)), None)
    if shady:
        yield Finding(f"host:{shady}", weight=0.5 * seen.share)


def _looks_shady(host: str) -> bool:
    """Whether a host is of a kind that is bought by the hundred: a cheap ending, or a name mostly of digits."""
    labels = host.split(".")
    name = labels[-2] if len(labels) > 1 else host
    digits = sum(char.isdigit() for char in name)
    return labels[-1] in _SHADY or (digits >= 3 and digits * 3 >= len(name)) or host.replace(".", "").isdigit()


def repeats(seen: Seen) -> Iterator[Finding]:
    """Nearly the same text lately, by this member or by others."""
    mark = seen.reading.fingerprint
    if mark is None or seen.trusted or seen.writing.editing:
        return
    parts = Q()
    for number, part in enumerate(bands(mark)):
        parts |= Q(**{f"band_{number}": part})
    rows = Trace.objects.filter(parts, at__gt=seen.now - REPEATS_WITHIN).values_list("member_id", "fingerprint")[:500]
    near = [member_id for member_id, other in rows if other is not None and distance(mark, other) <= NEAR]
    own = near.count(seen.writing.member_id)
    others = set(near) - {seen.writing.member_id}
    # One earlier copy of one's own may be a correction, and short texts are the same by chance.
    if own >= 2 or len(others) >= (1 if len(seen.reading.squeezed) >= LONG else 3):
        yield Finding(f"repeat:{own + len(others)}", "hold")


def spam(seen: Seen) -> Iterator[Finding]:
    """Signs of advertising; one alone says little."""
    if seen.writing.is_staff:
        return
    share = seen.share
    signs = list(dict.fromkeys(each.word.pattern for each in seen.found if each.word.kind == SIGN))
    if signs:
        yield Finding(f"sign:{signs[0]}", weight=share * min(0.35 * len(signs), 1.0))
    text = seen.reading.folded
    if _REACH.search(text):
        yield Finding("reach", weight=0.5 if seen.new else 0.3 * share)
    if _PHONE.search(text):
        yield Finding("phone", weight=0.3 * share)
    if _SCRAPED.search(text):
        yield Finding("scraped", weight=0.4 * share)
    if _is_stuffed(seen.reading.squeezed):
        yield Finding("stuffed", weight=0.5 * share)


def _is_stuffed(text: str) -> bool:
    """Whether one piece of four signs comes back so often that it cannot be for the reader."""
    if len(text) < 200:
        return False
    counts: dict[str, int] = {}
    for at in range(min(len(text), 6000) - 3):
        piece = text[at : at + 4]
        counts[piece] = counts.get(piece, 0) + 1
    most = max((number for piece, number in counts.items() if len(set(piece)) > 2), default=0)
    return most >= max(8, len(text) // 100)


RULES: tuple[Callable[[Seen], Iterator[Finding]], ...] = (pace, words, domains, links, repeats, spam)
