"""What every test may ask for: a clock, people, real data, two real connections, PostgreSQL when it answers."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

NOW = datetime(2026, 7, 18, 9, 30, tzinfo=UTC)


def data_folder() -> Path:
    """Return the folder of real data: TERRACE_TEST_DATA, or `shared/data` beside the checkout."""
    return Path(os.environ.get("TERRACE_TEST_DATA") or Path(__file__).parent.parent / "shared" / "data")


@pytest.fixture(autouse=True)
def _nothing_remembered():
    """Caches that live in the process must not carry one test's rows into the next."""
    from django.core.cache import cache

    from terrace.forum import policies
    from terrace.forum.actions import topics
    from terrace.kernel import options, remembered

    for forget in (options.forget, policies.forget_tree, cache.clear, topics._views.clear, remembered.clear):
        forget()
    yield
    options.forget()
    policies.forget_tree()


@pytest.fixture
def now() -> datetime:
    """Return the moment at which tests happen."""
    return NOW


@pytest.fixture(scope="session")
def test_data():
    """Return a function giving the path of a file of real data; the test is skipped where it is absent."""

    def find(name: str) -> Path:
        path = data_folder() / name
        if not path.exists():
            pytest.skip(f"{name} is not here: set TERRACE_TEST_DATA to the folder that holds it")
        return path

    return find


@pytest.fixture
def at_once():
    """Return a function that runs acts at one moment, each on a connection of its own; it gives what each returned or raised."""
    from terrace.kernel.tests.together import at_once

    return at_once
