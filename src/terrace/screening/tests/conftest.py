"""The word machine lives in the process; each test begins without it."""

import pytest

from terrace.screening.policies import machine


@pytest.fixture(autouse=True)
def _no_machine(monkeypatch):
    monkeypatch.setattr(machine, "_kept", None)
