"""Folding: the one form in which texts are compared."""

import unicodedata
from functools import cache

# Letters that show nothing: Hangul fillers, the braille blank, the combining grapheme joiner.
_INVISIBLE = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"
_HAN = ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x2A6DF))


def fold(text: str) -> str:
    """The text in NFKC, case folded, in simplified characters, without anything invisible.

    Every kind of white space becomes a space, so that a line break never hides a word. Length may change; use
    `fold_map` where positions in the original matter.
    """
    if text.isascii() and text.isprintable():
        return text.lower()
    return _settle(text)


def fold_map(text: str) -> tuple[str, list[int]]:
    """The folded text, and for each of its characters the position in `text` of the cluster it came from.

    The list has one more item than the folded text has characters: the length of `text`.
    """
    if text.isascii() and text.isprintable():
        return text.lower(), list(range(len(text) + 1))
    pieces: list[str] = []
    starts: list[int] = []
    for start, cluster in _clusters(text):
        piece = _settle(cluster)
        pieces.append(piece)
        starts.extend([start] * len(piece))
    starts.append(len(text))
    return "".join(pieces), starts


def _settle(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).casefold()
    # Case folding can undo the normal form (for example of U+0345), hence the second round.
    return unicodedata.normalize("NFKC", text).translate(_table())


def _clusters(text: str) -> list[tuple[int, str]]:
    """A character with the marks (and Hangul jamo) that may melt into it, and where it begins."""
    starts = [
        at
        for at, char in enumerate(text)
        if at == 0 or not (unicodedata.combining(char) or "\u1160" <= char <= "\u11ff" or "\uff9e" <= char <= "\uff9f")
    ]
    return [(start, text[start:end]) for start, end in zip(starts, [*starts[1:], len(text)], strict=True)]


class _Table(dict[int, str | int | None]):
    """What becomes of a character; learned as characters are met, because most of Unicode never is."""

    def __missing__(self, code: int) -> str | int | None:
        char = chr(code)
        kind = unicodedata.category(char)
        if char.isspace() or kind in {"Zs", "Zl", "Zp"}:
            answer: str | int | None = " "
        elif kind in {"Cc", "Cf", "Cs"} or char in _INVISIBLE or 0xFE00 <= code <= 0xFE0F or 0xE0100 <= code <= 0xE01EF:
            answer = None
        else:
            answer = code
        self[code] = answer
        return answer


@cache
def _table() -> _Table:
    """Traditional to simplified character by character (OpenCC's t2s), without its phrases.

    A phrase table would make a character depend on its neighbours, and then a query could miss a text that contains it.
    """
    import opencc

    converter = opencc.OpenCC("t2s")
    chars = [chr(code) for first, last in _HAN for code in range(first, last + 1)]
    simple = converter.convert("\n".join(chars)).split("\n")
    return _Table({ord(old): new for old, new in zip(chars, simple, strict=True) if old != new and len(new) == 1})
