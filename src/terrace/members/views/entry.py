"""The doors: signing up and in, a new password, an invitation, the demo."""

from collections.abc import Callable
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal import flows
from allauth.account.models import Login
from allauth.account.utils import get_next_redirect_url
from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from terrace.kernel.errors import Missing, Refused, TooMany
from terrace.kernel.request import Request
from terrace.members import actions, forms, policies, queries
from terrace.members.models import Code, Member, Role
from terrace.members.views.accounts import too_many

KEY = "members_codes"
page = require_http_methods(["GET", "HEAD", "POST"])


def attempt(form: Form, act: Callable[[], Any]) -> tuple[Any, int]:
    """Do `act`; a refusal becomes an error of the form. Returns (what came of it, 200), or (None, status)."""
    if not form.is_valid():
        return None, 422
    try:
        return act(), 200
    except Refused as error:
        field = getattr(error, "field", None)
        form.add_error(field if field in form.fields else None, error.sentence)
        return None, error.status


def throttle(request: Request) -> None:
    """Count a request for a code under the caller's address. Raises TooMany."""
    if not ratelimit.consume(request, action="code"):
        raise TooMany(too_many(), retry_after=600)


def keep_ticket(request: Request, purpose: str, ticket: str, contact: str, **more: str) -> None:
    """Let this browser, and no other, come back with the code."""
    request.session[KEY] = {**request.session.get(KEY, {}), purpose: {"ticket": ticket, "contact": contact, **more}}


def held(request: Request, purpose: str) -> dict[str, str]:
    """Return what this browser holds for a purpose, or nothing."""
    return request.session.get(KEY, {}).get(purpose, {})


def drop_ticket(request: Request, purpose: str) -> None:
    """Forget the ticket."""
    request.session[KEY] = {name: value for name, value in request.session.get(KEY, {}).items() if name != purpose}


def _language() -> str:
    return get_language() or settings.LANGUAGE_CODE


def _next(request: Request) -> str:
    return get_next_redirect_url(request) or ""


def enter(request: Request, member: Member, *, method: str, address: str, signup: bool = False) -> HttpResponse:
    """Sign somebody in through allauth's stages, so that a second factor is asked where there is one."""
    flows.login.record_authentication(request, member, method=method)
    login = Login(user=member, redirect_url=address or None, signup=signup)
    return flows.login.perform_login(request, login)


def _at_home(request: Request) -> HttpResponseRedirect:
    return HttpResponseRedirect(_next(request) or "/")


@never_cache
@page
def sign_up(request: Request) -> HttpResponse:
    """Ask for an address and send a code to it."""
    if request.member is not None:
        return _at_home(request)
    code = (request.POST.get("invitation") or request.GET.get("invitation") or "")[:64]
    invited = queries.invitation(code, request.now)
    try:
        policies.check_registration(invited=invited is not None)
    except Refused as error:
        told = _("This invitation has been used up or is too old. Ask for a new one.") if code else error.sentence
        return render(request, "account/signup_closed.html", {"sentence": told}, status=403)
    form = forms.ContactForm(request.POST or None, initial={"contact": invited.email if invited else ""})
    status = 200
    if request.method == "POST":
        ticket, status = attempt(form, lambda: _ask(request, Code.SIGN_UP, actions.ask_sign_up, form, invitation=code))
        if ticket:
            address = form.cleaned_data["contact"]
            keep_ticket(request, Code.SIGN_UP, ticket, address, invitation=code, next=_next(request))
            return HttpResponseRedirect(reverse("members:sign_up_finish"))
    context = {
        "form": form,
        "invitation": code if invited else "",
        "spent": bool(code) and not invited,
        "next": _next(request),
    }
    if invited and invited.role != Role.MEMBER:
        context["role"] = invited.get_role_display()
    return render(request, "account/signup.html", context, status=status)


def _ask(request: Request, purpose: str, act: Callable[..., str], form: Form, **more: Any) -> str:
    throttle(request)
    before = held(request, purpose).get("ticket", "")
    return act(form.cleaned_data["contact"], language=_language(), now=request.now, replaces=before, **more)


@never_cache
@page
def sign_up_finish(request: Request) -> HttpResponse:
    """Ask for the code, a handle and a password, and make the account."""
    mine = held(request, Code.SIGN_UP)
    if request.member is not None or not mine:
        return HttpResponseRedirect(reverse("account_signup") if request.member is None else "/")
    form = forms.SignUpForm(request.POST or None)
    status = 200
    if request.method == "POST":
        member, status = attempt(form, lambda: _make(request, mine, form))
        if member:
            drop_ticket(request, Code.SIGN_UP)
            return enter(
                request, member, method="code", address=mine.get("next") or reverse("members:welcome"), signup=True
            )
    return render(request, "account/signup_finish.html", {"form": form, "contact": mine["contact"]}, status=status)


