"""Keys: neither gateway knows a repeated request from a new one, so we do."""

from typing import Protocol

# Seconds. A sender that died leaves its key claimed no longer than this.
CLAIM = 60
# Seconds for which a key that was sent is remembered.
MEMORY = 86_400


class Keys(Protocol):
    """Which keys are being sent, or were."""

    def claim(self, key: str) -> str:
        """Return "mine", "busy" (another is sending it now) or "sent"."""

    def done(self, key: str) -> None:
        """Remember that the key was sent."""

    def drop(self, key: str) -> None:
        """Give the key back after a failure, so that a later try may send it."""


class CacheKeys:
    """Keys in Django's cache: one process, or all of them when it is Redis."""

    def claim(self, key: str) -> str:
        from django.core.cache import cache

        if cache.add(f"sms:{key}", "busy", CLAIM):
            return "mine"
        return cache.get(f"sms:{key}") or "busy"

    def done(self, key: str) -> None:
        from django.core.cache import cache

        cache.set(f"sms:{key}", "sent", MEMORY)

    def drop(self, key: str) -> None:
        from django.core.cache import cache

        cache.delete(f"sms:{key}")


class MemoryKeys:
    """Keys in a dictionary, for a command line or a test."""

    def __init__(self) -> None:
        self._states: dict[str, str] = {}

    def claim(self, key: str) -> str:
        if key in self._states:
            return self._states[key]
        self._states[key] = "busy"
        return "mine"

    def done(self, key: str) -> None:
        self._states[key] = "sent"

    def drop(self, key: str) -> None:
        self._states.pop(key, None)
