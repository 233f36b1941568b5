"""The living page of the design: every token and component as the product draws them, in both languages and themes."""

from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any, NamedTuple

from django import forms
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe
from markupsafe import Markup

from terrace.kernel.request import Request
from terrace.members import policies as members
from terrace.members import queries as people
from terrace.web import brand as brand_of
from terrace.web import colours

TITLES = 8  # steps of the ladder
# What is written on what: the pairs that pages use, as the art direction lists them.
TEXTS = ("ink", "ink-2", "ink-3", "accent", "straw-ink", "clay")
UNDER = ("page", "tread", "tread-2", "wash", "straw-wash", "clay-wash")
THEMES = ("", "light", "dark")


class SampleForm(forms.Form):
    """One field of each kind, in each of its states."""

    name = forms.CharField()
    mail = forms.EmailField(
        error_messages={"invalid": gettext_lazy("Half of it is missing. Write it like lin@example.com.")}
    )
    password = forms.CharField(widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}))
    code = forms.CharField(widget=forms.TextInput(attrs={"autocomplete": "one-time-code"}))
    board = forms.ChoiceField()
    kind = forms.ChoiceField(widget=forms.RadioSelect)
    text = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), required=False)
    still = forms.CharField(disabled=True, required=False)
    agreed = forms.BooleanField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = {
            "name": _("Handle"),
            "mail": _("E-mail"),
            "password": _("Password"),
            "code": _("The code you received"),
            "board": _("Board"),
            "kind": _("Kind"),
            "text": _("Text"),
            "still": _("Joined"),
            "agreed": _("Tell me when somebody answers"),
        }
        for name, label in labels.items():
            self.fields[name].label = label
        self.fields["name"].help_text = _("2 to 20 letters or characters")
        choices = [("talk", _("Discussion")), ("question", _("Question"))]
        for name in ("board", "kind"):
            self.fields[name].choices = choices  # type: ignore[attr-defined]


@require_safe
def styleguide(request: Request) -> HttpResponse:
    """Show everything that pages are made of. Staff see it, and everybody in the demo."""
    if not settings.TERRACE_DEMO:
        members.check_staff(request.member)
    theme = request.GET.get("theme", "")
    code = request.GET.get("lang", "")
    language = code if code in dict(settings.LANGUAGES) else translation.get_language() or settings.LANGUAGE_CODE
    theme = theme if theme in THEMES else ""
    with translation.override(language):
        response = render(request, "web/styleguide.html", _context(request, theme, language))
    response.headers["Content-Language"] = language
    return response


def _context(request: Request, theme: str, language: str) -> dict[str, Any]:
    look = brand_of.look(brand_of.values())
    made = colours.palette(look.accent, look.paper)

    def switch(**change: str) -> str:
        chosen = {"lang": language, "theme": theme} | change
        return "?" + "&".join(f"{name}={value}" for name, value in chosen.items() if value)

    return {
        **sample(request.now),
        "theme": theme,
        "themes": [
            {"label": label, "url": switch(theme=each), "current": each == theme}
            for each, label in (("", _("As the system")), ("light", _("Light")), ("dark", _("Dark")))
        ],
        "languages": [
            {"label": label, "url": switch(lang=each), "current": each == language}
            for each, label in (("zh-hans", "简体中文"), ("en", "English"))
        ],
        "palettes": [
            {"name": _("Light"), "rows": _rows(made.light, 0)},
            {"name": _("Dark"), "rows": _rows(made.dark, 1)},
        ],
        "contrasts": _contrasts(made),
        "under": UNDER,
        "form": SampleForm(initial={"name": "林间", "still": "2026-07-18", "kind": "talk"}),
        "wrong": SampleForm({"name": "", "mail": "lin@terrace"}),
    }


def _all(theme: colours.Theme, dark: int) -> dict[str, str]:
    return theme.hexes | {name: colours.to_hex(pair[dark]) for name, pair in colours.MEANINGS.items()}


def _rows(theme: colours.Theme, dark: int) -> list[dict[str, str]]:
    return [{"name": name, "colour": value} for name, value in _all(theme, dark).items()]


def _contrasts(made: colours.Palette) -> list[dict[str, Any]]:
    """Return for each colour of text its contrast on each ground, light and dark."""
    light, dark = _all(made.light, 0), _all(made.dark, 1)
    return [
        {
            "name": name,
            "pairs": [
                (colours.contrast(light[name], light[ground]), colours.contrast(dark[name], dark[ground]))
                for ground in UNDER
            ],
        }
        for name in TEXTS
    ]


