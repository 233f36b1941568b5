"""Slots, options, locks, periodic runs, tags, pages, logs, outbox."""

import json
import logging
import threading
import time
from datetime import timedelta

import pytest
from django.core.mail import send_mail
from django.db import OperationalError, connection, connections, transaction
from django.test import RequestFactory

from terrace.kernel import locks, options, pages, periodic, slots, tags
from terrace.kernel.logs import JsonLines
from terrace.kernel.models import EventRow, OutboxMessage, PeriodicRun
from terrace.kernel.sqlite.base import FairLock
from terrace.kernel.worker import Worker


def test_a_slot_asks_every_room_in_order_and_leaves_out_none(monkeypatch):
    monkeypatch.setattr(slots, "_fillers", {})
    name = slots.declare("kernel.test_question", "what is asked")
    for answer in (lambda x: x + 1, lambda x: None, lambda x: x * 2):
        slots.fill(name, answer)
    assert slots.ask(name, 5) == [6, 10]


def test_a_slot_that_nobody_asks_is_refused():
    with pytest.raises(slots.UnknownSlot):
        slots.fill("kernel.nothing_like_it", print)
    with pytest.raises(slots.UnknownSlot):
        slots.ask("kernel.nothing_like_it")


@pytest.mark.django_db(transaction=True)
def test_an_option_is_the_default_until_it_is_put(now):
    name = options.declare("kernel.test_option", 3, "a number", int)
    assert options.get(name) == 3
    options.put(name, "7", now)
    assert options.get(name) == 7
    with pytest.raises(ValueError, match="invalid literal"):
        options.put(name, "seven", now)
    with pytest.raises(KeyError):
        options.get("kernel.no_such_option")


@pytest.mark.django_db(transaction=True)
def test_a_lock_is_refused_outside_a_transaction():
    with pytest.raises(RuntimeError):
        locks.hold("topic:1")


@pytest.mark.django_db(transaction=True)
def test_a_lock_keeps_a_second_connection_waiting():
    order, held = [], threading.Event()

    def second():
        held.wait(5)
        with transaction.atomic():
            locks.hold("b", "a")
            order.append("second")
        connections.close_all()

    thread = threading.Thread(target=second)
    thread.start()
    with transaction.atomic():
        locks.hold("a", "b")
        held.set()
        time.sleep(0.3)
        order.append("first")
    thread.join(10)
    assert order == ["first", "second"]


@pytest.mark.django_db
def test_a_periodic_run_is_claimed_once(now):
    minute = now.replace(second=0, microsecond=0)
    assert periodic.claim("kernel.test", minute)
    assert not periodic.claim("kernel.test", minute)
    assert periodic.claim("kernel.test", minute + timedelta(minutes=1))


@pytest.mark.django_db
def test_a_task_runs_in_its_minutes_only(now, monkeypatch):
    monkeypatch.setattr(periodic, "_tasks", {})
    ran = []
    periodic.every(minutes=30)(lambda moment: ran.append(moment))
    start = now.replace(hour=10, minute=0)
    for minute in range(61):
        periodic.run_due(start + timedelta(minutes=minute))
        periodic.run_due(start + timedelta(minutes=minute, seconds=20))
    assert ran == [start, start + timedelta(minutes=30), start + timedelta(minutes=60)]
    assert PeriodicRun.objects.count() == 3


@pytest.mark.django_db
def test_a_task_of_every_process_is_claimed_by_none(now, monkeypatch):
    monkeypatch.setattr(periodic, "_tasks", {})
    ran = []
    periodic.every(minutes=30, everywhere=True)(lambda moment: ran.append(moment))
    start = now.replace(hour=10, minute=0)
    for moment in (start, start + timedelta(minutes=1), start + timedelta(minutes=30)):
        assert periodic.run_due(moment) == []
        periodic.run_here(moment)
    assert ran == [start, start + timedelta(minutes=30)]
    assert not PeriodicRun.objects.exists()


