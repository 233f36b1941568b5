"""What fields say is ours in both languages, for every kind of field that any room uses."""

import re
from pathlib import Path

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

import terrace
from terrace.media.forms import UploadForm
from terrace.members.forms import AvatarForm, InviteForm, NoteForm, RegistrationForm
from terrace.memberships.forms import GiveForm
from terrace.web.field_words import Said
from terrace.web.first_run import SetupForm
from terrace.web.forms import BoardForm

SOURCES = [file for file in Path(terrace.__file__).parent.rglob("*.py") if "tests" not in file.parts]
KINDS = sorted({kind for file in SOURCES for kind in re.findall(r"\bforms\.(\w*Field)\b", file.read_text("utf-8"))})


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_of_field_that_a_room_uses_says_all_in_our_words(name):
    kind = getattr(forms, name)
    limits = [{}, {"max_length": 2, "min_length": 1}, {"max_value": 2, "min_value": 1}]
    for given in limits:
        try:
            field = kind(**given)
        except TypeError:  # a limit that this kind does not know
            continue
        assert [code for code, said in field.error_messages.items() if not isinstance(said, Said)] == []
        assert {validator.code for validator in field.validators} <= set(field.error_messages)


def every(form):
    """Yield the forms made of a form, and of those."""
    for each in form.__subclasses__():
        yield each
        yield from every(each)


def test_no_form_of_ours_was_read_before_its_fields_had_their_words():
    """allauth's own forms are read when ours are, and their messages are its own; the styleguide's sample has one of its own."""
    ours = [
        form
        for form in every(forms.Form)
        if form.__module__.startswith("terrace.") and ".tests." not in form.__module__
    ]
    assert len(ours) > 30
    early = {
        (form.__name__, name)
        for form in ours
        for name, field in form.base_fields.items()
        if not isinstance(field.error_messages["required"], Said)
    }
    assert early == set()


def said(form, name):
    """Return what a form says of a field in English and in Chinese."""
    found = []
    for language in ("en", "zh-hans"):
        with translation.override(language):
            found.append(" ".join(form.errors[name]))
    return tuple(found)


def board(**typed):
    return BoardForm({"name": "x", "position": 0, "slow_seconds": 0} | typed, parents=[], groups=[])


@pytest.mark.parametrize(
    ("form", "name", "english", "chinese"),
    [
        (lambda: NoteForm({}), "text", "Fill this in.", "这里要填。"),
        (
            lambda: NoteForm({"text": "长" * 1234}),
            "text",
            "This has 1,234 characters; the limit is 1,000.",
            "这里有1,234个字，最多1,000个。",
        ),
        (
            lambda: NoteForm({"text": "a\x00b"}),
            "text",
            "There is a character in this that nobody can see. Type it instead of pasting it.",
            "里面有一个看不见的字符。请手动输入，不要粘贴。",
        ),
        (lambda: InviteForm({"uses": "x"}), "uses", "Type a whole number, such as 3.", "填一个整数，比如3。"),
        (lambda: InviteForm({"uses": 0}), "uses", "Type 1 or more.", "至少填1。"),
        (lambda: InviteForm({"uses": 20_000}), "uses", "Type 10,000 or less.", "最多填10,000。"),
        (lambda: RegistrationForm({}), "mode", "Choose one.", "选一项。"),
        (
            lambda: RegistrationForm({"mode": "king"}),
            "mode",
            "This is not one of the choices. Choose one of those shown.",
            "没有这个选项。从列出的里面选一项。",
        ),
        (
            lambda: SetupForm({"sections": ["nosuch"]}),
            "sections",
            "This is not one of the choices. Choose one of those shown.",
            "没有这个选项。从列出的里面选一项。",
        ),
        (
            lambda: SetupForm({"email": "lin@"}),
            "email",
            "This e-mail address is not complete. Write it like name@example.com.",
            "这个邮箱地址不完整。写成name@example.com这样。",
        ),
        (
            lambda: board(slug="a b"),
            "slug",
            "Use only letters from a to z, digits, hyphens and underscores.",
            "只用a到z的字母、数字、连字符和下划线。",
        ),
        (lambda: GiveForm({"until": "soon"}), "until", "Write the date like 2026-07-18.", "日期写成2026-07-18这样。"),
        (lambda: UploadForm({}), "file", "Choose a file.", "选一个文件。"),
        (
            lambda: AvatarForm({}, {"picture": SimpleUploadedFile("a.png", b"")}),
            "picture",
            "This file is empty. Choose another.",
            "这个文件是空的。换一个。",
        ),
    ],
)  # fmt: skip
def test_the_sentences(form, name, english, chinese):
    assert said(form(), name) == (english, chinese)
