"""Teams at the desk."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from terrace.kernel.errors import Invalid
from terrace.kernel.request import Request
from terrace.products import actions, policies, queries
from terrace.products.console.parts import page
from terrace.products.forms import EntryForm, HoursForm, PartForm, TeamForm, attempt
from terrace.products.models import Team
from terrace.products.policies import Hand


def _new(data: Any = None) -> TeamForm:
    return TeamForm(data, above=queries.team_choices(above=True), auto_id="team_%s")


def _form(team: Team, by: Hand, data: Any = None) -> TeamForm:
    initial = EntryForm.typed(team) | {"parent": str(team.parent_id or "")}
    above = [each for each in queries.team_choices(above=True) if each[0] != str(team.pk)]
    form = TeamForm(data, initial=initial, above=above, auto_id="team_%s")
    for name in ("slug", "zone") if by.keeps else ("slug", "zone", "parent"):
        del form.fields[name]
    return form


@never_cache
@page
def console_teams(request: Request) -> HttpResponse:
    """List the teams that one is in; operators make one."""
    by = policies.check_desk(request.member)
    form, status = _new() if by.keeps else None, 200
    if request.method == "POST":
        policies.check_keep(by)
        typed = form = _new(request.POST)

        def make() -> Team:
            more = {name: typed.cleaned_data[name] for name in ("slug", "zone")}
            return actions.make_team(now=request.now, by=request.member, **more, **typed.values())

        made, status = attempt(typed, make)
        if made is not None:
            messages.success(request, _("The team is there. Put somebody in."))
            return _to(made.slug)
    context = {"rows": queries.desk_teams(by), "form": form}
    return render(request, "products/console_teams.html", context, status=status)


def _to(slug: str) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("products:console_team", args=[slug]))


def _page(request: Request, team: Team, by: Hand, status: int = 200, **forms: Any) -> HttpResponse:
    context = {
        "team": queries.team_page(team, request.now),
        "runs": by.runs_team(team),
        "form": _form(team, by),
        "part_form": PartForm(auto_id="part_%s"),
        **forms,
    }
    return render(request, "products/console_team.html", context, status=status)


@never_cache
@page
def console_team(request: Request, slug: str) -> HttpResponse:
    """Show a team: its people, its hours, what it is called."""
    by = policies.check_desk(request.member)
    team = queries.find_team(slug)
    if not by.sees_team(team):
        policies.check_keep(by)
    return _page(request, team, by)


def _run(request: Request, slug: str) -> tuple[Team, Hand]:
    """Return the team at an address, for who runs it."""
    by = policies.check_desk(request.member)
    team = queries.find_team(slug)
    policies.check_run_team(by, team)
    return team, by


@never_cache
@require_POST
def console_team_edit(request: Request, slug: str) -> HttpResponse:
    """Change what a team is called."""
    team, by = _run(request, slug)
    form = _form(team, by, request.POST)

    def edit() -> None:
        actions.edit_team(team, by=request.member, now=request.now, **form.values())

    _none, status = attempt(form, edit)
    if status != 200:
        return _page(request, team, by, status, form=form)
    messages.success(request, _("Saved."))
    return _to(slug)


@never_cache
@require_POST
def console_team_part(request: Request, slug: str) -> HttpResponse:
    """Put somebody into a team, or give them another part."""
    team, by = _run(request, slug)
    form = PartForm(request.POST, auto_id="part_%s")

    def give() -> None:
        typed = form.cleaned_data
        member = queries.find_person(typed["who"])
        if member is None:
            raise Invalid(_("Nobody here is called “%(who)s”.") % {"who": typed["who"]}, field="who")
        actions.give_part(team, member, typed["part"], on_call=typed["on_call"], now=request.now, by=request.member)

    _none, status = attempt(form, give)
    if status != 200:
        return _page(request, team, by, status, part_form=form)
    messages.success(request, _("Saved."))
    return _to(slug)


@never_cache
@page
def console_team_leave(request: Request, slug: str, member_id: int) -> HttpResponse:
    """Ask before somebody is taken out of a team, and take them out."""
    team, _by = _run(request, slug)
    one = queries.part_of(team, member_id)
    if request.method == "POST":
        actions.leave_team(team, member_id, now=request.now, by=request.member)
        messages.success(request, _("%(who)s is no longer in the team.") % {"who": one.person.handle})
        return _to(slug)
    context = {"team": team, "name": queries.name_of(team), "one": one}
    return render(request, "products/console_team_leave.html", context)


@never_cache
@page
def console_team_hours(request: Request, slug: str) -> HttpResponse:
    """Say when a team works."""
    team, _by = _run(request, slug)
    form = HoursForm(request.POST or None, initial=queries.initial_of(team))
    status = 200
    if request.method == "POST":

        def set_hours() -> None:
            typed = form.cleaned_data
            given = {name: typed[name] for name in ("zone", "holidays")}
            actions.set_hours(team, typed["hours"], now=request.now, by=request.member, **given)

        _none, status = attempt(form, set_hours)
        if status == 200:
            messages.success(request, _("Saved."))
            return _to(slug)
    context = {"team": team, "name": queries.name_of(team), "form": form}
    return render(request, "products/console_team_hours.html", context, status=status)
