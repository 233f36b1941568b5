"""Two at once, with two real connections: one number goes to one version, and the twentieth device is the last."""

import threading

import pytest
from django.db import connection

from terrace.kernel.tests.together import at_once
from terrace.members import actions as members
from terrace.products import actions
from terrace.products.actions import devices, versions
from terrace.products.models import Device, Product, Version


@pytest.fixture
def boss(transactional_db, now):
    return members.create_member("若溪", role="operator", now=now)


@pytest.fixture
def product(boss, now):
    return actions.make_product("Ridge 5", slug="ridge-5", by=boss, now=now)


def kinds(results):
    return sorted(type(each).__name__ for each in results)


def needs_postgresql():
    if connection.vendor != "postgresql":
        pytest.skip("SQLite lets one transaction write at a time, with or without our lock")


def meeting(check, both):
    """Return the check, after which two acts wait for each other."""

    def checked(*args):
        check(*args)
        both.wait(10)

    return checked


def two_plan(product, boss, now):
    return at_once(*[lambda: actions.plan_version(product, "4.2", channel="closed", by=boss, now=now)] * 2)


def test_one_number_goes_to_one_version(product, boss, now):
    assert kinds(two_plan(product, boss, now)) == ["Invalid", "Version"]
    assert Version.objects.count() == 1


def test_without_the_lock_the_second_meets_an_error(product, boss, now, monkeypatch):
    """The test above is worth something: on PostgreSQL, both see that the number is free."""
    needs_postgresql()
    monkeypatch.setattr(versions.locks, "hold", lambda *keys: None)
    monkeypatch.setattr(versions, "_check_free", meeting(versions._check_free, threading.Barrier(2)))
    assert kinds(two_plan(product, boss, now)) == ["IntegrityError", "Version"]


@pytest.fixture
def nineteen(product, now):
    lin = members.create_member("林间", now=now)
    for number in range(Device.MOST - 1):
        actions.add_device(lin, product, nickname=str(number), now=now)
    return lin


def two_list(lin, product, now):
    return at_once(*(lambda name=name: actions.add_device(lin, product, nickname=name, now=now) for name in "ab"))


def test_the_twentieth_device_is_the_last(nineteen, product, now):
    assert kinds(two_list(nineteen, product, now)) == ["Conflict", "Device"]
    assert Device.objects.count() == Device.MOST
    assert Product.objects.get().owners == 1


def test_without_the_lock_there_are_twenty_one(nineteen, product, now, monkeypatch):
    """The test above is worth something: on PostgreSQL, both see room for one more."""
    needs_postgresql()
    monkeypatch.setattr(devices.locks, "hold", lambda *keys: None)
    monkeypatch.setattr(devices, "_check_room", meeting(devices._check_room, threading.Barrier(2)))
    assert kinds(two_list(nineteen, product, now)) == ["Device", "Device"]
    assert Device.objects.count() == Device.MOST + 1


def test_a_version_is_raised_once(product, boss, now):
    version = actions.plan_version(product, "4.2", channel="closed", by=boss, now=now)
    actions.release_version(version, by=boss, now=now)
    results = at_once(*[lambda: actions.raise_version(version, "public", by=boss, now=now)] * 2)
    assert sorted(results) == [False, True]
