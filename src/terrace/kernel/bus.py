"""Live messages between processes: what one sends, each of them hands to its open pages. Over Redis or Valkey.

Redis keeps nothing for whoever is away. So a process that hears the bus again sends the present state to its open pages,
and one whose messages did not get through asks every process to do the same once they can.
"""

import asyncio
import dataclasses
import hashlib
import json
import logging
import threading
import time
from collections.abc import AsyncIterator
from typing import Any

import redis
import redis.asyncio
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

from terrace.kernel import live

log = logging.getLogger(__name__)

PATIENCE = 2.0  # seconds that a page which wrote something waits for Redis, once in each outage
BEAT = 2.0  # seconds of silence after which a listener asks whether Redis is there; no answer in as many, and it connects anew
PAUSE = 0.5  # seconds between tries while Redis is away


class Bus:
    """The way of live messages over one Redis server. Communities with different secret keys may share the server."""

    def __init__(self, url: str, hub: live.Hub) -> None:
        limits: dict[str, Any] = {"socket_timeout": PATIENCE, "socket_connect_timeout": PATIENCE}
        # A connection that was idle while Redis started again fails once.
        self._sender = redis.Redis.from_url(url, retry=Retry(NoBackoff(), 1), **limits)
        self._url, self._limits, self._hub = url, limits, hub
        # Numbered databases keep keys apart, but not what is published.
        self.channel = f"terrace:live:{hashlib.blake2b(settings.SECRET_KEY.encode(), digest_size=8).hexdigest()}"
        self._mutex = threading.Lock()
        self._away = False

    def publish(self, message: live.Message) -> None:
        """Send a message to every process. While Redis is away, this process's own pages hear it; nothing is raised."""
        if not self._away:
            try:
                self._sender.publish(self.channel, json.dumps(dataclasses.asdict(message)))
                return
            except redis.RedisError as error:
                self._lose(error)
        self._hub.send(message)

    def _lose(self, error: redis.RedisError) -> None:
        with self._mutex:
            if self._away:
                return
            self._away = True
        log.warning("live messages stay in this process until Redis is back: %s", error)
        threading.Thread(target=self._come_back, daemon=True, name="terrace-bus").start()

    def _come_back(self) -> None:
        while True:
            time.sleep(PAUSE)
            try:
                self._sender.ping()
                break
            except redis.RedisError:
                continue
        # First this: what is sent from now on goes out by itself, and all before it is in the database by now.
        self._away = False
        self.publish(live.REFRESH)

    async def listen(self) -> None:
        """Hand every message of the bus to this process's hub, for ever."""
        said = False
        while True:
            try:
                async for kind, data in self._hear():
                    said = False
                    self._take(kind, data)
            except (redis.RedisError, OSError) as error:
                if not said:
                    log.warning("live messages of other processes are not heard until Redis is back: %s", error)
                said = True
            await asyncio.sleep(PAUSE)

    async def _hear(self) -> AsyncIterator[tuple[str, Any]]:
        """Yield (kind, data) of what comes from one connection. Raises redis.RedisError or OSError when it is lost."""
        once = redis.asyncio.retry.Retry(NoBackoff(), 0)
        async with (
            redis.asyncio.Redis.from_url(self._url, retry=once, **self._limits) as client,
            client.pubsub() as heard,
        ):
            await heard.subscribe(self.channel)
            asked = False
            while True:
                raw = await heard.get_message(timeout=BEAT)
                if raw is not None:
                    asked = False
                    yield raw["type"], raw["data"]
                elif asked:
                    raise redis.TimeoutError("no answer")
                else:
                    # A server that vanished says nothing, and so does one that has nothing to say.
                    await heard.ping()
                    asked = True

    def _take(self, kind: str, data: bytes) -> None:
        if kind == "subscribe":
            # What was sent before this moment may have been missed.
            self._hub.send(live.REFRESH)
        elif kind == "message":
            try:
                self._hub.send(live.Message(**json.loads(data)))
            except (ValueError, TypeError):
                log.exception("a live message cannot be understood")
