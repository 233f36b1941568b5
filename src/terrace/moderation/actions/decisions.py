"""Decisions, and taking them back."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext

from terrace.forum import actions as forum
from terrace.forum import queries as forum_queries
from terrace.kernel import events, locks
from terrace.kernel.errors import Conflict, Invalid, Refused
from terrace.members import actions as members
from terrace.members import queries as member_queries
from terrace.members.models import Member
from terrace.moderation import policies
from terrace.moderation.actions.cases import (
    answer_appeal,
    answer_flags,
    close_case,
    count_flags,
    decided,
    open_case,
)
from terrace.moderation.events import DecisionUndone
from terrace.moderation.models import CATEGORIES, Appeal, Case, Decision, Flag
from terrace.moderation.queries import leading_reason

CHOICES = (Decision.STAND, Decision.HIDE, Decision.SUSPEND, Decision.DISMISS)


def decide(case: Case, verdict: str, *, by: Member, message: str = "", category: str = "", now: datetime) -> Decision:
    """Decide a case. Author and flaggers are told by what the events say; the public log shows that it was done.

    `stand` lets the post be read and tells the author; `dismiss` does so without a word to the author; `hide` takes it
    away; `suspend` also takes the right to write for three days. `message` is what the author reads. Raises Conflict
    when somebody else was first, Invalid without a message where one is needed, Refused where `by` may not suspend or
    would judge an appeal against their own decision.
    """
    message = " ".join(message.split())
    _check(case, verdict, message, by)
    with transaction.atomic():
        kept = _lock(case.pk)
        if kept.state != Case.OPEN:
            raise Conflict(_who_was_first(kept))
        post: Any = forum_queries.find_post(kept.post_id)
        against = verdict in Decision.AGAINST
        decision = Decision.objects.create(
            case=kept,
            board_id=post.topic.board_id,
            verdict=_outcome(verdict, kept, post),
            category=(category if category in dict(CATEGORIES) else leading_reason(kept)) if against else "",
            message="" if verdict == Decision.DISMISS else message,
            by=by,
            at=now,
            before=_state(kept, post),
        )
        _act(post, verdict, by, message, now)
        decision.before["flags"] = answer_flags(kept, Flag.UPHELD if against else Flag.STANDS, now)
        decision.before["appeal"] = answer_appeal(kept, Appeal.UPHELD if against else Appeal.OVERTURNED, now)
        decision.save(update_fields=["before"])
        close_case(kept, now)
        tell = verdict != Decision.DISMISS
        events.record(decided(decision, post, kept, tell=tell), now=now, actor_id=by.pk)
    return decision


def _outcome(verdict: str, case: Case, post: Any) -> str:
    """Return what a choice comes to, as log and author are told."""
    if verdict == Decision.STAND:
        return {"held": Decision.APPROVE, "hidden": Decision.RESTORE}.get(post.state, verdict)
    return Decision.UPHOLD if verdict == Decision.HIDE and case.appealed and post.state == "hidden" else verdict


def _check(case: Case, verdict: str, message: str, by: Member) -> None:
    if verdict not in CHOICES:
        raise Invalid(gettext("Choose what happens to the post."))
    if case.author_id == by.pk:
        raise Refused(gettext("This is your own post. Somebody else decides about it."))
    if policies.is_own_judge(case, by):
        raise Refused(gettext("You took this post away yourself. Somebody else answers the appeal."))
    if verdict in Decision.AGAINST and not message:
        raise Invalid(gettext("Write to the author why. They read this sentence."), field="message")
    if len(message) > 300:
        raise Invalid(gettext("Keep the message to 300 characters."), field="message")
    if verdict == Decision.SUSPEND and not policies.can_suspend(by, case.author):
        raise Refused(gettext("You cannot suspend this member. Hide the post, or ask a moderator of all boards."))


def _lock(case_id: int) -> Case:
    """Lock a case until the end of the transaction: whoever comes second sees what the first has done."""
    locks.hold(f"case-decision:{case_id}")
    return Case.objects.select_for_update().get(pk=case_id)


def _who_was_first(case: Case) -> str:
    last = Decision.objects.filter(case=case, undone_at=None).select_related("by").order_by("-pk").first()
    if last is not None and last.by is not None:
        return gettext("%(who)s decided this before you. Nothing was changed.") % {"who": last.by.handle}
    return gettext("This was decided meanwhile. Nothing was changed.")


def _state(case: Case, post: Any) -> dict[str, Any]:
    author: Any = member_queries.by_id(case.author_id)
    until = author.suspended_until if author is not None else None
    return {
        "post": post.state,
        "hidden_reason": post.hidden_reason,
        "suspended_until": until.isoformat() if until else None,
        "suspension_reason": author.suspension_reason if author is not None else "",
        "held": case.held,
        "first": case.first,
        "appealed": case.appealed,
        "opened_at": case.opened_at.isoformat(),
    }


def _act(post: Any, verdict: str, by: Member, message: str, now: datetime) -> None:
    if verdict not in Decision.AGAINST:
        if post.state == "held":
            forum.approve_post(post, by=by, now=now)
        elif post.state == "hidden":
            forum.restore_post(post, by=by, now=now)
        return
    if post.state == "hidden" and post.hidden_by_id is None:
        # Flags had hidden it; from now on it is hidden by somebody and for a reason.
        forum.restore_post(post, by=by, now=now)
    forum.hide_post(post, by=by, reason=message, now=now)
    if verdict == Decision.SUSPEND:
        members.suspend(by, post.author, reason=message, until=now + policies.SUSPENSION, now=now)


def undo(decision: Decision, *, by: Member, now: datetime) -> None:
    """Take a decision back within minutes: post, suspension, flags and case stand as before. Recorded too.

    Raises Refused where it is too late or somebody else's, Conflict where the case went on meanwhile.
    """
    if not policies.can_undo(decision, by, now):
        raise Refused(gettext("This can no longer be taken back here. Open the post and act there."))
    with transaction.atomic():
        case = _lock(decision.case_id)
        kept = Decision.objects.select_for_update().get(pk=decision.pk)
        last = Decision.objects.filter(case=case).order_by("-pk").first()
        if kept.undone_at is not None or last is None or last.pk != kept.pk or case.state != Case.CLOSED:
            raise Conflict(gettext("This case went on meanwhile. Nothing was changed."))
        Decision.objects.filter(pk=kept.pk).update(undone_at=now, undone_by=by)
        post: Any = forum_queries.find_post(case.post_id)
        _put_post_back(post, kept.before, case, by, now)
        if kept.verdict == Decision.SUSPEND:
            _put_suspension_back(post.author, kept.before, by, now)
        Flag.objects.filter(pk__in=kept.before.get("flags") or []).update(answer=Flag.WAITING)
        Appeal.objects.filter(pk=kept.before.get("appeal")).update(outcome=Appeal.WAITING)
        case.refresh_from_db()
        _reopen(case, kept.before, post.topic.board_id, now)
        event = DecisionUndone(kept.pk, case.pk, case.post_id, case.author_id, kept.verdict)
        events.record(event, now=now, actor_id=by.pk)


def _put_post_back(post: Any, before: dict[str, Any], case: Case, by: Member, now: datetime) -> None:
    was = before["post"]
    if post.state == was:
        return
    if was == "hidden":
        forum.hide_post(post, by=by, reason=before["hidden_reason"], now=now)
    elif was == "held":
        forum.hold_post(post, reasons=tuple(case.reasons), now=now)
    else:
        forum.restore_post(post, by=by, now=now)


def _put_suspension_back(author: Member, before: dict[str, Any], by: Member, now: datetime) -> None:
    until = parse_datetime(before["suspended_until"] or "")
    if until is not None and until > now:
        members.suspend(by, author, reason=before["suspension_reason"], until=until, now=now)
    else:
        members.unsuspend(by, author, now=now)


def _reopen(case: Case, before: dict[str, Any], board_id: int, now: datetime) -> None:
    case.held, case.first, case.appealed = before["held"], before["first"], before["appealed"]
    count_flags(case)
    open_case(case, board_id, now)
    # It is as old as it was.
    opened: Any = parse_datetime(before["opened_at"])
    case.opened_at = opened
    case.due_at = policies.due_at(case)
    case.save(update_fields=["opened_at", "due_at"])
