"""From tokens to HTML, collecting on the way what the caller wants to know."""

import re
from collections.abc import Callable, MutableMapping, Sequence
from typing import Any
from urllib.parse import unquote

from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

from terrace.kernel.markup.code import highlighted
from terrace.kernel.markup.figures import IN_TEXT, drawn, figures
from terrace.kernel.words import fold, slug

Env = MutableMapping[str, Any]
_ALIGN = re.compile(r"text-align:(left|center|right)")
_LANGUAGE = re.compile(r"[A-Za-z0-9+#_-]{1,20}")
_REL = "nofollow ugc noopener"


class Renderer(RendererHTML):
    """One method per kind of token; `env["facts"]` collects links, images, mentions, tags and headings."""

    def heading_open(self, tokens: Sequence[Token], idx: int, _options: Any, env: Env) -> str:
        """A heading of a text stands below those of the page: the outermost is h2, h4 the deepest, none is skipped."""
        step, steps = int(tokens[idx].tag[1]), env.setdefault("steps", [])
        while steps and steps[-1] >= step:
            steps.pop()
        steps.append(step)
        level = min(len(steps) + 1, 4)
        text = plain_inline(tokens[idx + 1].children or [])
        name = f"h-{env['prefix']}{slug(text, 40) or 'part'}"
        used = env["ids"][name] = env["ids"].get(name, 0) + 1
        name = f"{name}-{used}" if used > 1 else name
        env["facts"]["headings"].append((level, name, text))
        return f'<h{level} id="{name}">'

    def heading_close(self, _tokens: Sequence[Token], _idx: int, _options: Any, env: Env) -> str:
        return f"</h{env['facts']['headings'][-1][0]}>\n"

    def link_open(self, tokens: Sequence[Token], idx: int, _options: Any, env: Env) -> str:
        href, title = str(tokens[idx].attrs.get("href", "")), tokens[idx].attrs.get("title")
        env["facts"]["links"][href] = None
        env["in_link"] = True
        rel = "" if href.startswith("/") else f' rel="{_REL}"'
        titled = f' title="{escapeHtml(str(title))}"' if title else ""
        return f'<a href="{escapeHtml(href)}"{titled}{rel}>'

    def link_close(self, _tokens: Sequence[Token], _idx: int, _options: Any, env: Env) -> str:
        env["in_link"] = False
        return "</a>"

    def image(self, tokens: Sequence[Token], idx: int, _options: Any, env: Env) -> str:
        """Only what lies on this site is shown; any other picture is a link, so that no request leaves the site."""
        src, alt = str(tokens[idx].attrs.get("src", "")), plain_inline(tokens[idx].children or [])
        if not src.startswith(env["media_prefix"]) or ".." in unquote(src):
            return self._picture_link(src, alt, env)
        env["facts"]["images"][src] = None
        known = env["shown"].get(src)
        if known is None:
            return f'<img src="{escapeHtml(src)}" alt="{escapeHtml(alt)}" loading="lazy" decoding="async">'
        return drawn(src, alt, known, sizes=IN_TEXT, linked=not env["in_link"])

    def figures(self, tokens: Sequence[Token], idx: int, _options: Any, env: Env) -> str:
        """A paragraph of nothing but pictures, videos and sounds: each a figure, several pictures an album."""
        parts = []
        for token in tokens[idx].children or []:
            src = str(token.attrs["src"])
            env["facts"]["images"][src] = None
            alt, title = plain_inline(token.children or []), str(token.attrs.get("title", ""))
            parts.append((src, alt, title, env["shown"][src]))
        return figures(parts)

    def nothing(self, *_: Any) -> str:
        """What a figure has taken the place of."""
        return ""

    def _picture_link(self, src: str, alt: str, env: Env) -> str:
        text = escapeHtml(alt or src)
        if env["in_link"]:
            return text
        env["facts"]["links"][src] = None
        rel = "" if src.startswith("/") else f' rel="{_REL}"'
        return f'<a href="{escapeHtml(src)}"{rel}>{text}</a>'

    def text(self, tokens: Sequence[Token], idx: int, _options: Any, _env: Env) -> str:
        return escapeHtml(tokens[idx].content).replace("\n", "<br>\n")

    def mention(self, tokens: Sequence[Token], idx: int, _options: Any, env: Env) -> str:
        known = tokens[idx].meta["mention"]
        env["facts"]["mentions"][known.id] = None
        return f'<a class="mention" href="{escapeHtml(known.url)}">@{escapeHtml(known.handle)}</a>'

    def tag(self, tokens: Sequence[Token], idx: int, _options: Any, env: Env) -> str:
        name, typed = tokens[idx].meta["name"], tokens[idx].meta["typed"]
        env["facts"]["tags"].setdefault(fold(name), name)
        if env["tag_url"] is None:
            return f'<span class="tag">{escapeHtml(typed)}</span>'
        return f'<a class="tag" href="{escapeHtml(env["tag_url"](name))}">{escapeHtml(typed)}</a>'

    def task(self, tokens: Sequence[Token], idx: int, _options: Any, _env: Env) -> str:
        done = tokens[idx].meta["done"]
        return f'<span class="task{" task-done" if done else ""}">{"☑" if done else "☐"}</span> '

    def spoiler_open(self, _tokens: Sequence[Token], _idx: int, _options: Any, _env: Env) -> str:
        return '<span class="spoiler" tabindex="0">'

    def spoiler_close(self, _tokens: Sequence[Token], _idx: int, _options: Any, _env: Env) -> str:
        return "</span>"

    def container_spoiler_open(self, tokens: Sequence[Token], idx: int, _options: Any, _env: Env) -> str:
        """Without a title the browser writes its own word for “details”, in the reader's language."""
        title = spoiler_title(tokens[idx])
        return f'<details class="spoiler">{f"<summary>{escapeHtml(title)}</summary>" if title else ""}\n'

    def container_spoiler_close(self, _tokens: Sequence[Token], _idx: int, _options: Any, _env: Env) -> str:
        return "</details>\n"

    def fence(self, tokens: Sequence[Token], idx: int, _options: Any, env: Env) -> str:
        words = tokens[idx].info.split(maxsplit=1)
        language = words[0] if words and _LANGUAGE.fullmatch(words[0]) else ""
        code = tokens[idx].content
        env["code_left"] -= len(code)
        lines = highlighted(code, language) if env["code_left"] >= 0 else escapeHtml(code)
        named = f' data-lang="{escapeHtml(language.lower())}"' if language else ""
        return f'<pre class="code" tabindex="0"{named}><code>{lines}</code></pre>\n'

    def table_open(self, _tokens: Sequence[Token], _idx: int, _options: Any, _env: Env) -> str:
        return '<div class="table-scroll" tabindex="0"><table>\n'

    def table_close(self, _tokens: Sequence[Token], _idx: int, _options: Any, _env: Env) -> str:
        return "</table></div>\n"

    def th_open(self, tokens: Sequence[Token], idx: int, _options: Any, _env: Env) -> str:
        """Alignment is a class, because the page allows no inline style."""
        found = _ALIGN.search(str(tokens[idx].attrs.get("style", "")))
        return f'<{tokens[idx].tag} class="align-{found.group(1)}">' if found else f"<{tokens[idx].tag}>"

    td_open = th_open

    def own_rules(self) -> dict[str, Callable[..., str]]:
        """The rules that replace those which the plug-ins bring."""
        notes = ("ref", "block_open", "block_close", "open", "close", "anchor")
        rules = {f"footnote_{name}": getattr(self, f"note_{name}") for name in notes}
        for name in ("container_spoiler_open", "container_spoiler_close"):
            rules[name] = getattr(self, name)
        return rules

    def note_ref(self, tokens: Sequence[Token], idx: int, _options: Any, env: Env) -> str:
        number, again = tokens[idx].meta["id"] + 1, tokens[idx].meta["subId"]
        name = f"{env['prefix']}{number}"
        back = f"{name}-{again}" if again else name
        return f'<sup class="footnote-ref"><a href="#fn-{name}" id="fnref-{back}">{number}</a></sup>'

    def note_block_open(self, *_: Any) -> str:
        return '<section class="footnotes">\n<ol>\n'

    def note_block_close(self, *_: Any) -> str:
        return "</ol>\n</section>\n"

    def note_open(self, tokens: Sequence[Token], idx: int, _options: Any, env: Env) -> str:
        return f'<li id="fn-{env["prefix"]}{tokens[idx].meta["id"] + 1}">'

    def note_close(self, *_: Any) -> str:
        return "</li>\n"

    def note_anchor(self, tokens: Sequence[Token], idx: int, _options: Any, env: Env) -> str:
        number, again = tokens[idx].meta["id"] + 1, tokens[idx].meta["subId"]
        name = f"{env['prefix']}{number}"
        return f' <a class="footnote-back" href="#fnref-{f"{name}-{again}" if again else name}">\u21a9\ufe0e</a>'


def spoiler_title(token: Token) -> str:
    """What follows the word that opens a block spoiler."""
    return " ".join(token.info.strip().split(" ")[1:]).strip()


def plain_inline(children: Sequence[Token]) -> str:
    """The text of inline tokens; what a spoiler hides is an ellipsis."""
    out: list[str] = []
    hidden = 0
    for token in children:
        if token.type in {"spoiler_open", "spoiler_close"}:
            hidden += token.nesting
            out.append("…" if token.nesting > 0 else "")
        elif not hidden:
            out.append(_plain(token))
    return "".join(out)


def _plain(token: Token) -> str:
    if token.type in {"softbreak", "hardbreak"}:
        return "\n"
    if token.type == "mention":
        return f"@{token.meta['mention'].handle}"
    if token.type == "tag":
        return str(token.meta["typed"])
    if token.type == "task":
        return "☑ " if token.meta["done"] else "☐ "
    if token.type == "image":
        return plain_inline(token.children or [])
    return token.content if token.type in {"text", "text_special", "code_inline"} else ""
