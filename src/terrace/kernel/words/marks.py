"""Words in a text that is shown: break points of a title, marked hits, the piece around them."""

import re
from collections.abc import Iterable, Iterator

from terrace.kernel.words.folding import fold_map
from terrace.kernel.words.segments import CJK, Token, index_tokens, reading_spans

# Marks that may not begin a line, and marks that may not end one.
_CLOSING = frozenset("，。、；：？！…—～）》」』】〕”’％‰,.;:?!)]}>%")
_OPENING = frozenset("（《「『【〔“‘([{<#@￥$")
_CHINESE = re.compile(rf"[{CJK}]+")


def breakable(title: str) -> list[str]:
    """The words of a title between which a line may break; joined they are the title exactly as typed."""
    folded, starts = fold_map(title)
    words: list[str] = []
    done = 0
    for _, end in reading_spans(folded):
        upto = starts[end]
        if upto > done:
            words.append(title[done:upto])
            done = upto
    if done < len(title):
        words.append(title[done:])
    return _keep_marks(words)


def _keep_marks(words: list[str]) -> list[str]:
    """Closing marks stay with the word before, opening marks and spaces with what they belong to."""
    out: list[str] = []
    for word in words:
        sticks = out and (word[0] in _CLOSING or word.isspace() or out[-1][-1] in _OPENING)
        if sticks:
            out[-1] += word
        else:
            out.append(word)
    return out


def highlight(text: str, terms: Iterable[str]) -> list[tuple[str, bool]]:
    """The text in pieces, each marked or not; `terms` are those of `query_terms`. Joined they are the text."""
    return _cut(text, _hits(text, terms), 0, len(text))


def snippet(text: str, terms: Iterable[str], width: int = 120) -> list[tuple[str, bool]]:
    """About `width` characters around the part with the most different hits, in pieces as `highlight` gives them."""
    text = re.sub(r"\s+", " ", text).strip()
    hits = _hits(text, terms)
    start = _best_start(text, hits, width)
    end = min(len(text), start + width)
    pieces = _cut(text, hits, start, end)
    if start > 0:
        pieces.insert(0, ("…", False))
    if end < len(text):
        pieces.append(("…", False))
    return pieces


def _hits(text: str, terms: Iterable[str]) -> list[tuple[int, int, str]]:
    """Spans of the original text that hold a term, merged where they overlap, in order."""
    wanted = set(terms)
    if not wanted:
        return []
    folded, starts = fold_map(text)
    found = sorted(
        (starts[token.start], starts[token.end], token.text)
        for token in _wanted_tokens(folded, wanted)
        if starts[token.start] < starts[token.end]
    )
    merged: list[tuple[int, int, str]] = []
    for start, end, term in found:
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]), merged[-1][2])
        else:
            merged.append((start, end, term))
    return merged


def _wanted_tokens(folded: str, wanted: set[str]) -> Iterator[Token]:
    """Those of `index_tokens` that are wanted. A Chinese term is in the index wherever it stands, so it is looked up."""
    chinese = [term for term in wanted if _CHINESE.fullmatch(term)]
    for term in chinese:
        at = folded.find(term)
        while at >= 0:
            yield Token(term, at, at + len(term))
            at = folded.find(term, at + 1)
    if len(chinese) < len(wanted):
        # Something that is neither a word nor a gap stands for Chinese, so that nothing is joined across it.
        rest = _CHINESE.sub(lambda run: "\1" * len(run[0]), folded)
        yield from (token for token in index_tokens(rest) if token.text in wanted)


def _cut(text: str, hits: list[tuple[int, int, str]], start: int, end: int) -> list[tuple[str, bool]]:
    pieces: list[tuple[str, bool]] = []
    at = start
    for left, right, _ in hits:
        left, right = max(left, at), min(right, end)
        if left >= right:
            continue
        if left > at:
            pieces.append((text[at:left], False))
        pieces.append((text[left:right], True))
        at = right
    if at < end:
        pieces.append((text[at:end], False))
    return pieces


def _best_start(text: str, hits: list[tuple[int, int, str]], width: int) -> int:
    """Where a window begins that holds the most different terms; a sixth of it stands before the first hit."""
    if len(text) <= width or not hits:
        return 0
    best, best_count, right = 0, 0, 0
    inside: dict[str, int] = {}
    for left, (start, _, term) in enumerate(hits):
        while right < len(hits) and hits[right][1] <= start + width * 5 // 6:
            inside[hits[right][2]] = inside.get(hits[right][2], 0) + 1
            right += 1
        if len(inside) > best_count:
            best, best_count = start, len(inside)
        if right <= left:
            right = left + 1
            continue
        inside[term] -= 1
        if not inside[term]:
            del inside[term]
    return max(0, min(best - width // 6, len(text) - width))
