"""Screening's work by the clock."""

from datetime import datetime

from terrace.kernel import periodic
from terrace.screening import actions


@periodic.every(minutes=1440)
def forget_traces(now: datetime) -> None:
    """Delete what is left of texts of three days ago."""
    actions.forget_traces(now - actions.KEEP_TRACES)
