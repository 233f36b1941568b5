"""Django's cache in Redis, which counts tries for all processes. While Redis is away each process counts for itself."""

import hashlib
import logging
import time
from typing import Any

import redis
from django.conf import settings
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.backoff import NoBackoff
from redis.retry import Retry

log = logging.getLogger(__name__)

PATIENCE = 2.0  # seconds that a page waits for Redis, once in each PAUSE
PAUSE = 5.0  # seconds until Redis is asked again after it did not answer
_again_at = 0.0


class SharedCache(RedisCache):
    """Nobody is kept from signing in because Redis is away, and nobody may try for ever either."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        # Two communities on one server must not count each other's tries.
        own = hashlib.blake2b(settings.SECRET_KEY.encode(), digest_size=8).hexdigest()
        limits = {"socket_timeout": PATIENCE, "socket_connect_timeout": PATIENCE, "retry": Retry(NoBackoff(), 1)}
        super().__init__(server, {**params, "KEY_PREFIX": own, "OPTIONS": {**params.get("OPTIONS", {}), **limits}})
        self._alone = LocMemCache("while-redis-is-away", {"KEY_PREFIX": own, "OPTIONS": {"MAX_ENTRIES": 20_000}})

    def _ask(self, name: str, *args: Any, **kwargs: Any) -> Any:
        global _again_at
        if time.monotonic() >= _again_at:
            try:
                return getattr(RedisCache, name)(self, *args, **kwargs)
            except redis.RedisError as error:
                _again_at = time.monotonic() + PAUSE
                log.warning("the cache is this process's own until Redis is back: %s", error)
        return getattr(self._alone, name)(*args, **kwargs)

    def incr(self, key: Any, delta: int = 1, version: Any = None) -> Any:
        """Count up. Raises ValueError where there is no value, but not because Redis went away since it was kept."""
        try:
            return self._ask("incr", key, delta, version)
        except ValueError:
            if time.monotonic() >= _again_at:
                raise
            self._alone.set(key, delta, version=version)
            return delta


def _asking(name: str) -> Any:
    def ask(self: SharedCache, *args: Any, **kwargs: Any) -> Any:
        return self._ask(name, *args, **kwargs)

    ask.__name__, ask.__doc__ = name, getattr(RedisCache, name).__doc__
    return ask


for _name in ("add", "get", "set", "touch", "delete", "get_many", "has_key", "set_many", "delete_many", "clear"):
    setattr(SharedCache, _name, _asking(_name))
