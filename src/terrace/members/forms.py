"""The shape of what people type."""

import copy
from typing import Any

from allauth.account.forms import LoginForm
from allauth.account.forms import ReauthenticateForm as AllauthReauthenticateForm
from allauth.account.models import Login
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as AllauthSecondFactorAgainForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from terrace.kernel.errors import Invalid
from terrace.members import actions, policies
from terrace.members.models import Code, Role

CODE_ATTRS = {"autocomplete": "one-time-code", "inputmode": "numeric", "pattern": "[0-9 ]*", "maxlength": "12"}


def _code(label: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=12, widget=forms.TextInput(attrs=CODE_ATTRS))


def _new_password(label: Any) -> forms.CharField:
    attrs = {"autocomplete": "new-password", "maxlength": str(policies.PASSWORD_LENGTH)}
    return forms.CharField(
        label=label,
        strip=False,
        max_length=policies.PASSWORD_LENGTH,
        widget=forms.PasswordInput(attrs=attrs),
        help_text=_("At least 8 characters; a few words in a row are good."),
    )


def _password(label: Any) -> forms.CharField:
    attrs = {"autocomplete": "current-password", "maxlength": str(policies.PASSWORD_LENGTH)}
    return forms.CharField(
        label=label, strip=False, max_length=policies.PASSWORD_LENGTH, widget=forms.PasswordInput(attrs=attrs)
    )


def _handle() -> forms.CharField:
    return forms.CharField(
        label=_("Handle"),
        max_length=24,
        widget=forms.TextInput(attrs={"autocomplete": "nickname", "spellcheck": "false"}),
        help_text=_("2 to 20 characters, Chinese or Latin. You can change it later, once a month."),
    )


class ContactForm(forms.Form):
    """One field for both: an e-mail address or a phone number."""

    contact = forms.CharField(
        label=_("Phone or e-mail"),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        channels = policies.channels()
        self.silence = policies.silence()
        self.example = str(_("name@example.com or 138 0000 0000"))
        if channels == [Code.EMAIL]:
            self.fields["contact"].label, self.example = _("E-mail"), "name@example.com"
        elif channels == [Code.PHONE]:
            self.fields["contact"].label, self.example = _("Phone"), "138 0000 0000"


class CodeForm(forms.Form):
    """The code that was sent."""

    code = _code(_("The code you received"))


class SignUpForm(forms.Form):
    """The second step of signing up."""

    code = _code(_("The code you received"))
    handle = _handle()
    password = _new_password(_("Password"))


class ResetForm(forms.Form):
    """The second step of a new password."""

    code = _code(_("The code you received"))
    password = _new_password(_("New password"))


class SignInForm(LoginForm):
    """allauth's sign-in with one field for phone or e-mail, and one sentence for whatever is wrong."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = copy.deepcopy(ContactForm.base_fields["contact"])
        self.fields["login"].widget.attrs["autofocus"] = True
        self.fields["password"] = _password(_("Password"))

    def user_credentials(self) -> dict[str, str]:
        """Return the address in the form in which it is kept; something else can never match."""
        try:
            channel, address = policies.contact_of(self.cleaned_data["login"])
        except Invalid:
            channel, address = "email", self.cleaned_data["login"]
        return {channel: address, "password": self.cleaned_data["password"]}

    def _clean_with_password(self, credentials: dict[str, str]) -> dict[str, Any]:
        from allauth.account.adapter import get_adapter

        user = get_adapter().authenticate(self.request, **credentials)
        if user is None:
            raise ValidationError(_("This address and password do not belong together."), code="mismatch")
        self._login = Login(user=user, email=credentials.get("email"))
        self.user = user
        return self.cleaned_data


class ReauthenticateForm(AllauthReauthenticateForm):
    """The password once more before something sensitive."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"] = _password(_("Password"))


def _once(member: Any, code: str) -> str:
    """Return a right code that was not used before. allauth forgets a code sooner than it stops accepting it."""
    if not actions.use_code(member.pk, code):
        raise get_adapter().validation_error("incorrect_code")
    return code


class SecondFactorForm(AuthenticateForm):
    """A code of the authenticator app, or a recovery code."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"] = _code(_("Code of the app, or a recovery code"))

    def clean_code(self) -> str:
        return _once(self.user, super().clean_code())


class SecondFactorAgainForm(AllauthSecondFactorAgainForm):
    """The same before something sensitive."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"] = _code(_("Code of the app, or a recovery code"))

    def clean_code(self) -> str:
        return _once(self.user, super().clean_code())