def _make(request: Request, mine: dict[str, str], form: Form) -> Member:
    if not ratelimit.consume(request, action="signup"):
        raise TooMany(too_many(), retry_after=600)
    return actions.sign_up(
        mine["ticket"],
        code=form.cleaned_data["code"],
        handle=form.cleaned_data["handle"],
        password=form.cleaned_data["password"],
        invitation=mine.get("invitation", ""),
        language=_language(),
        now=request.now,
    )


@never_cache
@page
def reset(request: Request) -> HttpResponse:
    """Ask for the address of an account and send a code for a new password to it."""
    form = forms.ContactForm(request.POST or None)
    status = 200
    if request.method == "POST":
        ticket, status = attempt(form, lambda: _ask(request, Code.RESET, actions.ask_reset, form))
        if ticket:
            keep_ticket(request, Code.RESET, ticket, form.cleaned_data["contact"])
            return HttpResponseRedirect(reverse("members:reset_finish"))
    return render(request, "account/password_reset.html", {"form": form}, status=status)


@never_cache
@page
def reset_finish(request: Request) -> HttpResponse:
    """Ask for the code and the new password. Who has done that signs in with it: a reset alone opens nothing."""
    mine = held(request, Code.RESET)
    if not mine:
        return HttpResponseRedirect(reverse("account_reset_password"))
    form = forms.ResetForm(request.POST or None)
    status = 200
    if request.method == "POST":
        words = form.data
        member, status = attempt(
            form,
            lambda: actions.reset_password(
                mine["ticket"], code=words["code"], password=form.cleaned_data["password"], now=request.now
            ),
        )
        if member:
            drop_ticket(request, Code.RESET)
            messages.success(request, _("Your new password is set, and every other sign-in has ended."))
            return HttpResponseRedirect(reverse("account_login"))
    return render(
        request, "account/password_reset_finish.html", {"form": form, "contact": mine["contact"]}, status=status
    )


@never_cache
@page
def code_sign_in(request: Request) -> HttpResponse:
    """Send a code to sign in with instead of a password."""
    if request.member is not None:
        return _at_home(request)
    form = forms.ContactForm(request.POST or None)
    status = 200
    if request.method == "POST":
        ticket, status = attempt(form, lambda: _ask(request, Code.SIGN_IN, actions.ask_sign_in, form))
        if ticket:
            keep_ticket(request, Code.SIGN_IN, ticket, form.cleaned_data["contact"], next=_next(request))
            return HttpResponseRedirect(reverse("members:code_sign_in_finish"))
    return render(request, "account/request_login_code.html", {"form": form, "next": _next(request)}, status=status)


@never_cache
@page
def code_sign_in_finish(request: Request) -> HttpResponse:
    """Ask for the code and sign in."""
    mine = held(request, Code.SIGN_IN)
    if request.member is not None or not mine:
        return HttpResponseRedirect(reverse("account_login"))
    form = forms.CodeForm(request.POST or None)
    status = 200
    if request.method == "POST":
        member, status = attempt(
            form, lambda: actions.sign_in_by_code(mine["ticket"], form.cleaned_data["code"], now=request.now)
        )
        if member:
            drop_ticket(request, Code.SIGN_IN)
            return enter(request, member, method="code", address=mine.get("next", ""))
    return render(request, "account/confirm_login_code.html", {"form": form, "contact": mine["contact"]}, status=status)


@require_POST
def demo_sign_in(request: Request, handle: str) -> HttpResponse:
    """Sign in as anybody with one click, in the demo only. A second factor is taken as given, and the page says so."""
    if not settings.TERRACE_DEMO:
        raise Missing
    member = queries.by_handle(handle)
    if not member.is_active or not policies.is_of_demo(member.pk):
        raise Missing
    adapter = get_adapter()
    if request.member is not None:
        adapter.logout(request)
    flows.login.record_authentication(request, member, method="mfa", type="demo")
    adapter.login(request, member)
    response = adapter.post_login(
        request,
        member,
        email_verification="none",
        signal_kwargs=None,
        email=None,
        signup=False,
        redirect_url=_next(request) or "/",
    )
    if member.is_staff_role:
        messages.info(request, _("Demo: signed in as %(who)s without the second factor.") % {"who": member.handle})
    else:
        messages.info(request, _("Demo: signed in as %(who)s.") % {"who": member.handle})
    return response
