"""Locks by name, always taken in sorted order so that two who need the same two cannot wait for each other."""

import hashlib

from django.db import connection


def hold(*keys: str) -> None:
    """Hold the named locks until the transaction ends. Raises RuntimeError outside one.

    On SQLite a transaction already excludes every other writer; on PostgreSQL these are advisory transaction locks.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("A lock is held until the end of a transaction, and there is none.")
    if connection.vendor != "postgresql":
        return
    numbers = sorted(
        int.from_bytes(hashlib.blake2b(key.encode(), digest_size=8).digest(), signed=True) for key in set(keys)
    )
    with connection.cursor() as cursor:
        for number in numbers:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])
