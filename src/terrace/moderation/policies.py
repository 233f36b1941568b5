"""Who may flag, decide and appeal, and what weighs how much."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext

from terrace.forum import policies as forum
from terrace.kernel import options
from terrace.kernel.errors import Missing, Refused, TooMany
from terrace.members import policies as members
from terrace.members import queries as member_queries
from terrace.members.models import Member
from terrace.moderation.models import Case, Decision, Flag

FLAGS_A_DAY = 30
TRUSTED_LEVEL = 3
NEWCOMER = timedelta(days=2)
REOPENS = 3  # weight of new flags that opens a case again that was decided
UNDO = timedelta(minutes=10)
APPEAL = timedelta(days=30)
SUSPENSION = timedelta(days=3)
FIRST_POSTS = timedelta(minutes=30)
HELD = timedelta(hours=2)
FLAGGED = timedelta(hours=12)
SOONEST = timedelta(minutes=15)
APPEALED = timedelta(hours=24)


def _weight(value: Any) -> int:
    number = int(value)
    if not 0 <= number <= 1000:
        raise ValueError("0 to 1,000")
    return number


options.declare(
    "moderation.flags_to_hold",
    6,
    "What flags of trusted members weigh together when a post is hidden until a moderator has read it; 0 for never",
    _weight,
)


def weight_of(member: Member, now: datetime, *, upheld: int, refused: int) -> int:
    """Return what a member's flag weighs: by level, less for who is new or was mostly wrong, more for staff.

    `upheld` and `refused` count the member's earlier flags by their answer.
    """
    if member.is_staff_role:
        return 5
    weight = 1 if member.level < TRUSTED_LEVEL else 2 if member.level < 5 else 3
    if now - member.joined_at < NEWCOMER or (refused >= 3 and refused > 2 * upheld):
        return 1
    return weight


def is_trusted(member: Member, now: datetime, *, upheld: int, refused: int) -> bool:
    """Return whether a member's flags may hide a post before a moderator comes."""
    if member.is_staff_role:
        return True
    mostly_wrong = refused >= 3 and refused > upheld
    return member.level >= TRUSTED_LEVEL and now - member.joined_at >= NEWCOMER and not mostly_wrong


def due_at(case: Case) -> datetime:
    """Return by when a case should be decided, which is its place in the queue.

    A held first post within 30 minutes and other held ones within two hours of opening; flags within 12 hours divided
    by what they weigh, but not sooner than in 15 minutes; an appeal within 24 hours. The soonest holds.
    """
    spans = [APPEALED]
    if case.held:
        spans.append(FIRST_POSTS if case.first else HELD)
    if case.flag_weight:
        spans.append(max(FLAGGED / case.flag_weight, SOONEST))
    return case.opened_at + min(spans)


def check_flag(access: Any, topic: Any, post: Any, now: datetime) -> Member:
    """Return the member who flags. Raises where the reader may not flag this post."""
    forum.check_read(access, topic)
    if not forum.can_see_post(access, topic, post) or post.state != "published":
        raise Missing
    members.check_may_write(access.member, now)
    if access.member.pk == post.author_id:
        raise Refused(gettext("This is your own post. You can take it back instead."))
    return access.member


def check_flag_pace(member: Member, now: datetime) -> None:
    """Raise TooMany for who has flagged a lot today."""
    day = timedelta(days=1)
    rows = Flag.objects.filter(member=member, at__gt=now - day).order_by("-at")
    times = list(rows.values_list("at", flat=True)[:FLAGS_A_DAY])
    if len(times) == FLAGS_A_DAY:
        left = int((times[-1] + day - now).total_seconds()) + 1
        raise TooMany(gettext("You have flagged a lot today. Tomorrow you can go on."), retry_after=left)


# Moderators.


def boards_of(member: Member | None) -> list[int] | None:
    """Return the boards whose cases a member decides; None is all of them, an empty list none."""
    if members.is_moderator(member):
        return None
    if member is None or member.deleted_at is not None or not member.second_factor:
        return []
    tree = forum.tree()
    return [board_id for board_id in tree.boards if tree.moderates(member.pk, board_id)]


def check_queue(member: Member | None) -> list[int] | None:
    """Return `boards_of` a moderator. Raises Missing for everybody else, and SecondFactorNeeded for staff without one."""
    if member is not None and member.role in members.MODERATORS:
        members.check_staff(member)
    boards = boards_of(member)
    if boards == []:
        raise Missing
    return boards


def decides(boards: Iterable[int] | None, board_id: int) -> bool:
    """Return whether a board is among those of `boards_of`."""
    return boards is None or board_id in boards


def can_suspend(by: Member | None, author: Member) -> bool:
    """Return whether this moderator may suspend this author."""
    return members.can_suspend(by, author)


def can_undo(decision: Decision, by: Member | None, now: datetime) -> bool:
    """Return whether a decision can still be taken back by this moderator: whoever made it, or one for all boards."""
    if by is None or decision.undone_at is not None or decision.elsewhere or now - decision.at > UNDO:
        return False
    return decision.by_id == by.pk or members.is_moderator(by)


def is_own_judge(case: Case, by: Member) -> bool:
    """Return whether an appeal is against this member's own decision while somebody else could answer it."""
    if not case.appealed:
        return False
    last = Decision.objects.filter(case=case, undone_at=None, verdict__in=Decision.AGAINST).order_by("-pk").first()
    return last is not None and last.by_id == by.pk and member_queries.has_other_moderator(by.pk)


# Authors.


def can_appeal(decision: Decision, member: Member | None, now: datetime, *, earlier: bool) -> bool:
    """Return whether an author may ask for a second look: within 30 days, once for each post, at what went against them."""
    return (
        member is not None
        and decision.case.author_id == member.pk
        and decision.verdict in Decision.AGAINST
        and decision.undone_at is None
        and not earlier
        and now - decision.at <= APPEAL
    )
