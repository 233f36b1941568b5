"""Plain text of what was written, and the beginning of it."""

import re
from collections.abc import Sequence

from markdown_it.token import Token

from terrace.kernel.markup.html import plain_inline, spoiler_title

_SENTENCE = re.compile(r"[。！？…；\n]+[”’」』）)]*|[.!?;]+(?=\s)")
# What belongs to the character before it: marks, joiners, variation selectors, skin tones.
_FOLLOWS = re.compile(r"[\u0300-\u036f\u200d\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]")


def plain_text(tokens: Sequence[Token]) -> str:
    """The text of a parsed source, one block per line; what a spoiler hides is left out."""
    lines: list[str] = []
    hidden = 0
    for token in tokens:
        if token.type in {"container_spoiler_open", "container_spoiler_close"}:
            hidden += token.nesting
            if token.nesting > 0 and hidden == 1:
                lines.append(spoiler_title(token))
        elif hidden:
            continue
        elif token.type == "inline":
            lines.append(plain_inline(token.children or []))
        elif token.type == "figures":
            lines += [plain_inline([each]) for each in token.children or []]
        elif token.type == "fence":
            lines.append(token.content.rstrip("\n"))
    return "\n".join(line for line in lines if line.strip())


def excerpt(text: str, limit: int) -> str:
    """The beginning of a plain text in one line, at most `limit` characters, cut after a sentence or else a word."""
    text = text[: limit * 4 + 200]
    line = re.sub(r"\s+", " ", text.replace("\n", "\n ")).strip()
    if len(line) <= limit:
        return line
    kept = line[: limit - 1]
    ends = [found.end() for found in _SENTENCE.finditer(kept + " ") if found.end() <= len(kept)]
    if ends and ends[-1] >= limit * 3 // 5:
        return kept[: ends[-1]].strip()
    return _at_word(line, limit - 1).rstrip(" ，、：,:—（(“‘《") + "…"


def _at_word(line: str, size: int) -> str:
    """Up to `size` characters, without cutting a word or a composed emoji in two where that costs little."""
    from terrace.kernel.words import breakable

    while size > 1 and (_FOLLOWS.match(line[size]) or line[size - 1] == "\u200d"):
        size -= 1
    start = max(0, size - 24)
    at = start
    for word in breakable(line[start : size + 12]):
        if at + len(word) > size:
            break
        at += len(word)
    return line[:at] if at > start else line[:size]
