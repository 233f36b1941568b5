"""A process that is killed with -9 between a commit and what should follow. Run by test_crash.py, never by the product."""

import os
import signal
import sys
from dataclasses import dataclass

import django

django.setup()

from django.db import transaction  # noqa: E402

from terrace.kernel import clock, deliveries, events  # noqa: E402
from terrace.kernel.events import Event  # noqa: E402
from terrace.kernel.models import EventRow  # noqa: E402


@dataclass(frozen=True)
class BellRung(Event):
    """The bell was rung."""

    about = "bell_id"
    bell_id: int


def local(event, handed):
    """Leave one row for each time that this was heard."""
    EventRow.objects.create(kind="effect", about="bell:1", data={"key": handed.key}, at=handed.now)
    if "die-in-local" in sys.argv:
        os.kill(os.getpid(), signal.SIGKILL)


def outside(event, handed):
    """Write the key on standard output, as a service outside would see it."""
    sys.stdout.write(f"called {handed.key}\n")
    sys.stdout.flush()
    if "die-in-outside" in sys.argv:
        os.kill(os.getpid(), signal.SIGKILL)


events.wire(BellRung, local)
events.wire(BellRung, outside, outside=True)

if "record" in sys.argv:
    with transaction.atomic():
        events.record(BellRung(1), now=clock.now())
    if "die-after-commit" in sys.argv:
        os.kill(os.getpid(), signal.SIGKILL)
if "drain-local" in sys.argv:
    deliveries.drain(clock.now(), outside=False)
if "drain" in sys.argv:
    deliveries.drain(clock.now())
if "drain-later" in sys.argv:
    # A lease that its holder died with is over after LEASE.
    deliveries.drain(clock.now() + 2 * deliveries.LEASE)
sys.stdout.write(f"effects {EventRow.objects.filter(kind='effect').count()}\n")