def test_who_only_answers_pages_makes_no_deliveries():
    assert [thread._args[0].__name__ for thread in Worker(role="web")._threads] == ["_tick_here"]
    assert len(Worker(outside=2)._threads) == 4


def test_tags_gather_on_the_request():
    request = RequestFactory().get("/")
    tags.tag(request, "topic:1", "board:2")
    tags.tag(request, "topic:1")
    assert tags.tags_of(request) == {"topic:1", "board:2"}


@pytest.mark.django_db
def test_pages_follow_each_other_without_gap_or_overlap(now):
    for number in range(25):
        EventRow.objects.create(kind="k", about=f"x:{number}", data={}, at=now - timedelta(minutes=number // 3))
    seen, cursor = [], ""
    while True:
        page = pages.descending(EventRow.objects.all(), ("at", "id"), cursor, 7)
        seen += [row.pk for row in page.rows]
        if not page.next:
            break
        cursor = page.next
    assert seen == list(EventRow.objects.order_by("-at", "-id").values_list("pk", flat=True))


@pytest.mark.django_db
@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "%%%",
        "W10",
        "WyJub3QgYSBkYXRlIiwxXQ",
        "WzEsMl0",
        "bnVsbA",
        "WzEsIDk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OV0",
        "e30",
        "é",
    ],
)
def test_a_cursor_that_is_not_ours_begins_at_the_top(cursor, now):
    EventRow.objects.create(kind="k", about="x:1", data={}, at=now)
    assert len(pages.descending(EventRow.objects.all(), ("at", "id"), cursor, 7).rows) in {0, 1}


def test_a_log_record_is_one_line_whatever_it_says():
    record = logging.LogRecord("x", logging.WARNING, "f", 1, 'first\r\n{"forged": true}', None, None)
    record.agent = "evil\nagent"
    line = JsonLines().format(record)
    assert "\n" not in line
    assert "\r" not in line
    assert json.loads(line)["message"].startswith("first")


@pytest.mark.django_db
def test_mail_without_a_server_is_kept_in_the_outbox(settings):
    settings.EMAIL_BACKEND = "terrace.kernel.mail.OutboxBackend"
    send_mail("A subject", "A body", None, ["lin@example.com"], html_message="<p>A body</p>")
    letter = OutboxMessage.objects.get()
    assert (letter.to, letter.subject, letter.body, letter.html) == (
        "lin@example.com",
        "A subject",
        "A body",
        "<p>A body</p>",
    )


def test_the_fair_lock_hands_on_in_order():
    lock, order = FairLock(), []
    assert lock.acquire(1)
    started = []

    def wait(number):
        started.append(number)
        lock.acquire(5)
        order.append(number)
        lock.release()

    threads = []
    for number in range(8):
        thread = threading.Thread(target=wait, args=(number,))
        thread.start()
        threads.append(thread)
        while len(lock._waiting) <= number:
            time.sleep(0.001)
    lock.release()
    for thread in threads:
        thread.join(5)
    assert order == list(range(8))


def test_the_fair_lock_gives_up_after_its_time():
    lock = FairLock()
    assert lock.acquire(1)
    assert not lock.acquire(0.05)
    lock.release()
    assert lock.acquire(0.05)


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="this is about SQLite's one writer")
def test_a_writer_leaves_the_line_whatever_happens():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        raise ZeroDivisionError
    with transaction.atomic():
        connection.close()
    with transaction.atomic():
        EventRow.objects.count()
    assert connection._place is None


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="this is about SQLite's one writer")
def test_forty_writers_at_once_are_all_served(now):
    failed = []

    def write(number):
        try:
            for _each in range(5):
                with transaction.atomic():
                    EventRow.objects.create(kind="k", about=f"x:{number}", data={}, at=now)
        except OperationalError as error:
            failed.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=write, args=(number,)) for number in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failed == []
    assert EventRow.objects.count() == 200
