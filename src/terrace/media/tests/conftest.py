"""Tests read English, and their browser asks for it."""

import pytest
from django.test import Client
from django.utils import translation


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def client() -> Client:
    """A browser that speaks English."""
    return Client(headers={"accept-language": "en"})
