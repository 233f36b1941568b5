"""Markdown, rendered once when it is written.

The parser lets no HTML through; what it writes goes through a sanitiser with a short list of what may pass.
"""

from collections.abc import Callable, Mapping
from typing import Any

from terrace.kernel.markup.emoji_names import find_emoji
from terrace.kernel.markup.plain import excerpt, plain_text
from terrace.kernel.markup.shapes import AMPERSAND, MAX_SOURCE, Mention, Rendered, Shown, TooLong

__all__ = [
    "MAX_SOURCE",
    "Mention",
    "Rendered",
    "Shown",
    "TooLong",
    "excerpt",
    "find_emoji",
    "mention_candidates",
    "render",
]


def render(
    source: str,
    *,
    mentions: Mapping[str, Mention] | None = None,
    shown: Mapping[str, Shown] | None = None,
    prefix: str = "",
    media_prefix: str | tuple[str, ...] = "/media/",
    tag_url: Callable[[str], str] | None = None,
) -> Rendered:
    """Render a source.

    `mentions` is keyed by `words.skeleton` of the handle, `shown` by address. `prefix` (letters, digits, hyphens)
    makes ids unique on a page of many posts. Pictures outside `media_prefix` become links. Without `tag_url` a tag is
    no link. A text with more marks than anyone writes (`parser.MAX_MARKS`) is shown as typed. Raises `TooLong`.
    """
    from terrace.kernel.markup.clean import clean
    from terrace.kernel.markup.parser import parse, parser

    md = parser()
    media = (media_prefix,) if isinstance(media_prefix, str) else tuple(media_prefix)
    env = _environment(mentions or {}) | {"shown": shown or {}}
    tokens = parse(_readable(source), env)
    facts: dict[str, Any] = {"mentions": {}, "tags": {}, "links": {}, "images": {}, "headings": []}
    env.update(facts=facts, prefix=prefix, media_prefix=media, tag_url=tag_url)
    html = md.renderer.render(tokens, md.options, env)
    return Rendered(
        html=clean(html, media),
        text=plain_text(tokens),
        mentions=tuple(facts["mentions"]),
        tags=tuple(facts["tags"].values()),
        links=tuple(facts["links"]),
        images=tuple(facts["images"]),
        headings=tuple(facts["headings"]),
    )


def mention_candidates(source: str) -> list[str]:
    """The skeletons of all names that an `@` in the source might mean, outside code and links; at most 1,000.

    Look up which exist and hand them to `render` under the same keys. Raises `TooLong`.
    """
    readable = _readable(source)
    if "@" not in readable:
        return []
    from terrace.kernel.markup.parser import parse

    env = _environment({})
    env["candidates"] = {}
    parse(readable, env)
    return list(env["candidates"])


def _environment(mentions: Mapping[str, Mention]) -> dict[str, Any]:
    from terrace.kernel.markup.code import BUDGET

    return {"mentions": mentions, "at_signs": 0, "ids": {}, "in_link": False, "code_left": BUDGET}


def _readable(source: str) -> str:
    if len(source) > MAX_SOURCE:
        raise TooLong(f"This text has {len(source):,} characters; {MAX_SOURCE:,} are the most.")
    if source.isascii():
        return source
    # A lone surrogate (a broken emoji from a JSON client) can be stored nowhere; the noncharacter is `clean`'s.
    return source.encode("utf-8", "replace").decode("utf-8").replace(AMPERSAND, "\ufffd")
