"""Notices on the screens of members' devices."""

import hashlib
import json
import logging
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce

from terrace.kernel import events, outbound, push
from terrace.kernel.deliveries import TryAgain
from terrace.kernel.errors import Missing
from terrace.members.models import Member
from terrace.notifications import policies, queries
from terrace.notifications.events import NoticeTold
from terrace.notifications.models import Device, Notice

log = logging.getLogger(__name__)

MOST = 20  # devices of one member; the oldest make room
TTL = 86_400  # seconds that a push service keeps what a device is not there to take
TRIES = 6  # about half an hour; what has not arrived then stands in the list all the same
FAILURES = 10  # messages in a row that a device did not get
SILENT = timedelta(days=7)  # a device that got none of so many, and nothing for so long, is forgotten


def join_device(member: Member, browser: push.Browser, *, agent: str, session_key: str, now: datetime) -> Device:
    """Show a member's notices on this browser from now on, and nobody else's. Again is once.

    Raises Refused for a suspended member, ValueError for what no browser gives.
    """
    policies.check_join_device(member, now)
    push.check(browser)
    with transaction.atomic():
        device, _made = Device.objects.update_or_create(
            endpoint_hash=hashlib.sha256(browser.endpoint.encode()).hexdigest(),
            defaults={
                "member_id": member.pk,
                "endpoint": browser.endpoint,
                "p256dh": browser.p256dh,
                "auth": browser.auth,
                "key": push.application_key(),
                "session_key": session_key,
                "agent": agent[:300],
                "created_at": now,
                "used_at": None,
                "failures": 0,
            },
        )
        mine = Device.objects.filter(member_id=member.pk).exclude(pk=device.pk)
        mine.filter(session_key=session_key).delete()  # the address that this browser had before
        rest = list(mine.order_by("-pk").values_list("pk", flat=True)[MOST - 1 :])
        Device.objects.filter(pk__in=rest).delete()
    return device


def end_device(member_id: int, device_id: int) -> None:
    """Show no more notices there. Raises Missing for a device that is not this member's."""
    if not Device.objects.filter(pk=device_id, member_id=member_id).delete()[0]:
        raise Missing


def end_devices(member_id: int) -> None:
    """Show this member's notices on no device any more."""
    Device.objects.filter(member_id=member_id).delete()


def call_devices(notices: Iterable[Notice], *, now: datetime) -> None:
    """Record for each device of those whom these notices are for that it is to show them, in the caller's transaction."""
    of_member = {notice.member_id: notice.pk for notice in notices}
    rows = Device.objects.filter(member_id__in=of_member, key=push.application_key()).order_by("pk")
    for device_id, member_id in rows.values_list("pk", "member_id"):
        events.record(NoticeTold(of_member[member_id], device_id), now=now)


def push_notice(
    notice_id: int,
    device_id: int,
    *,
    attempt: int,
    now: datetime,
    fetch: Callable[..., outbound.Response] = outbound.fetch,
) -> None:
    """Send a notice to a device, as the member may read it now; nothing where it has been seen or may not be read.

    The topic makes a second sending of the same notice take the place of the first. Raises TryAgain when the push service
    could not take it and may later.
    """
    device = Device.objects.filter(pk=device_id).first()
    if device is None:
        return
    if not queries.is_alive(device, now):
        _forget(device)
        return
    told = queries.on_screen(notice_id, device.member_id, now)
    if told is None:
        return
    try:
        push.send(
            push.Browser(device.endpoint, device.p256dh, device.auth),
            json.dumps(told, ensure_ascii=False).encode(),
            topic=f"notice-{notice_id}",
            ttl=TTL,
            now=now,
            fetch=fetch,
        )
    except (push.Gone, outbound.OutboundRefused):
        _forget(device)
    except push.Rejected as rejected:
        log.warning("push refused", extra={"device": device_id, "answer": str(rejected)})
        _missed(device, now)
    except (push.Later, outbound.OutboundFailed) as failed:
        if attempt < TRIES:
            raise TryAgain(failed.after if isinstance(failed, push.Later) else 0) from failed
        _missed(device, now)
    else:
        Device.objects.filter(pk=device_id).update(used_at=now, failures=0)


def _forget(device: Device) -> None:
    """Forget a device, unless somebody turned notifications on there meanwhile."""
    Device.objects.filter(pk=device.pk, session_key=device.session_key).delete()


def _missed(device: Device, now: datetime) -> None:
    rows = Device.objects.filter(pk=device.pk)
    rows.update(failures=F("failures") + 1)
    last = Coalesce("used_at", "created_at")
    rows.alias(last=last).filter(failures__gte=FAILURES, last__lt=now - SILENT).delete()
