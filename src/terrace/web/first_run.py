"""The first page of an empty installation: name it, make its boards, become its administrator. Opened by a one-time token."""

from typing import Any

from django import forms
from django.contrib.auth import login
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from terrace.cli import founding
from terrace.kernel.errors import Invalid
from terrace.kernel.request import Request
from terrace.web import brand


class SetupForm(forms.Form):
    """Everything that an empty community needs to open."""

    name = forms.CharField(label=_("Name of the brand"), max_length=40)
    language = forms.ChoiceField(label=_("First language"), choices=[("zh-hans", "简体中文"), ("en", "English")])
    template = forms.ChoiceField(
        label=_("Boards to begin with"), choices=[(key, each["name"]) for key, each in founding.TEMPLATES.items()]
    )
    registration = forms.ChoiceField(
        label=_("Who may sign up"),
        choices=[("open", _("everybody")), ("invitation", _("who was invited")), ("closed", _("nobody"))],
    )
    sections = forms.MultipleChoiceField(
        label=_("Sections"),
        choices=[(key, name) for key, name, _view in brand.SECTIONS if key != "home"],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    logo = forms.FileField(label=_("Logo"), required=False)
    handle = forms.CharField(label=_("Your handle"), max_length=20)
    email = forms.EmailField(label=_("Your e-mail address"))
    password = forms.CharField(
        label=_("Your password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        max_length=200,
    )
    team = forms.CharField(
        label=_("Invite your team"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("E-mail addresses, one on each line. They join as operators."),
    )


@never_cache
@require_http_methods(["GET", "POST"])
def setup(request: Request) -> HttpResponse:
    """Found the community."""
    token = request.POST.get("token") or request.GET.get("token", "")
    founding.check_token(token)
    initial = {"language": "zh-hans", "sections": [key for key, _name, _view in brand.SECTIONS]}
    form = SetupForm(request.POST or None, request.FILES or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            administrator = founding.found(founding.Plan(**_plan(form.cleaned_data)), now=request.now)
        except Invalid as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)
        else:
            login(request, administrator, backend="terrace.members.views.accounts.Backend")
            return HttpResponseRedirect(reverse("mfa_activate_totp"))
    return render(request, "web/setup.html", {"form": form, "token": token}, status=422 if form.is_bound else 200)


def _plan(typed: dict[str, Any]) -> dict[str, Any]:
    chosen, logo = set(typed.pop("sections")), typed.pop("logo")
    return {
        **typed,
        "off": [key for key, _name, _view in brand.SECTIONS if key != "home" and key not in chosen],
        "logo": logo.read() if logo else None,
        "team": [line.strip() for line in typed["team"].splitlines() if line.strip()],
    }
