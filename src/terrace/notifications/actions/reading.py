"""What members do with their lists."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from terrace.notifications.actions import lines
from terrace.notifications.models import ALWAYS, KINDS, Notice, Silence


def see_all(member_id: int, *, now: datetime) -> None:
    """The list was opened: nothing is new any more, though not read."""
    with transaction.atomic():
        new = Notice.objects.filter(member_id=member_id, seen_at=None)
        # In the order of everybody else who locks more than one: two would otherwise wait for each other.
        if lines.lock(new.only("pk")):
            new.update(seen_at=now)
            lines.ring([member_id])


def read_notice(notice: Notice, *, now: datetime) -> None:
    """A notice was opened."""
    with transaction.atomic():
        unseen = Notice.objects.filter(pk=notice.pk, seen_at=None).update(seen_at=now)
        Notice.objects.filter(pk=notice.pk, read_at=None).update(read_at=now)
        if unseen:
            lines.ring([notice.member_id])


def read_all(member_id: int, *, now: datetime) -> None:
    """Mark everything as read."""
    with transaction.atomic():
        rows = Notice.objects.filter(member_id=member_id)
        lines.lock(rows.filter(Q(seen_at=None) | Q(read_at=None)).only("pk"))
        rows.filter(seen_at=None).update(seen_at=now)
        rows.filter(read_at=None).update(read_at=now)
        lines.ring([member_id])


def choose_kinds(member_id: int, wanted: Iterable[str]) -> None:
    """Keep which kinds of notices a member wants; those in ALWAYS cannot be declined."""
    declined = {kind for kind, _label in KINDS} - set(wanted) - ALWAYS
    with transaction.atomic():
        Silence.objects.filter(member_id=member_id).exclude(kind__in=declined).delete()
        Silence.objects.bulk_create(
            [Silence(member_id=member_id, kind=kind) for kind in sorted(declined)], ignore_conflicts=True
        )
