"""The shape of the operator's choices about the brand: one form, from and to `brand.values()`."""

import re
from typing import Any

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from terrace.web import brand, colours
from terrace.web.brand import Values

PICTURES = ("logo", "logo_dark", "icon", "hero")
LINKS = 6  # links in the footer
PAPERS = [
    ("rice", _("Rice paper")),
    ("plain", _("Plain")),
    ("sand", _("Sand")),
    ("mist", _("Mist")),
    ("rose", _("Rose")),
]
CORNERS = [("round", _("Round")), ("soft", _("Soft")), ("sharp", _("Sharp"))]
FONTS = [("sans", _("Without serifs")), ("rounded", _("Rounded")), ("serif", _("Heads with serifs"))]
_PATH = re.compile(r"/(?![/\\])[^\s\\]*")
_KEEPER = signing.Signer(salt="terrace.brand.picture")
_is_url = URLValidator(schemes=["http", "https"])


def check_address(text: str) -> None:
    """Raise ValidationError for what is no address of a page here or elsewhere, or of a mailbox."""
    if _PATH.fullmatch(text):
        return
    if text.lower().startswith("mailto:") and "@" in text and not re.search(r"\s", text):
        return
    try:
        _is_url(text)
    except ValidationError as error:
        raise ValidationError(
            _("An address begins with / for a page here, or with https:// for one elsewhere.")
        ) from error


def check_colour(text: str) -> None:
    """Raise ValidationError for what is no colour of six digits."""
    if not colours.is_hex(text.lower()):
        raise ValidationError(_("A colour is # and six digits or letters from a to f, such as #2a7134."))


def kept(key: str) -> str:
    """Return what stands in the form for an upload that is in use or was just sent; nobody else can make it."""
    return _KEEPER.sign(key) if key else ""


class BrandForm(forms.Form):
    """All of the brand. Texts come in two languages, as fields that end in `_zh` and `_en`."""

    accent = forms.CharField(
        label=_("Colour"),
        max_length=7,
        validators=[check_colour],
        widget=forms.TextInput(attrs={"type": "color"}),
        help_text=_("Its hue stays; its lightness is set for each theme so that everybody can read it."),
    )
    paper = forms.ChoiceField(label=_("Paper"), choices=PAPERS, widget=forms.RadioSelect)
    corners = forms.ChoiceField(label=_("Corners"), choices=CORNERS, widget=forms.RadioSelect)
    font = forms.ChoiceField(label=_("Letters"), choices=FONTS, widget=forms.RadioSelect)
    since = forms.CharField(widget=forms.HiddenInput, max_length=16)

    def __init__(self, data: Any = None, files: Any = None, *, present: Values) -> None:
        self.present = present
        self.labels: dict[str, Any] = {}
        super().__init__(data, files, initial=_typed(present))
        self._pair("name", _("Name"), 40, required=True)
        self._pair("line", _("One sentence"), 120, required=True)
        self._pair("fans", _("What fans are called"), 20)
        self._pair("eyebrow", _("Line above"), 40)
        self._pair("title", _("Large sentence"), 60)
        self._pair("say", _("Sentence below"), 160)
        self._pair("alt", _("What the picture shows, for those who cannot see it"), 120)
        self._pair("foot", _("Line in the footer"), 120)
        for name in ("first", "second"):
            self._pair(name, _("First button") if name == "first" else _("Second button"), 20)
            self._address(name)
        for number in range(1, LINKS + 1):
            self._pair(f"link{number}", _("Link"), 30)
            self._address(f"link{number}")
        for what in PICTURES:
            self.fields[what] = forms.FileField(required=False, widget=forms.FileInput(attrs={"accept": "image/*"}))
            self.fields[f"{what}_kept"] = forms.CharField(required=False, widget=forms.HiddenInput, max_length=80)
            self.fields[f"{what}_gone"] = forms.BooleanField(label=_("Without it"), required=False)
        for key, _label, _view in brand.SECTIONS:
            self._pair(f"section_{key}", _("Name"), 20)
            self._shown(f"section_{key}", len(brand.SECTIONS))
        for key, _label in brand.BLOCKS:
            self._shown(f"block_{key}", len(brand.BLOCKS))

    def _pair(self, name: str, label: Any, most: int, *, required: bool = False) -> None:
        for code, lang, tongue in (("zh", "zh-Hans", "中文"), ("en", "en", "English")):
            field = forms.CharField(label=tongue, max_length=most, required=required)
            field.widget.attrs["lang"] = lang
            self.fields[f"{name}_{code}"] = field
        self.labels[name] = label

    def _address(self, name: str) -> None:
        widget = forms.TextInput(attrs={"inputmode": "url", "autocapitalize": "off", "spellcheck": "false"})
        self.fields[f"{name}_url"] = forms.CharField(
            label=_("Address"), max_length=300, required=False, validators=[check_address], widget=widget
        )

    def _shown(self, name: str, most: int) -> None:
        self.fields[f"{name}_on"] = forms.BooleanField(label=_("Shown"), required=False)
        self.fields[f"{name}_place"] = forms.IntegerField(label=_("Place"), min_value=1, max_value=99)

    def clean(self) -> dict[str, Any]:
        """A link has an address and a name; a picture that is kept was handed out by us."""
        cleaned = super().clean() or {}
        for number in range(1, LINKS + 1):
            name = f"link{number}"
            named = cleaned.get(f"{name}_zh") or cleaned.get(f"{name}_en")
            if named and not cleaned.get(f"{name}_url") and f"{name}_url" not in self.errors:
                self.add_error(f"{name}_url", gettext("Where does this link lead?"))
            if cleaned.get(f"{name}_url") and not named:
                self.add_error(f"{name}_zh", gettext("What is this link called?"))
        for what in PICTURES:
            try:
                text = cleaned.get(f"{what}_kept") or ""
                cleaned[f"{what}_key"] = _KEEPER.unsign(text) if text else ""
            except signing.BadSignature:
                cleaned[f"{what}_key"] = ""
        return cleaned

    def values(self) -> Values:
        """Return the choices. Where something cannot be used (the form is not valid), what is there now stands for it."""
        now = _typed(self.present)
        typed = getattr(self, "cleaned_data", {})
        get = {**now, **{name: value for name, value in typed.items() if name not in self.errors}}.__getitem__

        def both(name: str) -> dict[str, str]:
            return {"zh": get(f"{name}_zh"), "en": get(f"{name}_en")}

        def picture(what: str, key: str) -> str:
            return "" if get(f"{what}_gone") else typed.get(f"{what}_key", key)

        links = [{**both(f"link{number}"), "url": get(f"link{number}_url")} for number in range(1, LINKS + 1)]
        names = {key: both(f"section_{key}") for key, _label, _view in brand.SECTIONS}
        return {
            "name": both("name"),
            "line": both("line"),
            "fans": both("fans"),
            "logo": picture("logo", self.present["logo"]),
            "logo_dark": picture("logo_dark", self.present["logo_dark"]),
            "icon": picture("icon", self.present["icon"]),
            "look": {
                "accent": get("accent").lower(),
                "paper": get("paper"),
                "corners": get("corners"),
                "font": get("font"),
            },
            "off": [key for key in names if key != "home" and not get(f"section_{key}_on")],
            "order": _in_order(list(names), [get(f"section_{key}_place") for key in names]),
            "names": {key: texts for key, texts in names.items() if any(texts.values())},
            "blocks": _in_order(_BLOCK_KEYS, [get(f"block_{key}_place") for key in _BLOCK_KEYS]),
            "blocks_off": [key for key in _BLOCK_KEYS if key != "topics" and not get(f"block_{key}_on")],
            "hero": {
                **{name: both(name) for name in ("eyebrow", "title", "say", "alt")},
                **{name: {**both(name), "url": get(f"{name}_url")} for name in ("first", "second")},
                "picture": picture("hero", self.present["hero"]["picture"]),
            },
            "foot": {
                "line": both("foot"),
                "links": [each for each in links if each["url"] and (each["zh"] or each["en"])],
            },
        }

    def sections(self) -> list[dict[str, Any]]:
        """Return the rows of the list of sections, in their present order."""
        known = {key: label for key, label, _view in brand.SECTIONS}
        rows = [self._row("section", key, known[key], key == "home") for key in brand.section_keys(self.values())]
        return [row | {"zh": self[f"section_{row['key']}_zh"], "en": self[f"section_{row['key']}_en"]} for row in rows]

    def blocks(self) -> list[dict[str, Any]]:
        """Return the rows of the list of blocks, in their present order."""
        known = dict(brand.BLOCKS)
        return [self._row("block", key, known[key], key == "topics") for key in brand.block_keys(self.values())]

    def _row(self, kind: str, key: str, name: Any, always: bool) -> dict[str, Any]:
        place, on = self[f"{kind}_{key}_place"], self[f"{kind}_{key}_on"]
        return {"key": key, "name": name, "place": place, "on": None if always else on}

    def links(self) -> list[dict[str, Any]]:
        """Return the rows of the links of the footer."""
        names = [f"link{number}" for number in range(1, LINKS + 1)]
        return [{"zh": self[f"{name}_zh"], "en": self[f"{name}_en"], "url": self[f"{name}_url"]} for name in names]


