"""What staff look at: products, versions, modules and teams at the desk."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, OuterRef, Q, Subquery
from django.utils.translation import get_language

from terrace.kernel.errors import Missing
from terrace.members import queries as members
from terrace.members.models import Member
from terrace.products.models import Build, Channel, Module, Product, Team, TeamMember, Version
from terrace.products.policies import Hand
from terrace.products.queries.products import Entry, current_versions, entry_of
from terrace.products.queries.teams import InTeam, people_of

BUILDS = 50


@dataclass(frozen=True, slots=True)
class ProductRow:
    """One line of the list of products at the desk."""

    slug: str
    entry: Entry
    team: str
    retired: bool


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One line of a product's versions at the desk. `next` is (channel, label) of where it can be raised, or None."""

    number: str
    channel: str
    label: str
    at: datetime | None
    builds: int
    next: tuple[str, str] | None


@dataclass(frozen=True, slots=True)
class TeamRow:
    """One line of the list of teams at the desk."""

    slug: str
    name: str
    above: str
    people: int
    modules: int
    runs: bool


def desk_products(by: Hand) -> list[ProductRow]:
    """Return the products that somebody looks at: all for operators, else those that their teams release or own a module of."""
    rows = Product.objects.select_related("team")
    if not by.keeps:
        owned = Module.objects.filter(team_id__in=by.inside).values("product_id")
        rows = rows.filter(Q(team_id__in=by.inside) | Q(pk__in=owned))
    products = list(rows)
    current = current_versions([product.pk for product in products])
    language = get_language() or "zh"
    return [
        ProductRow(
            product.slug,
            entry_of(product, current.get(product.pk, ())),
            product.team.named(language) if product.team else "",
            product.retired_at is not None,
        )
        for product in products
    ]


def desk_versions(product: Product) -> list[VersionRow]:
    """Return the versions of a product: those planned, then the latest first; 60 at most."""
    rows = (
        Version.objects.filter(product=product)
        .defer("note", "note_html")
        .annotate(
            n=Subquery(
                Build.objects.filter(version=OuterRef("pk"))
                .order_by()
                .values("version")
                .annotate(n=Count("pk"))
                .values("n")
            )
        )
    )
    planned = list(rows.filter(released_at=None).order_by("-pk")[:20])
    out = list(rows.filter(released_at__isnull=False).order_by("-released_at", "-pk")[:40])
    return [_row(version) for version in [*planned, *out]]


def _row(version: Any) -> VersionRow:
    above = next_channel(version)
    return VersionRow(
        version.number,
        version.channel,
        str(Channel(version.channel).label),
        version.released_at,
        version.n or 0,
        above,
    )


def next_channel(version: Version) -> tuple[str, str] | None:
    """Return (channel, label) of the channel above a version's; None at the top, and while it is planned."""
    ladder = list(Channel)
    place = ladder.index(Channel(version.channel)) + 1
    if version.released_at is None or place == len(ladder):
        return None
    return ladder[place].value, str(ladder[place].label)


def desk_modules(product: Product, by: Hand) -> list[tuple[Module, str, bool]]:
    """Return the modules of a product, each with the name of its team and whether the reader changes it."""
    language = get_language() or "zh"
    rows = Module.objects.filter(product=product).select_related("team").order_by("retired_at", "pk")
    return [(row, row.team.named(language) if row.team else "", by.changes_module(row, product)) for row in rows]


def find_version(product: Product, number: str) -> Version:
    """Return a version of a product by its number. Raises Missing."""
    found = Version.objects.filter(product=product, number=number).first()
    if found is None:
        raise Missing
    return found


def builds_of(version: Version) -> list[Build]:
    """Return the latest builds of a version."""
    return list(Build.objects.filter(version=version).order_by("-at", "-pk")[:BUILDS])


def find_module(product: Product, module_id: int) -> Module:
    """Return a module of a product. Raises Missing."""
    found = Module.objects.filter(product=product, pk=module_id).first()
    if found is None:
        raise Missing
    return found


def desk_teams(by: Hand) -> list[TeamRow]:
    """Return the teams that somebody looks at, each project team before the feature teams below it."""
    rows = Team.objects.select_related("parent")
    teams = list(rows if by.keeps else rows.filter(pk__in=by.inside))
    teams.sort(key=lambda team: (team.parent_id or team.pk, team.parent_id is not None, team.pk))
    people = dict(TeamMember.objects.values_list("team_id").annotate(n=Count("pk")).order_by())
    modules = dict(Module.objects.filter(retired_at=None).values_list("team_id").annotate(n=Count("pk")).order_by())
    language = get_language() or "zh"
    return [
        TeamRow(
            team.slug,
            team.named(language),
            team.parent.named(language) if team.parent else "",
            people.get(team.pk, 0),
            modules.get(team.pk, 0),
            by.runs_team(team),
        )
        for team in teams
    ]


def part_of(team: Team, member_id: int) -> InTeam:
    """Return somebody's part in a team. Raises Missing for who is not in it."""
    found = next((one for one in people_of([team.pk]).get(team.pk, []) if one.person.id == member_id), None)
    if found is None:
        raise Missing
    return found


def find_person(typed: str) -> Member | None:
    """Return who has this handle, or None."""
    try:
        return members.by_handle(typed.strip().removeprefix("@"))
    except Missing:
        return None


def team_choices(*, above: bool = False) -> list[tuple[str, str]]:
    """Return (id, name) of every team, or of project teams alone."""
    language = get_language() or "zh"
    rows = Team.objects.filter(parent=None) if above else Team.objects.all()
    return [(str(team.pk), team.named(language)) for team in rows]


def product_choices() -> list[tuple[str, str]]:
    """Return (id, name) of every product."""
    language = get_language() or "zh"
    return [(str(product.pk), product.named(language)) for product in Product.objects.all()]
