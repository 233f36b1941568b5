"""Events, their deliveries, and the refusal of loops."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.db import connection, transaction  # noqa: F401  asked by skipif

from terrace.kernel import deliveries, events
from terrace.kernel.deliveries import Handed
from terrace.kernel.events import Event, LoopRefused
from terrace.kernel.models import Delivery, EventRow

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class LampLit(Event):
    about = "lamp_id"
    lamp_id: int
    colour: str = "white"


@dataclass(frozen=True)
class LampFailed(Event):
    about = "lamp_id"
    lamp_id: int


@pytest.fixture
def heard(monkeypatch):
    """Wire two listeners to LampLit and give what they heard; other tests' wiring is left alone."""
    monkeypatch.setattr(events, "_wires", {})
    monkeypatch.setattr(events, "_listeners", {})
    found = []

    def note(event: LampLit, handed: Handed) -> None:
        found.append(("note", event, handed))

    def call(event: LampLit, handed: Handed) -> None:
        found.append(("call", event, handed))

    events.wire(LampLit, note)
    events.wire(LampLit, call, outside=True)
    return found


def record(event, now, **kwargs):
    with transaction.atomic():
        return events.record(event, now=now, **kwargs)


def test_record_writes_the_event_and_a_delivery_for_each_listener(heard, now):
    number = record(LampLit(7, "warm"), now, actor_id=3)
    row = EventRow.objects.get(pk=number)
    assert (row.kind, row.about, row.actor_id, row.data, row.at, row.depth) == (
        "kernel.LampLit", "lamp:7", 3, {"lamp_id": 7, "colour": "warm"}, now, 0,
    )  # fmt: skip
    assert set(Delivery.objects.filter(event=row).values_list("listener", "state")) == {
        ("kernel.note", "due"),
        ("kernel.call", "due"),
    }


@pytest.mark.django_db(transaction=True)
def test_record_needs_a_transaction(heard, now):
    with pytest.raises(RuntimeError):
        events.record(LampLit(7), now=now)
    assert not EventRow.objects.exists()


def test_nothing_is_left_of_an_event_whose_transaction_failed(heard, now):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        events.record(LampLit(7), now=now)
        raise ZeroDivisionError
    assert not EventRow.objects.exists()
    assert not Delivery.objects.exists()


def test_a_listener_hears_only_what_was_recorded_after_it_was_wired(heard, now):
    record(LampFailed(7), now)
    events.wire(LampFailed, lambda event, handed: heard.append(("late", event, handed)))
    assert deliveries.drain(now) == 0
    record(LampFailed(8), now)
    assert deliveries.drain(now) == 1
    assert [(name, event.lamp_id) for name, event, _handed in heard] == [("late", 8)]


def test_each_delivery_is_made_once(heard, now):
    record(LampLit(7), now)
    assert deliveries.drain(now) == 2
    assert deliveries.drain(now) == 0
    assert sorted(name for name, _event, _handed in heard) == ["call", "note"]
    assert set(Delivery.objects.values_list("state", flat=True)) == {"done"}


def test_a_wired_listener_is_wired_once(heard, now):
    for _each in range(3):
        events.wire(LampLit, events.wired()["kernel.LampLit"][0].hear)
    record(LampLit(7), now)
    assert Delivery.objects.count() == 2


def test_fields_added_since_take_their_defaults_and_removed_ones_are_dropped(heard, now):
    number = record(LampLit(7), now)
    EventRow.objects.filter(pk=number).update(data={"lamp_id": 7, "long_gone": True})
    deliveries.drain(now)
    assert heard[0][1] == LampLit(7, "white")


def test_a_failing_local_listener_leaves_nothing_and_is_tried_again(heard, now):
    failing = [True]

    def darken(event: LampLit, handed: Handed) -> None:
        EventRow.objects.create(kind="effect", about="lamp:7", data={}, at=now)
        if failing.pop() if failing else False:
            raise ValueError("the lamp is hot")

    events.wire(LampLit, darken)
    record(LampLit(7), now)
    deliveries.drain(now)
    failed = Delivery.objects.get(listener="kernel.darken")
    assert (failed.state, failed.attempts) == ("due", 1)
    assert "the lamp is hot" in failed.error
    assert not EventRow.objects.filter(kind="effect").exists()
    assert deliveries.drain(now) == 0, "it waits before it is tried again"
    deliveries.drain(now + timedelta(seconds=6))
    assert EventRow.objects.filter(kind="effect").count() == 1
    assert Delivery.objects.get(listener="kernel.darken").state == "done"


