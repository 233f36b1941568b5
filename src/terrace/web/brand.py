"""Whose community this is: name, one sentence, logo, and the sections that are open."""

import dataclasses

from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language, gettext_lazy

from terrace.kernel import options

options.declare("brand.name", {"zh": "梯田", "en": "Terrace"}, "The brand's name in each language")
options.declare("brand.line", {"zh": "一步一级，都是大家走出来的。", "en": "A line is a step that somebody climbed."}, "One sentence")
options.declare("brand.logo", None, "The upload that stands for the mark")
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
    return Brand(_in(options.get("brand.name"), language), _in(options.get("brand.line"), language), None)


def _in(texts: dict[str, str], language: str) -> str:
    return texts.get(language) or next(iter(texts.values()), "")


def sections(path: str) -> list[Section]:
    """Return the open sections; the one that `path` stands in is current."""
    off = set(options.get("brand.sections"))
    found = []
    for key, name, view in SECTIONS:
        try:
            address = reverse(view)
        except NoReverseMatch:
            continue
        if key not in off:
            here = path == address if address == "/" else path.startswith(address)
            found.append(Section(key, str(name), address, here))
    return found
