"""Whatever happens is one row; whatever reacts is a listener.

An action writes its rows and, in the same transaction, calls `record`. That writes the event and one delivery row for
every listener wired to it, so a listener hears only what was recorded after it was wired, and a crash loses nothing.
"""

import dataclasses
import threading
from collections.abc import Callable
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any, ClassVar

from django.db import connection, transaction

from terrace.kernel.models import Delivery, EventRow

MAX_DEPTH = 8


class LoopRefused(Exception):
    """The event would repeat one of its own causes, or stands at the end of too long a chain."""


class Event:
    """Base of every event: a frozen dataclass of ids and plain values. `about` names the field with its object's id."""

    about: ClassVar[str]
    kind: ClassVar[str]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.kind = f"{cls.__module__.split('.')[1]}.{cls.__name__}"
        _kinds[cls.kind] = cls

    @property
    def object_key(self) -> str:
        """Return the object that this is about, such as `post:12`."""
        return f"{self.about.removesuffix('_id')}:{getattr(self, self.about)}"


_kinds: dict[str, type[Event]] = {}


@dataclasses.dataclass(frozen=True)
class Listener:
    """A function that hears one kind of event. An outside one reaches beyond the database (mail, gateway, tracker)."""

    name: str
    hear: Callable[..., None]
    outside: bool


_wires: dict[str, list[Listener]] = {}
_listeners: dict[tuple[str, str], Listener] = {}
_cause: ContextVar[int | None] = ContextVar("terrace_event_cause", default=None)


class Bell:
    """Wakes whoever waits for work. A ring is never lost: a waiter compares counts, not moments."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._rings = 0

    def ring(self) -> None:
        """Wake every waiter."""
        with self._changed:
            self._rings += 1
            self._changed.notify_all()

    def wait(self, seen: int, timeout: float) -> int:
        """Wait up to `timeout` seconds for a ring after the `seen`-th; return how many there have been."""
        with self._changed:
            self._changed.wait_for(lambda: self._rings != seen, timeout)
            return self._rings


bell = Bell()


def wire(kind: type[Event], hear: Callable[..., None], *, outside: bool = False) -> None:
    """Let `hear` hear every event of `kind` recorded from now on. Wiring twice is wiring once."""
    name = f"{hear.__module__.split('.')[1]}.{hear.__name__}"
    listener = Listener(name, hear, outside)
    if (kind.kind, name) not in _listeners:
        _wires.setdefault(kind.kind, []).append(listener)
    _listeners[kind.kind, name] = listener


def wired() -> dict[str, list[Listener]]:
    """Return who hears what, by kind."""
    return {kind: list(listeners) for kind, listeners in _wires.items()}


def listener_of(kind: str, name: str) -> Listener | None:
    """Return the listener called `name` of events of `kind`, or None if it is no longer wired."""
    return _listeners.get((kind, name))


def outside_names() -> set[str]:
    """Return the names of the listeners that reach beyond the database."""
    return {listener.name for listener in _listeners.values() if listener.outside}


def kinds() -> dict[str, type[Event]]:
    """Return every kind of event by its name."""
    return dict(_kinds)


def read(row: EventRow) -> Event:
    """Return the event that a row holds. Fields that were added since take their defaults; removed ones are dropped."""
    cls = _kinds[row.kind]
    known = {field.name for field in dataclasses.fields(cls)}  # type: ignore[arg-type]
    return cls(**{key: value for key, value in row.data.items() if key in known})


@contextmanager
def caused_by(event_id: int | None):
    """Let whatever is recorded inside carry `event_id` as its cause."""
    token = _cause.set(event_id)
    try:
        yield
    finally:
        _cause.reset(token)


def record(event: Event, *, now: datetime, actor_id: int | None = None) -> int:
    """Write the event and its deliveries in the caller's transaction; return the event's id.

    Raises RuntimeError outside a transaction and LoopRefused when the chain of causes already holds the same kind about
    the same object or is deeper than MAX_DEPTH.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("An event is recorded in the transaction that makes it true.")
    cause = _cause.get()
    row = EventRow.objects.create(
        kind=event.kind,
        about=event.object_key,
        actor_id=actor_id,
        data=dataclasses.asdict(event),  # type: ignore[call-overload]
        cause_id=cause,
        depth=_depth_below(cause, event),
        at=now,
    )
    listeners = _wires.get(event.kind, ())
    if listeners:
        Delivery.objects.bulk_create([Delivery(event=row, listener=each.name, due_at=now) for each in listeners])
        transaction.on_commit(bell.ring)
    return row.pk


def _depth_below(cause: int | None, event: Event) -> int:
    """Return the depth of a new event under `cause`, having walked its ancestry."""
    depth = 0
    while cause is not None:
        depth += 1
        row = EventRow.objects.only("kind", "about", "cause_id").get(pk=cause)
        if (row.kind, row.about) == (event.kind, event.object_key):
            raise LoopRefused(f"{event.kind} about {event.object_key} is one of its own causes")
        if depth > MAX_DEPTH:
            raise LoopRefused(f"{event.kind} about {event.object_key} has more than {MAX_DEPTH} causes above it")
        cause = row.cause_id
    return depth
