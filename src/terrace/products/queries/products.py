"""The pages of products: the list, one with its changelog, and its feed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import get_language
from markupsafe import Markup

from terrace.kernel import pages, slots
from terrace.kernel.addresses import address
from terrace.kernel.errors import Missing
from terrace.media import queries as media
from terrace.members.queries import Person
from terrace.products.models import Build, Channel, Module, Product, Team, Version
from terrace.products.queries.teams import TeamLink, link_of, people_of

PAGE = 12  # versions on a page of the changelog
BUILDS = 8  # builds that stand below a version
FEED = 20
PANELS = slots.declare(
    "products.panels", "(slug, names of the product, viewer) -> (head, address, HTML) of a part of its page, or None"
)


def language() -> str:
    """Return the reader's language."""
    return get_language() or "zh"


@dataclass(frozen=True, slots=True)
class Out:
    """A version that members have: its number, its channel, since when, and where the changelog tells of it."""

    number: str
    channel: str
    label: str
    since: datetime
    url: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One product in a list. `versions` are the stable one and the betas above it."""

    name: str
    line: str
    url: str
    icon: str
    picture: str
    versions: tuple[Out, ...]
    owners: int


@dataclass(frozen=True, slots=True)
class Change:
    """One version in the changelog. `at` is None while it is planned, and then nothing is told of it."""

    number: str
    anchor: str
    channel: str
    label: str
    at: datetime | None
    html: Markup
    builds: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A module, and the team that owns it."""

    name: str
    team: TeamLink | None


@dataclass(frozen=True, slots=True)
class Made:
    """Somebody who makes a product."""

    person: Person
    part: str
    team: str


@dataclass(frozen=True, slots=True)
class Shown:
    """What the page of a product shows."""

    id: int
    slug: str
    name: str
    line: str
    url: str
    icon: str
    picture: str
    retired: bool
    owners: int
    team: TeamLink | None
    runs: Entry | None
    versions: tuple[Out, ...]
    modules: list[Part]
    people: list[Made]


def find_product(slug: str) -> Product:
    """Return the product at an address, with its team and what runs on it. Raises Missing."""
    found = Product.objects.select_related("team", "runs").filter(slug=slug).first()
    if found is None:
        raise Missing
    return found


def product_list() -> list[Entry]:
    """Return every product that is not retired, in the operator's order, with two queries."""
    products = list(Product.objects.filter(retired_at=None))
    current = current_versions([product.pk for product in products])
    return [entry_of(product, current.get(product.pk, ())) for product in products]


def entry_of(product: Product, versions: tuple[Out, ...]) -> Entry:
    """Return a product as lists show it."""
    return Entry(
        name=product.named(language()),
        line=product.lined(language()),
        url=address("products:product_open", product.slug),
        icon=product.icon,
        picture=picture_of(product, 640),
        versions=versions,
        owners=product.owners,
    )


def picture_of(product: Product, width: int) -> str:
    """Return the address of a product's picture at a width in pixels, or nothing."""
    return media.address(product.picture_key, width) if product.picture_key else ""


def current_versions(product_ids: list[int]) -> dict[int, tuple[Out, ...]]:
    """Return what members have of each product: the newest stable version, and above it the newest of each beta."""
    out = Version.objects.filter(product=OuterRef("pk"), released_at__isnull=False).order_by("-released_at", "-pk")
    newest = {each.value: Subquery(out.filter(channel=each.value).values("pk")[:1]) for each in Channel}
    rows = Product.objects.filter(pk__in=product_ids).order_by().values_list(*(newest[each.value] for each in Channel))
    ids = [version_id for row in rows for version_id in row if version_id]
    found: dict[int, dict[str, Out]] = {}
    for version in Version.objects.filter(pk__in=ids).select_related("product").defer("note", "note_html"):
        if version.released_at is not None:
            found.setdefault(version.product_id, {})[version.channel] = _out(version, version.released_at)
    return {product_id: _current(by_channel) for product_id, by_channel in found.items()}