def test_an_outside_repetition_carries_the_same_key(heard, now):
    keys = []

    def ring(event: LampLit, handed: Handed) -> None:
        keys.append((handed.key, handed.attempt))
        if len(keys) == 1:
            raise TimeoutError

    events.wire(LampLit, ring, outside=True)
    record(LampLit(7), now)
    deliveries.drain(now)
    deliveries.drain(now + timedelta(minutes=1))
    assert [attempt for _key, attempt in keys] == [1, 2]
    assert len({key for key, _attempt in keys}) == 1


def test_a_leased_delivery_is_left_to_its_holder_until_the_lease_ends(heard, now):
    record(LampLit(7), now)
    Delivery.objects.filter(listener="kernel.call").update(leased_until=now + timedelta(seconds=30))
    deliveries.drain(now)
    assert [name for name, _event, _handed in heard] == ["note"]
    deliveries.drain(now + timedelta(seconds=31))
    assert [name for name, _event, _handed in heard] == ["note", "call"]


def test_what_fails_too_often_becomes_a_dead_letter_and_can_be_replayed(heard, now):
    broken = [True]

    def repair(event: LampLit, handed: Handed) -> None:
        if broken:
            raise ValueError("no spare parts")

    events.wire(LampLit, repair)
    record(LampLit(7), now)
    moment = now
    for _each in range(deliveries.ATTEMPTS):
        deliveries.drain(moment)
        moment += timedelta(hours=7)
    dead = Delivery.objects.get(state=Delivery.DEAD)
    assert (dead.listener, dead.attempts) == ("kernel.repair", deliveries.ATTEMPTS)
    assert deliveries.drain(moment) == 0
    broken.clear()
    assert deliveries.replay([dead.pk], moment) == 1
    deliveries.drain(moment)
    assert Delivery.objects.get(pk=dead.pk).state == Delivery.DONE
    assert deliveries.replay([dead.pk], moment) == 0, "what was made is not made again"


def test_a_delivery_to_nobody_is_a_dead_letter_at_once(heard, now):
    record(LampLit(7), now)
    Delivery.objects.filter(listener="kernel.note").update(listener="kernel.gone")
    deliveries.drain(now)
    assert Delivery.objects.get(listener="kernel.gone").state == Delivery.DEAD


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="on SQLite one worker at a time writes")
def test_what_another_worker_has_in_hand_is_not_tried(heard, now, at_once):
    record(LampLit(7), now)
    with transaction.atomic():
        held = list(Delivery.objects.select_for_update().values_list("pk", flat=True))
        assert at_once(lambda: deliveries.drain(now)) == [0], "it would look again at once, for ever"
    assert len(held) == 2
    assert deliveries.drain(now) == 2


def test_causes_are_kept(heard, now):
    def answer(event: LampLit, handed: Handed) -> None:
        events.record(LampFailed(event.lamp_id), now=handed.now)

    events.wire(LampLit, answer)
    first = record(LampLit(7), now)
    deliveries.drain(now)
    failed = EventRow.objects.get(kind="kernel.LampFailed")
    assert (failed.cause_id, failed.depth) == (first, 1)


def test_an_event_that_is_its_own_cause_is_refused(heard, now):
    first = record(LampLit(7), now)
    with events.caused_by(first), pytest.raises(LoopRefused):
        record(LampLit(7), now)
    with events.caused_by(first):
        second = record(LampFailed(7), now)
    with events.caused_by(second), pytest.raises(LoopRefused):
        record(LampLit(7), now)
    with events.caused_by(second):
        assert record(LampLit(8), now), "the same kind about another object is no loop"


def test_a_chain_deeper_than_eight_is_refused(heard, now):
    cause = record(LampLit(0), now)
    for number in range(1, events.MAX_DEPTH + 1):
        with events.caused_by(cause):
            cause = record(LampLit(number), now)
    with events.caused_by(cause), pytest.raises(LoopRefused):
        record(LampLit(99), now)


def test_old_finished_deliveries_are_forgotten_and_their_events_stay(heard, now):
    record(LampLit(7), now)
    deliveries.drain(now)
    record(LampLit(8), now)
    assert deliveries.forget_done(now + timedelta(days=1)) == 2
    assert EventRow.objects.count() == 2
    assert Delivery.objects.count() == 2
