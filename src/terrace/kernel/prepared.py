"""Reads whose SQL the ORM writes once, for the pages that are asked for most.

Django builds a query's SQL anew at every use, which costs ten times what the database needs to answer it. A `Prepared` is built with
`Given` in the place of values; the SQL is made at the first use and only the values change afterwards.
"""

from collections.abc import Callable, Hashable
from typing import Any

from django.db import connection
from django.db.models import DateTimeField, Expression, Field, QuerySet

Converter = Callable[[Any], Any]
_BITS = 63  # of a bigint without its sign


class Given(Expression):
    """The place of a value that is known only when a prepared read runs, such as `filter(topic_id=Given("topic", IntegerField()))`."""

    def __init__(self, name: str, output_field: Field) -> None:
        super().__init__(output_field=output_field)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        """Return a place for the value, and itself until there is one."""
        return "%s", [self]

    def value(self, given: dict[str, Any]) -> Any:
        """Return this value as the database takes it. Raises KeyError when it was not given."""
        value = given[self.name]
        if value is not None and isinstance(self.output_field, DateTimeField):
            return connection.ops.adapt_datetimefield_value(value)
        return value


class Prepared:
    """A read made by `build`, which returns `values_list(...)` of a QuerySet.

    What `build` is given (hashable) decides the form of the SQL, of which each is made once; the values come by name with each call.
    """

    def __init__(self, build: Callable[..., QuerySet]) -> None:
        self._build = build
        self._made: dict[Hashable, tuple[str, tuple[Any, ...], list[tuple[int, list[Converter]]]]] = {}

    def __call__(self, *form: Hashable, **given: Any) -> list[tuple[Any, ...]]:
        """Return the rows, with values as the ORM gives them. None for a number that no column can hold, as the ORM does."""
        if any(isinstance(value, int) and value.bit_length() > _BITS for value in given.values()):
            return []
        key = (connection.vendor, *form)
        made = self._made.get(key)
        if made is None:
            made = self._made[key] = self._make(form)
        sql, places, converters = made
        values = [each.value(given) if isinstance(each, Given) else each for each in places]
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            rows = cursor.fetchall()
        return [_converted(row, converters) for row in rows] if converters else rows

    def _make(self, form: tuple[Hashable, ...]) -> tuple[str, tuple[Any, ...], list[tuple[int, list[Converter]]]]:
        compiler = self._build(*form).query.get_compiler(connection=connection)
        sql, places = compiler.as_sql()
        chosen = [column for column, _sql, _alias in compiler.select[: compiler.col_count]]
        converters = [
            (at, [_bound(convert, expression) for convert in converts])
            for at, (converts, expression) in compiler.get_converters(chosen).items()
        ]
        return sql, tuple(places), converters


def _bound(convert: Callable[[Any, Any, Any], Any], expression: Any) -> Converter:
    return lambda value: convert(value, expression, connection)


def _converted(row: tuple[Any, ...], converters: list[tuple[int, list[Converter]]]) -> tuple[Any, ...]:
    changed = list(row)
    for at, converts in converters:
        if changed[at] is not None:
            for convert in converts:
                changed[at] = convert(changed[at])
    return tuple(changed)
