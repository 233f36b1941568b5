"""The shape of a member's wishes."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from terrace.kernel import push
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


class DeviceForm(forms.Form):
    """What a browser says when notifications are turned on there. A script fills it in."""

    endpoint = forms.CharField(required=False, widget=forms.HiddenInput)
    p256dh = forms.CharField(required=False, widget=forms.HiddenInput)
    auth = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """Add `browser`, or say that this is none."""
        data = super().clean() or {}
        browser = push.Browser(data["endpoint"], data["p256dh"], data["auth"])
        try:
            push.check(browser)
        except ValueError:
            raise forms.ValidationError(_("This browser did not say where it takes messages. Try again.")) from None
        return {**data, "browser": browser}
