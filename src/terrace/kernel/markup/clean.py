"""The second wall: whatever the renderer wrote, only this leaves."""

import re
from collections.abc import Callable
from functools import lru_cache

import nh3

from terrace.kernel.markup.shapes import AMPERSAND

_ATTRIBUTES = {
    "a": {"href", "title", "class", "rel", "id"},
    "code": {"class"},
    "details": {"class"},
    "div": {"class", "tabindex"},
    "h2": {"id"},
    "h3": {"id"},
    "h4": {"id"},
    "img": {"src", "alt", "title", "width", "height", "loading", "decoding"},
    "li": {"class", "id"},
    "ol": {"start"},
    "pre": {"class", "tabindex", "data-lang"},
    "section": {"class"},
    "span": {"class", "tabindex"},
    "sup": {"class"},
    "td": {"class"},
    "th": {"class"},
}
_TAGS = set(_ATTRIBUTES) | set("blockquote br em hr p s strong summary table tbody thead tr ul".split())  # noqa: SIM905
_SHAPES = {
    "class": re.compile(r"[a-z0-9 -]{1,60}", re.IGNORECASE),
    "id": re.compile(r"(?:h|fn|fnref)-[a-zA-Z0-9-]{1,90}"),
    "tabindex": re.compile(r"0"),
    "rel": re.compile(r"nofollow ugc noopener"),
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
        if name == "src":
            return value if value.startswith(media_prefix) else None
        return value

    return keep