_BLOCK_KEYS = [key for key, _label in brand.BLOCKS]


def _in_order(keys: list[str], places: list[int]) -> list[str]:
    """Return keys by their places, those with the same place as they were; nothing where that is our own order."""
    found = [key for _place, key in sorted(zip(places, keys, strict=True), key=lambda pair: pair[0])]
    return found if found != keys else []


def _typed(chosen: Values) -> dict[str, Any]:
    """Return choices as the fields of the form hold them."""
    found: dict[str, Any] = {**chosen["look"], "since": brand.stamp(chosen)}
    hero, foot = chosen["hero"], chosen["foot"]
    texts = {name: chosen[name] for name in ("name", "line", "fans")}
    texts |= {name: hero[name] for name in ("eyebrow", "title", "say", "alt", "first", "second")}
    texts["foot"] = foot["line"]
    for number in range(1, LINKS + 1):
        texts[f"link{number}"] = foot["links"][number - 1] if number <= len(foot["links"]) else {}
    for key, _label, _view in brand.SECTIONS:
        texts[f"section_{key}"] = chosen["names"].get(key, {})
        found[f"section_{key}_on"] = key not in chosen["off"]
    for key in _BLOCK_KEYS:
        found[f"block_{key}_on"] = key not in chosen["blocks_off"]
    for kind, keys in (("section", brand.section_keys(chosen)), ("block", brand.block_keys(chosen))):
        found |= {f"{kind}_{key}_place": place for place, key in enumerate(keys, start=1)}
    for name, both in texts.items():
        found |= {f"{name}_zh": both.get("zh", ""), f"{name}_en": both.get("en", "")}
        if name in {"first", "second"} or name.startswith("link"):
            found[f"{name}_url"] = both.get("url", "")
    pictures = {**{what: chosen[what] for what in ("logo", "logo_dark", "icon")}, "hero": hero["picture"]}
    for what, key in pictures.items():
        found |= {f"{what}_kept": kept(key), f"{what}_gone": False}
    return found
