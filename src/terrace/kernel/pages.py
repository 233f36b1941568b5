"""Keyset pagination: a page begins after a row, so page one and page one million cost the same."""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Model, Q, QuerySet


@dataclass(frozen=True)
class Page:
    """One page of rows, and the cursor of the next, empty at the end."""

    rows: list[Any]
    next: str


def after(cursor: str, *, width: int) -> list[Any] | None:
    """Return the values in a cursor, or None when there is none or it was not made by us."""
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        values = json.loads(raw)
    except (binascii.Error, ValueError):
        return None
    sound = isinstance(values, list) and len(values) == width and all(isinstance(v, int | float | str) for v in values)
    return values if sound else None


def cursor_of(values: Sequence[Any]) -> str:
    """Return the cursor that stands after a row with these values."""
    plain = [value.isoformat() if isinstance(value, datetime) else value for value in values]
    return base64.urlsafe_b64encode(json.dumps(plain).encode()).rstrip(b"=").decode()


def descending(rows: QuerySet, fields: Sequence[str], cursor: str, size: int) -> Page:
    """Return the page after `cursor` of rows ordered by `fields`, all descending; the last field must be unique."""
    values = begin(rows.model, fields, cursor)
    if values is not None:
        rows = rows.filter(below(fields, values))
    return cut(list(rows.order_by(*(f"-{field}" for field in fields))[: size + 1]), fields, size)


def begin(model: type[Model], fields: Sequence[str], cursor: str) -> list[Any] | None:
    """Return the values that a page begins after, in the types of their columns; None at the first page or for a bad cursor."""
    values = after(cursor, width=len(fields)) if cursor else None
    if values is None:
        return None
    typed = [_typed(model, field, value) for field, value in zip(fields, values, strict=True)]
    return None if None in typed else typed


def cut(found: list[Any], fields: Sequence[str], size: int) -> Page:
    """Return a page of `size` rows out of one more than that, if there are so many."""
    more = len(found) > size
    found = found[:size]
    return Page(found, cursor_of([getattr(found[-1], field) for field in fields]) if more else "")


def _typed(model: type[Model], field: str, value: Any) -> Any:
    """Return the cursor's value in the type of its column, or None when it does not fit."""
    column: Any = model._meta.pk if field in {"id", "pk"} else model._meta.get_field(field)
    try:
        clean = column.to_python(value)
    except Exception:
        return None
    return None if isinstance(clean, int) and abs(clean) >= 2**63 else clean


def below(fields: Sequence[str], values: Sequence[Any]) -> Q:
    """Return the condition (a, b) < (x, y) as  a < x or (a = x and b < y)."""
    condition = Q(**{f"{fields[-1]}__lt": values[-1]})
    for field, value in list(zip(fields, values, strict=True))[-2::-1]:
        condition = Q(**{f"{field}__lt": value}) | (Q(**{field: value}) & condition)
    # The plain bound on the first field lets the index be entered at the right place.
    return Q(**{f"{fields[0]}__lte": values[0]}) & condition
