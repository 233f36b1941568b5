"""The one screen that says who hears what, which cards exist, and which slots are filled."""

import functools


@functools.cache
def connect() -> None:
    """Wire the house. Called once by everything that runs it: the server, the command line, the tests."""
    _cards()
    _slots()
    _listeners()
    _live()
    _tasks()


def _cards() -> None:
    pass


def _slots() -> None:
    pass


def _listeners() -> None:
    pass


def _live() -> None:
    from terrace.kernel import live

    live.set_up()


def _tasks() -> None:
    from terrace.kernel import worker  # noqa: F401  its periodic tasks register themselves
