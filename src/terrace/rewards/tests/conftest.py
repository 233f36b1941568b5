"""People, topics, and a way to let rewards hear."""

import pytest

from terrace.forum.tests.conftest import (  # noqa: F401
    _in_english,
    _no_remembered_boards,
    board,
    make_reply,
    make_topic,
    topic,
)
from terrace.kernel import deliveries
from terrace.kernel.models import Delivery
from terrace.members import actions as members


@pytest.fixture
def heard(now):
    """Return a function that makes every delivery that waits, and shows that none of ours failed."""

    def hear():
        while deliveries.drain(now, outside=False):
            pass
        ours = Delivery.objects.filter(listener__startswith="rewards.")
        assert list(ours.exclude(error="").values_list("error", flat=True)) == []

    return hear


@pytest.fixture
def lin(db, now):
    return members.create_member("林间", now=now)


@pytest.fixture
def wen(db, now):
    return members.create_member("Wen", now=now)


@pytest.fixture
def moderator(db, now):
    return members.create_member("板桥", role="moderator", now=now)


@pytest.fixture
def growth():
    """Return a function giving a member's present growth."""

    def of(member):
        member.refresh_from_db()
        return member.growth

    return of
