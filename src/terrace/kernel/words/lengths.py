"""How long a text is and how much it says, for Chinese and Latin alike."""

import re
import unicodedata

from terrace.kernel.words.segments import CJK

JOINER = "\u200d"
_PLAIN = re.compile(r"[\x00-\u02ff\u2010-\u2027\u3000-\u3029\u3030-\u3098\u309b-\ua66e\uf900-\ufaff\uff00-\uffef]*")
_FLAG = re.compile("[\U0001f1e6-\U0001f1ff]{2}")
# What belongs to the sign before it beside combining marks: joiners, skins of emoji, and the tags of flags.
_BEHIND = re.compile("[\u200c\u200d\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]")
_WIDE = re.compile(rf"[{CJK}\uac00-\ud7af]")
_MARKUP = frozenset("~|=<>^`")


def signs(text: str) -> int:
    """Return the number of characters that a person sees: 👨‍👩‍👧, 👍🏽, é and 🇨🇳 are one each, whatever they are made of.

    The rule of Unicode's annex 29 (extended grapheme clusters) for what people write in Chinese and Latin; browsers count
    the same by `Intl.Segmenter` (`web/static/js/signs.js`). A line end is one.
    """
    if _PLAIN.fullmatch(text):
        return len(text) - text.count("\r\n")
    text = _FLAG.sub("x", unicodedata.normalize("NFC", text.replace("\r\n", "\n")))
    count, before = 0, "\n"
    for char in text:
        if "\n" in (before, char) or not _joins(before, char):
            count += 1
        before = char
    return count


def _joins(before: str, char: str) -> bool:
    kind = unicodedata.category(char)
    return kind in {"Mn", "Me", "Mc"} or bool(_BEHIND.match(char)) or (before == JOINER and kind == "So")


def weight(text: str) -> int:
    """Return how much a text says: a Chinese character or an emoji counts two, any other letter, digit or sign one.

    White space, punctuation and the marks of Markdown say nothing.
    """
    return sum(_weight(char) for char in text)


def _weight(char: str) -> int:
    if _WIDE.match(char):
        return 2
    kind = unicodedata.category(char)
    if kind[0] in "PZCM" or char in _MARKUP or _BEHIND.match(char):
        return 0
    return 2 if kind == "So" else 1
