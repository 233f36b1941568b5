"""Whose community this is: names, looks, sections, home page, footer. Everything here reads; `rebrand` writes."""

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import NoReverseMatch
from django.utils.translation import get_language, gettext_lazy

from terrace.kernel import addresses, options
from terrace.media import queries as media
from terrace.web import brand_sheet, colours, static
from terrace.web.brand_sheet import Look

PLACE = "brand:1"  # what uploads of the brand are kept for

options.declare("brand.name", {"zh": "梯田", "en": "Terrace"}, "The brand's name in each language")
options.declare(
    "brand.line",
    {"zh": "一步一级，都是大家走出来的。", "en": "A line is a step that somebody climbed."},
    "One sentence",
)
options.declare("brand.logo", "", "The key of the upload that stands for the mark")
options.declare("brand.sections", [], "Sections that are switched off, by key")
options.declare("brand.more", {}, "Everything else of the brand: looks, names of sections, home page, footer")
options.declare(
    "brand.versions", [], "What the brand was before, newest first: values, when and by whom they were left"
)

HEIGHT, WIDEST = 28, 180  # pixels of a logo in the bar
# Key, name, the page it opens. A section that is not built is not in this list.
SECTIONS = [
    ("home", gettext_lazy("Home"), "web:home"),
    ("forum", gettext_lazy("Forum"), "forum:board_list"),
    ("products", gettext_lazy("Products"), "products:product_list"),
    ("members", gettext_lazy("People"), "members:member_list"),
]
# Sections that are a room of their own: off, all its pages are away but those of the desk, where it is made ready.
ROOMS = {"products"}
# Blocks of the home page after its picture and sentence, which always stand first; the conversation is never off.
BLOCKS = [
    ("ways", gettext_lazy("Ways in")),
    ("stories", gettext_lazy("Worth your time today")),
    ("topics", gettext_lazy("The conversation")),
    ("people", gettext_lazy("Thanked this week")),
]
_BOTH = {"zh": "", "en": ""}
_ACTION = {**_BOTH, "url": ""}
_MORE: dict[str, Any] = {
    "fans": _BOTH,
    "look": dataclasses.asdict(brand_sheet.OWN),
    "logo_dark": "",
    "icon": "",
    "order": [],
    "names": {},
    "blocks": [],
    "blocks_off": [],
    "hero": {
        "eyebrow": _BOTH,
        "title": _BOTH,
        "say": _BOTH,
        "first": _ACTION,
        "second": _ACTION,
        "picture": "",
        "alt": _BOTH,
    },
    "foot": {"line": _BOTH, "links": []},
}

Values = dict[str, Any]


@dataclasses.dataclass(frozen=True)
class Link:
    """A link of the footer."""

    name: str
    url: str


@dataclasses.dataclass(frozen=True)
class Logo:
    """The brand's picture in the bar: its address, and its width in pixels at a height of 28."""

    url: str
    width: int

    @property
    def is_word(self) -> bool:
        """Whether it is the brand's name, drawn, so that the name need not stand beside it."""
        return self.width > HEIGHT


@dataclasses.dataclass(frozen=True)
class Brand:
    """The brand, in the reader's language. Hashable: pieces of pages are kept under it."""

    name: str
    line: str
    fans: str
    logo: Logo | None
    logo_dark: Logo | None
    foot_line: str
    links: tuple[Link, ...]
    sheet: str
    icons: str
    favicon: str
    page: str
    page_dark: str


@dataclasses.dataclass(frozen=True)
class Section:
    """One entry of the main navigation."""

    key: str
    name: str
    url: str
    current: bool


def may_be_off() -> list[tuple[str, Any]]:
    """Return (key, name) of the sections that can be switched off, in their order."""
    return [(key, name) for key, name, _view in SECTIONS if key != "home"]


def values() -> Values:
    """Return all of the operator's choices, in both languages. Not to be changed by who asks."""
    more = options.get("brand.more")
    return {
        "name": options.get("brand.name"),
        "line": options.get("brand.line"),
        "logo": options.get("brand.logo"),
        "off": options.get("brand.sections"),
        **_MORE,
        **{key: value for key, value in more.items() if key in _MORE},
    }


def blank() -> Values:
    """Return the choices of a brand that nobody has set up."""
    own = {"name": "brand.name", "line": "brand.line", "logo": "brand.logo", "off": "brand.sections"}
    known = options.declared()
    return {**{key: known[name].default for key, name in own.items()}, **_MORE}


