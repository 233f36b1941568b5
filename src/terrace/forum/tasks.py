"""The forum's work by the clock."""

from datetime import datetime

from terrace.forum import actions
from terrace.kernel import periodic


@periodic.every(minutes=1)
def write_views(now: datetime) -> None:
    """Write the views of the last minute."""
    actions.count_views()
