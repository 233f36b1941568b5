"""What changes while somebody looks: messages to open pages, sent on commit.

A message carries present state, never a difference, and the state of each channel is sent again at every connection; so
after any break a page shows what the server knows. `topic:12` is open to all who can see that page; `member:7` and other
private channels need a token that Django signed for that member a few minutes ago.
"""

import asyncio
import dataclasses
import json
import threading
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core import signing
from django.db import transaction

if TYPE_CHECKING:
    from terrace.kernel.bus import Bus

TOKEN_AGE = 300  # seconds
QUEUE = 100  # messages that a slow reader may be behind before the stream is closed
CLOSE = "close"


@dataclasses.dataclass(frozen=True)
class Message:
    """One server-sent event: its channel, its kind, and plain data."""

    channel: str
    kind: str
    data: dict[str, Any]

    def frame(self) -> bytes:
        """Return the bytes of the event in the text/event-stream format of the HTML standard."""
        body = json.dumps({"channel": self.channel, **self.data}, ensure_ascii=False)
        return f"event: {self.kind}\ndata: {body}\n\n".encode()


REFRESH = Message("", "refresh", {})  # to every open page: read the state of your channels anew


class Hub:
    """Who listens to which channel, in this process. Thread-safe: Django's threads send, the event loop receives."""

    def __init__(self) -> None:
        self._mutex = threading.Lock()
        self._readers: dict[str, set[Reader]] = {}

    def add(self, reader: "Reader") -> None:
        """Let `reader` hear its channels."""
        with self._mutex:
            for channel in reader.channels:
                self._readers.setdefault(channel, set()).add(reader)

    def remove(self, reader: "Reader") -> None:
        """Forget `reader`."""
        with self._mutex:
            for channel in reader.channels:
                readers = self._readers.get(channel, set())
                readers.discard(reader)
                if not readers:
                    self._readers.pop(channel, None)

    def send(self, message: Message) -> None:
        """Hand `message` to everybody on its channel; REFRESH to everybody."""
        with self._mutex:
            readers = self._all() if message == REFRESH else set(self._readers.get(message.channel, ()))
        for reader in readers:
            reader.hand(message)

    def close_all(self) -> None:
        """End every stream."""
        with self._mutex:
            readers = self._all()
        for reader in readers:
            reader.hand(None)

    def _all(self) -> "set[Reader]":
        return {reader for group in self._readers.values() for reader in group}

    def count(self) -> int:
        """Return how many streams are open."""
        with self._mutex:
            return len(self._all())


class Reader:
    """One open page: a bounded queue on its event loop."""

    def __init__(self, channels: set[str], loop: asyncio.AbstractEventLoop) -> None:
        self.channels = channels
        self._loop = loop
        self._queue: asyncio.Queue[Message | None] = asyncio.Queue(QUEUE)

    def hand(self, message: Message | None) -> None:
        """Queue a message from any thread; None ends the stream."""
        try:
            self._loop.call_soon_threadsafe(self._put, message)
        except RuntimeError:
            return  # the loop has ended with the server

    def _put(self, message: Message | None) -> None:
        if message is None or self._queue.full():
            # The page reconnects and is sent the present state, so nothing that was queued matters any more.
            while not self._queue.empty():
                self._queue.get_nowait()
            message = None
        self._queue.put_nowait(message)

    async def next(self, timeout: float) -> Message | None:
        """Return the next message, or None when the stream ends. Raises TimeoutError after `timeout` seconds."""
        message = await asyncio.wait_for(self._queue.get(), timeout)
        if message is not None and message.kind == CLOSE:
            return None
        return message


hub = Hub()
_publish: Callable[[Message], None] = hub.send
_states: dict[str, Callable[[int], list[Message]]] = {}
_guards: dict[str, Callable[[int, int | None], bool]] = {}
_ended: dict[str, Callable[[int], bool]] = {}
_bus: "Bus | None" = None


