"""The shape of what is typed about products, teams and devices."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from terrace.kernel.errors import Invalid, Refused
from terrace.products.models import Channel, TeamMember

ICONS = [
    ("smartphone", _("Mobile phone")),
    ("watch", _("Watch")),
    ("headphones", _("Earphones")),
    ("laptop", _("Computer")),
    ("monitor", _("Screen")),
    ("camera", _("Camera")),
    ("lightbulb", _("Lamp")),
    ("house", _("Household")),
    ("layers", _("System")),
    ("store", _("App")),
]
DAYS = [
    _("Monday"),
    _("Tuesday"),
    _("Wednesday"),
    _("Thursday"),
    _("Friday"),
    _("Saturday"),
    _("Sunday"),
]
PICTURE = 20 * 1024 * 1024  # bytes; the media room refuses more with a sentence
_TIME = re.compile(r"([01]?[0-9]|2[0-4]):([0-5][0-9])")


def attempt(form: forms.Form, act: Callable[[], Any]) -> tuple[Any, int]:
    """Do `act` with what was typed; a refusal becomes an error of the form. Returns (what came of it, 200), or (None, status)."""
    if not form.is_valid():
        return None, 422
    try:
        return act(), 200
    except Refused as refused:
        field = refused.field if isinstance(refused, Invalid) else None
        form.add_error(field if field in form.fields else None, refused.sentence)
        return None, refused.status


class EntryForm(forms.Form):
    """Name and sentence, in both languages. `values` gives them as they are kept."""

    name = forms.CharField(label=_("Name"), max_length=40)
    line = forms.CharField(label=_("One sentence about it"), max_length=200, required=False)
    name_en = forms.CharField(label=_("Name in English"), max_length=40, required=False)
    line_en = forms.CharField(label=_("The sentence in English"), max_length=200, required=False)

    def values(self) -> dict[str, Any]:
        """Return name, line and translations."""
        typed = self.cleaned_data
        english = {key: typed[f"{key}_en"] for key in ("name", "line") if typed.get(f"{key}_en")}
        found = {"name": typed["name"], "translations": {"en": english} if english else {}}
        return found | ({"line": typed["line"]} if "line" in typed else {})

    @staticmethod
    def typed(thing: Any) -> dict[str, Any]:
        """Return what the fields hold for something that is there."""
        english = thing.translations.get("en", {})
        return {
            "name": thing.name,
            "line": getattr(thing, "line", ""),
            "name_en": english.get("name", ""),
            "line_en": english.get("line", ""),
        }


def _number(text: str) -> int | None:
    return int(text) if text else None


class ProductForm(EntryForm):
    """A product as operators see it. `teams` and `products` are (id, name)."""

    slug = forms.SlugField(
        label=_("Address"), max_length=60, required=False, help_text=_("Made from the name where it is empty.")
    )
    icon = forms.ChoiceField(label=_("Icon"), choices=ICONS, help_text=_("It stands where there is no picture."))
    position = forms.IntegerField(label=_("Place in the list"), min_value=0, max_value=9999, initial=0)
    team = forms.ChoiceField(
        label=_("Team"),
        required=False,
        help_text=_("It releases the product: versions, builds and modules are its own."),
    )
    runs = forms.ChoiceField(
        label=_("Runs"), required=False, help_text=_("The system of a device, whose versions members choose from.")
    )

    def __init__(
        self, *args: Any, teams: list[tuple[str, str]], products: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["team"].choices = [("", _("No team")), *teams]  # type: ignore[attr-defined]
        self.fields["runs"].choices = [("", _("Nothing but itself")), *products]  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        """Return the columns of a product, without its address."""
        typed = self.cleaned_data
        more = {"icon": typed["icon"], "position": typed["position"]}
        return super().values() | more | {"team_id": _number(typed["team"]), "runs_id": _number(typed["runs"])}


class PictureForm(forms.Form):
    """A picture of a product."""

    picture = forms.FileField(
        label=_("Picture"), required=False, widget=forms.FileInput(attrs={"accept": "image/*,.heic,.heif,.avif"})
    )


class ModuleForm(forms.Form):
    """A module: what it is called, and the team that owns it."""

    name = forms.CharField(label=_("Name"), max_length=40)
    name_en = forms.CharField(label=_("Name in English"), max_length=40, required=False)
    team = forms.ChoiceField(label=_("Team"), required=False)

    def __init__(self, *args: Any, teams: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["team"].choices = [("", _("No team")), *teams]  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        """Return the columns of a module."""
        typed = self.cleaned_data
        english = {"en": {"name": typed["name_en"]}} if typed["name_en"] else {}
        return {"name": typed["name"], "translations": english, "team_id": _number(typed["team"])}


class EditModuleForm(ModuleForm):
    """A module that is there, which can also go."""

    retired = forms.BooleanField(label=_("Retired: nobody sees it, what was said about it stays"), required=False)


class PlanForm(forms.Form):
    """A new version."""

    number = forms.CharField(label=_("Number"), max_length=40)
    channel = forms.ChoiceField(label=_("Channel"), choices=Channel.choices)
    note = forms.CharField(
        label=_("What changes"),
        required=False,
        max_length=100_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Markdown. Members read it once the version is released."),
    )


class BuildForm(forms.Form):
    """A new build."""

    number = forms.CharField(label=_("Build number"), max_length=60)
    channel = forms.ChoiceField(label=_("Channel"), choices=Channel.choices)
    note = forms.CharField(label=_("Note"), max_length=500, required=False)


class TeamForm(EntryForm):
    """A team. `above` is (id, name) of the project teams."""

    slug = forms.SlugField(
        label=_("Address"), max_length=60, required=False, help_text=_("Made from the name where it is empty.")
    )
    parent = forms.ChoiceField(label=_("Feature team of"), required=False)
    zone = forms.CharField(label=_("Time zone"), max_length=40, initial="Asia/Shanghai")

    def __init__(self, *args: Any, above: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].choices = [("", _("No other team")), *above]  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        """Return the columns of a team, without its address and zone."""
        above = {"parent_id": _number(self.cleaned_data["parent"])} if "parent" in self.cleaned_data else {}
        return super().values() | above


class PartForm(forms.Form):
    """Who is put into a team, and as what."""

    who = forms.CharField(label=_("Handle"), max_length=48, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    part = forms.ChoiceField(label=_("Part"), choices=TeamMember.PARTS, initial=TeamMember.ENGINEER)
    on_call = forms.BooleanField(label=_("On call"), required=False)


class HoursForm(forms.Form):
    """When a team works: from and to for each weekday, empty for a day off."""

    zone = forms.CharField(label=_("Time zone"), max_length=40)
    holidays = forms.CharField(
        label=_("Days off"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One a line, such as 2026-10-01."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for weekday, name in enumerate(DAYS):
            for key, what in (("from", _("from")), ("to", _("to"))):
                attrs = {"class": "field", "inputmode": "numeric", "placeholder": "09:00" if key == "from" else "18:00"}
                attrs["aria-label"] = f"{name} {what}"
                field = forms.CharField(required=False, max_length=5, widget=forms.TextInput(attrs=attrs))
                self.fields[f"{key}_{weekday}"] = field

    def week(self) -> list[tuple[str, Any, Any]]:
        """Return (weekday, field of its beginning, field of its end)."""
        return [(str(name), self[f"from_{day}"], self[f"to_{day}"]) for day, name in enumerate(DAYS)]

    def clean_holidays(self) -> list[date]:
        """Return the days off."""
        try:
            return [date.fromisoformat(word) for word in self.cleaned_data["holidays"].split()]
        except ValueError as error:
            raise ValidationError(gettext("A day is year, month and day, such as 2026-10-01.")) from error

    def clean(self) -> dict[str, Any]:
        """Put the week together as the action takes it: weekday → (from, to) in minutes."""
        cleaned = super().clean() or {}
        hours = {}
        for day in range(7):
            since, to = (self._minute(f"{key}_{day}") for key in ("from", "to"))
            if since is not None and to is not None:
                hours[str(day)] = (since, to)
            elif (since is None) != (to is None) and not {f"from_{day}", f"to_{day}"} & set(self.errors):
                self.add_error(f"to_{day}", gettext("A working day has a beginning and an end."))
        cleaned["hours"] = hours
        return cleaned

    def _minute(self, name: str) -> int | None:
        text = (self.cleaned_data.get(name) or "").strip().replace("：", ":")
        if not text:
            return None
        found = _TIME.fullmatch(text)
        if found is None:
            self.add_error(name, gettext("A time is hours and minutes, such as 09:00."))
            return None
        return int(found[1]) * 60 + int(found[2])


class ListForm(forms.Form):
    """A device that a member lists."""

    product = forms.ChoiceField(label=_("Which one"))
    nickname = forms.CharField(
        label=_("What you call it"),
        max_length=30,
        required=False,
        help_text=_("It tells two of the same kind from each other."),
    )

    def __init__(self, *args: Any, products: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["product"].choices = products  # type: ignore[attr-defined]


class DeviceForm(forms.Form):
    """What a device of a member's runs, and who may know of it."""

    version = forms.ChoiceField(label=_("Version"), required=False)
    build = forms.CharField(label=_("Build"), max_length=60, required=False, help_text=_("As the device says it."))
    nickname = forms.CharField(label=_("What you call it"), max_length=30, required=False)
    since = forms.DateField(label=_("Yours since"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    shown = forms.BooleanField(label=_("My profile shows it"), required=False)

    def __init__(self, *args: Any, versions: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].choices = [("", _("I do not know")), *versions]  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        """Return what the action takes."""
        typed = dict(self.cleaned_data)
        version = typed.pop("version")
        return {**typed, "version_id": _number(version)}