def _current(by_channel: dict[str, Out]) -> tuple[Out, ...]:
    kept: list[Out] = []
    for channel in (Channel.STABLE, Channel.PUBLIC, Channel.CLOSED):
        out = by_channel.get(channel)
        # A beta that a later release has overtaken is nobody's present any more.
        if out is not None and all(out.since > other.since for other in kept):
            kept.append(out)
    return tuple(kept)


def _out(version: Version, since: datetime) -> Out:
    return Out(
        number=version.number,
        channel=version.channel,
        label=str(Channel(version.channel).label),
        since=since,
        url=f"{address('products:product_open', version.product.slug)}#{anchor_of(version.number)}",
    )


def anchor_of(number: str) -> str:
    """Return the id of a version on the page of its product."""
    return f"v{number}"


def product_page(product: Product) -> Shown:
    """Return what the page of a product shows above and beside its changelog."""
    ids = [product.pk, product.runs_id] if product.runs_id else [product.pk]
    current = current_versions(ids)
    modules = list(Module.objects.filter(product=product, retired_at=None).select_related("team"))
    teams = {one.pk: one for one in [product.team, *(module.team for module in modules)] if one is not None}
    return Shown(
        id=product.pk,
        slug=product.slug,
        name=product.named(language()),
        line=product.lined(language()),
        url=address("products:product_open", product.slug),
        icon=product.icon,
        picture=picture_of(product, 960),
        retired=product.retired_at is not None,
        owners=product.owners,
        team=link_of(product.team),
        runs=entry_of(product.runs, current.get(product.runs.pk, ())) if product.runs else None,
        versions=current.get(product.pk, ()),
        modules=[Part(module.named(language()), link_of(module.team)) for module in modules],
        people=_makers(teams),
    )


def _makers(teams: dict[int, Team]) -> list[Made]:
    """Return the people of teams, each once."""
    found: dict[int, Made] = {}
    for team_id, people in people_of(list(teams)).items():
        for one in people:
            found.setdefault(one.person.id, Made(one.person, one.label, teams[team_id].named(language())))
    return list(found.values())


def changelog(product: Product, cursor: str) -> pages.Page:
    """Return a page of a product's versions, the latest first; on the first page those that are planned stand above."""
    rows = Version.objects.filter(product=product)
    page = pages.descending(rows.filter(released_at__isnull=False), ("released_at", "id"), cursor, PAGE)
    planned = [] if cursor else list(rows.filter(released_at=None).order_by("-pk")[:PAGE])
    builds: dict[int, list[Build]] = {}
    for build in Build.objects.filter(version__in=[version.pk for version in page.rows]).order_by("-at", "-pk"):
        builds.setdefault(build.version_id, []).append(build)
    changes = [_change(version, builds.get(version.pk, [])) for version in [*planned, *page.rows]]
    return pages.Page(changes, page.next)


def _change(version: Version, builds: list[Build]) -> Change:
    out = version.released_at is not None
    return Change(
        number=version.number,
        anchor=anchor_of(version.number),
        channel=version.channel,
        label=str(Channel(version.channel).label),
        at=version.released_at,
        html=Markup(version.note_html if out else ""),  # noqa: S704  sanitised when it was written
        builds=tuple(builds[:BUILDS]),
    )


def feed_versions(product: Product) -> QuerySet[Version]:
    """Return the newest versions that members have, for the feed."""
    rows = Version.objects.filter(product=product, released_at__isnull=False)
    return rows.order_by("-released_at", "-pk")[:FEED]


def panels(product: Product, viewer: Any) -> list[tuple[str, str, Markup]]:
    """Return what other rooms put on a product's page: (head, address, HTML)."""
    names = {product.name, *(each.get("name", "") for each in product.translations.values())} - {""}
    return slots.ask(PANELS, product.slug, sorted(names), viewer)
