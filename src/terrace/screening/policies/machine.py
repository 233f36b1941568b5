"""The lists as one machine: read from the table, built once, asked at every text, at most two seconds old."""

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import ahocorasick
from django.db.models import Count, Max

from terrace.kernel import options
from terrace.screening.models import ListedDomain, ListedWord
from terrace.screening.policies import own
from terrace.screening.policies.reading import Hit, Reading, sounds_of, squeezed

FRESH = 2.0  # seconds; other processes see a change at the latest after this
SIGN = "sign"

options.declare("screening.own_words", True, "Whether the short list of words that comes with Terrace is used", bool)


@dataclass(frozen=True)
class Word:
    """One pattern of the machine."""

    pattern: str
    kind: str
    replacement: str = ""
    sound: bool = False
    listed: bool = False  # by the operator, and not one of those that come with Terrace


@dataclass(frozen=True)
class Found:
    """A word that stands in a text."""

    word: Word
    hit: Hit


class Lists:
    """Words and domains, ready to be asked."""

    def __init__(self, words: dict[str, Word], domains: dict[str, str]) -> None:
        self._domains = domains
        self._by_signs = _machine(words)
        self._by_sound = _machine({sounds_of(key): word for key, word in words.items() if word.sound and len(key) > 1})

    def found(self, reading: Reading) -> list[Found]:
        """Return the words in a text, in order; what an allowed phrase covers is left out."""
        hits = [*self._in_signs(reading), *self._in_sounds(reading)]
        allowed = [each.hit for each in hits if each.word.kind == ListedWord.ALLOW]
        rest = [each for each in hits if each.word.kind != ListedWord.ALLOW]
        free = [each for each in rest if not any(a.start < each.hit.end and each.hit.start < a.end for a in allowed)]
        return sorted(set(free), key=lambda each: (each.hit.start, -each.hit.end))

    def _in_signs(self, reading: Reading) -> Iterator[Found]:
        if self._by_signs is None:
            return
        for last, (length, word) in self._by_signs.iter(reading.squeezed):
            hit = reading.hit(last + 1 - length, last + 1, word.pattern)
            if hit is not None:
                yield Found(word, hit)

    def _in_sounds(self, reading: Reading) -> Iterator[Found]:
        if self._by_sound is None:
            return
        text, at = reading.sounds
        for last, (length, word) in self._by_sound.iter(text):
            # The pattern's first bar closes the sign before it.
            hit = reading.hit(at[last + 2 - length], at[last] + 1, word.pattern)
            if hit is not None:
                yield Found(word, hit)

    def domain(self, host: str) -> str:
        """Return how a host's links are treated: by the nearest listed domain, whole labels only; empty if none is."""
        labels = host.split(".")
        return next(
            (self._domains[name] for at in range(len(labels)) if (name := ".".join(labels[at:])) in self._domains), ""
        )


def _machine(words: dict[str, Word]) -> Any:
    machine = ahocorasick.Automaton()
    for key, word in words.items():
        machine.add_word(key, (len(key), word))
    if not words:
        return None
    machine.make_automaton()
    return machine


_mutex = threading.Lock()
_kept: tuple[float, Any, Lists] | None = None


def lists() -> Lists:
    """Return the lists, at most FRESH seconds old; the machine is built again only where the tables have changed."""
    global _kept
    kept = _kept
    if kept is not None and time.monotonic() - kept[0] < FRESH:
        return kept[2]
    with _mutex:
        if _kept is not None and time.monotonic() - _kept[0] < FRESH:
            return _kept[2]
        version = _version()
        made = _kept[2] if _kept is not None and _kept[1] == version else _build()
        _kept = (time.monotonic(), version, made)
        return made


def forget_lists() -> None:
    """Look at the tables again at the next question."""
    global _kept
    with _mutex:
        if _kept is not None:
            _kept = (0.0 - FRESH, _kept[1], _kept[2])


def _version() -> Any:
    marks = [
        tuple(model.objects.aggregate(n=Count("pk"), at=Max("changed_at")).values())
        for model in (ListedWord, ListedDomain)
    ]
    return (*marks, options.get("screening.own_words"))


def _build() -> Lists:
    words: dict[str, Word] = {}
    if options.get("screening.own_words"):
        for kind, block in ((SIGN, own.SIGNS), (ListedWord.HOLD, own.HOLD)):
            words |= {squeezed(each): Word(each, kind, sound=each in own.BY_SOUND) for each in own.split(block)}
    for row in ListedWord.objects.all():
        words[row.folded] = Word(row.pattern, row.kind, row.replacement, row.sound, listed=True)
    return Lists(words, dict(ListedDomain.objects.values_list("domain", "kind")))