def _person(number: int, handle: str, level: int, growth: int, **more: Any) -> people.Person:
    known = {"role": "member", "team": "", "title": "", "avatar_key": "", "suspended": False, **more}
    return people.Person(id=number, handle=handle, level=level, growth=growth, **known)


def sample(now: datetime) -> dict[str, Any]:
    """Return people, topics and posts that nobody wrote, for pages that show how things look."""
    lin = _person(1, "林间", 5, 900)
    chen = _person(2, "陈澈", 8, 9000, role="engineer", team=_("Connection team"))
    he = _person(3, "阿禾", 2, 40)
    topic = SimpleNamespace(
        id=0,
        title=_("Fog on the lamp: the seal lets in a little water"),
        url="#",
        act="#",
        author=lin,
    )
    return {
        "ladder": [
            _person(level, people.title_of(level), level, growth)
            for level, growth in enumerate((4, 35, 110, 320, 860, 2400, 7000, 9000), start=1)
        ],
        "lin": lin,
        "chen": chen,
        "topic": topic,
        "written": _(
            "## Two nights of rain\n\nIt stood on the **balcony**, and *only in the morning* the glass was fogged. @Chen #lamp\n\n"
            "> Where is the batch number?\n\n- under the [hinge](https://example.com/hinge), `R5-204`\n- [x] sent back"
        ),
        "can_reply": False,
        "sign_in_url": "#",
        "posts": [
            _post(
                1,
                lin,
                _(
                    "It stood on the balcony for two nights of rain. In the morning the glass was fogged from inside, and gone by noon."
                ),
                now - timedelta(hours=5),
                reactions=(12, 4, 7),
            ),
            _post(
                2,
                chen,
                _(
                    "Thank you for the pictures. The seal of the first batch is too thin at the hinge; we send a new one."
                ),
                now - timedelta(hours=2),
                reactions=(31, 9, 22),
                staff=True,
                note=_("first reply after 3 hours"),
            ),
            _post(
                3, he, _("Mine as well. Where is the batch number?"), now - timedelta(minutes=12), reactions=(2, 0, 0)
            ),
        ],
        "topics": [
            _row(lin, topic.title, now - timedelta(minutes=12), 14, staff=True),
            _row(he, _("Which light do you read by"), now - timedelta(days=1), 38, featured=True, solved=True),
            _row(chen, _("What changed in 4.2"), now - timedelta(days=3), 126, pinned=True),
        ],
    }


def _post(
    number: int,
    author: people.Person,
    text: str,
    at: datetime,
    *,
    reactions: tuple[int, int, int],
    staff: bool = False,
    note: str = "",
) -> Any:
    named = (
        ("like", "thumbs-up", _("Like")),
        ("insight", "lightbulb", _("Insightful")),
        ("thanks", "hand-heart", _("Thanks")),
    )
    return SimpleNamespace(
        id=-number,
        number=number,
        url="#",
        act="#",
        author=author,
        html=Markup("<p>{}</p>").format(text),
        at=at,
        place="",
        note=note,
        edited_at=None,
        reply_to=None,
        reactions=[
            SimpleNamespace(key=key, icon=drawn, label=label, count=count, mine=False)
            for (key, drawn, label), count in zip(named, reactions, strict=True)
        ],
        is_accepted=False,
        is_staff_post=staff,
        held=False,
        hidden=False,
        hidden_reason="",
        hidden_by=None,
        poll=None,
        flag_url="",
        can=SimpleNamespace(edit=False, delete=False, flag=False, accept=False, hide=False, history=False),
    )


class Row(NamedTuple):
    """One row of a list. It is hashable: pieces of pages are kept under what they show."""

    url: str
    title: str
    author: people.Person
    kind_label: str
    replies: int
    last_at: datetime
    staff_replied: bool
    pinned: bool
    featured: bool
    solved: bool
    unread: bool = True
    locked: bool = False
    board: None = None
    lang: str = ""
    thumb: str = ""
    excerpt: str = ""
    title_words: None = None
    state: None = None


def _row(
    author: people.Person,
    title: str,
    at: datetime,
    replies: int,
    *,
    staff: bool = False,
    pinned: bool = False,
    featured: bool = False,
    solved: bool = False,
) -> Row:
    return Row("#", title, author, _("Lamps"), replies, at, staff, pinned, featured, solved)
