"""The shape of what is typed."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from terrace.forum.actions.topics import TITLE
from terrace.forum.actions.writing import LONGEST
from terrace.kernel import words

POLL_CHOICES = 12
# What is said at least, as `words.weight` counts it: a title two Chinese characters or four letters, a text one or two.
LEAST_TITLE, LEAST = 4, 2


def check_signs(text: str, most: int) -> None:
    """Raise ValidationError where a text has more characters, as people see them, than `most`."""
    if len(text) > most and (found := words.signs(text)) > most:
        sentence = gettext("This has %(n)s characters; the limit is %(most)s.")
        raise forms.ValidationError(sentence % {"n": f"{found:,}", "most": f"{most:,}"})


def check_says(text: str, least: int) -> None:
    """Raise ValidationError where a text says less than `least` (`words.weight`) and shows no picture."""
    if words.weight(text.strip()[:1000]) < least and "![" not in text:
        sentence = ngettext(
            "Say a little more: at least %(half)s Chinese character or %(n)s letters.",
            "Say a little more: at least %(half)s Chinese characters or %(n)s letters.",
            least // 2,
        )
        raise forms.ValidationError(sentence % {"n": least, "half": least // 2})


class WordsField(forms.CharField):
    """Words of a member: `most` characters as people see them, and at least `least` of what they say."""

    def __init__(self, *, most: int, least: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.most, self.least = most, least

    def validate(self, value: str) -> None:
        """Raise ValidationError where the words are none, too many, or say too little."""
        super().validate(value)
        check_signs(value, self.most)
        check_says(value, self.least)


def _body() -> WordsField:
    return WordsField(label=_("Text"), most=LONGEST, least=LEAST, widget=forms.Textarea, strip=False)


class TopicForm(forms.Form):
    """A new topic, or the first post of one that is edited."""

    title = WordsField(label=_("Title of the topic"), most=TITLE, least=LEAST_TITLE)
    body = _body()
    board = forms.ChoiceField(label=_("Board"), choices=())
    tags = forms.CharField(
        label=_("Tags"), max_length=200, required=False, help_text=_("Up to five words, with commas between them.")
    )

    def __init__(self, *args: Any, boards: list[tuple[str, str]] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if boards is None:
            del self.fields["board"]
        else:
            self.fields["board"].choices = boards  # type: ignore[attr-defined]

    def clean_tags(self) -> list[str]:
        """Return the tags as a list; every kind of comma divides them."""
        text = self.cleaned_data["tags"]
        for comma in "，、;；\n":
            text = text.replace(comma, ",")
        return [part.strip() for part in text.split(",") if part.strip()]


class PollForm(forms.Form):
    """What a poll asks beside title and text."""

    choices = forms.CharField(
        label=_("Choices"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One on each line, two to twelve."),
    )
    most = forms.IntegerField(label=_("How many may one person choose"), min_value=1, max_value=POLL_CHOICES, initial=1)
    days = forms.IntegerField(
        label=_("Open for how many days"),
        min_value=1,
        max_value=365,
        required=False,
        help_text=_("Leave empty for a poll without an end."),
    )

    def clean_choices(self) -> list[str]:
        """Return the choices, without empty lines and doubles."""
        lines = [" ".join(line.split())[:120] for line in self.cleaned_data["choices"].splitlines()]
        found = list(dict.fromkeys(line for line in lines if line))
        if not 2 <= len(found) <= POLL_CHOICES:
            raise forms.ValidationError(gettext("A poll needs two to twelve different choices."))
        return found

    def clean_days(self) -> timedelta | None:
        """Return how long the poll is open."""
        days = self.cleaned_data["days"]
        return timedelta(days=days) if days else None


class ReplyForm(forms.Form):
    """A reply."""

    body = _body()
    reply_to = forms.IntegerField(required=False, widget=forms.HiddenInput)


class EditForm(forms.Form):
    """A post that is edited; `seen` is the time of the last edit that its editor saw."""

    body = _body()
    reason = forms.CharField(label=_("Why"), max_length=200, required=False)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)


class ReasonForm(forms.Form):
    """Why something is taken away."""

    reason = forms.CharField(
        label=_("Reason"), max_length=300, help_text=_("The author reads this, so say what should be different.")
    )


class MoveForm(forms.Form):
    """Where a topic goes."""

    board = forms.ChoiceField(label=_("Board"), choices=())

    def __init__(self, *args: Any, boards: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["board"].choices = boards  # type: ignore[attr-defined]


class TagsForm(forms.Form):
    """The tags of a topic."""

    tags = forms.CharField(label=_("Tags"), max_length=200, required=False)
    clean_tags = TopicForm.clean_tags
