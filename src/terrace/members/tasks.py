"""Periodic work."""

from datetime import datetime, timedelta

from terrace.kernel import periodic
from terrace.members import actions

KEEP_CODES = timedelta(days=2)


@periodic.every(minutes=1)
def lift_suspensions(now: datetime) -> None:
    """End suspensions that have run out."""
    actions.lift_ended_suspensions(now)


@periodic.every(minutes=60)
def forget_codes(now: datetime) -> None:
    """Delete one-time codes that ended two days ago."""
    actions.forget_codes(now - KEEP_CODES)
