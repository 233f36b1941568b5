"""The word machine lives in the process; each test begins without it, and reads English."""

import pytest
from django.utils import translation

from terrace.screening.policies import machine


@pytest.fixture(autouse=True)
def _no_machine(monkeypatch):
    monkeypatch.setattr(machine, "_kept", None)


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield
