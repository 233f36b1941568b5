"""The first page of an empty installation: name it, make its boards, become its administrator. Opened by a one-time token."""

from collections.abc import Callable
from typing import Any

from allauth.account.internal import flows
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
from terrace.members import policies as member_policies
from terrace.web import brand

# What the founding page and its service worker need, and what a load balancer asks.
OPEN = ("/setup/", "/health", "/language/", "/brand/", "/icons/", "/manifest.webmanifest", "/worker.js", "/offline/")


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

    def clean_handle(self) -> str:
        """Say what is wrong with the handle together with everything else."""
        return _checked(member_policies.clean_handle, self.cleaned_data["handle"])

    def clean_team(self) -> list[str]:
        """Return the addresses."""
        team = [line.strip() for line in self.cleaned_data["team"].splitlines() if line.strip()]
        for address in team:
            _checked(founding.check_address, address)
        return team

    def clean(self) -> dict[str, Any]:
        """Check the password beside the name and the address that it must not be like."""
        typed = self.cleaned_data
        if "password" in typed:
            try:
                member_policies.check_password(
                    typed["password"], handle=typed.get("handle", ""), contact=typed.get("email", "")
                )
            except Invalid as refused:
                self.add_error("password", refused.sentence)
        return typed


def _checked(check: Callable[[str], Any], text: str) -> Any:
    try:
        return check(text)
    except Invalid as refused:
        raise forms.ValidationError(refused.sentence) from refused


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
            founded = founding.found(founding.Plan(**_plan(form.cleaned_data)), now=request.now)
        except Invalid as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)
        else:
            login(request, founded.administrator, backend="terrace.members.views.accounts.Backend")
            # The password was typed a moment ago, so the second factor is set up without asking for it again.
            flows.login.record_authentication(request, founded.administrator, method="password")
            if not founded.unsent:
                return HttpResponseRedirect(reverse("mfa_activate_totp"))
            return render(request, "web/founded.html", {"letters": founded.unsent, "sentence": founding.why_unsent()})
    return render(request, "web/setup.html", {"form": form, "token": token}, status=422 if form.is_bound else 200)


def _plan(typed: dict[str, Any]) -> dict[str, Any]:
    chosen, logo = set(typed.pop("sections")), typed.pop("logo")
    return {
        **typed,
        "off": [key for key, _name, _view in brand.SECTIONS if key != "home" and key not in chosen],
        "logo": logo.read() if logo else None,
    }


def quiet(get_response: Callable[[Request], HttpResponse]) -> Callable[[Request], HttpResponse]:
    """Until the community is founded, answer everything but the founding itself with one page that says so."""

    def middleware(request: Request) -> HttpResponse:
        if request.path.startswith(OPEN) or not founding.is_waiting():
            return get_response(request)
        request.member = None
        response = render(request, "web/not_yet.html", status=503)
        response.headers["Retry-After"] = "600"
        return response

    return middleware
