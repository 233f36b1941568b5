"""Growth, from what a member has given that stands."""

from datetime import datetime

from django.db import transaction

from terrace.forum.queries import standing
from terrace.kernel import locks
from terrace.members import actions as members
from terrace.members import queries as member_queries
from terrace.rewards import policies
from terrace.rewards.models import Growth


def count_growth(member_id: int, *, now: datetime) -> None:
    """Write a member's growth from present counts. Doing it twice is doing it once; an unclaimed author has none.

    What a member had before the first count here (set-up, demo, another house) is kept and stands below it for ever.
    """
    with transaction.atomic():
        locks.hold(f"growth:{member_id}")
        member = member_queries.by_id(member_id)
        if member is None or not member.claimed:
            return
        counted = policies.growth_of(standing.standing_of(member_id, replies_a_day=policies.REPLIES_A_DAY))
        brought = {"brought": max(member.growth - counted, 0), "counted": counted, "at": now}
        row, made = Growth.objects.get_or_create(member_id=member_id, defaults=brought)
        if not made and row.counted != counted:
            Growth.objects.filter(pk=member_id).update(counted=counted, at=now)
        members.set_growth(member_id, row.brought + counted, now)


def count_author(topic_id: int, *, now: datetime) -> None:
    """Write the growth of who opened a topic."""
    member_id = standing.author_of_topic(topic_id)
    if member_id is not None:
        count_growth(member_id, now=now)


def forget_member(member_id: int) -> None:
    """Drop what this room holds about a member who has left."""
    Growth.objects.filter(pk=member_id).delete()
