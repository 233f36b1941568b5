"""Working time of a team: in its own time zone, on its weekdays, without its holidays, whatever clocks do."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from terrace.products.models import Team

MINUTE = timedelta(minutes=1)
Spell = tuple[datetime, datetime]


def working_minutes(team: Team, start: datetime, end: datetime) -> int:
    """Return how many whole minutes of a team's working time lie between two aware moments; 0 where `end` is not after `start`.

    A minute is working time when the clock on the team's wall says so: an hour that the clock skips is none, one that it
    repeats counts twice.
    """
    if end <= start:
        return 0
    worked = sum((min(to, end) - max(since, start) for since, to in _spells(team, start, end)), timedelta())
    return worked // MINUTE


def add_working_minutes(team: Team, start: datetime, minutes: int) -> datetime:
    """Return the moment (UTC) at which so many minutes of working time have passed since `start`.

    Raises ValueError for a team that never works, or for fewer than 0 minutes.
    """
    if minutes < 0:
        raise ValueError("time goes forward")
    if not minutes:
        return start.astimezone(UTC)
    left = timedelta(minutes=minutes)
    for since, to in _spells(team, start, None):
        since = max(since, start)
        if to - since >= left:
            return since.astimezone(UTC) + left
        left -= to - since
    raise ValueError("this team never works")


def is_at_work(team: Team, now: datetime) -> bool:
    """Return whether a moment is working time."""
    return any(since <= now < to for since, to in _spells(team, now, now + MINUTE))


def _spells(team: Team, start: datetime, end: datetime | None) -> Iterator[Spell]:
    """Yield the spells of working time (UTC) that end after `start` and begin before `end`, in order; without an end, for ever."""
    zone, off = ZoneInfo(team.zone), set(team.holidays)
    if not team.hours:
        return
    first = start.astimezone(zone).date()
    for number in count():
        day = first + timedelta(days=number)
        if end is not None and _at(day, 0, zone) >= end:
            return
        hours = team.hours.get(str(day.weekday()))
        if hours is None or day.isoformat() in off:
            continue
        for since, to in _of_day(day, hours[0], hours[1], zone):
            if to > start and (end is None or since < end):
                yield since, to


def _at(day: date, minute: int, zone: ZoneInfo) -> datetime:
    """Return the moment (UTC) at which the wall clock shows a minute of a day, for the first time if it does so twice."""
    return (datetime.combine(day, time(), tzinfo=zone) + timedelta(minutes=minute)).astimezone(UTC)


def _of_day(day: date, since: int, to: int, zone: ZoneInfo) -> list[Spell]:
    begin, end = _at(day, 0, zone), _at(day, 24 * 60, zone)
    if (begin - MINUTE).astimezone(zone).utcoffset() == end.astimezone(zone).utcoffset():
        return [(_at(day, since, zone), _at(day, to, zone))]
    # Clocks are moved on this day: look at them minute by minute.
    found: list[Spell] = []
    moment = begin
    while moment < end:
        wall = moment.astimezone(zone)
        if wall.date() == day and since <= wall.hour * 60 + wall.minute < to:
            if found and found[-1][1] == moment:
                found[-1] = (found[-1][0], moment + MINUTE)
            else:
                found.append((moment, moment + MINUTE))
        moment += MINUTE
    return found
