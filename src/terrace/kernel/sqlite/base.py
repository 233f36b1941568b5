"""Django's SQLite backend, with writers waiting in line.

SQLite lets one connection write at a time and makes the others poll; under load a poller can lose every round. Here a
thread takes a numbered place before `BEGIN IMMEDIATE`, so each is served in the order it came. The line is held per
database file and only inside one process; other processes still meet SQLite's own lock and its timeout.
"""

import functools
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from django.db.backends.sqlite3 import base
from django.db.utils import OperationalError


class FairLock:
    """A lock that is handed on in the order in which it was asked for. Not re-entrant."""

    def __init__(self) -> None:
        self._mutex = threading.Lock()
        self._held = False
        self._waiting: deque[threading.Event] = deque()

    def acquire(self, timeout: float) -> bool:
        """Wait up to `timeout` seconds; return whether the lock is now held."""
        with self._mutex:
            if not self._held:
                self._held = True
                return True
            turn = threading.Event()
            self._waiting.append(turn)
        if turn.wait(timeout):
            return True
        with self._mutex:
            if turn.is_set():
                return True  # handed over between the time-out and here
            self._waiting.remove(turn)
            return False

    def release(self) -> None:
        """Hand the lock to whoever has waited longest."""
        with self._mutex:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._held = False


@functools.lru_cache(maxsize=2048)
def _with_marks(query: str) -> str:
    return base.FORMAT_QMARK_REGEX.sub("?", query).replace("%%", "%")


class Cursor(base.SQLiteCursorWrapper):
    """Django's cursor, which remembers how it wrote a query for SQLite: a long one costs as much to rewrite as to answer."""

    def convert_query(self, query: str, *, param_names: list[str] | None = None) -> str:
        """Return the query with places as SQLite writes them."""
        return _with_marks(query) if param_names is None else super().convert_query(query, param_names=param_names)


_lines: dict[str, FairLock] = {}
_lines_mutex = threading.Lock()


def line_for(name: str) -> FairLock:
    """Return the one line of writers for the database file `name`."""
    with _lines_mutex:
        return _lines.setdefault(name, FairLock())


class DatabaseWrapper(base.DatabaseWrapper):
    """SQLite whose transactions queue fairly inside this process."""

    _place: FairLock | None = None

    def create_cursor(self, name: str | None = None) -> Cursor:
        """Return a cursor."""
        return self.connection.cursor(factory=Cursor)

    def _start_transaction_under_autocommit(self) -> None:
        self._queue_up()
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except BaseException:
            self._leave()
            raise

    def _commit(self):
        try:
            return super()._commit()  # type: ignore[misc]
        finally:
            self._leave_if_done()

    def _rollback(self):
        try:
            return super()._rollback()  # type: ignore[misc]
        finally:
            self._leave_if_done()

    def _close(self):
        try:
            return super()._close()  # type: ignore[misc]
        finally:
            self._leave()

    def _queue_up(self) -> None:
        if self._place is not None or self.is_in_memory_db():
            return
        line = line_for(str(self.settings_dict["NAME"]))
        seconds = float(self.settings_dict["OPTIONS"].get("timeout", 20))
        if not line.acquire(seconds):
            raise OperationalError(f"database is locked: waited {seconds:g} s for a turn to write")
        self._place = line

    def _leave_if_done(self) -> None:
        # A failed COMMIT (disk full, busy) leaves the transaction open; the place is kept until it is rolled back.
        if self.connection is None or not self.connection.in_transaction:
            self._leave()

    def _leave(self) -> None:
        place, self._place = self._place, None
        if place is not None:
            place.release()

    @contextmanager
    def unfair(self) -> Iterator[None]:
        """Let this connection skip the line (tests show what the line is for)."""
        saved, self._queue_up = self._queue_up, lambda: None  # type: ignore[method-assign]
        try:
            yield
        finally:
            self._queue_up = saved  # type: ignore[method-assign]
