"""Devices that members own."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from terrace.kernel import events, locks
from terrace.kernel.errors import Conflict, Invalid
from terrace.members.models import Member
from terrace.products.events import DeviceChanged, DeviceDropped, DeviceListed
from terrace.products.models import Device, Product, TeamMember, Version
from terrace.screening import actions as screening


def add_device(
    member: Member,
    product: Product,
    *,
    nickname: str = "",
    since: date | None = None,
    shown: bool = True,
    now: datetime,
) -> Device:
    """List a device of a member's, owned since a day (today when None). The same one again is the one that is there.

    Raises Conflict beyond Device.MOST, Invalid for a day to come or a nickname that screening would hold.
    """
    nickname = _clean_nickname(member, nickname, now)
    today = timezone.localdate(now)
    since = _clean_since(since or today, today)
    with transaction.atomic():
        locks.hold(f"products:devices:{member.pk}")
        mine = Device.objects.filter(member=member)
        known = mine.filter(product=product, nickname=nickname).first()
        if known is not None:
            return known
        _check_room(mine.count())
        first = not mine.filter(product=product).exists()
        device = Device.objects.create(member=member, product=product, nickname=nickname, since=since, shown=shown)
        if first:
            Product.objects.filter(pk=product.pk).update(owners=F("owners") + 1)
        events.record(DeviceListed(device.pk, product.pk, member.pk), now=now, actor_id=member.pk)
    return device


def _check_room(listed: int) -> None:
    if listed >= Device.MOST:
        raise Conflict(_("You list 20 devices already, and that is the most. Take one away first."))


def edit_device(device: Device, *, member: Member, now: datetime, version_id: int | None, **changes: Any) -> None:
    """Say what a device runs (`version_id`, `build`), what it is called, since when it is there, whether the profile shows it.

    Raises Invalid for a version that is not of this product, a day to come, or a nickname that is held or taken.
    """
    changes["nickname"] = _clean_nickname(member, changes["nickname"], now)
    changes["since"] = _clean_since(changes["since"], timezone.localdate(now))
    changes["build"] = changes["build"].strip()[:60]
    if version_id is not None:
        system = device.product.runs_id or device.product_id
        if not Version.objects.filter(pk=version_id, product_id=system, released_at__isnull=False).exists():
            raise Invalid(_("This version is not one of this product."), field="version")
    changes["version_id"] = version_id
    with transaction.atomic():
        locks.hold(f"products:devices:{member.pk}")
        mine = Device.objects.filter(member=member)
        before = mine.filter(pk=device.pk).first()
        if before is None:
            raise Conflict(_("This device is no longer in your list."))
        same = mine.filter(product_id=device.product_id, nickname=changes["nickname"]).exclude(pk=device.pk)
        if same.exists():
            raise Invalid(_("You call another device of this product so."), field="nickname")
        if any(getattr(before, name) != value for name, value in changes.items()):
            mine.filter(pk=device.pk).update(**changes)
            changed = DeviceChanged(device.pk, device.product_id, member.pk)
            events.record(changed, now=now, actor_id=member.pk)


def drop_device(device: Device, *, now: datetime) -> bool:
    """Take a device out of a member's list; return whether it was in it."""
    with transaction.atomic():
        locks.hold(f"products:devices:{device.member_id}")
        gone, _each = Device.objects.filter(pk=device.pk).delete()
        if gone:
            _count_without(device.member_id, device.product_id)
            dropped = DeviceDropped(device.pk, device.product_id, device.member_id)
            events.record(dropped, now=now, actor_id=device.member_id)
    return bool(gone)


def forget_member(member_id: int) -> None:
    """Drop what this room holds about a member who has left: their devices, and their part in teams."""
    with transaction.atomic():
        locks.hold(f"products:devices:{member_id}")
        mine = Device.objects.filter(member_id=member_id)
        owned = sorted(set(mine.values_list("product_id", flat=True)))
        mine.delete()
        for product_id in owned:
            _count_without(member_id, product_id)
        TeamMember.objects.filter(member_id=member_id).delete()


def _count_without(member_id: int, product_id: int) -> None:
    if not Device.objects.filter(member_id=member_id, product_id=product_id).exists():
        Product.objects.filter(pk=product_id, owners__gt=0).update(owners=F("owners") - 1)


def _clean_nickname(member: Member, text: str, now: datetime) -> str:
    nickname = " ".join(text.split())[:30]
    if nickname and not member.is_staff_role:
        screening.check_short(nickname, field="nickname", now=now)
    return nickname


def _clean_since(since: date, today: date) -> date:
    if since > today:
        raise Invalid(_("This day is still to come."), field="since")
    return since