def send(channel: str, kind: str, data: dict[str, Any]) -> None:
    """Send present state to a channel when the transaction commits (at once outside one)."""
    message = Message(channel, kind, data)
    transaction.on_commit(lambda: _publish(message))


def close(member_id: int) -> None:
    """End every stream that this member has open, when the transaction commits."""
    send(f"member:{member_id}", CLOSE, {})


def publish_through(publish: Callable[[Message], None]) -> None:
    """Send messages over a bus instead of straight to this process's hub."""
    global _publish
    _publish = publish


def state(prefix: str, read: Callable[[int], list[Message]]) -> None:
    """Let `read(id)` give the present state of channels named `prefix:id` to whoever connects."""
    _states[prefix] = read


def guard(prefix: str, may: Callable[[int, int | None], bool]) -> None:
    """Let only those listen to `prefix:id` of whom `may(id, member_id)` is true, a stranger being None."""
    _guards[prefix] = may


def refresh(channel: str = "") -> None:
    """Let open pages (of one channel) read their state anew when the transaction commits; who may no longer hear it is closed."""
    send(channel, REFRESH.kind, REFRESH.data)


def end_where(prefix: str, ended: Callable[[int], bool]) -> None:
    """Let `ended(id)` say, after a break of the bus, whether the streams of `prefix:id` were closed meanwhile."""
    _ended[prefix] = ended


def is_open(channel: str) -> bool:
    """Return whether a stranger may listen to this channel."""
    prefix, _, number = channel.partition(":")
    return prefix in _guards and number.isdigit() and len(number) < 19 and _guards[prefix](int(number), None)


def allowed(channels: set[str]) -> set[str]:
    """Return those of the channels that their reader may still hear: what was true at signing may be so no longer."""
    own = [channel.partition(":")[2] for channel in channels if channel.startswith("member:")]
    member_id = int(own[0]) if own else None
    shut = {
        f"{prefix}:{number}"
        for prefix, number in _split(channels)
        if prefix in _guards and not _guards[prefix](number, member_id)
    }
    return channels - shut


def states(channels: set[str]) -> list[Message]:
    """Return the present state of the channels."""
    found = []
    for read, number in _asked(_states, channels):
        found += read(number)
    return found


def is_ended(channels: set[str]) -> bool:
    """Return whether a stream of these channels should have been closed by now."""
    return any(ended(number) for ended, number in _asked(_ended, channels))


def _asked(answers: dict[str, Callable[[int], Any]], channels: set[str]) -> Iterator[tuple[Callable[[int], Any], int]]:
    for prefix, number in _split(channels):
        if prefix in answers:
            yield answers[prefix], number


def _split(channels: set[str]) -> Iterator[tuple[str, int]]:
    for channel in sorted(channels):
        prefix, _, number = channel.partition(":")
        if number.isdigit():
            yield prefix, int(number)


def _signer() -> signing.TimestampSigner:
    return signing.TimestampSigner(salt="terrace.live")


def token(channels: set[str]) -> str:
    """Return a token with which a page may listen to `channels` during the next TOKEN_AGE seconds."""
    return _signer().sign(",".join(sorted(channels)))


def channels_of(signed: str) -> set[str]:
    """Return the channels of a token. Raises django.core.signing.BadSignature when it is forged or too old."""
    return {channel for channel in _signer().unsign(signed, max_age=TOKEN_AGE).split(",") if channel}


def set_up() -> None:
    """Choose the way messages travel, from the settings."""
    global _bus
    if settings.TERRACE_REDIS_URL:
        from terrace.kernel.bus import Bus  # one process alone needs no Redis client in its memory

        _bus = Bus(settings.TERRACE_REDIS_URL, hub)
        publish_through(_bus.publish)


async def listen() -> None:
    """Hear other processes for ever, where there are any."""
    if _bus is not None:
        await _bus.listen()
