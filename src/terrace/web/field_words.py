"""What the fields of every form say about what was typed, in the product's voice in place of Django's."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class Said:
    """A sentence whose numbers are written as people read them: 10,000."""

    def __init__(self, text: Any) -> None:
        self.text = text

    def __mod__(self, params: dict[str, Any]) -> str:
        return str(self.text) % {
            name: f"{value:,}" if isinstance(value, int) else value for name, value in params.items()
        }

    def __str__(self) -> str:
        return str(self.text)


_NO_CHOICE = Said(_("This is not one of the choices. Choose one of those shown."))
_NO_FILE = Said(_("The file did not arrive. Choose it again."))
# By kind of field, then by Django's code of what is wrong; a kind says what those that it is made of say, unless it says its own.
SENTENCES: dict[type[forms.Field], dict[str, Said]] = {
    forms.Field: {"required": Said(_("Fill this in."))},
    forms.CharField: {
        "max_length": Said(_("This has %(show_value)s characters; the limit is %(limit_value)s.")),
        "min_length": Said(_("This has %(show_value)s characters; it needs at least %(limit_value)s.")),
        "null_characters_not_allowed": Said(
            _("There is a character in this that nobody can see. Type it instead of pasting it.")
        ),
    },
    forms.IntegerField: {
        "invalid": Said(_("Type a whole number, such as 3.")),
        "min_value": Said(_("Type %(limit_value)s or more.")),
        "max_value": Said(_("Type %(limit_value)s or less.")),
    },
    forms.DateField: {"invalid": Said(_("Write the date like 2026-07-18."))},
    forms.EmailField: {
        "invalid": Said(_("This e-mail address is not complete. Write it like name@example.com.")),
    },
    forms.SlugField: {"invalid": Said(_("Use only letters from a to z, digits, hyphens and underscores."))},
    forms.BooleanField: {"required": Said(_("Tick this box to go on."))},
    forms.ChoiceField: {"required": Said(_("Choose one.")), "invalid_choice": _NO_CHOICE},
    forms.MultipleChoiceField: {
        "required": Said(_("Choose at least one.")),
        "invalid_choice": _NO_CHOICE,
        "invalid_list": _NO_CHOICE,
    },
    forms.FileField: {
        "required": Said(_("Choose a file.")),
        "invalid": _NO_FILE,
        "missing": _NO_FILE,
        "empty": Said(_("This file is empty. Choose another.")),
        "max_length": Said(
            _("The name of this file has %(length)s characters; the limit is %(max)s. Rename it and choose it again.")
        ),
        "contradiction": Said(_("Choose a file or tick the box that takes it away, not both.")),
    },
}


def speak() -> None:
    """Put our sentences in place of Django's. Fields take them when they are made, so this comes before any form is read."""
    for kind, sentences in SENTENCES.items():
        kind.default_error_messages = {**vars(kind).get("default_error_messages", {}), **sentences}  # type: ignore[dict-item]
