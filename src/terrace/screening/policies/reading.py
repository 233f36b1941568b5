"""A text as screening reads it: folded, without inserted signs, with the way back to what was typed."""

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from urllib.parse import urlsplit

from terrace.kernel.words import pinyin, skeleton
from terrace.kernel.words.folding import fold_map

DRAWN_FROM = 5  # signs of a word that is recognised with digits for letters
SHORTEST = 20  # signs that a text needs for a fingerprint
GRAM = 3
MOST_GRAMS = 6000
_CLAUSE = frozenset("。！？；，、,;!?．｡")
_LINK = re.compile(
    r"(?:https?:|ftp:|(?<=\()|(?<=\s))//[^\s<>\"'）》】]+"
    r"|(?<![a-z0-9@./_-])(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,18}(?![a-z0-9-])(?:[/?#:][^\s<>\"']*)?"
)
# Endings of bare names that are domains, not file names, versions or models.
_ENDINGS = frozenset(
    """
    com net org cn cc tv io co biz top xyz vip icu club win bet casino loan app dev shop site online fun ru tk ml ga cf pw ws
    la ph vn hk tw jp kr us uk de fr eu click ink ltd wang wiki space website store tech asia mobi me info
    """.split()  # noqa: SIM905  read like a list
)


# Signs that are drawn for letters; names are not compared by them, because there they are taken for themselves.
_DRAWN = {"3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s"}


@lru_cache(maxsize=20_000)
def like(char: str) -> str:
    """Return what a folded character looks like: its skeleton; empty for marks, spaces and everything invisible."""
    return _DRAWN.get(char) or skeleton(char)


@lru_cache(maxsize=2_000)
def _plain(word: str) -> list[str]:
    return [char for char in fold_map(word)[0] if like(char)]


def squeezed(text: str) -> str:
    """Return a text in the form in which words are compared."""
    return "".join(like(char) for char in fold_map(text)[0])


@dataclass(frozen=True)
class Hit:
    """Where a pattern stands in what was typed: from `start` up to `end`."""

    start: int
    end: int