def stamp(chosen: Values) -> str:
    """Return a name for the content of choices."""
    return hashlib.sha256(json.dumps(chosen, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:16]


def look(chosen: Values) -> Look:
    """Return the tokens of choices."""
    return Look(**chosen["look"])


def values_for(request: HttpRequest) -> Values:
    """Return the choices that a page shows: of the operator who tries others, else those that were saved."""
    return getattr(request, "brand_values", None) or values()


def try_on(request: HttpRequest, chosen: Values) -> None:
    """Let the page that answers a request show other choices than the saved ones."""
    request.__dict__["brand_values"] = chosen


def current() -> Brand:
    """Return the brand in the reader's language."""
    return _known(values(), language())


def shown(request: HttpRequest) -> Brand:
    """Return the brand that a page shows, in the reader's language."""
    tried = getattr(request, "brand_values", None)
    if tried is None:
        return current()
    query = urlencode(dataclasses.asdict(look(tried)))
    return dataclasses.replace(_brand(tried, language()), sheet=f"{addresses.address('web:brand_try_sheet')}?{query}")


_last: tuple[Values, dict[str, Brand]] = ({}, {})


def _known(chosen: Values, language: str) -> Brand:
    """Make the brand anew only when a choice has changed: every page asks for it."""
    global _last
    if _last[0] != chosen:
        _last = (chosen, {})
    found = _last[1].get(language)
    if found is None:
        found = _last[1][language] = _brand(chosen, language)
    return found


def _brand(chosen: Values, language: str) -> Brand:
    wanted = look(chosen)
    made = colours.palette(wanted.accent, wanted.paper)
    version = brand_sheet.version(wanted)
    drawn = icons_version(chosen)
    return Brand(
        name=said(chosen["name"], language),
        line=said(chosen["line"], language),
        fans=said(chosen["fans"], language),
        logo=logo_of(chosen["logo"]),
        logo_dark=logo_of(chosen["logo_dark"]),
        foot_line=said(chosen["foot"]["line"], language),
        links=tuple(Link(said(each, language), each["url"]) for each in chosen["foot"]["links"]),
        sheet=addresses.address("web:brand_sheet", version) if version else "",
        icons=drawn,
        favicon=favicon(chosen, drawn),
        page=made.light.hexes["page"],
        page_dark=made.dark.hexes["page"],
    )


def hexes() -> dict[str, dict[str, str]]:
    """Answer `members.look`: every colour of the brand in both themes."""
    wanted = look(values())
    made = colours.palette(wanted.accent, wanted.paper)
    return {"light": dict(made.light.hexes), "dark": dict(made.dark.hexes)}


def favicon(chosen: Values, drawn: str) -> str:
    """Return the address of the small picture of browser tabs: drawn from the upload, else the mark in the accent."""
    if icon_source(chosen):
        return addresses.address("web:brand_icon", drawn, "favicon-48.png")
    if chosen["look"]["accent"] != colours.ACCENT:
        return addresses.address("web:brand_icon", drawn, "favicon.svg")
    return static.url("img/mark.svg")


def icon_source(chosen: Values) -> str:
    """Return the key of the upload that icons are made from: the one for icons, else the logo, else nothing."""
    return chosen["icon"] or chosen["logo"]


def icons_version(chosen: Values) -> str:
    """Return a name for the present content of all icons."""
    parts = [chosen["icon"], chosen["logo"], chosen["look"]["accent"], chosen["look"]["paper"], static.version()]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:12]


def logo_of(key: str) -> Logo | None:
    """Return a picture as the bar shows it: a square one beside the name, a wide one in its place; None for no key."""
    if not key:
        return None
    kind, width, height = media.shape(key) or ("avatar", 1, 1)
    if kind == "avatar":
        return Logo(media.address(key, 128), HEIGHT)
    return Logo(media.address(key, 640), min(round(HEIGHT * width / height), WIDEST))


def language() -> str:
    """Return the reader's language as choices name it: zh or en."""
    return (get_language() or "zh")[:2]


def said(texts: Mapping[str, str], language: str) -> str:
    """Return what stands in a language, else in the other one; nothing where neither does."""
    return texts.get(language) or texts.get("zh") or texts.get("en") or ""


def section_keys(chosen: Values) -> list[str]:
    """Return every section that is built, in the operator's order; new ones stand at the end."""
    return _ordered([key for key, _name, _view in SECTIONS], chosen["order"])


def block_keys(chosen: Values) -> list[str]:
    """Return every block of the home page in the operator's order."""
    return _ordered([key for key, _name in BLOCKS], chosen["blocks"])


def _ordered(known: list[str], wanted: list[str]) -> list[str]:
    return [key for key in wanted if key in known] + [key for key in known if key not in wanted]


def sections(path: str, chosen: Values | None = None) -> tuple[Section, ...]:
    """Return the open sections; the one that `path` stands in is current."""
    chosen = chosen or values()
    known = {key: (name, view) for key, name, view in SECTIONS}
    found = []
    for key in section_keys(chosen):
        name, view = known[key]
        if key in chosen["off"]:
            continue
        try:
            address = addresses.address(view)
        except NoReverseMatch:
            continue
        here = path == address if address == "/" else path.startswith(address)
        found.append(Section(key, section_name(chosen, key) or str(name), address, here))
    return tuple(found)


def is_off(view: str) -> bool:
    """Return whether this view is the page of a section that is switched off, or of its room: it is not there then.

    The list of boards stays, because every topic leads to it; off, it is only out of the menus.
    """
    off = options.get("brand.sections")
    if not off:
        return False
    room, _sep, name = view.partition(":")
    if room in ROOMS and room in off:
        return not name.startswith("console_")
    return any(key in off for key, _name, page in SECTIONS if page == view and key not in {"home", "forum"})


def section_name(chosen: Values, key: str) -> str:
    """Return the operator's name of a section in the reader's language, or nothing; people are called what fans are called."""
    return said(chosen["names"].get(key) or {}, language()) or (
        said(chosen["fans"], language()) if key == "members" else ""
    )


def name_of_forum() -> str | None:
    """Answer what the operator calls the forum in the reader's language, or None where it has no name of its own."""
    return section_name(values(), "forum") or None


def blocks(chosen: Values) -> list[str]:
    """Return the blocks of the home page that are shown, in order."""
    return [key for key in block_keys(chosen) if key == "topics" or key not in chosen["blocks_off"]]


def keys_of(chosen: Values) -> set[str]:
    """Return the keys of all uploads that choices show."""
    return {key for key in (chosen["logo"], chosen["logo_dark"], chosen["icon"], chosen["hero"]["picture"]) if key}


def may_read_upload(upload_id: int, member: Any) -> bool | None:
    """Answer `media.may_read`: everybody may see the pictures of the brand."""
    return True if PLACE in media.places_of(upload_id) else None
