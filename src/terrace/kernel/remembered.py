"""Pieces of pages that were drawn before, each kept under everything it shows, so that none can be out of date.

The key of a piece is the sum of what went into it: whose words, which state, which language, how old in words. Something that has
changed has another key; nothing is ever thrown away but to make room.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable

MOST = 24 << 20  # bytes of all pieces together


class Remembered:
    """The latest used pieces, up to `most` bytes. They are kept as UTF-8: one emoji makes Python take four bytes for every sign."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._size = 0
        self._pieces: OrderedDict[Hashable, bytes] = OrderedDict()
        self._mutex = threading.Lock()

    def get(self, key: Hashable) -> str | None:
        """Return a piece, or None when it has to be drawn."""
        with self._mutex:
            found = self._pieces.get(key)
            if found is None:
                return None
            self._pieces.move_to_end(key)
        return found.decode()

    def put(self, key: Hashable, piece: str) -> None:
        """Keep a piece; those not asked for longest make room."""
        kept = str(piece).encode()
        with self._mutex:
            before = self._pieces.pop(key, b"")
            self._pieces[key] = kept
            self._size += len(kept) - len(before)
            while self._size > self._most:
                _key, gone = self._pieces.popitem(last=False)
                self._size -= len(gone)

    def clear(self) -> None:
        """Forget all of them."""
        with self._mutex:
            self._pieces.clear()
            self._size = 0


_pieces = Remembered()
get, put, clear = _pieces.get, _pieces.put, _pieces.clear


def piece(key: Hashable, draw: Callable[[], str]) -> str:
    """Return the piece kept under `key`, drawn now if it is not there."""
    found = get(key)
    if found is None:
        found = draw()
        put(key, found)
    return found
