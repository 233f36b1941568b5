"""People, topics, and a way to let notices hear."""

import pytest

from terrace.forum import policies as forum_policies
from terrace.forum.tests.conftest import (  # noqa: F401
    _in_english,
    _no_remembered_boards,
    board,
    lin,
    make_reply,
    make_topic,
    moderator,
    person,
    topic,
    wen,
)
from terrace.kernel import deliveries
from terrace.kernel.models import Delivery
from terrace.notifications import queries
from terrace.notifications.models import Notice


@pytest.fixture
def heard(now):
    """Return a function that makes every delivery that waits (at `at`), and shows that none of ours failed."""

    def hear(at=None):
        while deliveries.drain(at or now, outside=False):
            pass
        ours = Delivery.objects.filter(listener__startswith="notifications.")
        assert list(ours.exclude(error="").values_list("error", flat=True)) == []

    return hear


@pytest.fixture
def again(now):
    """Return a function that makes every delivery once more, as after a replay."""

    def hear_again():
        Delivery.objects.filter(listener__startswith="notifications.").update(state=Delivery.DUE)
        while deliveries.drain(now, outside=False):
            pass

    return hear_again


@pytest.fixture
def notices(now):
    """Return a function giving what a member's list says."""

    def of(member):
        return [row.text for row in queries.notice_page(forum_policies.access(member, now)).rows]

    return of


@pytest.fixture
def quiet(heard, now):
    """Everything that has happened so far (sign-up, levels) is told and forgotten."""

    def forget():
        heard()
        Delivery.objects.all().delete()
        Notice.objects.all().delete()

    return forget
