"""Bringing events to their listeners, each exactly once (local) or at least once (outside)."""

import dataclasses
import logging
import traceback
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Q

from terrace.kernel import events
from terrace.kernel.models import Delivery, EventRow

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=120)
ATTEMPTS = 8
BATCH = 50


class TryAgain(Exception):
    """A listener was told to come again, not before `after` seconds have passed. It is a failed try like any other."""

    def __init__(self, after: int) -> None:
        super().__init__(f"to be tried again after {after} s")
        self.after = after


@dataclasses.dataclass(frozen=True)
class Handed:
    """What a listener is given beside the event. `key` is the same at every repetition: hand it to outside services."""

    key: str
    event_id: int
    at: datetime
    now: datetime
    attempt: int
    actor_id: int | None


def backoff(attempts: int) -> timedelta:
    """Return how long to wait after the given number of failed attempts: 5 s, 20 s, 80 s … at most 6 hours."""
    return timedelta(seconds=min(5 * 4 ** (attempts - 1), 6 * 3600))


def due_ids(now: datetime, limit: int = BATCH, *, outside: bool | None = None) -> list[int]:
    """Return the deliveries that wait to be made, oldest first, without those that somebody holds a lease on.

    `outside` picks those that reach beyond the database (True) or stay inside it (False); None takes all.
    """
    free = Q(leased_until=None) | Q(leased_until__lte=now)
    rows = Delivery.objects.filter(free, state=Delivery.DUE, due_at__lte=now)
    if outside is not None:
        lane = Q(listener__in=events.outside_names())
        rows = rows.filter(lane if outside else ~lane)
    return list(rows.order_by("due_at", "id").values_list("id", flat=True)[:limit])


def drain(now: datetime, *, limit: int = BATCH, outside: bool | None = None) -> int:
    """Make up to `limit` due deliveries; return how many were tried, without those that another worker has in hand."""
    return sum(deliver(delivery_id, now) for delivery_id in due_ids(now, limit, outside=outside))


def deliver(delivery_id: int, now: datetime) -> bool:
    """Make one delivery; return whether it was ours to try.

    Failures are written down and tried again later, then moved to the dead letters.
    """
    delivery = Delivery.objects.select_related("event").filter(pk=delivery_id).first()
    if delivery is None or delivery.state != Delivery.DUE:
        return False
    listener = events.listener_of(delivery.event.kind, delivery.listener)
    if listener is None or delivery.event.kind not in events.kinds():
        _fail(delivery_id, now, "nobody of this name is wired to this event", final=True)
        return True
    try:
        return (_deliver_outside if listener.outside else _deliver_local)(delivery_id, listener, now)
    except TryAgain as told:
        _fail(delivery_id, now, str(told), after=told.after)
    except Exception:
        log.warning("delivery failed", extra={"delivery": delivery_id, "listener": listener.name}, exc_info=True)
        _fail(delivery_id, now, traceback.format_exc(limit=6)[-4000:])
    return True


def _lock(delivery_id: int, now: datetime) -> Delivery | None:
    """Lock a delivery that is still due and not leased; None when another worker has it or has made it."""
    rows = Delivery.objects.select_for_update(
        of=("self",), skip_locked=connection.features.has_select_for_update_skip_locked
    )
    free = Q(leased_until=None) | Q(leased_until__lte=now)
    return rows.filter(free, pk=delivery_id, state=Delivery.DUE).select_related("event").first()


def _hear(listener: events.Listener, row: EventRow, delivery: Delivery, now: datetime) -> None:
    handed = Handed(str(delivery.pk), row.pk, row.at, now, delivery.attempts + 1, row.actor_id)
    with events.caused_by(row.pk):
        listener.hear(events.read(row), handed)


def _deliver_local(delivery_id: int, listener: events.Listener, now: datetime) -> bool:
    with transaction.atomic():
        delivery = _lock(delivery_id, now)
        if delivery is None:
            return False
        _hear(listener, delivery.event, delivery, now)
        Delivery.objects.filter(pk=delivery_id).update(state=Delivery.DONE, done_at=now, error="")
    return True


def _deliver_outside(delivery_id: int, listener: events.Listener, now: datetime) -> bool:
    with transaction.atomic():
        delivery = _lock(delivery_id, now)
        if delivery is None:
            return False
        Delivery.objects.filter(pk=delivery_id).update(leased_until=now + LEASE)
    _hear(listener, delivery.event, delivery, now)
    with transaction.atomic():
        Delivery.objects.filter(pk=delivery_id).update(
            state=Delivery.DONE, done_at=now, error="", leased_until=None, attempts=delivery.attempts + 1
        )
    return True


def _fail(delivery_id: int, now: datetime, error: str, *, final: bool = False, after: int = 0) -> None:
    with transaction.atomic():
        delivery = Delivery.objects.select_for_update().get(pk=delivery_id)
        if delivery.state != Delivery.DUE:
            return
        attempts = delivery.attempts + 1
        dead = final or attempts >= ATTEMPTS
        Delivery.objects.filter(pk=delivery_id).update(
            state=Delivery.DEAD if dead else Delivery.DUE,
            attempts=attempts,
            due_at=now + max(backoff(attempts), timedelta(seconds=after)),
            leased_until=None,
            error=error,
        )


def replay(ids: list[int], now: datetime) -> int:
    """Make dead letters due again; return how many there were."""
    with transaction.atomic():
        count = Delivery.objects.filter(pk__in=ids, state=Delivery.DEAD).update(
            state=Delivery.DUE, due_at=now, attempts=0, leased_until=None
        )
        transaction.on_commit(events.bell.ring)
    return count


def forget_done(before: datetime) -> int:
    """Delete deliveries that were made before `before`; the events themselves stay. Returns how many."""
    return Delivery.objects.filter(state=Delivery.DONE, done_at__lt=before).delete()[0]
