"""The shape of what is typed."""

from django import forms
from django.utils.translation import gettext_lazy as _

from terrace.moderation.models import CATEGORIES, Decision
from terrace.moderation.queries import CATEGORY_WORDS

WORD_KINDS = [
    ("hold", _("Hold for a moderator")),
    ("block", _("Refuse")),
    ("replace", _("Replace")),
    ("allow", _("Let pass")),
]
DOMAIN_KINDS = [("hold", _("Hold for a moderator")), ("block", _("Refuse")), ("allow", _("Let pass"))]


class FlagForm(forms.Form):
    """What is wrong with a post."""

    reason = forms.ChoiceField(
        label=_("What is wrong with it?"), choices=list(CATEGORY_WORDS.items()), widget=forms.RadioSelect
    )
    text = forms.CharField(
        label=_("In a few words"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Only moderators read this."),
    )


class DecisionForm(forms.Form):
    """What a moderator decides. `prefilled` is the message that stood in the field."""

    verdict = forms.ChoiceField(choices=[(each, each) for each, _label in Decision.VERDICTS])
    category = forms.ChoiceField(choices=CATEGORIES, required=False)
    message = forms.CharField(max_length=300, required=False)
    prefilled = forms.CharField(max_length=300, required=False)

    def clean(self) -> dict:
        """Drop a message about taking away, which nobody has touched, from a decision that takes nothing away."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("verdict") not in Decision.AGAINST and cleaned.get("message") == cleaned.get("prefilled"):
            cleaned["message"] = ""
        return cleaned


class AppealForm(forms.Form):
    """What an author says to a decision."""

    text = forms.CharField(
        label=_("Why should this be decided otherwise?"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("A moderator reads it together with your post. You can ask once."),
    )


class WordForm(forms.Form):
    """A word of the lists."""

    pattern = forms.CharField(label=_("Word"), max_length=60)
    kind = forms.ChoiceField(label=_("What happens"), choices=WORD_KINDS)
    replacement = forms.CharField(label=_("Replaced by"), max_length=60, required=False)
    sound = forms.BooleanField(label=_("Also other characters of the same sound"), required=False)
    note = forms.CharField(label=_("Remark"), max_length=120, required=False)


class DomainForm(forms.Form):
    """A domain of the lists."""

    domain = forms.CharField(label=_("Domain"), max_length=253)
    kind = forms.ChoiceField(label=_("What happens"), choices=DOMAIN_KINDS)
    note = forms.CharField(label=_("Remark"), max_length=120, required=False)


class TryForm(forms.Form):
    """A text to try the lists on."""

    text = forms.CharField(label=_("Text"), max_length=5000, widget=forms.Textarea(attrs={"rows": 4}))
