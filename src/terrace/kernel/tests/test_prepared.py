"""Prepared reads give what the ORM gives, for the cost of the database alone."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.db.models import CharField, DateTimeField
from django.test.utils import CaptureQueriesContext

from terrace.kernel.models import Option
from terrace.kernel.prepared import Given, Prepared

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 7, 18, 9, 30, tzinfo=UTC)


@pytest.fixture
def three(db):
    for number in range(3):
        value = {"n": number, "text": "%s ? 续航"}
        Option.objects.create(name=f"test.{number}", value=value, changed_at=NOW + timedelta(hours=number))


def build(*columns):
    rows = Option.objects.filter(name__gte=Given("name", CharField()), changed_at__gt=Given("since", DateTimeField()))
    return rows.order_by("-name").values_list(*columns)


def test_rows_are_those_of_the_orm_with_dates_and_json(three):
    read = Prepared(build)
    plain = Option.objects.filter(name__gte="test.0", changed_at__gt=NOW).order_by("-name")
    columns = ("name", "value", "changed_at")
    assert read(*columns, name="test.0", since=NOW) == list(plain.values_list(*columns))
    assert len(read(*columns, name="test.0", since=NOW)) == 2


def test_values_change_and_the_sql_does_not(three):
    read = Prepared(build)
    with CaptureQueriesContext(connection) as captured:
        assert [name for (name,) in read("name", name="test.1", since=NOW)] == ["test.2", "test.1"]
        assert [name for (name,) in read("name", name="test.2", since=NOW)] == ["test.2"]
        assert read("name", name="test.2", since=NOW + timedelta(days=1)) == []
    assert len(captured) == 3
    assert len(read._made) == 1


def test_each_form_has_its_sql(three):
    read = Prepared(build)
    assert read("name", name="test.2", since=NOW) == [("test.2",)]
    assert read("changed_at", name="test.2", since=NOW) == [(NOW + timedelta(hours=2),)]
    assert len(read._made) == 2


def test_a_number_that_no_column_holds_finds_nothing(three):
    assert Prepared(build)("name", name=2**63, since=NOW) == []


def test_a_forgotten_value_is_an_error(three):
    with pytest.raises(KeyError):
        Prepared(build)("name", name="test.1")
