"""Authors ask for a second look."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from terrace.forum import queries as forum
from terrace.kernel import events
from terrace.kernel.errors import Invalid, Missing, Refused
from terrace.members.models import Member
from terrace.moderation import policies
from terrace.moderation.actions.cases import lock_case, open_case
from terrace.moderation.events import AppealMade
from terrace.moderation.models import Appeal, Decision


def appeal(decision: Decision, *, by: Member, text: str, now: datetime) -> Appeal:
    """Ask, once for each post, that a decision be looked at again: the case comes back into the queue.

    Raises Invalid without words, Refused where there was an appeal before or it is too late.
    """
    text = text.strip()[:1000]
    if not text:
        raise Invalid(gettext("Say in a few words why this should be decided otherwise."), field="text")
    with transaction.atomic():
        post = forum.find_post(decision.case.post_id)
        if post is None or decision.case.author_id != by.pk:
            raise Missing
        case, _made = lock_case(post, now)
        earlier = Appeal.objects.filter(case=case).exists()
        if not policies.can_appeal(decision, by, now, earlier=earlier):
            raise Refused(gettext("This decision cannot be appealed any more."))
        made = Appeal.objects.create(case=case, decision=decision, text=text, at=now)
        case.appealed = True
        open_case(case, post.topic.board_id, now)
        event = AppealMade(made.pk, case.pk, decision.pk, case.post_id, by.pk)
        events.record(event, now=now, actor_id=by.pk)
    return made
