"""Two operators at once, with two real connections: one name goes to one group, and nobody is put into a group that goes."""

import threading

import pytest
from django.db import connection, connections

from terrace.kernel.errors import Conflict
from terrace.kernel.tests.together import at_once
from terrace.members import actions as members
from terrace.memberships import actions
from terrace.memberships.models import Entitlement, Group


@pytest.fixture
def boss(transactional_db, now):
    return members.create_member("若溪", role="operator", now=now)


@pytest.fixture
def two(boss, now):
    return [actions.make_group(name, by=boss.pk, now=now) for name in ("Alpha", "Beta")]


def two_rename(two, boss, now):
    return at_once(*(lambda group=group: actions.rename_group(group, "Gamma", by=boss.pk, now=now) for group in two))


def kinds(results):
    return sorted(type(each).__name__ for each in results)


def test_one_name_goes_to_one_group(two, boss, now):
    results = two_rename(two, boss, now)
    assert kinds(results) == ["Invalid", "NoneType"], results
    assert Group.objects.filter(name="Gamma").count() == 1
    results = at_once(*[lambda: actions.make_group("内测", by=boss.pk, now=now)] * 2)
    assert kinds(results) == ["Group", "Invalid"], results


def test_without_the_lock_two_groups_are_called_the_same(two, boss, now, monkeypatch):
    """The test above is worth something: on PostgreSQL, both see that the name is free."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite lets one transaction write at a time, with or without our lock")
    both, check = threading.Barrier(2), actions._check_free

    def checked(name, own=None):
        check(name, own)
        both.wait(10)

    monkeypatch.setattr(actions.locks, "hold", lambda *keys: None)
    monkeypatch.setattr(actions, "_check_free", checked)
    assert kinds(two_rename(two, boss, now)) == ["NoneType", "NoneType"]
    assert Group.objects.filter(name="Gamma").count() == 2


def put_in_while_it_goes(group, boss, lin, now):
    return at_once(
        lambda: actions.give(group, lin.pk, reason="x", by=boss.pk, now=now),
        lambda: actions.delete_group(group, by=boss.pk, now=now),
    )


def test_nobody_is_put_into_a_group_that_goes(two, boss, now):
    lin = members.create_member("林间", now=now)
    given, deleted = put_in_while_it_goes(two[0], boss, lin, now)
    assert deleted is None
    assert given is None or isinstance(given, Conflict), given
    assert not Entitlement.objects.exists()


def test_without_the_lock_who_is_put_in_meets_an_error(two, boss, now, monkeypatch):
    """The test above is worth something: on PostgreSQL, the group is gone when the entitlement is written."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite lets one transaction write at a time, with or without our lock")
    lin, seen, gone = members.create_member("林间", now=now), threading.Event(), threading.Event()
    hold = actions._hold

    def held(group):
        hold(group)
        if threading.current_thread() is giver:
            seen.set()
            assert gone.wait(10)

    monkeypatch.setattr(actions.locks, "hold", lambda *keys: None)
    monkeypatch.setattr(actions, "_hold", held)
    results = []

    def giving():
        try:
            actions.give(two[0], lin.pk, reason="x", by=boss.pk, now=now)
        except Exception as error:
            results.append(error)
        finally:
            connections.close_all()

    giver = threading.Thread(target=giving)
    giver.start()
    assert seen.wait(10)
    actions.delete_group(two[0], by=boss.pk, now=now)
    gone.set()
    giver.join(60)
    assert kinds(results) == ["IntegrityError"]
