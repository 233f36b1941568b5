"""Cases: opened, joined, closed when a post was dealt with elsewhere."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, Sum

from terrace.forum import queries as forum
from terrace.kernel import events, locks
from terrace.moderation import policies
from terrace.moderation.events import AppealAnswered, CaseDecided, CaseOpened, FlagAnswered
from terrace.moderation.models import Appeal, Case, Decision, Flag
from terrace.moderation.queries import leading_reason

FEW = 3  # posts; who has fewer is at the beginning


def lock_case(post: Any, now: datetime) -> tuple[Case, bool]:
    """Return the case of a post, locked, and whether it was made just now (closed, so that somebody opens it)."""
    locks.hold(f"case:{post.pk}")
    fresh = {"author_id": post.author_id, "state": Case.CLOSED, "opened_at": now, "due_at": now}
    case, made = Case.objects.get_or_create(post_id=post.pk, defaults=fresh)
    return Case.objects.select_for_update().get(pk=case.pk), made


def open_case(case: Case, board_id: int, now: datetime) -> None:
    """Put a case into the queue, or to its new place there, and save it."""
    opens = case.state != Case.OPEN
    if opens:
        case.state, case.opened_at, case.closed_at = Case.OPEN, now, None
    case.due_at = policies.due_at(case)
    case.save()
    if opens:
        events.record(CaseOpened(case.pk, case.post_id, board_id), now=now)


def close_case(case: Case, now: datetime) -> None:
    """Take a case out of the queue and save it."""
    case.state, case.closed_at = Case.CLOSED, now
    case.held = case.first = case.appealed = False
    case.flag_count = case.flag_weight = 0
    case.save()


def count_flags(case: Case) -> None:
    """Write how many flags wait for an answer, and what they weigh together."""
    waiting = Flag.objects.filter(case=case, answer=Flag.WAITING)
    case.flag_count = waiting.count()
    case.flag_weight = waiting.aggregate(all=Sum("weight"))["all"] or 0


def answer_flags(case: Case, answer: str, now: datetime) -> list[int]:
    """Answer the flags that wait, each member told; return their ids."""
    waiting = list(Flag.objects.filter(case=case, answer=Flag.WAITING).order_by("pk"))
    Flag.objects.filter(pk__in=[each.pk for each in waiting]).update(answer=answer)
    for each in waiting:
        events.record(FlagAnswered(each.pk, case.post_id, each.member_id, answer), now=now)
    return [each.pk for each in waiting]


def answer_appeal(case: Case, outcome: str, now: datetime) -> int | None:
    """Answer the appeal that waits, if there is one; return its id."""
    waiting = Appeal.objects.filter(case=case, outcome=Appeal.WAITING).first()
    if waiting is None:
        return None
    Appeal.objects.filter(pk=waiting.pk).update(outcome=outcome)
    events.record(AppealAnswered(waiting.pk, case.pk, case.post_id, case.author_id, outcome), now=now)
    return waiting.pk


def open_held_case(post_id: int, reasons: list[str], now: datetime) -> None:
    """Put a held post into the queue. Twice is once; a post that is no longer held is left alone."""
    with transaction.atomic():
        post = forum.find_post(post_id)
        if post is None or post.state != "held":
            return
        case, _made = lock_case(post, now)
        case.held, case.reasons = True, list(reasons)
        case.first = _is_beginner(post)
        open_case(case, post.topic.board_id, now)


def _is_beginner(post: Any) -> bool:
    said = sum(number for _label, number, _url in forum.said_counts(post.author_id)[:2])
    return said < FEW


def note_hidden(post_id: int, *, by_id: int | None, own: bool, reason: str, at: datetime, now: datetime) -> None:
    """A post was hidden. Outside the queue: close its case, and where a moderator did it, keep the decision.

    Our own decisions carry the same moment as the event, and what flags hid waits in the queue: both are left alone.
    """
    with transaction.atomic():
        post = forum.find_post(post_id)
        if post is None or post.state != "hidden" or by_id is None:
            return
        case, made = lock_case(post, now)
        if _is_ours(case, at) or (case.state == Case.OPEN and case.opened_at > at):
            return
        if own:
            answer_flags(case, Flag.UPHELD, now)
            _close_or_drop(case, made, now)
            return
        if not Decision.objects.filter(case=case, at=at, elsewhere=True).exists():
            _decided_elsewhere(case, post, Decision.HIDE, by_id, reason, at)
        answer_flags(case, Flag.UPHELD, now)
        answer_appeal(case, Appeal.UPHELD, now)
        close_case(case, now)


def _is_ours(case: Case, at: datetime) -> bool:
    """Whether a decision of the queue, or taking one back, did what happened at this moment."""
    return Decision.objects.filter(Q(at=at, elsewhere=False) | Q(undone_at=at), case=case).exists()


def _close_or_drop(case: Case, made: bool, now: datetime) -> None:
    if made:
        case.delete()
    else:
        close_case(case, now)


def note_restored(post_id: int, *, by_id: int | None, at: datetime, now: datetime) -> None:
    """A post was put back. Outside the queue: the decision that hid it is answered by another, and the case closes."""
    with transaction.atomic():
        post = forum.find_post(post_id)
        case = Case.objects.filter(post_id=post_id).first()
        if post is None or post.state != "published" or case is None or by_id is None:
            return
        case, _made = lock_case(post, now)
        if _is_ours(case, at) or (case.state == Case.OPEN and case.opened_at > at):
            return
        last = Decision.objects.filter(case=case, undone_at=None).order_by("-pk").first()
        if last is not None and last.verdict in Decision.AGAINST and last.at < at:
            _decided_elsewhere(case, post, Decision.RESTORE, by_id, "", at)
        answer_flags(case, Flag.STANDS, now)
        answer_appeal(case, Appeal.OVERTURNED, now)
        close_case(case, now)


def _decided_elsewhere(case: Case, post: Any, verdict: str, by_id: int, message: str, at: datetime) -> None:
    decision = Decision.objects.create(
        case=case,
        board_id=post.topic.board_id,
        verdict=verdict,
        category=leading_reason(case) if verdict in Decision.AGAINST else "",
        message=message[:300],
        by_id=by_id,
        at=at,
        elsewhere=True,
    )
    events.record(decided(decision, post, case), now=at, actor_id=by_id)


def decided(decision: Decision, post: Any, case: Case, *, tell: bool = True) -> CaseDecided:
    """Return the event that says what was decided."""
    return CaseDecided(
        case_id=case.pk,
        decision_id=decision.pk,
        post_id=post.pk,
        topic_id=post.topic_id,
        board_id=post.topic.board_id,
        author_id=case.author_id,
        verdict=decision.verdict,
        category=decision.category,
        message=decision.message,
        tell=tell,
    )
