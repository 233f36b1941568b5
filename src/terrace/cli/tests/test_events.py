"""What `terrace events` shows and refuses."""

import socket

import pytest
from click.testing import CliRunner

from terrace.cli.main import main
from terrace.kernel import deliveries
from terrace.kernel.models import Delivery, EventRow
from terrace.members import actions as members

pytestmark = pytest.mark.django_db


def told(*arguments):
    result = CliRunner().invoke(main, ["events", *arguments])
    return result.exit_code, result.output


@pytest.fixture
def row(now):
    kind = "forum.PostPublished"
    return EventRow.objects.create(kind=kind, about="post:12", data={"title": "长" * 60}, at=now, actor_id=7)


def test_a_kind_that_does_not_exist_is_said(row):
    status, text = told("list", "--kind", "nope")
    assert (status, "There is no kind of event called nope." in text) == (1, True)
    assert "Did you mean forum.PostPublished" in told("list", "--kind", "forum.PostPublishd")[1]
    status, text = told("list", "--kind", "forum.PostHidden")
    assert (status, text) == (0, "No event of this kind or about this object is here.\n")


def test_an_event_is_two_lines(row):
    status, text = told("list")
    assert status == 0
    first, second = text.splitlines()
    assert first.split() == [str(row.pk), "2026-07-18", "09:30:00", "forum.PostPublished", "post:12"]
    assert second.strip().startswith("by member 7, {") and "长" * 60 in second


def test_a_dead_letter_is_two_lines_and_can_be_replayed_once(row, now):
    letter = Delivery.objects.create(event=row, listener="search.index", due_at=now, state="dead", error="a\nboom\n")
    first, second, last = told("dead")[1].splitlines()
    assert first.split() == [str(letter.pk), "forum.PostPublished", "post:12", "for", "search.index"]
    assert (second.strip(), last) == ("0 tries, due 2026-07-18 09:30:00, boom", "1 in all")
    assert told("replay", str(letter.pk)) == (0, "1 made due again\n")
    assert told("replay", str(letter.pk)) == (1, "Error: None of these is a dead letter. See `terrace events dead`.\n")
    assert told("replay", "999999")[0] == 1
    assert told("replay", "--all") == (1, "Error: There are no dead letters.\n")


@pytest.mark.parametrize("state", ["due", "dead"])
def test_a_failed_delivery_says_what_it_came_from(now, settings, state):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        settings.EMAIL_HOST, settings.EMAIL_PORT = free.getsockname()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    lin = members.create_member("Lin", email="lin@example.com", now=now)
    members.change_password(lin, password="rice terraces in the morning", keep="", now=now)
    while deliveries.drain(now):
        pass
    assert Delivery.objects.filter(state="due").exclude(error="").update(state=state) == 1
    text = told({"due": "pending", "dead": "dead"}[state])[1]
    _first, second, third, _last = text.splitlines()
    assert "1 tries, due 2026-07-18 09:30:05, terrace.kernel.errors.Refused: " in second
    assert third == "         from ConnectionRefusedError: [Errno 111] Connection refused"
