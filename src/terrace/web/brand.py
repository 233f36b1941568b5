"""Whose community this is: name, one sentence, logo, and the sections that are open."""

import dataclasses
from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import NoReverseMatch
from django.utils.translation import get_language, gettext_lazy

from terrace.cli import founding
from terrace.kernel import addresses, options
from terrace.media import queries as media

options.declare("brand.name", {"zh": "梯田", "en": "Terrace"}, "The brand's name in each language")
options.declare(
    "brand.line",
    {"zh": "一步一级，都是大家走出来的。", "en": "A line is a step that somebody climbed."},
    "One sentence",
)
options.declare("brand.logo", "", "The key of the upload that stands for the mark")
options.declare("brand.sections", [], "Sections that are switched off, by key")

# Key, name, the page it opens. A section that is not built is not in this list.
SECTIONS = [
    ("home", gettext_lazy("Home"), "web:home"),
    ("forum", gettext_lazy("Forum"), "forum:board_list"),
    ("members", gettext_lazy("People"), "members:member_list"),
]


@dataclasses.dataclass(frozen=True)
class Brand:
    """The brand, in the reader's language."""

    name: str
    line: str
    logo: str | None


@dataclasses.dataclass(frozen=True)
class Section:
    """One entry of the main navigation."""

    key: str
    name: str
    url: str
    current: bool


def current() -> Brand:
    """Return the brand in the reader's language."""
    language = (get_language() or "zh")[:2]
    logo = options.get("brand.logo")
    picture = media.address(logo, 128) if logo else None
    return Brand(_in(options.get("brand.name"), language), _in(options.get("brand.line"), language), picture)


def _in(texts: dict[str, str], language: str) -> str:
    return texts.get(language) or next(iter(texts.values()), "")


def sections(path: str) -> tuple[Section, ...]:
    """Return the open sections; the one that `path` stands in is current."""
    off = set(options.get("brand.sections"))
    found = []
    for key, name, view in SECTIONS:
        try:
            address = addresses.address(view)
        except NoReverseMatch:
            continue
        if key not in off:
            here = path == address if address == "/" else path.startswith(address)
            found.append(Section(key, str(name), address, here))
    return tuple(found)


def save(typed: dict[str, Any], *, member_id: int, now: datetime) -> None:
    """Keep the operator's choices about the brand."""
    with transaction.atomic():
        if typed["logo"]:
            founding.set_logo(typed["logo"].read(), member_id=member_id, now=now)
        options.put("brand.name", {"zh": typed["name_zh"], "en": typed["name_en"]}, now)
        options.put("brand.line", {"zh": typed["line_zh"], "en": typed["line_en"]}, now)
        shown = set(typed["sections"])
        options.put(
            "brand.sections", [key for key, _name, _view in SECTIONS if key not in shown and key != "home"], now
        )
