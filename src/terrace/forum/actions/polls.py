"""Polls."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext

from terrace.forum.events import VoteCast
from terrace.forum.models import Choice, Poll, Topic, Vote
from terrace.kernel import events
from terrace.kernel.errors import Invalid, Refused
from terrace.members.models import Member


def make_poll(topic: Topic, *, choices: Iterable[str], most: int, closes_at: datetime | None) -> Poll:
    """Keep a poll's choices beside its topic."""
    poll = Poll.objects.create(topic=topic, most=most, closes_at=closes_at)
    Choice.objects.bulk_create(
        [Choice(poll=poll, position=place, text=text) for place, text in enumerate(choices, start=1)]
    )
    return poll


def vote(poll: Poll, choice_ids: Iterable[int], *, by: Member, now: datetime) -> None:
    """Cast a member's vote, once. Raises Refused when it is closed or cast already, Invalid for choices that do not fit."""
    wanted = sorted(set(choice_ids))
    with transaction.atomic():
        poll = Poll.objects.select_for_update().get(pk=poll.pk)
        if poll.closes_at is not None and poll.closes_at <= now:
            raise Refused(gettext("This poll has ended."))
        if Vote.objects.filter(poll=poll, member=by).exists():
            raise Refused(gettext("You have voted already."))
        known = set(Choice.objects.filter(poll=poll, pk__in=wanted).values_list("pk", flat=True))
        if not wanted or known != set(wanted) or len(wanted) > poll.most:
            raise Invalid(gettext("Choose at least one and at most %(n)s.") % {"n": poll.most})
        Vote.objects.bulk_create([Vote(poll=poll, choice_id=each, member=by, at=now) for each in wanted])
        Choice.objects.filter(pk__in=wanted).update(votes=F("votes") + 1)
        Poll.objects.filter(pk=poll.pk).update(voters=F("voters") + 1)
        events.record(VoteCast(topic_id=poll.topic_id, member_id=by.pk), now=now, actor_id=by.pk)
