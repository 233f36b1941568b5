"""The shape of what is typed about groups."""

from datetime import date, datetime, time, timedelta

from django import forms
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext_lazy as _

from terrace.memberships import policies

LAST = date(2200, 1, 1)


class GroupForm(forms.Form):
    """What a group is called."""

    name = forms.CharField(label=_("Name"), max_length=policies.LONGEST_NAME)


class GiveForm(forms.Form):
    """Who is put into a group, why and until when."""

    who = forms.CharField(
        label=_("Handle or e-mail"), max_length=254, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=policies.LONGEST_REASON,
        help_text=_("It stands in the audit log, and in the data that the member can download."),
    )
    until = forms.DateField(
        label=_("Last day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Empty for no end."),
    )

    def clean_until(self) -> datetime | None:
        """Return the moment after the last day, in the community's time zone."""
        day = self.cleaned_data["until"]
        if day is None:
            return None
        if day >= LAST:
            raise forms.ValidationError(_("Choose a day before 2200."))
        return datetime.combine(day + timedelta(days=1), time.min, tzinfo=get_current_timezone())


class EndForm(forms.Form):
    """Why somebody is taken out of a group."""

    reason = forms.CharField(label=_("Reason"), max_length=policies.LONGEST_REASON)
