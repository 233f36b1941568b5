"""The shape of a member's wishes."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from terrace.notifications.models import ALWAYS, KINDS


class KindsForm(forms.Form):
    """Which kinds of notices a member wants."""

    kinds = forms.MultipleChoiceField(
        label=_("Tell me when"),
        choices=[(kind, label) for kind, label in KINDS if kind not in ALWAYS],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("What a moderator decides about you or your posts is always told."),
    )

    def __init__(self, data: Any = None, *, declined: frozenset[str] | set[str] = frozenset()) -> None:
        wanted = [kind for kind, _label in KINDS if kind not in ALWAYS and kind not in declined]
        super().__init__(data, initial={"kinds": wanted})
