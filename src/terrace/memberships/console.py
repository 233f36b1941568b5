"""Groups at the desk: what groups there are, who is in one, until when and why."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from terrace.kernel.errors import Conflict, Invalid
from terrace.kernel.request import Request
from terrace.memberships import actions, policies, queries
from terrace.memberships.forms import EndForm, GiveForm, GroupForm
from terrace.memberships.models import Group

page = require_http_methods(["GET", "HEAD", "POST"])


@never_cache
@page
def console_groups(request: Request) -> HttpResponse:
    """List the groups; make one."""
    policies.check_keep_groups(request.member)
    form = GroupForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            made = actions.make_group(form.cleaned_data["name"], by=request.member.pk, now=request.now)
        except Invalid as refused:
            form.add_error(refused.field, refused.sentence)
        else:
            messages.success(request, _("The group is there. Put somebody in."))
            return _to(made)
    context = {"rows": queries.group_list(request.now), "form": form}
    return render(request, "memberships/console_groups.html", context, status=422 if form.errors else 200)


def _to(group: Group) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("memberships:console_group", args=[group.key]))


def _group_page(request: Request, group: Group, *, status: int = 200, **forms: Any) -> HttpResponse:
    cursor = request.GET.get("after", "")
    found = queries.member_page(group.pk, cursor, request.now)
    here = reverse("memberships:console_group", args=[group.key])
    context = {
        "group": group,
        "rows": found.rows,
        "inside": queries.member_count(group.pk, request.now),
        "opens": queries.opened_by([group.pk]).get(group.pk, []),
        "pager": {"older_url": f"{here}?after={found.next}" if found.next else "", "newer_url": here if cursor else ""},
        "give_form": GiveForm(auto_id="give_%s"),
        "name_form": GroupForm(auto_id="name_%s", initial={"name": group.name}),
        **forms,
    }
    return render(request, "memberships/console_group.html", context, status=status)


@never_cache
@page
def console_group(request: Request, key: str) -> HttpResponse:
    """Show who is in a group; put somebody in."""
    policies.check_keep_groups(request.member)
    group = queries.find_group(key)
    if request.method != "POST":
        return _group_page(request, group)
    form = GiveForm(request.POST, auto_id="give_%s")
    if not form.is_valid():
        return _group_page(request, group, status=422, give_form=form)
    given = form.cleaned_data
    member = queries.find_member(given["who"])
    if member is None:
        form.add_error("who", _("Nobody here has the handle or e-mail “%(who)s”.") % {"who": given["who"]})
        return _group_page(request, group, status=422, give_form=form)
    why, until = given["reason"], given["until"]
    try:
        actions.give(group, member.pk, reason=why, until=until, by=request.member.pk, now=request.now)
    except Invalid as refused:
        form.add_error(refused.field, refused.sentence)
        return _group_page(request, group, status=422, give_form=form)
    messages.success(request, _("%(who)s is in the group.") % {"who": member.handle})
    return _to(group)


@never_cache
@require_POST
def console_group_rename(request: Request, key: str) -> HttpResponse:
    """Call a group otherwise."""
    policies.check_keep_groups(request.member)
    group = queries.find_group(key)
    form = GroupForm(request.POST, auto_id="name_%s")
    if form.is_valid():
        try:
            actions.rename_group(group, form.cleaned_data["name"], by=request.member.pk, now=request.now)
        except Invalid as refused:
            form.add_error(refused.field, refused.sentence)
    if not form.is_valid():
        return _group_page(request, group, status=422, name_form=form)
    messages.success(request, _("Saved."))
    return _to(group)


@never_cache
@page
def console_group_delete(request: Request, key: str) -> HttpResponse:
    """Ask before a group is deleted, and delete it."""
    policies.check_keep_groups(request.member)
    group = queries.find_group(key)
    refused = ""
    if request.method == "POST":
        try:
            actions.delete_group(group, by=request.member.pk, now=request.now)
        except Conflict as conflict:
            refused = conflict.sentence
        else:
            messages.success(request, _("“%(group)s” is deleted.") % {"group": group.name})
            return HttpResponseRedirect(reverse("memberships:console_groups"))
    context = {
        "group": group,
        "inside": queries.member_count(group.pk, request.now),
        "opens": queries.opened_by([group.pk]).get(group.pk, []),
        "refused": refused,
    }
    return render(request, "memberships/console_group_delete.html", context, status=409 if refused else 200)


@never_cache
@page
def console_group_end(request: Request, key: str, member_id: int) -> HttpResponse:
    """Ask why, and take somebody out of a group."""
    policies.check_keep_groups(request.member)
    group = queries.find_group(key)
    person = queries.find_inside(group.pk, member_id)
    form = EndForm(request.POST if request.method == "POST" else None, auto_id="end_%s")
    if form.is_bound and form.is_valid():
        try:
            actions.end(group, member_id, reason=form.cleaned_data["reason"], by=request.member.pk, now=request.now)
        except Invalid as refused:
            form.add_error(refused.field, refused.sentence)
        else:
            messages.success(request, _("%(who)s is no longer in the group.") % {"who": person.handle})
            return _to(group)
    context = {"group": group, "person": person, "form": form}
    return render(request, "memberships/console_group_end.html", context, status=422 if form.errors else 200)
