"""Media's work by the clock."""

from datetime import datetime

from terrace.kernel import periodic
from terrace.media import actions


@periodic.every(minutes=1440)
def sweep(now: datetime) -> None:
    """Delete uploads that nothing has used for a day, and what crashes left behind."""
    actions.sweep(now)
