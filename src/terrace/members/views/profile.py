"""Who is here: profiles, the list of people, and what one member does about another."""

from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from terrace.kernel import tags
from terrace.kernel.errors import Missing, Refused
from terrace.kernel.request import Request
from terrace.members import actions, policies, queries
from terrace.members.models import Member


@require_safe
def profile(request: Request, handle: str) -> HttpResponse:
    """Show a member's page; a handle given up a short while ago leads to the new one."""
    try:
        member = queries.by_handle(handle)
    except Missing:
        now_called = queries.moved_to(handle, request.now)
        if now_called is None:
            raise
        return HttpResponseRedirect(reverse("members:profile", args=[now_called]))
    if member.handle != handle:
        return HttpResponseRedirect(reverse("members:profile", args=[member.handle]), status=301)
    tags.tag(request, f"member:{member.pk}")
    shown = queries.profile(member, request.member, request.GET.get("list", "")[:20])
    context = {
        "profile": shown,
        "mine": request.member is not None and request.member.pk == member.pk,
        "can_suspend": policies.can_suspend(request.member, member),
        "description": member.bio,
        "canonical": reverse("members:profile", args=[member.handle]),
    }
    return render(request, "members/profile.html", context)


@require_safe
def member_list(request: Request) -> HttpResponse:
    """Show people: the newest, those with the most growth, or who is called like what was typed."""
    tags.tag(request, "members")
    order = "growth" if request.GET.get("order") == "growth" else "new"
    text = request.GET.get("q", "").strip()[:24]
    page = queries.member_page(order, text, request.GET.get("after", "")[:40])
    here = reverse("members:member_list")

    def address(**more: str) -> str:
        wanted = {"order": order, "q": text, **more}
        query = urlencode({key: value for key, value in wanted.items() if value and value != "new"})
        return f"{here}?{query}" if query else here

    context = {
        "people": page.people,
        "q": text,
        "order": order,
        "orders": [
            {"label": _("Newest"), "url": address(order="new"), "current": order == "new"},
            {"label": _("Most growth"), "url": address(order="growth"), "current": order == "growth"},
        ],
        "pager": {"older_url": address(after=page.older) if page.older else "", "newer_url": ""},
        "following": queries.following_ids(request.member.pk) if request.member else set(),
    }
    return render(request, "members/member_list.html", context)


@require_POST
def follow(request: Request, handle: str) -> HttpResponse:
    """Follow a member, or no longer (`on` = 0)."""
    me, other = _both(request, handle)
    if request.POST.get("on", "1") == "1" and not queries.relation(me.pk, other.pk).follows:
        actions.follow(me, other, now=request.now)
    else:
        actions.unfollow(me, other)
    return _answer(request, me, other)


@require_POST
def mute(request: Request, handle: str) -> HttpResponse:
    """Mute a member."""
    me, other = _both(request, handle)
    actions.mute(me, other, now=request.now)
    return _answer(request, me, other)


@require_POST
def block(request: Request, handle: str) -> HttpResponse:
    """Block a member."""
    me, other = _both(request, handle)
    actions.block(me, other, now=request.now)
    return _answer(request, me, other)


@require_POST
def release(request: Request, handle: str) -> HttpResponse:
    """End a mute or a block."""
    me, other = _both(request, handle)
    actions.release(me, other)
    return _answer(request, me, other)


def _both(request: Request, handle: str) -> tuple[Member, Member]:
    if request.member is None:
        raise Refused(_("Sign in to take part."), status=401)
    return request.member, queries.by_handle(handle)


def _answer(request: Request, me: Member, other: Member) -> HttpResponse:
    """Return the piece of the page that htmx swaps, or lead back to where the button stood."""
    if request.headers.get("HX-Request"):
        context = {"person": queries.person(other), "relation": queries.relation(me.pk, other.pk)}
        return render(request, "members/_relation.html", context)
    return HttpResponseRedirect(back(request, reverse("members:profile", args=[other.handle])))


def back(request: Request, other: str) -> str:
    """Return where a form wants to lead, if that is on this site, else `other`."""
    wanted = request.POST.get("next", "")
    stays = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if stays else other


@never_cache
@require_safe
def suspended(request: Request) -> HttpResponse:
    """Tell a suspended member why, and until when."""
    if request.member is None or not request.member.is_suspended(request.now):
        return HttpResponseRedirect("/")
    return render(
        request,
        "members/suspended.html",
        {"reason": request.member.suspension_reason, "until": request.member.suspended_until},
    )


@never_cache
@require_safe
def welcome(request: Request) -> HttpResponse:
    """Greet somebody who has just signed up, with what to do first."""
    if request.member is None:
        return HttpResponseRedirect("/")
    return render(request, "members/welcome.html", {"person": queries.person(request.member)})
