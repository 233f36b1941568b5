"""The shape of the operator's choices."""

import functools
import re
from pathlib import Path
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


@functools.cache
def sprite_names() -> list[str]:
    """Return the names of the drawn icons."""
    sprite = (Path(__file__).parent / "static" / "icons.svg").read_text("utf-8")
    return sorted(re.findall(r'id="i-([a-z0-9-]+)"', sprite))


ACTS = [("see", _("See it")), ("read", _("Read")), ("open", _("Open topics")), ("reply", _("Reply"))]
AUDIENCES = [
    ("", _("as the board above")),
    ("everyone", _("everyone")),
    ("members", _("members")),
    ("staff", _("people who work here")),
    ("nobody", _("nobody but moderators")),
]


class BoardForm(forms.Form):
    """A board: its names, place, pace, rules and moderators."""

    name = forms.CharField(label=_("Name"), max_length=60)
    line = forms.CharField(label=_("One sentence about it"), max_length=200, required=False)
    name_en = forms.CharField(label=_("Name in English"), max_length=60, required=False)
    line_en = forms.CharField(label=_("One sentence in English"), max_length=200, required=False)
    slug = forms.SlugField(
        label=_("Address"),
        max_length=60,
        required=False,
        help_text=_("Letters, digits, hyphens; made from the name if empty."),
    )
    parent = forms.ChoiceField(label=_("Stands below"), choices=(), required=False)
    position = forms.IntegerField(label=_("Place among its neighbours"), min_value=0, max_value=10_000, initial=0)
    icon = forms.ChoiceField(label=_("Icon"), required=False, initial="messages-square")
    premoderated = forms.BooleanField(label=_("A moderator reads every post before it is shown"), required=False)
    slow_seconds = forms.IntegerField(
        label=_("Seconds between two posts of one member"), min_value=0, max_value=86_400, initial=0
    )
    archived = forms.BooleanField(label=_("Archived: it can be read, nothing can be added"), required=False)
    moderators = forms.CharField(
        label=_("Moderators"), max_length=400, required=False, help_text=_("Handles with commas between them.")
    )

    def __init__(
        self, *args: Any, parents: list[tuple[str, str]], groups: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].choices = [("", _("the top")), *parents]  # type: ignore[attr-defined]
        self.fields["icon"].choices = [(name, name) for name in sprite_names()]  # type: ignore[attr-defined]
        for act, label in ACTS:
            self.fields[f"{act}_audience"] = forms.ChoiceField(label=label, choices=AUDIENCES, required=False)
            self.fields[f"{act}_level"] = forms.IntegerField(
                label=_("from level"), min_value=0, max_value=8, required=False
            )
            self.fields[f"{act}_group"] = forms.ChoiceField(
                label=_("only this group"), choices=[("", _("no group")), *groups], required=False
            )

    def clean(self) -> dict[str, Any]:
        """Refuse a level or a group that would hold for nobody."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        for act, _label in ACTS:
            narrowed = given.get(f"{act}_level") or given.get(f"{act}_group")
            if narrowed and given.get(f"{act}_audience") != "members":
                self.add_error(
                    f"{act}_audience",
                    gettext("A level or a group holds for members: choose “members” here, or clear the two."),
                )
        return given

    def acts(self) -> list[dict[str, Any]]:
        """Return the fields of each act, for the table of rules."""
        return [
            {
                "label": label,
                "audience": self[f"{act}_audience"],
                "level": self[f"{act}_level"],
                "group": self[f"{act}_group"],
            }
            for act, label in ACTS
        ]


class UploadStepForm(forms.Form):
    """What may be sent from a level on."""

    level = forms.IntegerField(label=_("from level"), min_value=1, max_value=99, required=False)
    per_day = forms.IntegerField(label=_("files a day"), min_value=1, max_value=10_000)
    video_mb = forms.IntegerField(label=_("video, MB"), min_value=0, max_value=200)
    video_seconds = forms.IntegerField(label=_("video, seconds"), min_value=0, max_value=600)
    audio_mb = forms.IntegerField(label=_("sound, MB"), min_value=0, max_value=100)
    audio_seconds = forms.IntegerField(label=_("sound, seconds"), min_value=0, max_value=3600)