class Reading:
    """One text, read."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.folded, self._starts = fold_map(text)
        signs: list[str] = []
        self._origin: list[int] = []
        for at, char in enumerate(self.folded):
            looks = like(char)
            signs.append(looks)
            self._origin.extend([at] * len(looks))
        self.squeezed = "".join(signs)

    def hit(self, start: int, end: int, word: str) -> Hit | None:
        """Return the place of signs `start` up to `end` of the squeezed text, or None when they are not this word together.

        Signs inserted between characters do not count, but a word does not reach over the end of a clause, unless
        every two of its characters stand apart (加，微，信); Latin words begin and end where letters do. Digits
        drawn for letters count in longer words with a letter left: 4V is no “av”, and 455 is itself.
        """
        places = self._origin[start:end]
        latin = self.squeezed[start:end].isascii()
        typed = [self.folded[place] for place in dict.fromkeys(places)]
        drawn = latin and not _DRAWN.keys().isdisjoint(typed) and typed != _plain(word)
        if drawn and (end - start < DRAWN_FROM or not any(map(str.isalpha, typed))):
            return None
        gaps = [self._between(left, right) for left, right in pairwise(places) if right > left]
        apart = [gap for gap in gaps if gap]
        if len(apart) < len(gaps) and any(_CLAUSE & set(gap) or (not latin and "\n" in gap) for gap in apart):
            return None
        if any(len(gap) > 4 for gap in apart) or (latin and not self._is_latin_word(places[0], places[-1])):
            return None
        return Hit(self._starts[places[0]], self._end_of(places[-1]))

    def _between(self, left: int, right: int) -> str:
        """Return what was typed between two folded characters."""
        return self.text[self._end_of(left) : self._starts[right]]

    def _is_latin_word(self, first: int, last: int) -> bool:
        around = (self.folded[first - 1] if first else "", self.folded[last + 1 : last + 2])
        return not any(char.isascii() and char.isalpha() for char in around if char)

    def _end_of(self, at: int) -> int:
        start, at = self._starts[at], at + 1
        while self._starts[at] == start and at < len(self.folded):
            at += 1
        return self._starts[at]

    @cached_property
    def sounds(self) -> tuple[str, list[int]]:
        """The squeezed text as syllables between bars, and for each place of it the sign it belongs to."""
        parts, at = ["|"], [0]
        for number, char in enumerate(self.squeezed):
            piece = sound(char) + "|"
            parts.append(piece)
            at.extend([number] * len(piece))
        return "".join(parts), at

    @cached_property
    def hosts(self) -> list[str]:
        """The host names of all links, also of those without a scheme, in order, with repetitions."""
        return list(_hosts(self.folded))

    @cached_property
    def fingerprint(self) -> int | None:
        """The simhash of the text without what it quotes, as a signed 64-bit number; None for a short text."""
        own = squeezed("\n".join(line for line in self.text.splitlines() if not line.lstrip().startswith(">")))
        return simhash(own) if len(own) >= SHORTEST else None


@lru_cache(maxsize=20_000)
def sound(char: str) -> str:
    """Return the syllable of a Chinese character, and any other sign as it is."""
    return pinyin(char).strip() or char if "\u4e00" <= char <= "\u9fff" else char


def sounds_of(pattern: str) -> str:
    """Return a squeezed pattern as syllables between bars."""
    return "|" + "".join(f"{sound(char)}|" for char in pattern)


def _hosts(folded: str) -> Iterator[str]:
    # “点” and “。” are written for the dot to hide an address.
    text = re.sub(
        r"(?<=[a-z0-9])\s?(?:\[?[点。．]\]?|\(dot\)|\[dot\])\s?(?=(?:com|net|cn|cc|vip|top|org)\b)", ".", folded
    )
    for found in _LINK.finditer(text):
        host = host_of(found[0])
        if host and ("//" in found[0][:8] or host.rsplit(".", 1)[-1] in _ENDINGS):
            yield host


def host_of(address: str) -> str:
    """Return the host of an address in ASCII, lower case, without user, port and final dot; empty if there is none."""
    address = unicodedata.normalize("NFKC", address).strip()
    try:
        host = urlsplit(address if "//" in address[:8] else f"//{address}").hostname or ""
        return (
            host.rstrip(".").encode("idna").decode("ascii").lower() if not host.isascii() else host.rstrip(".").lower()
        )
    except (ValueError, UnicodeError):
        return ""


def simhash(text: str) -> int:
    """Return the 64-bit simhash (Charikar, 2002) of a text's overlapping triples, signed for the database."""
    grams = {text[at : at + GRAM] for at in range(min(len(text) - GRAM + 1, MOST_GRAMS))}
    # The bits are counted side by side: each byte of a hash is a number with a 16-bit lane for each of its bits.
    counts = [0] * 8
    for gram in grams:
        for place, byte in enumerate(hashlib.blake2b(gram.encode(), digest_size=8).digest()):
            counts[place] += _LANES[byte]
    half = len(grams) / 2
    bits = [(counts[bit // 8] >> (16 * (bit % 8))) & 0xFFFF for bit in range(64)]
    value = sum(1 << bit for bit, count in enumerate(bits) if count > half)
    return value - (1 << 64) if value >> 63 else value


_LANES = [sum(1 << (16 * bit) for bit in range(8) if byte >> bit & 1) for byte in range(256)]
_CUTS = (0, 11, 22, 33, 44, 54, 64)


def bands(fingerprint: int) -> list[int]:
    """Return a fingerprint in six parts of ten or eleven bits."""
    return [fingerprint >> left & ((1 << right - left) - 1) for left, right in pairwise(_CUTS)]


def distance(one: int, other: int) -> int:
    """Return in how many bits two fingerprints differ."""
    return ((one ^ other) & 0xFFFF_FFFF_FFFF_FFFF).bit_count()
