"""People, boards, and a way to let the index hear."""

import pytest

from terrace.forum import actions as forum
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
from terrace.kernel import deliveries, words
from terrace.kernel.models import Delivery
from terrace.search import policies, queries


@pytest.fixture(autouse=True)
def _nothing_learned():
    """What the operator's words add to the segmentation of this process goes with the test."""
    yield
    words.set_words([])
    policies._learned = []


@pytest.fixture
def heard(now):
    """Return a function that makes every delivery that waits, and shows that none of ours failed."""

    def hear():
        while deliveries.drain(now, outside=False):
            pass
        assert (
            list(
                Delivery.objects.filter(listener__startswith="search.")
                .exclude(error="")
                .values_list("error", flat=True)
            )
            == []
        )

    return hear


@pytest.fixture
def access(now):
    """Return a function giving what a member, or a stranger, may do."""
    return lambda member=None: forum_policies.access(member, now)


@pytest.fixture
def find(access, now):
    """Return a function that looks for something: `find("续航", lin, solved=True)`."""

    def look(text, member=None, *, page=1, **narrowed):
        reader = access(member)
        return queries.find(reader, queries.ask(reader, text, **narrowed), text, now=now, page=page)

    return look


@pytest.fixture
def titles(find):
    """Return a function giving the titles that are found, in their order."""

    def look(text, member=None, **narrowed):
        return ["".join(piece for piece, _hit in hit.title) for hit in find(text, member, **narrowed).hits]

    return look


@pytest.fixture
def closed(db, now):
    """A board that only staff may read."""
    made = forum.create_board("内测", slug="inside", now=now)
    forum.set_rule(made, "read", audience="staff", now=now)
    forum_policies.forget_tree()
    return made
