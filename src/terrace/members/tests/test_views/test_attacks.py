"""What holds for every address of this room: no form without its token, no GET that changes anything."""

import re

import pytest
from django.conf import settings
from django.test import Client
from django.urls import get_resolver

from terrace.kernel.models import EventRow
from terrace.members.models import Follow, Member
from terrace.members.tests.conftest import PASSWORD, Browser

pytestmark = pytest.mark.django_db

SETTINGS = ["", "profile/", "security/", "people/", "data/"]


def _posts():
    """Every address of this room that changes something, with made-up arguments."""
    found = []
    for pattern in get_resolver("terrace.members.urls").url_patterns:
        address = "/" + re.sub(r"<int:\w+>", "1", re.sub(r"<str:\w+>", "Ann", str(pattern.pattern)))
        found.append(address)
    return found


@pytest.mark.parametrize("address", _posts())
def test_no_form_works_without_its_token(make, address, settings):
    ann = make("Ann", email="ann@example.com", password=PASSWORD, role="administrator")
    settings.TERRACE_DEMO = True
    here = Client(enforce_csrf_checks=True)
    here.force_login(ann)
    before = EventRow.objects.count()
    assert here.post(address, {"contact": "x@example.com"}).status_code == 403
    assert EventRow.objects.count() == before


@pytest.mark.parametrize("address", _posts())
def test_reading_changes_nothing(make, address):
    ann = make("Ann", email="ann@example.com", password=PASSWORD)
    make("Bob")
    here = Browser()
    here.force_login(ann)
    here.get("/settings/")
    before = (list(Member.objects.values()), EventRow.objects.count(), Follow.objects.count())
    response = here.get(address)
    assert response.status_code in {200, 302, 404, 405}
    assert (list(Member.objects.values()), EventRow.objects.count(), Follow.objects.count()) == before


def test_nothing_here_is_left_to_chance():
    from pathlib import Path

    import terrace.members as room

    for file in Path(room.__file__).parent.rglob("*.py"):
        if "tests" not in file.parts:
            assert not re.search(r"\bimport random\b|\brandom\.|uuid1|get_random_string", file.read_text("utf-8")), file


def test_settings_keep_cookies_close():
    assert settings.SESSION_COOKIE_HTTPONLY and settings.SESSION_COOKIE_SAMESITE == "Lax"