class ActivateTotpForm(ActivateTOTPForm):
    """The first code of a new authenticator app."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"] = _code(_("Code that the app shows"))

    def clean_code(self) -> str:
        return _once(self.user, super().clean_code())


class HandleForm(forms.Form):
    """Another handle."""

    handle = _handle()


class ProfileForm(forms.Form):
    """What a member says about themselves."""

    city = forms.CharField(label=_("City"), max_length=40, required=False)
    bio = forms.CharField(
        label=_("About you"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": "300"}),
    )
    language = forms.ChoiceField(label=_("Language"), choices=[("zh-hans", "简体中文"), ("en", "English")])


class AvatarForm(forms.Form):
    """A picture of oneself; empty takes the drawn one again."""

    picture = forms.FileField(
        label=_("Profile picture"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/*"}),
        help_text=_("At most 20 MB."),
    )


class PasswordForm(forms.Form):
    """Another password."""

    current = _password(_("Present password"))
    password = _new_password(_("New password"))


class DeleteForm(forms.Form):
    """The handle, typed, so that nobody leaves by a slip."""

    handle = forms.CharField(
        label=_("Type your handle"), max_length=24, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )


class SuspendForm(forms.Form):
    """Why and for how long."""

    days = forms.TypedChoiceField(
        label=_("How long"),
        coerce=int,
        choices=[
            (1, _("1 day")),
            (3, _("3 days")),
            (7, _("7 days")),
            (30, _("30 days")),
            (365, _("1 year")),
            (36500, _("For good")),
        ],
        initial=3,
    )
    reason = forms.CharField(
        label=_("Reason, as the member will read it"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": "300"}),
    )


class RoleForm(forms.Form):
    """A role, and the team that is shown on staff posts."""

    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    team = forms.CharField(label=_("Team on their posts"), max_length=40, required=False)


class TitleForm(forms.Form):
    """A title that stands before the level's."""

    title = forms.CharField(label=_("Title"), max_length=24, required=False)


class NoteForm(forms.Form):
    """A note for other staff."""

    text = forms.CharField(label=_("Note for the team"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))


class InviteForm(forms.Form):
    """For how many, for how long, as what."""

    uses = forms.IntegerField(label=_("For how many people"), min_value=1, max_value=10_000, initial=1)
    days = forms.IntegerField(label=_("Days it is open"), min_value=1, max_value=365, initial=14)
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, initial=Role.MEMBER)


class RegistrationForm(forms.Form):
    """Who may sign up, and what the first post needs."""

    mode = forms.ChoiceField(
        label=_("Who may sign up"),
        choices=[
            (policies.OPEN, _("Everybody")),
            (policies.INVITATION, _("Who was invited")),
            (policies.CLOSED, _("Nobody")),
        ],
        widget=forms.RadioSelect,
    )
    phone = forms.BooleanField(label=_("The first post needs a verified phone"), required=False)


class LadderForm(forms.Form):
    """Where each level begins, and its titles in both languages."""

    def __init__(self, data: Any = None, *, ladder: list[dict[str, Any]]) -> None:
        super().__init__(data)
        for number, step in enumerate(ladder, 1):
            for name, field in self._step(number).items():
                field.initial = step[name]
                self.fields[f"{name}_{number}"] = field

    def _step(self, number: int) -> dict[str, forms.Field]:
        begins = _("Level %(n)s begins at") % {"n": number}
        zh, en = _("Level %(n)s, Chinese title") % {"n": number}, _("Level %(n)s, English title") % {"n": number}
        first = {"readonly": True} if number == 1 else {}
        return {
            "growth": forms.IntegerField(
                label=begins,
                min_value=0,
                max_value=1_000_000_000,
                widget=forms.NumberInput(attrs={"class": "field", "aria-label": begins, **first}),
            ),
            "zh": forms.CharField(
                label=zh,
                max_length=24,
                widget=forms.TextInput(attrs={"class": "field", "lang": "zh-Hans", "aria-label": zh}),
            ),
            "en": forms.CharField(
                label=en,
                max_length=24,
                widget=forms.TextInput(attrs={"class": "field", "lang": "en", "aria-label": en}),
            ),
        }

    def rows(self) -> list[dict[str, Any]]:
        """Return {number, growth, zh, en} of each level, as fields."""
        count = len(self.fields) // 3
        return [
            {"number": n, **{name: self[f"{name}_{n}"] for name in ("growth", "zh", "en")}} for n in range(1, count + 1)
        ]

    def ladder(self) -> list[dict[str, Any]]:
        """Return what was typed, once it is valid."""
        names = ("growth", "zh", "en")
        return [{name: self.cleaned_data[f"{name}_{row['number']}"] for name in names} for row in self.rows()]

    def clean(self) -> dict[str, Any]:
        """Let each level begin above the one before."""
        data = super().clean() or {}
        for n in range(2, len(self.fields) // 3 + 1):
            below, above = data.get(f"growth_{n - 1}"), data.get(f"growth_{n}")
            if below is not None and above is not None and above <= below:
                self.add_error(
                    f"growth_{n}",
                    _("More than level %(n)s, which begins at %(growth)s.") % {"n": n - 1, "growth": below},
                )
        return data

    def clean_growth_1(self) -> int:
        """Begin at nothing."""
        return 0
