"""What other rooms ask of this one: names, what is held of a member, who may see a picture."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language, gettext

from terrace.media import queries as media
from terrace.products.models import Device, Product, Team, TeamMember, Version

PLACE = "product:"  # before the id of a product that shows an upload


def names_of(wanted: Mapping[str, Iterable[int]]) -> dict[str, tuple[str, str]]:
    """Answer `members.names`: return (name, address at the desk) by "product:3", "version:12", "team:2". For staff."""
    language = get_language() or "zh"
    found = {}
    for product in Product.objects.filter(pk__in=wanted.get("product", ())):
        at = reverse("products:console_product", args=[product.slug])
        found[f"product:{product.pk}"] = (_quoted(product.named(language)), at)
    versions = Version.objects.filter(pk__in=wanted.get("version", ())).select_related("product")
    for version in versions.defer("note", "note_html"):
        at = reverse("products:console_version", args=[version.product.slug, version.number])
        found[f"version:{version.pk}"] = (f"{version.product.named(language)} {version.number}", at)
    for team in Team.objects.filter(pk__in=wanted.get("team", ())):
        at = reverse("products:console_team", args=[team.slug])
        found[f"team:{team.pk}"] = (_quoted(team.named(language)), at)
    return found


def _quoted(name: str) -> str:
    return gettext("“%(name)s”") % {"name": name}


def export_member(member_id: int) -> dict[str, Any]:
    """Return what this room holds about a member."""
    devices = Device.objects.filter(member_id=member_id)
    teams = TeamMember.objects.filter(member_id=member_id)
    return {
        "devices": list(
            devices.values("product__slug", "version__number", "build", "nickname", "since", "shown").iterator()
        ),
        "teams": list(teams.values("team__slug", "part", "on_call").iterator()),
    }


def may_read_upload(upload_id: int, member: Any) -> bool | None:
    """Answer `media.may_read`: everybody may see the pictures of products."""
    return True if any(place.startswith(PLACE) for place in media.places_of(upload_id)) else None
