"""Pages of notices."""

import functools
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from terrace.forum import policies as forum_policies
from terrace.kernel import push
from terrace.kernel.errors import Missing
from terrace.kernel.request import Request
from terrace.members import queries as members
from terrace.notifications import actions, queries
from terrace.notifications.forms import DeviceForm, KindsForm

View = Callable[..., HttpResponse]


def mine(view: View) -> View:
    """Open a page to members only; a stranger signs in first and comes back."""

    @functools.wraps(view)
    def opened(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.member is None:
            back = request.get_full_path() if request.method == "GET" else reverse("notifications:notice_list")
            return redirect_to_login(back)
        return view(request, *args, **kwargs)

    return opened


@mine
@require_safe
def notice_list(request: Request) -> HttpResponse:
    """Show a member's notices, or those not read; what was new is now seen."""
    reader = forum_policies.access(request.member, request.now)
    cursor, unread = request.GET.get("after", ""), request.GET.get("show") == "unread"
    page = queries.notice_page(reader, unread=unread, cursor=cursor)
    actions.see_all(request.member.pk, now=request.now)
    every = reverse("notifications:notice_list")
    base = f"{every}?show=unread" if unread else every
    older = f"{base}{'&' if unread else '?'}after={page.next}" if page.next else ""
    context = {
        "notices": page.rows,
        "unread": any(row.unread for row in page.rows),
        "shown": [
            {"label": _("All"), "url": every, "current": not unread},
            {"label": _("Unread"), "url": f"{every}?show=unread", "current": unread},
        ],
        "pager": {"older_url": older, "newer_url": base if cursor else ""},
    }
    return render(request, "notifications/notice_list.html", context)


@mine
@require_safe
def notice_open(request: Request, notice_id: int) -> HttpResponse:
    """Go where a notice leads; it is read now."""
    notice = queries.find_notice(notice_id, request.member.pk)
    if notice is None:
        raise Missing
    actions.read_notice(notice, now=request.now)
    reader = forum_policies.access(request.member, request.now)
    address = queries.target(notice, reader)
    if address is None:
        messages.warning(request, _("What this was about is not here any more."))
    return HttpResponseRedirect(address or reverse("notifications:notice_list"))


@mine
@require_POST
def notices_read(request: Request) -> HttpResponse:
    """Mark everything as read."""
    actions.read_all(request.member.pk, now=request.now)
    return HttpResponseRedirect(reverse("notifications:notice_list"))


@mine
@require_http_methods(["GET", "POST"])
def preferences(request: Request) -> HttpResponse:
    """Choose what to be told of."""
    member_id = request.member.pk
    form = KindsForm(request.POST or None, declined=queries.declined(member_id))
    if request.method == "POST":
        form = KindsForm(request.POST)
        if form.is_valid():
            actions.choose_kinds(member_id, form.cleaned_data["kinds"])
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(reverse("notifications:preferences"))
    return _preferences(request, form, DeviceForm())


def _preferences(request: Request, form: KindsForm, device_form: DeviceForm) -> HttpResponse:
    key = request.session.session_key or ""
    devices = [
        {
            "id": each.pk,
            "what": members.browser_name(each.agent),
            "at": each.created_at,
            "here": each.session_key == key,
        }
        for each in queries.devices(request.member.pk, request.now)
    ]
    context = {
        "form": form,
        "device_form": device_form,
        "devices": devices,
        "this": next((each for each in devices if each["here"]), None),
        "push_key": push.application_key(),
    }
    refused = form.errors or device_form.errors
    return render(request, "notifications/preferences.html", context, status=422 if refused else 200)


@mine
@require_POST
def device_join(request: Request) -> HttpResponse:
    """Show notices on the screen of this device."""
    form = DeviceForm(request.POST)
    if not form.is_valid():
        return _preferences(request, KindsForm(declined=queries.declined(request.member.pk)), form)
    actions.join_device(
        request.member,
        form.cleaned_data["browser"],
        agent=request.headers.get("User-Agent", ""),
        session_key=request.session.session_key or "",
        now=request.now,
    )
    messages.success(request, _("Notifications are on for this device."))
    return HttpResponseRedirect(reverse("notifications:preferences"))


@mine
@require_POST
def device_end(request: Request, device_id: int) -> HttpResponse:
    """Show no more notices on one device."""
    actions.end_device(request.member.pk, device_id)
    messages.success(request, _("Notifications are off there."))
    return HttpResponseRedirect(reverse("notifications:preferences"))
