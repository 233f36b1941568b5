"""The threads that make deliveries and run periodic tasks, inside the server or in a process of their own."""

import logging
import threading
from collections.abc import Callable
from datetime import timedelta

from django.db import close_old_connections, connections

from terrace.kernel import clock, deliveries, events, periodic
from terrace.kernel.models import Heartbeat, PeriodicRun

log = logging.getLogger(__name__)

SWEEP = 2.0  # seconds between looks at the table when nobody rings
BEAT = timedelta(seconds=15)
KEEP_DONE = timedelta(days=14)


class Worker:
    """One lane for local deliveries, `outside` lanes for those that may wait on a network, one for the clock.

    `role` "web" is a process that only answers pages: it has the work of its own memory to do and no other.
    """

    def __init__(self, *, outside: int = 2, role: str = "all") -> None:
        self._stop = threading.Event()
        loops: list[Callable[[], None]] = [self._tick_here]
        if role != "web":
            loops = [lambda: self._drain(False), self._tick]
            loops += [lambda: self._drain(True)] * outside
        self._threads = [threading.Thread(target=self._guard, args=(loop,), daemon=True) for loop in loops]

    def start(self) -> None:
        """Start the threads."""
        for thread in self._threads:
            thread.start()

    def stop(self, timeout: float = 4.0) -> None:
        """Ask the threads to end after what they are doing, and wait up to `timeout` seconds for all of them."""
        self._stop.set()
        events.bell.ring()
        for thread in self._threads:
            thread.join(timeout / len(self._threads))

    def _guard(self, loop: Callable[[], None]) -> None:
        """Keep a lane alive: a database that is away for a while must not end it."""
        while not self._stop.is_set():
            try:
                loop()
            except Exception:
                log.exception("worker lane failed; it starts again")
                self._stop.wait(SWEEP)
        connections.close_all()

    def _drain(self, outside: bool) -> None:
        seen = 0
        while not self._stop.is_set():
            close_old_connections()
            if not deliveries.drain(clock.now(), outside=outside):
                seen = events.bell.wait(seen, SWEEP)

    def _tick(self) -> None:
        while not self._stop.is_set():
            close_old_connections()
            now = clock.now()
            Heartbeat.objects.update_or_create(name="worker", defaults={"at": now})
            periodic.run_due(now)
            periodic.run_here(now)
            self._stop.wait(BEAT.total_seconds())

    def _tick_here(self) -> None:
        while not self._stop.is_set():
            close_old_connections()
            periodic.run_here(clock.now())
            self._stop.wait(BEAT.total_seconds())


@periodic.every(minutes=1440)
def forget_finished_work(now) -> None:
    """Delete deliveries made two weeks ago and the claims of old periodic runs."""
    deliveries.forget_done(now - KEEP_DONE)
    PeriodicRun.objects.filter(minute__lt=now - KEEP_DONE).delete()
