"""Devices: a member's own, those that a profile shows, and how many members own one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import get_language

from terrace.kernel.addresses import address
from terrace.kernel.errors import Missing
from terrace.products.models import Channel, Device, Product, Version
from terrace.products.queries.products import picture_of

VERSIONS = 30  # the latest that a member chooses from


@dataclass(frozen=True, slots=True)
class Owned:
    """A device that somebody owns. `version` is the number of what runs on it, or nothing."""

    id: int
    product_id: int
    name: str
    url: str
    icon: str
    picture: str
    nickname: str
    version_id: int | None
    version: str
    build: str
    since: date
    shown: bool


def devices_of(member_ids: Iterable[int], *, shown: bool = False) -> dict[int, list[Owned]]:
    """Return the devices of members by member, all or those that profiles show, with one query."""
    language = get_language() or "zh"
    rows = Device.objects.filter(member_id__in=list(member_ids)).select_related("product", "version")
    found: dict[int, list[Owned]] = {}
    for row in rows.filter(shown=True) if shown else rows:
        found.setdefault(row.member_id, []).append(_owned(row, language))
    return found


def _owned(row: Device, language: str) -> Owned:
    return Owned(
        id=row.pk,
        product_id=row.product_id,
        name=row.product.named(language),
        url=address("products:product_open", row.product.slug),
        icon=row.product.icon,
        picture=picture_of(row.product, 320),
        nickname=row.nickname,
        version_id=row.version_id,
        version=row.version.number if row.version else "",
        build=row.build,
        since=row.since,
        shown=row.shown,
    )


def device_rows(member_id: int) -> list[Owned]:
    """Return a member's own devices, the one they have had longest first."""
    return devices_of([member_id]).get(member_id, [])


def shown_count(member_id: int) -> int:
    """Return how many devices a member's profile shows."""
    return Device.objects.filter(member_id=member_id, shown=True).count()


def count_of_devices(product_id: int) -> int:
    """Return how many members list a device of this product."""
    return Product.objects.values_list("owners", flat=True).get(pk=product_id)


def find_device(member_id: int, device_id: int) -> Device:
    """Return a device of a member's own. Raises Missing for anybody else's."""
    found = Device.objects.select_related("product__runs", "version").filter(pk=device_id, member_id=member_id).first()
    if found is None:
        raise Missing
    return found


def listable() -> list[tuple[str, str]]:
    """Return (slug, name) of the products that can be listed. What runs on others, such as the system of a phone, is no device."""
    language = get_language() or "zh"
    systems = Product.objects.filter(runs__isnull=False).values("runs")
    products = Product.objects.filter(retired_at=None).exclude(pk__in=systems)
    return [(product.slug, product.named(language)) for product in products]


def version_choices(device: Device) -> list[tuple[str, str]]:
    """Return (id, words) of the versions that a device may run: those released of its system, else of itself."""
    system = device.product.runs_id or device.product_id
    rows = Version.objects.filter(product_id=system, released_at__isnull=False).select_related("product")
    language = get_language() or "zh"
    found = list(rows.order_by("-released_at", "-pk").defer("note", "note_html")[:VERSIONS])
    if device.version is not None and device.version not in found:
        found.append(device.version)
    return [
        (str(each.pk), f"{each.product.named(language)} {each.number} ({Channel(each.channel).label})")
        for each in found
    ]
