"""Members flag posts."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Sum
from django.utils import translation
from django.utils.translation import gettext

from terrace.forum import actions as forum
from terrace.forum import queries as forum_queries
from terrace.kernel import events, options
from terrace.kernel.errors import Invalid, Missing
from terrace.members.models import Member
from terrace.moderation import policies
from terrace.moderation.actions.cases import count_flags, lock_case, open_case
from terrace.moderation.events import FlagAnswered, PostFlagged
from terrace.moderation.models import CATEGORIES, OTHER, Case, Decision, Flag


def flag(post: Any, *, by: Member, reason: str, text: str = "", now: datetime) -> Flag:
    """Say that a post should not stand; a second time by the same member changes nothing.

    Enough flags of trusted members hide the post until a moderator has read it (`moderation.flags_to_hold`). A post that
    a moderator has let stand opens again when it was edited since, or when new flags weigh enough; until then the flag
    is answered at once. Raises Invalid for an unknown reason or a missing explanation, TooMany beyond 30 flags a day.
    """
    if reason not in dict(CATEGORIES):
        raise Invalid(gettext("Choose what is wrong with it."), field="reason")
    text = " ".join(text.split())[:500]
    if reason == OTHER and not text:
        raise Invalid(gettext("Say in a few words what is wrong with it."), field="text")
    policies.check_flag_pace(by, now)
    with transaction.atomic():
        case, _made = lock_case(post, now)
        post = forum_queries.find_post(post.pk)
        if post is None or not _can_be_flagged(post, case):
            raise Missing
        before = Flag.objects.filter(case=case, member=by).first()
        if before is not None:
            return before
        made = _make(case, by, reason, text, now)
        if _is_settled(case, post):
            Flag.objects.filter(pk=made.pk).update(answer=Flag.STANDS)
            events.record(FlagAnswered(made.pk, post.pk, by.pk, Flag.STANDS), now=now)
            return made
        # Flags that were answered because the post had been looked at wait with the one that opens it again.
        _wait_again(case)
        count_flags(case)
        open_case(case, post.topic.board_id, now)
        _hide_if_many(case, post, now)
    return made


def _can_be_flagged(post: Any, case: Case) -> bool:
    """Whether the post stands, or other flags have hidden it in this moment."""
    return post.state == "published" or (
        post.state == "hidden" and post.hidden_by_id is None and case.state == Case.OPEN
    )


def _make(case: Case, by: Member, reason: str, text: str, now: datetime) -> Flag:
    answers = list(Flag.objects.filter(member=by).exclude(answer=Flag.WAITING).values_list("answer", flat=True)[:200])
    record = {"upheld": answers.count(Flag.UPHELD), "refused": answers.count(Flag.STANDS)}
    made = Flag.objects.create(
        case=case,
        member=by,
        reason=reason,
        text=text,
        weight=policies.weight_of(by, now, **record),
        trusted=policies.is_trusted(by, now, **record),
        at=now,
    )
    events.record(PostFlagged(case.post_id, made.pk, by.pk, reason), now=now, actor_id=by.pk)
    return made


def _last_let_stand(case: Case) -> Decision | None:
    last = Decision.objects.filter(case=case, undone_at=None).order_by("-pk").first()
    return last if last is not None and last.verdict not in Decision.AGAINST else None


def _is_settled(case: Case, post: Any) -> bool:
    """Whether a moderator has let the post stand as it is now, and little has been said against it since."""
    last = _last_let_stand(case)
    if last is None or case.state == Case.OPEN or (post.edited_at is not None and post.edited_at > last.at):
        return False
    since = Flag.objects.filter(case=case, at__gt=last.at).aggregate(all=Sum("weight"))["all"] or 0
    return since < policies.REOPENS


def _wait_again(case: Case) -> None:
    last = _last_let_stand(case)
    if last is not None and case.state == Case.CLOSED:
        Flag.objects.filter(case=case, at__gt=last.at, answer=Flag.STANDS).update(answer=Flag.WAITING)


def _hide_if_many(case: Case, post: Any, now: datetime) -> None:
    enough = options.get("moderation.flags_to_hold")
    if not enough or post.author.is_staff_role or _last_let_stand(case) is not None:
        return
    trusted = Flag.objects.filter(case=case, answer=Flag.WAITING, trusted=True)
    if (trusted.aggregate(all=Sum("weight"))["all"] or 0) < enough:
        return
    with translation.override(post.author.language or settings.LANGUAGE_CODE):
        reason = gettext("Several members flagged this. It is hidden until a moderator has read it.")
    forum.hide_post(post, by=None, reason=reason, now=now)
