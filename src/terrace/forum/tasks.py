"""The forum's work by the clock."""

from datetime import datetime, timedelta

from terrace.forum import actions
from terrace.kernel import periodic

DRAFTS_KEPT = timedelta(days=90)
FORMS_KEPT = timedelta(days=2)


@periodic.every(minutes=1, everywhere=True)
def write_views(now: datetime) -> None:
    """Write the views that this process has counted since the last time."""
    actions.count_views()


@periodic.every(minutes=1440)
def drop_old_drafts(now: datetime) -> None:
    """Throw away what nobody has gone on writing for three months."""
    actions.drop_old_drafts(now - DRAFTS_KEPT)


@periodic.every(minutes=1440)
def drop_old_submissions(now: datetime) -> None:
    """Forget the forms that nobody sends a second time any more."""
    actions.drop_old_submissions(now - FORMS_KEPT)
