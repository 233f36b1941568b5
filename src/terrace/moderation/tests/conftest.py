"""A community for each test, in English."""

import pytest
from django.test import Client
from django.utils import translation

from terrace.moderation.tests.people import Place, build
from terrace.screening.policies import machine


@pytest.fixture(autouse=True)
def _no_machine(monkeypatch):
    monkeypatch.setattr(machine, "_kept", None)


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def client() -> Client:
    """A browser that speaks English."""
    return Client(headers={"accept-language": "en"})


@pytest.fixture
def place(db, now) -> Place:
    """Two boards, a topic, an author whose post is in question, and people who keep order."""
    return build(now)
