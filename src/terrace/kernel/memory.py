"""How the C library hands memory out and takes it back (glibc; elsewhere nothing happens)."""

import ctypes

_ARENAS, _MMAP_FROM, _TRIM_FROM = -8, -3, -1  # M_ARENA_MAX, M_MMAP_THRESHOLD, M_TRIM_THRESHOLD of mallopt(3)


def stay_small() -> None:
    """Let the process give back what pictures and long pages took, instead of keeping it for each of its threads.

    Without this every thread that once decoded a picture holds tens of megabytes for ever. Call before threads start.
    """
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):
        return
    mallopt(_ARENAS, 2)
    mallopt(_MMAP_FROM, 256 << 10)
    mallopt(_TRIM_FROM, 1 << 20)
