"""The shape of a search."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext_lazy as _

from terrace.kernel import words
from terrace.search import policies, queries

FIRST, LAST = date(1990, 1, 1), date(2200, 1, 1)


class SearchForm(forms.Form):
    """What is looked for, and where. Every field may be empty; one that cannot be used counts as empty."""

    q = forms.CharField(label=_("What to look for"), required=False)
    board = forms.ChoiceField(label=_("Board"), required=False)
    author = forms.CharField(label=_("Author"), max_length=48, required=False)
    tag = forms.CharField(label=_("Tag"), max_length=40, required=False)
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    since = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("To"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    solved = forms.BooleanField(label=_("Solved questions only"), required=False)
    sort = forms.ChoiceField(
        required=False,
        choices=[(queries.RELEVANCE, _("Most relevant")), (queries.LATEST, _("Newest"))],
        widget=forms.HiddenInput,
    )

    def __init__(self, data: Any, *, boards: list[tuple[str, str]], kinds: list[tuple[str, Any]]) -> None:
        super().__init__({key: data[key].replace("\0", "")[: policies.LONGEST_QUERY] for key in data if data.get(key)})
        self.fields["board"].choices = [("", _("All boards")), *boards]  # type: ignore[attr-defined]
        self.fields["kind"].choices = [("", _("Every kind")), *kinds]  # type: ignore[attr-defined]

    def add_prefix(self, field_name: str) -> str:
        """Return the name of a field in the address, where the dates are `from` and `to`."""
        return {"since": "from", "until": "to"}.get(field_name, field_name)

    def clean_since(self) -> datetime | None:
        """Return the first moment of the day."""
        return _midnight(self.cleaned_data["since"])

    def clean_until(self) -> datetime | None:
        """Return the moment after the day."""
        day = self.cleaned_data["until"]
        return _midnight(day + timedelta(days=1) if day and day < LAST else day)


def _midnight(day: date | None) -> datetime | None:
    if day is None:
        return None
    if not FIRST <= day <= LAST:
        raise forms.ValidationError(_("Choose a day after 1990."))
    return datetime.combine(day, time.min, tzinfo=get_current_timezone())


class WordsForm(forms.Form):
    """Product words, one in each line."""

    words = forms.CharField(
        label=_("Product words"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 14, "spellcheck": "false"}),
        help_text=_("One name in each line, as you write it: Ridge 5."),
    )

    def clean_words(self) -> list[str]:
        """Return the words in their order, each once however it is spelled."""
        listed: dict[str, str] = {}
        for number, line in enumerate(self.cleaned_data["words"].splitlines(), 1):
            word = " ".join(line.replace("\0", "").split())
            if len(word) > policies.LONGEST_WORD:
                told = _("Line %(n)s is longer than %(most)s characters. Give each name a line of its own.")
                raise forms.ValidationError(told % {"n": number, "most": policies.LONGEST_WORD})
            if word:
                listed.setdefault(words.fold(word), word)
        if len(listed) > policies.MOST_WORDS:
            told = _("These are %(n)s words; the limit is %(most)s.")
            raise forms.ValidationError(told % {"n": len(listed), "most": policies.MOST_WORDS})
        return list(listed.values())
