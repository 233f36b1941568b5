"""Media's work by the clock."""

from datetime import datetime

from terrace.kernel import periodic
from terrace.media import actions


@periodic.every(minutes=1440)
def delete_orphans(now: datetime) -> None:
    """Delete pictures that nothing has used for a day."""
    actions.delete_orphans(now)
