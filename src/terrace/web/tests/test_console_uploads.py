"""An operator changes what members may send; nobody else may."""

import pytest

from terrace.kernel import options
from terrace.kernel.models import EventRow
from terrace.media import policies
from terrace.members import actions as members
from terrace.web.tests.test_navigation import browser

pytestmark = pytest.mark.django_db
URL = "/console/uploads/"
FIELDS = ["level", "per_day", "video_mb", "video_seconds", "audio_mb", "audio_seconds"]


def typed(*rows):
    sent = {"form-TOTAL_FORMS": len(rows), "form-INITIAL_FORMS": 0}
    for at, row in enumerate(rows):
        sent |= {f"form-{at}-{name}": value for name, value in zip(FIELDS, row, strict=True)}
    return sent


@pytest.fixture
def operator(now):
    return browser(members.create_member("若溪", role="operator", now=now))


def test_the_limits_are_shown_and_changed(operator):
    page = operator.get(URL).content.decode()
    assert page.count("<tr>") >= 1 + len(policies.steps()) + 1
    answer = operator.post(URL, typed((4, 9, 9, 9, 9, 9), (1, 5, 0, 0, 1, 30), ("", 1, 0, 0, 0, 0)))
    assert answer.status_code == 302
    options.forget()
    assert [(step.level, step.per_day, step.video_mb) for step in policies.steps()] == [(1, 5, 0), (4, 9, 9)]
    assert EventRow.objects.filter(kind="media.LimitsChanged").count() == 1
    assert "changed what members may send" in operator.get("/console/audit/").content.decode()


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([(2, 5, 1, 1, 1, 1)], "The first row is for level 1"),
        ([(1, 5, 1, 1, 1, 1), (1, 6, 1, 1, 1, 1)], "no level stands twice"),
        ([(1, 5, 900, 1, 1, 1)], "200"),
        ([], "The first row is for level 1"),
    ],
)
def test_what_does_not_hold_together_comes_back(operator, rows, sentence):
    before = policies.steps()
    answer = operator.post(URL, typed(*rows))
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    options.forget()
    assert policies.steps() == before


@pytest.mark.parametrize("role", ["moderator", "engineer", "member"])
def test_others_do_not_come_in(now, role):
    client = browser(members.create_member("某人", role=role, now=now))
    assert client.get(URL).status_code in (403, 404)
    assert client.post(URL, typed((1, 5, 1, 1, 1, 1))).status_code in (403, 404)
