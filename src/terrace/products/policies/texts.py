"""What products, versions and teams may be called, and when a team may work."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from zoneinfo import available_timezones

from django.utils.translation import gettext as _

from terrace.kernel.errors import Invalid

NUMBER = re.compile(r"(?=.*[0-9])[0-9A-Za-z][0-9A-Za-z._+-]*")
HOLIDAYS = 200  # days off that a team may name
DAY = 24 * 60  # minutes


def clean_name(text: str, field: str = "name") -> str:
    """Return a name as it is kept: one line without spaces at its ends. Raises Invalid for an empty or too long one."""
    name = " ".join(text.split())
    if not name:
        raise Invalid(_("It needs a name."), field=field)
    if len(name) > 40:
        raise Invalid(_("A name has at most 40 characters."), field=field)
    return name


def clean_number(text: str, most: int = 40) -> str:
    """Return the number of a version or build as it is kept. Raises Invalid for one that could not stand in an address."""
    number = text.strip()
    if not NUMBER.fullmatch(number) or len(number) > most:
        said = _("A number has digits, letters and . _ + - only, such as 4.2.1, and at most %(n)s characters.")
        raise Invalid(said % {"n": most}, field="number")
    return number


def clean_zone(name: str) -> str:
    """Return the name of a time zone. Raises Invalid for one that nobody knows."""
    if name not in available_timezones():
        raise Invalid(_("There is no such time zone. Names are like Asia/Shanghai."), field="zone")
    return name


def clean_hours(hours: Mapping[str, Any]) -> dict[str, list[int]]:
    """Return working hours as they are kept: weekday ("0" is Monday) → [from, to] in minutes. Raises Invalid for others."""
    found = {}
    for weekday, (since, to) in hours.items():
        if weekday not in set("0123456") or not 0 <= since < to <= DAY:
            raise Invalid(_("A working day ends after it begins."), field=f"to_{weekday}")
        found[weekday] = [since, to]
    return found


def clean_holidays(days: Iterable[date]) -> list[str]:
    """Return days off as they are kept. Raises Invalid for more than anybody has."""
    found = sorted({day.isoformat() for day in days})
    if len(found) > HOLIDAYS:
        raise Invalid(_("That is more than 200 days. Take out those that have passed."), field="holidays")
    return found
