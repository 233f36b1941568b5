"""Teams, who is in them, and when they work."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from terrace.kernel import events, locks, words
from terrace.kernel.errors import Invalid
from terrace.members import actions as members
from terrace.members import queries as member_queries
from terrace.members.models import Member
from terrace.products import policies
from terrace.products.events import TeamEdited, TeamLeft, TeamMade, TeamPartGiven
from terrace.products.models import Team, TeamMember

TEAMS = "products:teams"


def _check_parent(parent_id: int | None, team: Team | None = None) -> None:
    """A feature team stands below a project team, and nothing below a feature team."""
    if parent_id is None:
        return
    above = Team.objects.filter(pk=parent_id, parent=None).first()
    if above is None or (team is not None and above.pk == team.pk):
        raise Invalid(_("A feature team stands below a project team."), field="parent")
    if team is not None and Team.objects.filter(parent=team).exists():
        raise Invalid(_("This team has feature teams of its own, so it stands below none."), field="parent")


def make_team(
    name: str,
    *,
    zone: str,
    now: datetime,
    by: Member | None = None,
    slug: str = "",
    parent_id: int | None = None,
    **others: Any,
) -> Team:
    """Make a team in a time zone. Raises Invalid for a name, an address, a zone or a parent that cannot be."""
    name = policies.clean_name(name)
    zone = policies.clean_zone(zone)
    slug = slug or words.slug(name)[:60] or "team"
    with transaction.atomic():
        locks.hold(TEAMS)
        if Team.objects.filter(slug=slug).exists():
            raise Invalid(_("Another team has the address “%(slug)s”.") % {"slug": slug}, field="slug")
        _check_parent(parent_id)
        team = Team.objects.create(name=name, slug=slug, zone=zone, parent_id=parent_id, **others)
        events.record(TeamMade(team.pk, name), now=now, actor_id=by.pk if by else None)
    return team


def edit_team(team: Team, *, by: Member, now: datetime, **changes: Any) -> None:
    """Change what a team is called, its sentence, or the team above it. Its people carry the new name at once.

    Raises Invalid for a name or a parent that cannot be.
    """
    if "name" in changes:
        changes["name"] = policies.clean_name(changes["name"])
    with transaction.atomic():
        locks.hold(TEAMS)
        _check_parent(changes.get("parent_id"), team)
        before = Team.objects.get(pk=team.pk)
        if all(getattr(before, name) == value for name, value in changes.items()):
            return
        Team.objects.filter(pk=team.pk).update(**changes)
        events.record(TeamEdited(team.pk, "entry"), now=now, actor_id=by.pk)
        if changes.get("name", before.name) != before.name:
            _write_beside(TeamMember.objects.filter(team=team).values_list("member_id", flat=True))


def set_hours(
    team: Team,
    hours: Mapping[str, Any],
    *,
    zone: str,
    holidays: Iterable[date],
    now: datetime,
    by: Member | None = None,
) -> None:
    """Say when a team works: weekday ("0" is Monday) → (from, to) in minutes of the day, its zone, its days off.

    Raises Invalid for hours, a zone or days that cannot be.
    """
    changes = {
        "hours": policies.clean_hours(hours),
        "zone": policies.clean_zone(zone),
        "holidays": policies.clean_holidays(holidays),
    }
    with transaction.atomic():
        before = Team.objects.select_for_update().get(pk=team.pk)
        if any(getattr(before, name) != value for name, value in changes.items()):
            Team.objects.filter(pk=team.pk).update(**changes)
            events.record(TeamEdited(team.pk, "hours"), now=now, actor_id=by.pk if by else None)


def give_part(
    team: Team, member: Member, part: str, *, on_call: bool = False, now: datetime, by: Member | None = None
) -> None:
    """Put somebody into a team, or give them another part in it. The team stands beside their name from now on.

    Raises Invalid for an unknown part, and for a member who is no staff.
    """
    if part not in dict(TeamMember.PARTS):
        raise Invalid(_("There is no such part."), field="part")
    if not member.is_staff_role:
        told = _("%(who)s is no staff yet. An administrator gives the role, then a team can take them.")
        raise Invalid(told % {"who": member.handle}, field="who")
    with transaction.atomic():
        locks.hold(TEAMS)
        row = TeamMember.objects.filter(team=team, member=member).first()
        if row is not None and (row.part, row.on_call) == (part, on_call):
            return
        TeamMember.objects.update_or_create(team=team, member=member, defaults={"part": part, "on_call": on_call})
        given = TeamPartGiven(member.pk, team.pk, part, on_call)
        events.record(given, now=now, actor_id=by.pk if by else None)
        _write_beside([member.pk])


def leave_team(team: Team, member_id: int, *, now: datetime, by: Member | None = None) -> bool:
    """Take somebody out of a team; return whether they were in it. `by` None says that no staff acted."""
    with transaction.atomic():
        locks.hold(TEAMS)
        gone, _each = TeamMember.objects.filter(team=team, member_id=member_id).delete()
        if gone:
            left = TeamLeft(member_id, team.pk, own=by is None)
            events.record(left, now=now, actor_id=by.pk if by else None)
            _write_beside([member_id])
    return bool(gone)


def settle_staff(member_id: int, now: datetime) -> None:
    """Let somebody's teams follow their role: who is no staff any more leaves them, others keep the name beside theirs."""
    member = member_queries.by_id(member_id)
    teams = Team.objects.filter(pk__in=TeamMember.objects.filter(member_id=member_id).values("team_id"))
    if member is not None and member.is_staff_role:
        with transaction.atomic():
            locks.hold(TEAMS)
            if teams.exists():
                _write_beside([member_id])
        return
    for team in teams:
        leave_team(team, member_id, now=now)


def _write_beside(member_ids: Iterable[int]) -> None:
    """Write beside each name the team joined last, which is the feature team of who is in both."""
    wanted = list(member_ids)
    found = dict.fromkeys(wanted, "")
    rows = TeamMember.objects.filter(member_id__in=wanted).order_by("pk").values_list("member_id", "team__name")
    found.update(dict(rows))
    by_name: dict[str, list[int]] = {}
    for member_id, name in found.items():
        by_name.setdefault(name, []).append(member_id)
    for name, ids in by_name.items():
        members.set_team(ids, name)
