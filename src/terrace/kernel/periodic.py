"""Work by the clock. A run is claimed by a unique row, so any number of workers run it once.

What a process keeps in its own memory is another matter: such a task runs in each process that answers pages.
"""

import dataclasses
from collections.abc import Callable
from datetime import datetime

from django.db import IntegrityError, transaction

from terrace.kernel.models import PeriodicRun


@dataclasses.dataclass(frozen=True)
class Task:
    """A function of `now` and the minutes of the day (UTC) at which it runs."""

    name: str
    run: Callable[[datetime], object]
    every: int
    everywhere: bool = False

    def due(self, minute: datetime) -> bool:
        """Return whether the task runs in this minute."""
        return (minute.hour * 60 + minute.minute) % self.every == 0


_tasks: dict[str, Task] = {}


def every(
    minutes: int, *, everywhere: bool = False
) -> Callable[[Callable[[datetime], object]], Callable[[datetime], object]]:
    """Run the decorated function every so many minutes, counted from midnight UTC; 1440 is once a day.

    `everywhere`: in each process, for what is gathered in its memory; running twice in a minute has to be harmless.
    """

    def keep(run: Callable[[datetime], object]) -> Callable[[datetime], object]:
        name = f"{run.__module__.split('.')[1]}.{run.__name__}"
        _tasks[name] = Task(name, run, minutes, everywhere)
        return run

    return keep


def tasks() -> dict[str, Task]:
    """Return every periodic task by name."""
    return dict(_tasks)


def claim(name: str, minute: datetime) -> bool:
    """Return whether this caller is the one that runs `name` in this minute."""
    try:
        with transaction.atomic():
            PeriodicRun.objects.create(name=name, minute=minute)
    except IntegrityError:
        return False
    return True


def run_due(now: datetime) -> list[str]:
    """Run what is due in this minute and not yet claimed; return the names that ran."""
    minute = now.replace(second=0, microsecond=0)
    ran = []
    for task in _tasks.values():
        if not task.everywhere and task.due(minute) and claim(task.name, minute):
            task.run(now)
            ran.append(task.name)
    return ran


def run_here(now: datetime) -> list[str]:
    """Run what is due in this minute in each process; return the names that ran."""
    minute = now.replace(second=0, microsecond=0)
    here = [task for task in _tasks.values() if task.everywhere and task.due(minute)]
    for task in here:
        task.run(now)
    return [task.name for task in here]
