"""A member's own settings."""

import functools
import json
from collections.abc import Callable
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.decorators import reauthentication_required
from allauth.account.internal import flows
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from terrace.kernel.errors import Invalid, Missing, Refused
from terrace.kernel.request import Request
from terrace.members import actions, forms, queries
from terrace.members.models import Code, Member
from terrace.members.views.entry import attempt, drop_ticket, held, keep_ticket, throttle

View = Callable[..., HttpResponse]
page = require_http_methods(["GET", "HEAD", "POST"])
PICTURE = 20 * 1024 * 1024  # bytes; the media room refuses more with a sentence


def mine(view: View) -> View:
    """Open a page to members only; a stranger signs in first and comes back."""

    @functools.wraps(view)
    def opened(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.member is None:
            return redirect_to_login(request.get_full_path(), reverse("account_login"))
        return view(request, *args, **kwargs)

    return never_cache(opened)


def show(request: Request, name: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """Render one of the settings pages."""
    return render(request, f"members/{name}.html", context, status=status)


def _account(request: Request, status: int = 200, **more: Any) -> HttpResponse:
    context = {
        "handle_form": forms.HandleForm(initial={"handle": request.member.handle}),
        "handle_free_at": queries.handle_free_at(request.member),
        "password_form": forms.PasswordForm(),
        "contact_form": forms.ContactForm(),
        **more,
    }
    return show(request, "settings", context, status)


@mine
@require_safe
def account(request: Request) -> HttpResponse:
    """Show handle, addresses and password."""
    return _account(request)


@mine
@require_POST
def handle(request: Request) -> HttpResponse:
    """Change the handle."""
    form = forms.HandleForm(request.POST)
    before = request.member.handle
    act = lambda: actions.change_handle(request.member, form.cleaned_data["handle"], now=request.now)  # noqa: E731
    _none, status = attempt(form, act)
    if status != 200:
        request.member.handle = before
        return _account(request, status, handle_form=form)
    messages.success(request, _("You are now called %(handle)s.") % {"handle": request.member.handle})
    return HttpResponseRedirect(reverse("members:settings"))


@mine
@require_POST
def password(request: Request) -> HttpResponse:
    """Change the password; every other browser is signed out."""
    form = forms.PasswordForm(request.POST)
    _none, status = attempt(form, lambda: _change_password(request, form))
    if status != 200:
        return _account(request, status, password_form=form)
    flows.password_change.finalize_password_change(request, request.member)
    messages.success(request, _("Your password is changed, and every other browser is signed out."))
    return HttpResponseRedirect(reverse("members:settings"))


def _change_password(request: Request, form: forms.PasswordForm) -> None:
    try:
        right = get_adapter().reauthenticate(request.member, form.cleaned_data["current"])
    except ValidationError as error:
        raise Refused(error.messages[0], status=429) from error
    if not right:
        raise Invalid(_("This is not your present password."), field="current")
    # This browser's own session ends with the others; the caller gives it a new key.
    actions.change_password(request.member, password=form.cleaned_data["password"], keep="", now=request.now)


@mine
@require_POST
@reauthentication_required
def contact(request: Request) -> HttpResponse:
    """Send a code to a new address."""
    form = forms.ContactForm(request.POST)

    def ask() -> str:
        throttle(request)
        before = held(request, Code.CONTACT).get("ticket", "")
        return actions.ask_contact_change(
            request.member, form.cleaned_data["contact"], now=request.now, replaces=before
        )

    ticket, status = attempt(form, ask)
    if not ticket:
        return _account(request, status, contact_form=form)
    keep_ticket(request, Code.CONTACT, ticket, form.cleaned_data["contact"])
    return HttpResponseRedirect(reverse("members:contact_finish"))


@mine
@page
def contact_finish(request: Request) -> HttpResponse:
    """Ask for the code that was sent to the new address, and change it."""
    waiting = held(request, Code.CONTACT)
    if not waiting:
        return HttpResponseRedirect(reverse("members:settings"))
    form = forms.CodeForm(request.POST or None)
    status = 200
    if request.method == "POST":
        key = request.session.session_key or ""
        _none, status = attempt(
            form,
            lambda: actions.change_contact(
                request.member, waiting["ticket"], form.cleaned_data["code"], keep=key, now=request.now
            ),
        )
        if status == 200:
            drop_ticket(request, Code.CONTACT)
            messages.success(request, _("Your address is changed. We have told the old one and the new one."))
            return HttpResponseRedirect(reverse("members:settings"))
    return render(request, "account/contact_finish.html", {"form": form, "contact": waiting["contact"]}, status=status)


@mine
@require_POST
@reauthentication_required
def contact_remove(request: Request, channel: str) -> HttpResponse:
    """Take away one of two addresses."""
    if channel not in (Code.EMAIL, Code.PHONE):
        raise Missing
    actions.remove_contact(request.member, channel, keep=request.session.session_key or "", now=request.now)
    messages.success(request, _("The address is removed. We have told it so."))
    return HttpResponseRedirect(reverse("members:settings"))


@mine
@page
def profile(request: Request) -> HttpResponse:
    """Show and change what a member says about themselves."""
    member = request.member
    form = forms.ProfileForm(request.POST) if request.method == "POST" else forms.ProfileForm(initial=_said(member))
    status = 200
    if request.method == "POST":
        _none, status = attempt(form, lambda: actions.edit_profile(member, now=request.now, **form.cleaned_data))
        if status == 200:
            with translation.override(member.language):
                messages.success(request, _("Saved."))
            return HttpResponseRedirect(reverse("members:settings_profile"))
    return _profile(request, status, form=form)


def _said(member: Member) -> dict[str, str]:
    return {"city": member.city, "bio": member.bio, "language": member.language or translation.get_language() or ""}


def _profile(request: Request, status: int, **more: Any) -> HttpResponse:
    member = request.member
    context = {
        "form": forms.ProfileForm(initial=_said(member)),
        "avatar_form": forms.AvatarForm(),
        "person": queries.person(member),
        **more,
    }
    return show(request, "settings_profile", context, status)


@mine
@require_POST
def avatar(request: Request) -> HttpResponse:
    """Keep a picture of the member, or go back to the drawn one."""
    form = forms.AvatarForm(request.POST, request.FILES)
    if request.POST.get("remove"):
        actions.set_avatar(request.member, None, now=request.now)
        return HttpResponseRedirect(reverse("members:settings_profile"))

    def keep() -> None:
        picture = form.cleaned_data["picture"]
        if picture is None:
            raise Invalid(_("Choose a picture first."), field="picture")
        data = picture.read(PICTURE + 1)
        actions.upload_avatar(request.member, data, name=picture.name or "", now=request.now)

    _none, status = attempt(form, keep)
    if status != 200:
        return _profile(request, status, avatar_form=form)
    messages.success(request, _("Saved."))
    return HttpResponseRedirect(reverse("members:settings_profile"))


@mine
@require_safe
def security(request: Request) -> HttpResponse:
    """Show the second factor and the browsers that are signed in."""
    key = request.session.session_key or ""
    context = {
        "totp": queries.has_totp(request.member),
        "codes_left": queries.recovery_codes_left(request.member),
        "must": request.member.is_staff_role,
        "sessions": [
            {
                "id": one.pk,
                "what": queries.browser_name(one.user_agent),
                "ip": one.ip,
                "at": one.created_at,
                "here": one.session_key == key,
            }
            for one in queries.sessions(request.member)
        ],
    }
    return show(request, "settings_security", context)


@mine
@require_POST
def session_end(request: Request, number: int) -> HttpResponse:
    """Sign out one browser."""
    actions.end_session(request.member, number)
    messages.success(request, _("Signed out there."))
    return HttpResponseRedirect(reverse("members:settings_security"))


@mine
@require_POST
def sessions_end(request: Request) -> HttpResponse:
    """Sign out every other browser."""
    actions.end_sessions(request.member, keep=request.session.session_key or "")
    messages.success(request, _("Every other browser is signed out."))
    return HttpResponseRedirect(reverse("members:settings_security"))


@mine
@require_safe
def people(request: Request) -> HttpResponse:
    """Show whom the member follows, mutes and blocks."""
    return show(request, "settings_people", {"circles": queries.circles(request.member.pk)})


@mine
@require_safe
def data(request: Request) -> HttpResponse:
    """Offer the export, and the way out."""
    context = {"delete_form": forms.DeleteForm(), "reasons": queries.why_not_leave(request.member)}
    return show(request, "settings_data", context)


@mine
@require_POST
@reauthentication_required
def export(request: Request) -> HttpResponse:
    """Hand out everything the house holds of the member, as JSON."""
    text = json.dumps(queries.export_of(request.member), ensure_ascii=False, indent=1, default=str)
    response = HttpResponse(text, content_type="application/json; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="terrace-my-data.json"'
    return response


@mine
@require_POST
@reauthentication_required
def delete(request: Request) -> HttpResponse:
    """Delete the account, once the handle has been typed."""
    form = forms.DeleteForm(request.POST)

    def act() -> None:
        if form.cleaned_data["handle"].strip() != request.member.handle:
            raise Invalid(_("This is not your handle."), field="handle")
        actions.delete_account(request.member, now=request.now)

    _none, status = attempt(form, act)
    if status != 200:
        return show(request, "settings_data", {"delete_form": form, "reasons": []}, status)
    get_adapter().logout(request)
    messages.success(request, _("Your account is deleted. What you wrote stays, without your name."))
    return HttpResponseRedirect("/")
