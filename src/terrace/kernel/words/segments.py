"""Segmentation: what is put in the index, and what is asked of it.

The index holds, of a run of Chinese, every dictionary word of three characters and more, every pair of neighbours and
every character; of Latin letters and digits, every piece and the pairs of a word and a number side by side (`iQOO 9`
gives `iqoo`, `9`, `iqoo9`; `14.0.5` gives also `14v0v5`). A query asks for the longest words. So a term of a query is
always in the index of a text that contains it, whatever stands around it. Words made known with `set_words` change
segments, titles and queries, never the index: adding a product needs no new index.

Tokens consist of letters and digits only, so that SQLite's FTS5 and PostgreSQL's `simple` read them alike.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from terrace.kernel.words.folding import fold

CJK = "\u3005\u3007\u3041-\u3096\u30a1-\u30fa\u30fc-\u30fe\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_PIECE = re.compile(rf"(?P<cjk>[{CJK}]+)|(?P<num>\d+)|(?P<word>(?:(?![{CJK}])[^\W\d_])+)")
# A gap that leaves a word and a number one name: none, a space, a hyphen.
_CLOSE = {"", " ", "-"}
# Parts of a version that are joined to its first.
_PARTS = 4
# Few on purpose: a word is dropped from a query only when something is left.
_STOP = frozenset({
    "的", "了", "吗", "呢", "吧", "啊", "呀", "哦", "嘛", "是", "在", "和", "与", "及", "也", "就", "都", "着", "我",
    "你", "他", "她", "它", "我的", "你的", "怎么", "怎么样", "怎样", "如何", "什么", "为什么", "有没有", "请问",
    "这个", "那个", "一下", "the", "a", "an", "of", "to", "in", "on", "is", "are", "and", "or", "for", "my", "it",
    "how", "怎么办", "do", "does", "i", "can", "what", "why", "after", "with", "this", "that",
})  # fmt: skip


class Token(NamedTuple):
    """A word of a folded text, and where it stands there."""

    text: str
    start: int
    end: int


class Piece(NamedTuple):
    """A run of one kind (`cjk`, `num`, `word`) in a folded text."""

    kind: str
    text: str
    start: int
    end: int


def pieces(folded: str) -> list[Piece]:
    """The runs of Chinese, of digits and of other letters."""
    return [Piece(found.lastgroup or "", found.group(), *found.span()) for found in _PIECE.finditer(folded)]


@cache
def dictionary():
    """rjieba with its dictionary: 33 MB and 0.15 s at the first call."""
    import rjieba

    rjieba.cut("", hmm=False)
    return rjieba


# -- the index --------------------------------------------------------------------------------------------------------


def index_tokens(folded: str) -> Iterator[Token]:
    """Everything under which a folded text can be found, in the order of the text."""
    found = pieces(folded)
    for at, piece in enumerate(found):
        if piece.kind == "cjk":
            yield from _chinese(piece)
            continue
        yield Token(piece.text, piece.start, piece.end)
        if at and _joined(folded, found[at - 1], piece):
            before = found[at - 1]
            yield Token(before.text + piece.text, before.start, piece.end)
        yield from _versions(folded, found, at)


def _chinese(piece: Piece) -> Iterator[Token]:
    run, start = piece.text, piece.start
    for at, char in enumerate(run):
        yield Token(char, start + at, start + at + 1)
        if at:
            yield Token(run[at - 1 : at + 1], start + at - 1, start + at + 1)
    for word, at, end in _long_words(run):
        yield Token(word, start + at, start + end)


def _long_words(run: str) -> Iterator[tuple[str, int, int]]:
    if len(run) < 3:
        return
    at = -1
    # cut_all gives every word that begins at a character, the character itself first, so positions follow by counting.
    for word in dictionary().cut_all(run):
        if len(word) == 1 or not run.startswith(word, max(at, 0)):
            at = run.find(word, at + 1)
        if at < 0:
            return
        if len(word) > 2:
            yield word, at, at + len(word)


def _joined(folded: str, left: Piece, right: Piece) -> bool:
    return {left.kind, right.kind} == {"num", "word"} and folded[left.end : right.start] in _CLOSE


def _versions(folded: str, found: list[Piece], at: int) -> Iterator[Token]:
    """What of a version begins here: of `14.0.5`, `14v0` and `14v0v5`, then `0v5`."""
    text, last = found[at].text, at
    while last + 1 < len(found) and last - at < _PARTS and _dotted(folded, found[last], found[last + 1]):
        last += 1
        text = f"{text}v{found[last].text}"
        yield Token(text, found[at].start, found[last].end)


def _dotted(folded: str, left: Piece, right: Piece) -> bool:
    return left.kind == right.kind == "num" and folded[left.end : right.start] == "."


def index_text(text: str) -> str:
    """The tokens of a text, separated by spaces, for an FTS5 column or `array_to_tsvector`.

    Single characters and pairs are given once each: they serve to be found, not to weigh.
    """
    seen: set[str] = set()
    tokens = []
    for token in index_tokens(fold(text)):
        word = token.text
        if len(word) <= 2 and not word.isascii() and word not in seen:
            seen.add(word)
            tokens.append(word)
        elif len(word) > 2 or word.isascii():
            tokens.append(word)
    return " ".join(tokens)


# -- the query --------------------------------------------------------------------------------------------------------


def query_terms(text: str) -> list[str]:
    """The terms of a query, each once, in order; all of them are in the index of a text that contains them.

    Two words typed apart may stand apart in the text; letters and digits typed together (`iqoo9`), a version and a word
    known through `set_words` (`ridge 5`) may not. Stop words go, unless nothing else is left.
    """
    folded = fold(text)
    terms: list[str] = []
    for group in _groups(folded):
        terms.extend(_latin_terms(folded, group) if group[0].kind != "cjk" else _chinese_terms(group[0].text))
    terms = list(dict.fromkeys(terms))
    return [term for term in terms if term not in _STOP] or terms


def _groups(folded: str) -> Iterator[list[Piece]]:
    """Runs that are read together: Chinese alone, Latin pieces as one product word, one version or one typed word."""
    found = pieces(folded)
    at = 0
    while at < len(found):
        end = max(_known_length(folded, found, at), _run_length(folded, found, at))
        yield found[at : at + end]
        at += end


def _run_length(folded: str, found: list[Piece], at: int) -> int:
    end = at
    while end + 1 < len(found) and found[at].kind != "cjk":
        left, right = found[end], found[end + 1]
        touching = left.end == right.start and right.kind != "cjk"
        if not touching and not _dotted(folded, left, right):
            break
        end += 1
    return end - at + 1


def _known_length(folded: str, found: list[Piece], at: int) -> int:
    """How many Latin pieces a word of ours takes that begins here; 0 when none does."""
    if found[at].kind == "cjk":
        return 0
    longest = 0
    for word in _known.get(found[at].text, ()):
        taken = found[at : at + len(word)]
        if all(piece.kind != "cjk" for piece in taken) and _stands(folded, found, at, word):
            longest = max(longest, len(word))
    return longest


def _latin_terms(folded: str, group: list[Piece]) -> list[str]:
    terms: list[str] = []
    at = 0
    covered = -1
    while at < len(group):
        version = list(_versions(folded, group, at))
        if version:
            terms.append(version[-1].text)
            covered = at = at + version[-1].text.count("v")
        elif at + 1 < len(group) and _joined(folded, group[at], group[at + 1]):
            terms.append(group[at].text + group[at + 1].text)
            covered = at + 1
        elif at > covered:
            terms.append(group[at].text)
        at += 1
    return terms


def _chinese_terms(run: str) -> list[str]:
    """Of a word of ours its pairs, which the index holds of any run; of what stands between, the words of the dictionary."""
    terms: list[str] = []
    for at, part in enumerate(_own_chinese.split(run)):
        terms.extend(_dictionary_terms(part) if at % 2 == 0 else _pairs(part))
    return terms


def _pairs(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(len(run) - 1)] or ([run] if run else [])


def _dictionary_terms(run: str) -> list[str]:
    terms: list[str] = []
    singles = ""
    # Without the hidden Markov model: it guesses words that the index of a longer text need not hold.
    for word in [*dictionary().cut(run, hmm=False), ""]:
        if len(word) == 1 and word not in _STOP:
            singles += word
            continue
        terms.extend(_pairs(singles))
        singles = ""
        if word:
            terms.append(word)
    return terms


# -- reading ----------------------------------------------------------------------------------------------------------

# What the dictionary lacks and tears apart: it reads 游戏卡顿 as a game card and a pause.
_TORN = ("卡顿", "曲屏", "死黑")
_known: dict[str, tuple[tuple[str, ...], ...]] = {}


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    longest_first = sorted(set(words), key=lambda word: (-len(word), word))
    return re.compile(f"({'|'.join(map(re.escape, longest_first))})")


_own_chinese = _any_of(_TORN)
_edition = 0


def edition() -> int:
    """Return a number that is another one after every change of the words, for whoever keeps what was segmented."""
    return _edition


def set_words(words: Iterable[str]) -> None:
    """Make known words of our own (products, features), in any spelling, and no others: `Ridge 5`, `iQOO9`, `小米12pro`.

    They stay whole in `segment` and `breakable`, and a query that names one asks for it as one word.
    """
    global _known, _own_chinese, _edition
    known: dict[str, tuple[tuple[str, ...], ...]] = {}
    chinese = set(_TORN)
    for word in words:
        found = atoms(fold(word))
        parts = tuple(atom.text for atom in found)
        if len(parts) > 1:
            known[parts[0]] = tuple(dict.fromkeys((*known.get(parts[0], ()), parts)))
            if all(atom.kind == "cjk" for atom in found):
                chinese.add("".join(parts))
    _known, _own_chinese, _edition = known, _any_of(chinese), _edition + 1


def atoms(folded: str) -> list[Piece]:
    """Pieces, with Chinese character by character."""
    out: list[Piece] = []
    for piece in pieces(folded):
        if piece.kind == "cjk":
            out.extend(Piece("cjk", char, piece.start + n, piece.start + n + 1) for n, char in enumerate(piece.text))
        else:
            out.append(piece)
    return out


def segment(text: str) -> list[str]:
    """The words of a text as a reader would part them, folded, without punctuation; our own words closed up."""
    folded = fold(text)
    words = []
    for start, end in reading_spans(folded):
        word = folded[start:end]
        if _PIECE.search(word):
            words.append(re.sub(r"[ -]", "", word))
    return words


def reading_spans(folded: str) -> Iterator[tuple[int, int]]:
    """Where the words of a folded text begin and end; together they are the whole text."""
    at = 0
    for start, end in _known_spans(folded):
        yield from _cut_spans(folded, at, start)
        yield start, end
        at = end
    yield from _cut_spans(folded, at, len(folded))


def _cut_spans(folded: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for word in dictionary().cut(folded[start:end]) if start < end else ():
        yield start, start + len(word)
        start += len(word)


def _known_spans(folded: str) -> Iterator[tuple[int, int]]:
    """Words of ours, the longest at each place, without overlap."""
    if not _known:
        return
    found = atoms(folded)
    at = 0
    while at < len(found):
        longest = 0
        for word in _known.get(found[at].text, ()):
            if len(word) > longest and _stands(folded, found, at, word):
                longest = len(word)
        if longest:
            yield found[at].start, found[at + longest - 1].end
        at += longest or 1


def _stands(folded: str, found: list[Piece], at: int, word: tuple[str, ...]) -> bool:
    taken = found[at : at + len(word)]
    if tuple(piece.text for piece in taken) != word:
        return False
    return all(folded[left.end : right.start] in _CLOSE for left, right in pairwise(taken))
