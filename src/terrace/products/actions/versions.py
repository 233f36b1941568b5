"""Versions and builds: planned, released, raised to the next channel."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from terrace.kernel import events, locks, markup
from terrace.kernel.errors import Conflict, Invalid
from terrace.members.models import Member
from terrace.products import policies
from terrace.products.events import BuildMade, VersionEdited, VersionMade, VersionRaised, VersionReleased
from terrace.products.models import Build, Channel, Product, Version

LADDER = [each.value for each in Channel]


def _check_channel(channel: str) -> None:
    if channel not in LADDER:
        raise Invalid(_("There is no such channel."), field="channel")


def _rendered(note: str, number: str) -> str:
    prefix = "".join(char if char.isalnum() else "-" for char in f"v{number}")
    try:
        return markup.render(note, prefix=prefix).html
    except markup.TooLong as error:
        said = _("This note is longer than %(n)s characters.") % {"n": f"{markup.MAX_SOURCE:,}"}
        raise Invalid(said, field="note") from error


def _check_free(product_id: int, number: str) -> None:
    if Version.objects.filter(product_id=product_id, number=number).exists():
        raise Invalid(_("The product has a version %(number)s already.") % {"number": number}, field="number")


def plan_version(
    product: Product, number: str, *, channel: str, now: datetime, by: Member | None = None, note: str = ""
) -> Version:
    """Add a version that nobody has yet, meant for a channel. Raises Invalid for a number that cannot be or is taken."""
    number = policies.clean_number(number)
    _check_channel(channel)
    html = _rendered(note, number)
    with transaction.atomic():
        locks.hold(f"products:{product.pk}")
        _check_free(product.pk, number)
        version = Version.objects.create(product=product, number=number, channel=channel, note=note, note_html=html)
        made = VersionMade(product.pk, version.pk, number, channel)
        events.record(made, now=now, actor_id=by.pk if by else None)
    return version


def edit_version(version: Version, *, number: str, note: str, by: Member, now: datetime, channel: str = "") -> None:
    """Change a version's number and note, and the channel of one that is still planned (one that is out is raised).

    Raises Invalid for a number that cannot be or is taken.
    """
    number = policies.clean_number(number)
    html = _rendered(note, number)
    with transaction.atomic():
        locks.hold(f"products:{version.product_id}")
        before = Version.objects.select_for_update().get(pk=version.pk)
        if number != before.number:
            _check_free(version.product_id, number)
        meant = channel if channel and before.released_at is None else before.channel
        _check_channel(meant)
        if (before.number, before.note, before.channel) == (number, note, meant):
            return
        Version.objects.filter(pk=version.pk).update(number=number, note=note, note_html=html, channel=meant)
        events.record(VersionEdited(version.product_id, version.pk, number), now=now, actor_id=by.pk)


def release_version(version: Version, *, now: datetime, by: Member | None = None, at: datetime | None = None) -> bool:
    """Let members have a planned version, in its channel; return whether that is new. `at` says since when, else now.

    Raises Invalid for a moment that is still to come.
    """
    if at is not None and at > now:
        raise Invalid(_("A release is not in the future."), field="at")
    with transaction.atomic():
        row = Version.objects.select_for_update().get(pk=version.pk)
        if row.released_at is not None:
            return False
        Version.objects.filter(pk=row.pk).update(released_at=at or now)
        released = VersionReleased(row.pk, row.product_id, row.number, row.channel)
        events.record(released, now=now, actor_id=by.pk if by else None)
    return True


def raise_version(version: Version, channel: str, *, now: datetime, by: Member | None = None) -> bool:
    """Let a version go up to a channel, where it is from now on; return whether it was below it.

    Raises Conflict for one that is only planned, Invalid for a way down: what members have is not taken back.
    """
    _check_channel(channel)
    with transaction.atomic():
        row = Version.objects.select_for_update().get(pk=version.pk)
        if row.released_at is None:
            raise Conflict(_("This version is only planned. Release it first."))
        step = LADDER.index(channel) - LADDER.index(row.channel)
        if not step:
            return False
        if step < 0:
            raise Invalid(_("A version only goes up. For a way back, release the next one."), field="channel")
        Version.objects.filter(pk=row.pk).update(channel=channel, released_at=now)
        raised = VersionRaised(row.pk, row.product_id, row.number, channel, row.channel)
        events.record(raised, now=now, actor_id=by.pk if by else None)
    return True


def add_build(
    version: Version,
    number: str,
    *,
    now: datetime,
    by: Member | None = None,
    channel: str = "",
    note: str = "",
    at: datetime | None = None,
) -> Build:
    """Add a build of a version, in the version's channel unless `channel` says another, made at `at`, else now.

    Raises Invalid for a number that cannot be, or that another build of the product has.
    """
    number = policies.clean_number(number, 60)
    channel = channel or version.channel
    _check_channel(channel)
    with transaction.atomic():
        locks.hold(f"products:{version.product_id}")
        if Build.objects.filter(product_id=version.product_id, number=number).exists():
            raise Invalid(_("The product has a build %(number)s already.") % {"number": number}, field="number")
        build = Build.objects.create(
            product_id=version.product_id,
            version=version,
            number=number,
            channel=channel,
            note=" ".join(note.split())[:500],
            at=at or now,
        )
        made = BuildMade(version.pk, version.product_id, build.pk, number)
        events.record(made, now=now, actor_id=by.pk if by else None)
    return build
