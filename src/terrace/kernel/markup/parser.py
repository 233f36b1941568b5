"""The parser: CommonMark without raw HTML; tables, strikethrough, footnotes, spoilers, tasks, our inline rules."""

import re
from functools import cache
from typing import cast

from markdown_it import MarkdownIt
from markdown_it.parser_inline import ParserInline
from markdown_it.rules_block import StateBlock
from markdown_it.rules_block import table as parse_table
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Scanned
from markdown_it.token import Token
from mdit_py_plugins.container import container_plugin
from mdit_py_plugins.footnote import footnote_plugin

from terrace.kernel.markup import inline
from terrace.kernel.markup.figures import mark_figures
from terrace.kernel.markup.html import Env, Renderer
from terrace.kernel.words.segments import CJK

MAX_NESTING = 16
# Marks and line ends outside fenced code; each may cost up to 40 µs. What has more is shown as typed.
MAX_MARKS = 5_000
# Cells of all tables of a text, with those that a short row leaves empty.
MAX_CELLS = 4_000
_MARKS = re.compile(r"[!#$%&*+\-:<=>@\[\\\]^_`{}~|]")
# The line under the head of a table, perhaps inside a quotation.
_RULER = re.compile(r"[-:|> \t]*")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_ALLOWED = re.compile(r"(?:https?://[^/\\]|mailto:[^/\\]|/(?![/\\]))", re.IGNORECASE)
_TASK = re.compile(r"\[([ xX])\][ \n]")
_NEAR = re.compile(rf"[{CJK}　、。〈〉《》「」『』【】〔〕〖〗！＂＃＇（），．／：；？［］｛｝～“”‘’…—·￥]")


class _State(StateInline):
    def scanDelims(self, start: int, canSplitWord: bool) -> Scanned:
        """The rule of CommonMark, but beside Chinese (its marks too) only white space keeps `*` and `~` from pairing.

        Chinese puts no space around **重点：**, and CommonMark would leave those asterisks standing.
        """
        scanned = super().scanDelims(start, canSplitWord)
        end = start + scanned.length
        before = self.src[start - 1] if start else " "
        after = self.src[end] if end < self.posMax else " "
        if not canSplitWord or not (_NEAR.match(before) or _NEAR.match(after)):
            return scanned
        return Scanned(not after.isspace(), not before.isspace(), scanned.length)


class _Inline(ParserInline):
    def parse(self, src: str, md: MarkdownIt, env: Env, tokens: list[Token]) -> list[Token]:
        state = _State(src, md, env, tokens)
        self.tokenize(state)
        for rule in self.ruler2.getRules(""):
            rule(state)
        return state.tokens


@cache
def parser() -> MarkdownIt:
    """The parser of this process, made at the first call. It keeps no state between texts."""
    md = MarkdownIt(renderer_cls=Renderer)
    md.inline = _Inline()
    md.configure("commonmark", {"html": False, "breaks": True, "maxNesting": MAX_NESTING})
    md.enable(["table", "strikethrough"])
    # Indenting a paragraph is a habit of writing, not code; fences are for code.
    md.disable(["code", "html_block", "html_inline"])
    md.validateLink = allowed_link  # type: ignore[method-assign]
    footnote_plugin(md, inline=False)
    container_plugin(md, "spoiler", validate=_opens_spoiler)
    _add_inline_rules(md)
    md.block.ruler.at("table", bounded_table, {"alt": ["paragraph", "reference"]})
    md.core.ruler.after("inline", "tasks", mark_tasks)
    md.core.ruler.after("tasks", "figures", mark_figures)
    renderer = cast(Renderer, md.renderer)
    renderer.rules.update(renderer.own_rules())  # type: ignore[arg-type]
    return md


def _add_inline_rules(md: MarkdownIt) -> None:
    md.inline.add_terminator_char("|")
    rules = md.inline.ruler
    rules.after("text", "bare_link", inline.link)
    rules.push("mention", inline.mention)
    rules.push("tag", inline.tag)
    rules.push("emoji", inline.emoji)
    rules.push("spoiler", inline.spoiler)
    rules.at("footnote_ref", inline.footnote_mark)


def parse(source: str, env: Env) -> list[Token]:
    """The tokens of a source; one that is mostly marks is taken as typed, because it would cost too much to read."""
    if len(source) > MAX_MARKS and _marks(source) > MAX_MARKS:
        return _as_typed(source)
    return parser().parse(source, env)


def _marks(source: str) -> int:
    """Marks and lines outside fenced code."""
    count, fence = 0, ""
    for line in source.split("\n"):
        found = _FENCE.match(line)
        if fence:
            closes = found and found.group(1).startswith(fence)
            fence = "" if closes else fence
        else:
            fence = found.group(1) if found else ""
            count += 1 + len(_MARKS.findall(line))
    return count


def _as_typed(source: str) -> list[Token]:
    tokens: list[Token] = []
    for block in re.split(r"\n\s*\n", source):
        if not block.strip():
            continue
        text = Token("inline", "", 0, children=[Token("text", "", 0, content=block)], content=block)
        tokens += [Token("typed_open", "p", 1, block=True), text, Token("typed_close", "p", -1, block=True)]
    return tokens


def bounded_table(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """The table rule, within `MAX_CELLS`: short rows of a wide table are filled up, so cells grow by multiplication."""
    if state.env.get("no_tables"):
        return False
    head = state.getLines(start, start + 1, 0, False)
    if "|" not in head or start + 1 >= end or not _RULER.fullmatch(state.getLines(start + 1, start + 2, 0, False)):
        return False
    if silent:
        return parse_table(state, start, end, silent)
    columns = head.count("|") + 1
    rows = 0
    while start + rows < end and not state.isEmpty(start + rows) and columns * rows <= MAX_CELLS:
        rows += 1
    before = state.env.get("cells", 0)
    if before + columns * rows > MAX_CELLS:
        # Refused once, refused for good: counting again for every line would be the very cost that is avoided.
        state.env["no_tables"] = True
        return False
    done = parse_table(state, start, end, silent)
    state.env["cells"] = before + columns * rows if done else before
    return done


def allowed_link(url: str) -> bool:
    """http, https and mailto, and addresses on this site that begin with one slash."""
    return bool(_ALLOWED.match(url))


def _opens_spoiler(params: str, _markup: str) -> bool:
    return params.strip().split(" ", 1)[0].lower() in {"spoiler", "剧透"}


def mark_tasks(state: StateCore) -> None:
    """A list item that begins with `[ ]` or `[x]` begins with a mark of that meaning; nothing to click."""
    tokens = state.tokens
    for item, _, token in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if item.type != "list_item_open" or token.type != "inline" or not token.children:
            continue
        first = token.children[0]
        found = _TASK.match(first.content + "\n") if first.type == "text" else None
        if found:
            first.content = first.content[found.end() :]
            token.children.insert(0, Token("task", "", 0, meta={"done": found.group(1) != " "}))
            item.attrJoin("class", "task-item")
