"""Inline rules of our own: bare links, mentions, tags, emoji, spoilers, footnote marks. Each runs in linear time."""

import re
from collections.abc import Mapping

from markdown_it.rules_inline import StateInline

from terrace.kernel.markup.emoji import EMOJI
from terrace.kernel.markup.shapes import Mention
from terrace.kernel.words import skeleton
from terrace.kernel.words.segments import CJK

HANDLE_LENGTH = 20
# A post may ask about so many people; the rest of its @ signs stay text.
MAX_MENTIONS = 50

_URL = re.compile(r"://[A-Za-z0-9][A-Za-z0-9\-._~:/?#@!$&'()*+,;=%]*")
_SCHEME = re.compile(r"(?:^|[^A-Za-z0-9+.-])(https?)$", re.IGNORECASE)
_HANDLE = re.compile(rf"[\w-]{{1,{HANDLE_LENGTH}}}")
_LATIN = re.compile(r"[A-Za-z0-9_]")
_MAIL_BEFORE = re.compile(r"[A-Za-z0-9._%+/-]")
_TAG_BEFORE = re.compile(r"[A-Za-z0-9_&#/]")
_TAG = re.compile(r"#([\w-]{1,32})")
_TAG_TWICE = re.compile(r"#([^#\n\[\]()<>*`|@\s](?:[^#\n\[\]()<>*`|@]{0,30}[^#\n\[\]()<>*`|@\s])?)#")
_HAN = re.compile(rf"[{CJK}]")
_EMOJI = re.compile(r":([a-z0-9_+-]{1,24}):")
_FOOTNOTE = re.compile(r"\[\^([^\]\s]{1,50})\]")


def link(state: StateInline, silent: bool) -> bool:
    """`https://…` typed bare. Only ASCII belongs to it, so Chinese words and marks may follow at once.

    In look-ahead it never answers: it would swallow the `]` of a link written out.
    """
    if silent or state.linkLevel > 0 or state.src[state.pos] != ":":
        return False
    scheme = _SCHEME.search(state.pending[-8:])
    found = _URL.match(state.src, state.pos, state.posMax)
    if not scheme or not found:
        return False
    url = scheme.group(1) + _trimmed(found.group())
    href = state.md.normalizeLink(url)
    if not state.md.validateLink(href):
        return False
    state.pending = state.pending[: -len(scheme.group(1))]
    state.push("link_open", "a", 1).attrs = {"href": href}
    state.push("text", "", 0).content = url
    state.push("link_close", "a", -1)
    state.pos += len(url) - len(scheme.group(1))
    return True


def _trimmed(url: str) -> str:
    """Without the punctuation of the sentence around it, and without a bracket that it did not open."""
    spare = url.count(")") - url.count("(")
    end = len(url)
    while end and (url[end - 1] in ".,;:!?'*_~" or (url[end - 1] == ")" and spare > 0)):
        spare -= url[end - 1] == ")"
        end -= 1
    return url[:end]


def mention(state: StateInline, silent: bool) -> bool:
    """`@name`: the longest name that exists, since Chinese puts no space after it.

    With a set under `candidates` in the environment it only notes which names might be meant.
    """
    if silent or state.src[state.pos] != "@" or state.linkLevel > 0 or _before(state, _MAIL_BEFORE):
        return False
    found = _HANDLE.match(state.src, state.pos + 1, state.posMax)
    if not found or state.env["at_signs"] >= MAX_MENTIONS:
        return False
    state.env["at_signs"] += 1
    names = _names(found.group(), state.src[found.end() : found.end() + 1])
    wanted = state.env.get("candidates")
    if wanted is not None:
        wanted.update(dict.fromkeys(filter(None, map(skeleton, names))))
        return False
    known, length = _longest(names, state.env["mentions"])
    if known is None:
        return False
    state.push("mention", "", 0).meta = {"mention": known}
    state.pos += 1 + length
    return True


def _names(run: str, after: str) -> list[str]:
    """Beginnings of a run that may be a name, the longest first; a Latin word is never cut in two."""
    ends = run[1:] + after
    return [
        run[:size]
        for size in range(len(run), 0, -1)
        if not (_LATIN.match(run[size - 1]) and _LATIN.match(ends[size - 1 : size]))
    ]


def _longest(names: list[str], mentions: Mapping[str, Mention]) -> tuple[Mention | None, int]:
    for at, name in enumerate(names):
        known = mentions.get(skeleton(name))
        if known is None:
            continue
        # `bob-` and `bob` share a skeleton: take no more than the name itself has.
        for shorter in names[at + 1 :]:
            if len(name) <= len(known.handle) or mentions.get(skeleton(shorter)) != known:
                break
            name = shorter
        return known, len(name)
    return None, 0


def tag(state: StateInline, silent: bool) -> bool:
    """`#tag`, and `#话题#` as Chinese networks write it."""
    if silent or state.src[state.pos] != "#" or state.linkLevel > 0 or _before(state, _TAG_BEFORE):
        return False
    found = _TAG_TWICE.match(state.src, state.pos, state.posMax)
    if found and " " in found.group(1) and not _HAN.search(found.group(1)):
        found = None
    found = found or _TAG.match(state.src, state.pos, state.posMax)
    if not found or not re.search(r"[^\W\d_]", found.group(1)):
        return False
    state.push("tag", "", 0).meta = {"name": found.group(1), "typed": found.group()}
    state.pos = found.end()
    return True


def emoji(state: StateInline, silent: bool) -> bool:
    """`:tada:`; an unknown name stays as typed."""
    if state.src[state.pos] != ":":
        return False
    found = _EMOJI.match(state.src, state.pos, state.posMax)
    if not found or found.group(1) not in EMOJI:
        return False
    if not silent:
        state.pending += EMOJI[found.group(1)]
    state.pos = found.end()
    return True


def spoiler(state: StateInline, silent: bool) -> bool:
    """`||text||`, without a space inside the bars, so that `a || b` stays what it is."""
    start = state.pos + 2
    if not state.src.startswith("||", state.pos) or start >= state.posMax or state.src[start] in " \n|":
        return False
    end = state.src.find("||", start, state.posMax)
    if end < 0 or state.src[end - 1] in " \n":
        return False
    if not silent:
        outer = state.posMax
        state.push("spoiler_open", "span", 1)
        state.pos, state.posMax = start, end
        state.md.inline.tokenize(state)
        state.push("spoiler_close", "span", -1)
        state.posMax = outer
    state.pos = end + 2
    return True


def footnote_mark(state: StateInline, silent: bool) -> bool:
    """`[^name]` where such a footnote is defined."""
    if not state.src.startswith("[^", state.pos):
        return False
    notes = state.env.get("footnotes") or {}
    found = _FOOTNOTE.match(state.src, state.pos, state.posMax)
    if not found or f":{found.group(1)}" not in notes.get("refs", {}):
        return False
    if not silent:
        _note(state, notes, found.group(1))
    state.pos = found.end()
    return True


def _note(state: StateInline, notes: dict, label: str) -> None:
    number = notes["refs"][f":{label}"]
    listed = notes.setdefault("list", {})
    if number < 0:
        number = notes["refs"][f":{label}"] = len(listed)
        listed[number] = {"label": label, "count": 0}
    state.push("footnote_ref", "", 0).meta = {"id": number, "subId": listed[number]["count"], "label": label}
    listed[number]["count"] += 1


def _before(state: StateInline, kind: re.Pattern[str]) -> bool:
    return state.pos > 0 and bool(kind.match(state.src[state.pos - 1]))
