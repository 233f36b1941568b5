"""Members and the audit log, for staff."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from terrace.kernel import options
from terrace.kernel.errors import Missing
from terrace.kernel.request import Request
from terrace.members import actions, forms, policies, queries
from terrace.members.models import Member, Role
from terrace.members.views.entry import attempt

MODERATORS, OPERATORS = sorted(policies.MODERATORS), sorted(policies.OPERATORS)
NEW_LINK = "invitation_link"  # of the session: shown once
FILTERS = ("all", "staff", "suspended", "new")


def staff_required(*roles: str) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Open a page to staff of these roles (or of any) who came with a second factor; for all others it is not there."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        def opened(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
            policies.check_staff(request.member, *roles)
            return view(request, *args, **kwargs)

        opened.__name__, opened.__doc__ = view.__name__, view.__doc__
        return never_cache(opened)

    return decorate


def _page(request: Request, name: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    tabs = [
        {
            "label": _("Members"),
            "url": reverse("members:console_members"),
            "current": name.startswith("console_member"),
        },
        {
            "label": _("Invitations"),
            "url": reverse("members:console_invitations"),
            "current": name == "console_invitations",
        },
        {"label": _("Audit log"), "url": reverse("members:console_audit"), "current": name == "console_audit"},
    ]
    if not policies.is_operator(request.member):
        tabs.pop(1)
    return render(request, f"members/{name}.html", {"tabs_of_room": tabs, **context}, status=status)


@staff_required(*MODERATORS)
@require_safe
def console_members(request: Request) -> HttpResponse:
    """List members, with search and filters."""
    text = request.GET.get("q", "").strip()[:254]
    chosen = request.GET.get("show", "all")
    chosen = chosen if chosen in FILTERS else "all"
    after = request.GET.get("after", "")
    found = queries.console_members(text, chosen, int(after) if after.isdigit() and len(after) < 19 else None)
    names = {"all": _("All"), "staff": _("Staff"), "suspended": _("Suspended"), "new": _("Never seen since signing up")}
    here = reverse("members:console_members")
    context = {
        "rows": found.rows,
        "q": text,
        "filters": [
            {"label": names[key], "url": f"{here}?{urlencode({'show': key, 'q': text})}", "current": key == chosen}
            for key in FILTERS
        ],
        "pager": {
            "older_url": f"{here}?{urlencode({'show': chosen, 'q': text, 'after': found.older})}"
            if found.older
            else "",
            "newer_url": "",
        },
    }
    return _page(request, "console_members", context)


def _target(number: int) -> Member:
    member = queries.by_id(number)
    if member is None:
        raise Missing
    return member


def _member_page(request: Request, member: Member, status: int = 200, **more: Any) -> HttpResponse:
    shown = queries.person(member)
    context = {
        "target": member,
        "person": shown,
        "suspended": member.is_suspended(request.now),
        "can_suspend": policies.can_suspend(request.member, member),
        "can_give_role": policies.can_give_role(request.member, member),
        "can_title": policies.is_operator(request.member),
        "addresses": policies.is_operator(request.member),
        "suspend_form": forms.SuspendForm(),
        "role_form": forms.RoleForm(initial={"role": member.role, "team": member.team}),
        "title_form": forms.TitleForm(initial={"title": member.title}),
        "note_form": forms.NoteForm(),
        "notes": queries.notes_about(member.pk),
        "log": queries.audit_page(about=f"member:{member.pk}").rows,
        **more,
    }
    return _page(request, "console_member", context, status)


@staff_required(*MODERATORS)
@require_safe
def console_member(request: Request, number: int) -> HttpResponse:
    """Show one member to staff."""
    return _member_page(request, _target(number))


def _done(number: int) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("members:console_member", args=[number]))


@staff_required(*MODERATORS)
@require_POST
def console_suspend(request: Request, number: int) -> HttpResponse:
    """Suspend a member."""
    member, form = _target(number), forms.SuspendForm(request.POST)

    def act() -> None:
        until = request.now + timedelta(days=form.cleaned_data["days"])
        actions.suspend(request.member, member, reason=form.cleaned_data["reason"], until=until, now=request.now)

    _none, status = attempt(form, act)
    if status != 200:
        return _member_page(request, member, status, suspend_form=form)
    messages.success(request, _("%(who)s is suspended and has been told why.") % {"who": member.handle})
    return _done(number)


@staff_required(*MODERATORS)
@require_POST
def console_unsuspend(request: Request, number: int) -> HttpResponse:
    """End a suspension."""
    member = _target(number)
    actions.unsuspend(request.member, member, now=request.now)
    messages.success(request, _("The suspension is over."))
    return _done(number)


@staff_required(Role.ADMINISTRATOR)
@require_POST
def console_role(request: Request, number: int) -> HttpResponse:
    """Give a role."""
    member, form = _target(number), forms.RoleForm(request.POST)

    def act() -> None:
        actions.give_role(
            request.member, member, form.cleaned_data["role"], team=form.cleaned_data["team"], now=request.now
        )

    _none, status = attempt(form, act)
    if status != 200:
        return _member_page(request, member, status, role_form=form)
    messages.success(request, _("The role is given. They sign in again."))
    return _done(number)


@staff_required(*OPERATORS)
@require_POST
def console_title(request: Request, number: int) -> HttpResponse:
    """Give a title."""
    member, form = _target(number), forms.TitleForm(request.POST)
    _none, status = attempt(
        form, lambda: actions.give_title(request.member, member, form.cleaned_data["title"], now=request.now)
    )
    if status != 200:
        return _member_page(request, member, status, title_form=form)
    messages.success(request, _("Saved."))
    return _done(number)


@staff_required(*MODERATORS)
@require_POST
def console_note(request: Request, number: int) -> HttpResponse:
    """Write a note."""
    member, form = _target(number), forms.NoteForm(request.POST)
    _none, status = attempt(
        form, lambda: actions.write_note(request.member, member, form.cleaned_data["text"], now=request.now)
    )
    return _done(number) if status == 200 else _member_page(request, member, status, note_form=form)


def _invitations(request: Request, status: int = 200, **more: Any) -> HttpResponse:
    context = {
        "invitations": queries.open_invitations(request.now),
        "invite_form": forms.InviteForm(),
        "registration_form": forms.RegistrationForm(
            initial={"mode": options.get("members.registration"), "phone": options.get("members.phone_before_post")}
        ),
        **more,
    }
    return _page(request, "console_invitations", context, status)


@staff_required(*OPERATORS)
@require_safe
def console_invitations(request: Request) -> HttpResponse:
    """Show who may sign up and the open invitations; once, the link of the one that was made just now."""
    return _invitations(request, link=request.session.pop(NEW_LINK, ""))


@staff_required(*OPERATORS)
@require_POST
def console_invite(request: Request) -> HttpResponse:
    """Make an invitation; its link is shown on the next page only."""
    form = forms.InviteForm(request.POST)
    made, status = attempt(form, lambda: actions.invite(request.member, now=request.now, **form.cleaned_data))
    if not made:
        return _invitations(request, status, invite_form=form)
    request.session[NEW_LINK] = f"{settings.TERRACE_BASE_URL}{reverse('account_signup')}?invitation={made[1]}"
    return HttpResponseRedirect(reverse("members:console_invitations"))


@staff_required(*OPERATORS)
@require_POST
def console_revoke(request: Request, number: int) -> HttpResponse:
    """Close an invitation."""
    actions.revoke_invitation(request.member, number, now=request.now)
    messages.success(request, _("The invitation is closed."))
    return HttpResponseRedirect(reverse("members:console_invitations"))


@staff_required(*OPERATORS)
@require_POST
def console_registration(request: Request) -> HttpResponse:
    """Choose who may sign up."""
    form = forms.RegistrationForm(request.POST)

    def act() -> None:
        actions.set_registration(
            request.member, form.cleaned_data["mode"], phone=form.cleaned_data["phone"], now=request.now
        )

    _none, status = attempt(form, act)
    if status != 200:
        return _invitations(request, status, registration_form=form)
    messages.success(request, _("Saved."))
    return HttpResponseRedirect(reverse("members:console_invitations"))


@staff_required(Role.ADMINISTRATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def console_levels(request: Request) -> HttpResponse:
    """Show and change where levels begin and what they are called."""
    if request.POST.get("act") == "reset":
        actions.choose_ladder(request.member, [], now=request.now)
        messages.success(request, _("The ladder is as it came."))
        return HttpResponseRedirect(reverse("members:console_levels"))
    form = forms.LadderForm(request.POST if request.method == "POST" else None, ladder=queries.ladder())
    if form.is_bound and form.is_valid():
        actions.choose_ladder(request.member, form.ladder(), now=request.now)
        messages.success(request, _("Saved. Everybody stands on their level in a moment."))
        return HttpResponseRedirect(reverse("members:console_levels"))
    context = {"form": form, "own": bool(queries.titles_key())}
    return render(request, "members/console_levels.html", context, status=422 if form.errors else 200)


@staff_required(*MODERATORS)
@require_safe
def console_audit(request: Request) -> HttpResponse:
    """Show what staff did."""
    after = request.GET.get("after", "")
    who = request.GET.get("who", "").strip()[:24]
    found = queries.audit_page(who=who, after=int(after) if after.isdigit() and len(after) < 19 else None)
    here = reverse("members:console_audit")
    context = {
        "rows": found.rows,
        "who": who,
        "pager": {
            "older_url": f"{here}?{urlencode({'who': who, 'after': found.older})}" if found.older else "",
            "newer_url": "",
        },
    }
    return _page(request, "console_audit", context)
