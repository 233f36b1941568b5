"""The second wall: whatever the renderer wrote, only this leaves."""

import re
from collections.abc import Callable
from functools import lru_cache

import nh3

from terrace.kernel.markup.shapes import AMPERSAND

_ATTRIBUTES = {
    "a": {"href", "title", "class", "rel", "id", "data-behavior", "aria-label"},
    "audio": {"src", "controls", "preload", "aria-label"},
    "code": {"class"},
    "details": {"class"},
    "div": {"class", "tabindex"},
    "figure": {"class"},
    "h2": {"id"},
    "h3": {"id"},
    "h4": {"id"},
    "img": {"src", "srcset", "sizes", "alt", "title", "width", "height", "loading", "decoding", "data-blur"},
    "li": {"class", "id"},
    "ol": {"start"},
    "pre": {"class", "tabindex", "data-lang"},
    "section": {"class"},
    "span": {"class", "tabindex"},
    "sup": {"class"},
    "td": {"class"},
    "th": {"class"},
    "video": {"src", "poster", "width", "height", "controls", "preload", "playsinline", "aria-label"},
}
_TAGS = set(_ATTRIBUTES) | set("blockquote br em figcaption hr p s strong summary table tbody thead tr ul".split())  # noqa: SIM905
_SHAPES = {
    "class": re.compile(r"[a-z0-9 -]{1,60}", re.IGNORECASE),
    "id": re.compile(r"(?:h|fn|fnref)-[a-zA-Z0-9-]{1,90}"),
    "tabindex": re.compile(r"0"),
    "rel": re.compile(r"nofollow ugc noopener"),
    "data-behavior": re.compile(r"picture"),
    "data-blur": re.compile(r"[2-8] [A-Za-z0-9+/]{16,100}={0,2}"),
    "sizes": re.compile(r"[0-9a-z.,:() -]{1,60}"),
    "preload": re.compile(r"none"),
    "href": re.compile(r"(?:https?://|mailto:|/(?![/\\])|#fn(?:ref)?-).*", re.DOTALL | re.IGNORECASE),
}


def clean(html: str, media_prefix: tuple[str, ...]) -> str:
    """The HTML with nothing in it but what is listed here.

    The sanitiser's parser takes time with the square of the number of "&amp;", so each is one character meanwhile.
    """
    return _cleaner(media_prefix).clean(html.replace("&amp;", AMPERSAND)).replace(AMPERSAND, "&amp;")


@lru_cache(8)
def _cleaner(media_prefix: tuple[str, ...]) -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        attribute_filter=_filter(media_prefix),
        link_rel=None,
        url_schemes={"http", "https", "mailto"},
        url_relative="pass_through",
    )


def _filter(media_prefix: tuple[str, ...]) -> Callable[[str, str, str], str | None]:
    def keep(_tag: str, name: str, value: str) -> str | None:
        shape = _SHAPES.get(name)
        if shape is not None:
            return value if shape.fullmatch(value) else None
        if name in ("src", "poster"):
            return value if value.startswith(media_prefix) else None
        if name == "srcset":
            return value if all(each.strip().startswith(media_prefix) for each in value.split(",")) else None
        return value

    return keep
