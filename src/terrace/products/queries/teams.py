"""The page of a team: who they are, when they work, what is theirs."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import get_language

from terrace.kernel.addresses import address
from terrace.kernel.errors import Missing
from terrace.members import queries as members
from terrace.members.queries import Person
from terrace.products import policies
from terrace.products.models import Module, Named, Product, Team, TeamMember

_ORDER = {part: place for place, (part, _label) in enumerate(TeamMember.PARTS)}


@dataclass(frozen=True, slots=True)
class TeamLink:
    """A team as it is named beside something."""

    name: str
    url: str
    line: str = ""


@dataclass(frozen=True, slots=True)
class InTeam:
    """Somebody in a team."""

    person: Person
    part: str
    label: str
    on_call: bool


@dataclass(frozen=True, slots=True)
class Day:
    """One weekday (0 is Monday): from and to as “09:00”, empty where the team does not work."""

    weekday: int
    since: str
    to: str


@dataclass(frozen=True, slots=True)
class TeamPage:
    """What the page of a team shows. `back` is when work begins again, None where it never does."""

    id: int
    slug: str
    name: str
    line: str
    above: TeamLink | None
    below: list[TeamLink]
    people: list[InTeam]
    zone: str
    days: list[Day]
    off: list[date]
    at_work: bool
    back: datetime | None
    products: list[TeamLink]
    modules: list[tuple[TeamLink, list[str]]]


def link_of(team: Team | None) -> TeamLink | None:
    """Return a team as it is named beside something, in the reader's language."""
    if team is None:
        return None
    language = get_language() or "zh"
    return TeamLink(team.named(language), address("products:team_open", team.slug), team.lined(language))


def name_of(thing: Named) -> str:
    """Return what a product, module or team is called in the reader's language."""
    return thing.named(get_language() or "zh")


def find_team(slug: str) -> Team:
    """Return the team at an address, with the one above it. Raises Missing."""
    found = Team.objects.select_related("parent").filter(slug=slug).first()
    if found is None:
        raise Missing
    return found


def people_of(team_ids: Iterable[int]) -> dict[int, list[InTeam]]:
    """Return who is in each of these teams, those who run it first, with two queries. Who has left is not there."""
    rows = list(TeamMember.objects.filter(team_id__in=list(team_ids)).order_by("pk"))
    known = members.persons(row.member_id for row in rows)
    labels = dict(TeamMember.PARTS)
    found: dict[int, list[InTeam]] = {}
    for row in sorted(rows, key=lambda row: _ORDER[row.part]):
        if row.member_id in known:
            one = InTeam(known[row.member_id], row.part, str(labels[row.part]), row.on_call)
            found.setdefault(row.team_id, []).append(one)
    return found


def clock_text(minute: int) -> str:
    """Return a minute of the day as “09:00”."""
    return f"{minute // 60:02}:{minute % 60:02}"


def days_of(team: Team) -> list[Day]:
    """Return the seven days of a team's week."""
    found = []
    for weekday in range(7):
        since, to = team.hours.get(str(weekday)) or (None, None)
        found.append(Day(weekday, "" if since is None else clock_text(since), "" if to is None else clock_text(to)))
    return found


def team_page(team: Team, now: datetime) -> TeamPage:
    """Return what the page of a team shows."""
    language = get_language() or "zh"
    at_work = policies.is_at_work(team, now)
    today = now.date().isoformat()
    modules: dict[Product, list[str]] = {}
    for module in Module.objects.filter(team=team, retired_at=None).select_related("product"):
        modules.setdefault(module.product, []).append(module.named(language))
    return TeamPage(
        id=team.pk,
        slug=team.slug,
        name=team.named(language),
        line=team.lined(language),
        above=link_of(team.parent),
        below=[link for link in map(link_of, Team.objects.filter(parent=team)) if link is not None],
        people=people_of([team.pk]).get(team.pk, []),
        zone=team.zone.rpartition("/")[2].replace("_", " "),
        days=days_of(team),
        off=[date.fromisoformat(day) for day in team.holidays if day >= today][:6],
        at_work=at_work,
        back=_back(team, now) if team.hours and not at_work else None,
        products=[_product(product, language) for product in Product.objects.filter(team=team, retired_at=None)],
        modules=[(_product(product, language), names) for product, names in modules.items()],
    )


def _back(team: Team, now: datetime) -> datetime:
    """Return when work begins again: the minute before the first one of work is over."""
    first = policies.add_working_minutes(team, now, 1)
    return first - policies.MINUTE


def _product(product: Product, language: str) -> TeamLink:
    return TeamLink(product.named(language), address("products:product_open", product.slug), product.lined(language))


def initial_of(team: Team) -> dict[str, Any]:
    """Return a team's hours as the form of the desk holds them."""
    found: dict[str, Any] = {"zone": team.zone, "holidays": "\n".join(team.holidays)}
    for day in days_of(team):
        found[f"from_{day.weekday}"], found[f"to_{day.weekday}"] = day.since, day.to
    return found
