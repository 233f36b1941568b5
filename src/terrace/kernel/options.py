"""Choices of the operator that are kept in the database. A room declares each with its default and its check."""

import dataclasses
import threading
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction

from terrace.kernel.models import Option

FRESH = 2.0  # seconds; other processes see a change at the latest after this


@dataclasses.dataclass(frozen=True)
class Declared:
    """One option: its default, what it means, and a check that returns the clean value or raises ValueError."""

    default: Any
    meaning: str
    check: Callable[[Any], Any]


_declared: dict[str, Declared] = {}
_cache: dict[str, Any] = {}
_read_at = 0.0
_mutex = threading.Lock()


def declare(name: str, default: Any, meaning: str, check: Callable[[Any], Any] = lambda value: value) -> str:
    """Declare an option such as `members.registration`; returns the name."""
    _declared[name] = Declared(default, meaning, check)
    return name


def get(name: str) -> Any:
    """Return the operator's choice, or the default. Raises KeyError for a name nobody declared."""
    default = _declared[name].default
    return _values().get(name, default)


def put(name: str, value: Any, now: datetime) -> None:
    """Write a choice. Raises KeyError for an unknown name and ValueError for a value its check refuses."""
    clean = _declared[name].check(value)
    Option.objects.update_or_create(name=name, defaults={"value": clean, "changed_at": now})
    transaction.on_commit(forget)


def declared() -> dict[str, Declared]:
    """Return every option by name."""
    return dict(_declared)


def forget() -> None:
    """Drop what is remembered, so that the next `get` reads the database."""
    global _read_at
    with _mutex:
        _read_at = 0.0


def _values() -> dict[str, Any]:
    global _cache, _read_at
    with _mutex:
        if time.monotonic() - _read_at < FRESH and _read_at:
            return _cache
    values = dict(Option.objects.values_list("name", "value"))
    with _mutex:
        _cache, _read_at = values, time.monotonic()
    return values
