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
CHOICE = 120  # characters of one choice
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
            wanted = self["board"].value()
            # A board that was chosen and does not open any more is not exchanged for the first of the list.
            lost = bool(wanted) and wanted not in dict(boards)
            first = [("", _("Choose a board"))] if lost else []
            self.fields["board"].choices = [*first, *boards]  # type: ignore[attr-defined]

    def clean_tags(self) -> list[str]:
        """Return the tags as a list; every kind of comma divides them."""
        text = self.cleaned_data["tags"]
        for comma in "，、;；\n":
            text = text.replace(comma, ",")
        return [part.strip() for part in text.split(",") if part.strip()]


class ChoicesInput(forms.Widget):
    """The choices of a poll, each in an input of its own: `choices_0`, `choices_1` and so on."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> str:
        """Return what was typed as lines, without empty ones."""
        lines = (" ".join((data.get(f"{name}_{place}") or "").split()) for place in range(POLL_CHOICES))
        return "\n".join(line for line in lines if line)


class PollForm(forms.Form):
    """What a poll asks beside title and text; `days` is how long it is open, and `until` the last day of it."""

    fields_template = "forum/_poll_fields.html"
    choices = forms.CharField(label=_("Choices"), widget=ChoicesInput())
    several = forms.BooleanField(
        label=_("One may choose several"),
        required=False,
        widget=forms.CheckboxInput(attrs={"role": "switch"}),
    )
    most = forms.IntegerField(
        label=_("At most"), required=False, widget=forms.NumberInput(attrs={"min": 2, "max": POLL_CHOICES})
    )
    days = forms.TypedChoiceField(
        label=_("Open for"),
        choices=[
            ("1", _("1 day")),
            ("3", _("3 days")),
            ("7", _("1 week")),
            ("", _("Without an end")),
            ("date", _("Until a day")),
        ],
        widget=forms.RadioSelect,
        required=False,
        coerce=lambda days: days if days == "date" else timedelta(days=int(days)),
        empty_value=None,
    )
    until = forms.DateField(
        label=_("The last day"), required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lines = self.fields["choices"].widget.value_from_datadict(self.initial, {}, "choices")
        self.initial = {"days": "", **self.initial, "choices": lines}

    @property
    def rows(self) -> list[str]:
        """What stands in the inputs of the choices; one who asked for more of them, without script, gets two more."""
        filled = (self["choices"].value() or "").splitlines()
        return [*filled, *[""] * max(2 - len(filled), 0 if self.is_bound else 2)][:POLL_CHOICES]

    def clean_choices(self) -> list[str]:
        """Return the choices, without doubles."""
        found = list(dict.fromkeys(line[:CHOICE] for line in self.cleaned_data["choices"].splitlines()))
        if len(found) < 2:
            raise forms.ValidationError(gettext("A poll needs two to twelve different choices."))
        return found

    def clean(self) -> dict[str, Any]:
        """Settle how many one person may choose: one, or at most what was typed, or any."""
        typed = self.cleaned_data
        number = len(typed.get("choices", ()))
        typed["most"] = min(max(typed.get("most") or number, 2), max(number, 2)) if typed.get("several") else 1
        if typed.get("days") == "date" and not typed.get("until") and "until" not in self.errors:
            self.add_error("until", gettext("Say until which day the poll is open."))
        return typed


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
