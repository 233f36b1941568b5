"""What members are told of themselves: followers, levels, decisions; and what goes when one leaves."""

from datetime import datetime

from django.db import transaction

from terrace.members import queries as members
from terrace.notifications.actions import lines
from terrace.notifications.models import FLAG, FOLLOW, LEVEL, SUSPENDED, VERDICT, Device, Notice, Part, Silence


def tell_of_follow(member_id: int, follower_id: int, *, event_id: int, at: datetime, now: datetime) -> None:
    """Tell a member of a new follower, if they still follow."""
    if follower_id in members.follower_ids(member_id):
        lines.tell({member_id: (FOLLOW, "follow")}, lines.Heard(event_id, at, follower_id), board_id=None, now=now)


def tell_of_verdict(
    member_id: int,
    decision_id: int,
    *,
    post_id: int,
    topic_id: int,
    verdict: str,
    message: str,
    event_id: int,
    at: datetime,
    now: datetime,
) -> None:
    """Tell an author what a moderator decided about a post, with the reason."""
    data = {"verdict": verdict, "message": message, "decision": decision_id, "post": post_id}
    heard = lines.Heard(event_id, at, topic_id=topic_id, data=data)
    lines.tell({member_id: (VERDICT, f"verdict:{decision_id}")}, heard, board_id=None, now=now)


def tell_of_flag(member_id: int, flag_id: int, *, answer: str, event_id: int, at: datetime, now: datetime) -> None:
    """Tell who flagged a post what became of it."""
    heard = lines.Heard(event_id, at, data={"answer": answer})
    lines.tell({member_id: (FLAG, f"flag:{flag_id}")}, heard, board_id=None, now=now)


def tell_of_level(member_id: int, level: int, *, event_id: int, at: datetime, now: datetime) -> None:
    """Tell a member that growth made a higher level."""
    lines.tell(
        {member_id: (LEVEL, f"level:{level}")}, lines.Heard(event_id, at, data={"level": level}), board_id=None, now=now
    )


def tell_of_suspension(member_id: int, *, until: str, reason: str, event_id: int, at: datetime, now: datetime) -> None:
    """Tell a member until when they cannot write, and why."""
    heard = lines.Heard(event_id, at, data={"until": until, "reason": reason})
    lines.tell({member_id: (SUSPENDED, f"suspended:{event_id}")}, heard, board_id=None, now=now)


def tell_of_lifting(member_id: int, *, event_id: int, at: datetime, now: datetime) -> None:
    """Tell a member that they can write again before the time was over."""
    lines.tell({member_id: (SUSPENDED, f"lifted:{event_id}")}, lines.Heard(event_id, at), board_id=None, now=now)


def take_back_verdict(decision_id: int) -> None:
    """A moderator took a decision back: its notice goes, read or not."""
    with transaction.atomic():
        rows = Notice.objects.filter(kind=VERDICT, key=f"verdict:{decision_id}")
        ids = list(rows.values_list("member_id", flat=True))
        rows.delete()
        lines.ring(ids)


def forget_member(member_id: int) -> None:
    """Drop a departed member's notices, wishes and devices, and their part in the notices of others."""
    with transaction.atomic():
        Notice.objects.filter(member_id=member_id).delete()
        Silence.objects.filter(member_id=member_id).delete()
        Device.objects.filter(member_id=member_id).delete()
        parts = Part.objects.filter(actor_id=member_id)
        notices = dict(parts.values_list("notice_id", "notice__member_id"))
        parts.delete()
        lines.recount(Notice.objects.filter(pk__in=notices))
        lines.ring(notices.values())
