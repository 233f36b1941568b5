"""A question that a lower room asks and upper rooms answer, filled in `web/wiring.py`."""

from collections.abc import Callable
from typing import Any

_meaning: dict[str, str] = {}
_fillers: dict[str, list[Callable[..., Any]]] = {}


class UnknownSlot(Exception):
    """No room asks this question."""


def declare(name: str, meaning: str) -> str:
    """Say that `name` will be asked, and what an answer means. Returns the name."""
    _meaning[name] = meaning
    return name


def fill(name: str, answer: Callable[..., Any]) -> None:
    """Add an answerer. Raises UnknownSlot for a name that was not declared. Filling twice with one is once."""
    if name not in _meaning:
        raise UnknownSlot(name)
    answerers = _fillers.setdefault(name, [])
    if answer not in answerers:
        answerers.append(answer)


def ask(name: str, *args: Any, **kwargs: Any) -> list[Any]:
    """Return every room's answer, in the order of wiring, without those that are None."""
    if name not in _meaning:
        raise UnknownSlot(name)
    answers = (answer(*args, **kwargs) for answer in _fillers.get(name, ()))
    return [answer for answer in answers if answer is not None]


def declared() -> dict[str, str]:
    """Return every slot and its meaning."""
    return dict(_meaning)


def fillers(name: str) -> list[Callable[..., Any]]:
    """Return who answers `name`."""
    return list(_fillers.get(name, ()))
