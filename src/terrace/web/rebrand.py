"""Changing the brand: one act for all of it, and back to what it was before."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from terrace.kernel import events, locks, options
from terrace.kernel.errors import Conflict, Invalid, Missing
from terrace.media import actions as media
from terrace.media import policies as media_policies
from terrace.media import queries as media_queries
from terrace.web import brand, icons
from terrace.web.brand import Values
from terrace.web.events import BrandChanged, BrandRestored

KEPT = 10  # versions to go back to
MOST = 20 * 1024 * 1024  # bytes of one picture
# What the audit log calls each choice.
NAMES = {
    "name": _("name"),
    "line": _("sentence"),
    "fans": _("what fans are called"),
    "logo": _("logo"),
    "logo_dark": _("logo in the dark"),
    "icon": _("icon"),
    "look": _("colours and forms"),
    "off": _("sections"),
    "order": _("order of sections"),
    "names": _("names of sections"),
    "blocks": _("order of the home page"),
    "blocks_off": _("blocks of the home page"),
    "hero": _("picture and sentence of the home page"),
    "foot": _("footer"),
}
ICON_LEAST = 192  # pixels: the smallest icon that a phone shows
SQUARE = {"logo", "logo_dark"}


def keep_picture(what: str, file: Any, *, member: Any, now: datetime) -> str:
    """Keep an uploaded picture for the brand and return its key. What is not saved within a day goes again.

    Raises Invalid for what is too large or no picture, and TooMany beyond the member's daily limit.
    """
    media_policies.check_file_size(file.size, MOST)
    limits = media_policies.limits_of(member)
    data = file.read()
    kind = "avatar" if what in SQUARE and not icons.is_wide(data) else "image"
    kept = media.keep_image(data, member_id=member.pk, name=what, now=now, kind=kind, limits=limits, again=True)
    side = min(kept.width, kept.height)
    if what == "icon" and side < ICON_LEAST:
        told = gettext(
            "This picture has %(n)s pixels on its short side; an icon needs at least %(least)s to be sharp on a phone."
        )
        raise Invalid(told % {"n": side, "least": ICON_LEAST}, field="icon")
    return kept.key


def save(chosen: Values, *, since: str, member: Any, now: datetime) -> bool:
    """Keep the operator's choices; return whether anything is new. What was before can be brought back.

    `since` is the stamp of the choices that were on the operator's page. Raises Conflict when they have changed meanwhile.
    """
    with transaction.atomic():
        before = _hold()
        if since != brand.stamp(before):
            raise Conflict(
                gettext(
                    "Somebody changed the brand meanwhile. Look at what you see here, then save again to replace it."
                )
            )
        changed = _changed(before, chosen)
        if changed:
            _put(before, chosen, member, now)
            events.record(BrandChanged(1, _named(changed)), now=now, actor_id=member.pk)
    return bool(changed)


def restore(number: int, *, member: Any, now: datetime) -> None:
    """Bring back an earlier version by its number. Raises Missing when it is not kept any more."""
    with transaction.atomic():
        before = _hold()
        found = next((each for each in options.get("brand.versions") if each["number"] == number), None)
        if found is None:
            raise Missing(gettext("This version is not kept any more."))
        chosen = {**brand.blank(), **found["values"]}
        changed = _changed(before, chosen)
        if changed:
            _put(before, chosen, member, now)
            events.record(BrandRestored(1, found["at"][:10], _named(changed)), now=now, actor_id=member.pk)


def versions() -> list[dict[str, Any]]:
    """Return what can be brought back, newest first: number, values, at (when it was replaced) and by (a member's id)."""
    return [{**each, "at": datetime.fromisoformat(each["at"])} for each in options.get("brand.versions")]


def _hold() -> Values:
    """Return the present choices, of which nobody else can change anything until the transaction ends."""
    locks.hold("brand")
    options.forget()
    return brand.values()


def _changed(before: Values, after: Values) -> list[str]:
    return [key for key in NAMES if before[key] != after[key]]


def _named(changed: list[str]) -> str:
    return gettext(", ").join(str(NAMES[key]) for key in changed)


def _put(before: Values, after: Values, member: Any, now: datetime) -> None:
    kept = options.get("brand.versions")
    number = max((each["number"] for each in kept), default=0) + 1
    kept = [{"number": number, "values": before, "at": now.isoformat(), "by": member.pk}, *kept][:KEPT]
    options.put("brand.name", after["name"], now)
    options.put("brand.line", after["line"], now)
    options.put("brand.logo", after["logo"], now)
    options.put("brand.sections", after["off"], now)
    own = {"name", "line", "logo", "off"}
    options.put("brand.more", {key: value for key, value in after.items() if key not in own}, now)
    options.put("brand.versions", kept, now)
    used = brand.keys_of(after).union(*(brand.keys_of({**brand.blank(), **each["values"]}) for each in kept))
    media.keep(media_queries.uploads_in(media_queries.address(key) for key in sorted(used)), place=brand.PLACE)
