"""What staff do to accounts. Each act is an event with its actor: the audit log."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from terrace.kernel import events, live, options
from terrace.kernel.errors import Invalid, Refused
from terrace.members import policies
from terrace.members.actions import entry
from terrace.members.events import (
    InvitationMade,
    InvitationRevoked,
    LadderChosen,
    MemberSuspended,
    NoteWritten,
    RegistrationChosen,
    RoleGiven,
    SuspensionLifted,
    TitleGiven,
)
from terrace.members.models import OWN_LADDER, Invitation, Member, Role, StaffNote, steps


def give_role(actor: Member, target: Member, role: str, *, team: str = "", now: datetime) -> None:
    """Make somebody staff, or a plain member again. Their other sessions end, so that the new role starts with a sign-in.

    Raises Refused for anybody but an administrator, and Invalid for an unknown role.
    """
    policies.check_give_role(actor, target)
    if role not in Role.values:
        raise Invalid(_("There is no such role."), field="role")
    with transaction.atomic():
        row = Member.objects.select_for_update().get(pk=target.pk)
        before = row.role
        Member.objects.filter(pk=row.pk).update(role=role, team=team.strip()[:40] if role != Role.MEMBER else "")
        if before != role:
            entry.end_sessions(row)
            events.record(RoleGiven(row.pk, role, before), now=now, actor_id=actor.pk)
    target.role, target.team = role, team


def set_team(member_ids: Iterable[int], team: str) -> None:
    """Write the team that stands beside these names; empty for none. For the room that keeps teams, which records the event."""
    Member.objects.filter(pk__in=list(member_ids)).update(team=team[:40])


def give_title(actor: Member, target: Member, title: str, *, now: datetime) -> None:
    """Put a title before the level's, or take it away with an empty one. Raises Refused for anybody but operators."""
    if not policies.is_operator(actor):
        raise Refused(_("You may not do this here."))
    title = title.strip()[:24]
    with transaction.atomic():
        Member.objects.filter(pk=target.pk).update(title=title)
        events.record(TitleGiven(target.pk, title), now=now, actor_id=actor.pk)
    target.title = title


def suspend(actor: Member, target: Member, *, reason: str, until: datetime, now: datetime) -> None:
    """Take the right to write until a moment. The member can read, and is told why and until when; live streams end.

    Raises Refused where `actor` may not, Invalid without a reason or with an end that has passed.
    """
    policies.check_suspend(actor, target)
    reason = reason.strip()[:300]
    if not reason:
        raise Invalid(_("Say why. The member reads this sentence."), field="reason")
    if until <= now:
        raise Invalid(_("The end has to be in the future."), field="until")
    with transaction.atomic():
        Member.objects.filter(pk=target.pk).update(suspended_until=until, suspension_reason=reason)
        events.record(
            MemberSuspended(target.pk, until.isoformat(timespec="seconds"), reason), now=now, actor_id=actor.pk
        )
        live.close(target.pk)
    target.suspended_until, target.suspension_reason = until, reason


def unsuspend(actor: Member, target: Member, *, now: datetime) -> None:
    """End a suspension before its time. Raises Refused where `actor` may not."""
    policies.check_suspend(actor, target)
    with transaction.atomic():
        if Member.objects.filter(pk=target.pk, suspended_until__isnull=False).update(
            suspended_until=None, suspension_reason=""
        ):
            events.record(SuspensionLifted(target.pk), now=now, actor_id=actor.pk)
    target.suspended_until, target.suspension_reason = None, ""


def lift_ended_suspensions(now: datetime) -> int:
    """Clear suspensions that have run out; return how many. Called every minute."""
    lifted = 0
    for member_id in Member.objects.filter(suspended_until__lte=now).values_list("pk", flat=True)[:500]:
        with transaction.atomic():
            rows = Member.objects.filter(pk=member_id, suspended_until__lte=now)
            if rows.update(suspended_until=None, suspension_reason=""):
                events.record(SuspensionLifted(member_id, by_time=True), now=now)
                lifted += 1
    return lifted


def write_note(actor: Member, target: Member, text: str, *, now: datetime) -> StaffNote:
    """Leave a note about a member for other staff. Raises Refused and Invalid."""
    if not policies.can_note(actor):
        raise Refused(_("You may not do this here."))
    if not text.strip():
        raise Invalid(_("The note is empty."), field="text")
    with transaction.atomic():
        note = StaffNote.objects.create(member=target, author=actor, text=text.strip()[:1000], at=now)
        events.record(NoteWritten(target.pk, note.pk), now=now, actor_id=actor.pk)
    return note


def invite(
    actor: Member | None, *, uses: int, days: int, role: str = Role.MEMBER, email: str = "", now: datetime
) -> tuple[Invitation, str]:
    """Make an invitation for `uses` people that lasts `days` days; return it with its code, which is kept nowhere else.

    `actor` None is the set-up. Raises Refused: operators invite members, only administrators invite staff.
    """
    may = actor is None or (policies.is_administrator(actor) if role != Role.MEMBER else policies.is_operator(actor))
    if not may:
        raise Refused(_("You may not invite with this role."))
    if role not in Role.values or not 1 <= uses <= 10_000 or not 1 <= days <= 365:
        raise Invalid(_("An invitation is for 1 to 10,000 people and lasts 1 to 365 days."))
    if role != Role.MEMBER and uses > 20:
        raise Invalid(_("A staff invitation is for at most 20 people."), field="uses")
    code = secrets.token_urlsafe(16)
    with transaction.atomic():
        row = Invitation.objects.create(
            code_hash=hashlib.sha256(code.encode()).hexdigest(),
            invited_by=actor,
            email=email,
            role=role,
            uses_left=uses,
            created_at=now,
            expires_at=now + timedelta(days=days),
        )
        events.record(InvitationMade(row.pk, uses, role), now=now, actor_id=actor.pk if actor else None)
    return row, code


def revoke_invitation(actor: Member, invitation_id: int, *, now: datetime) -> None:
    """Close an invitation link. Raises Refused for anybody but operators."""
    if not policies.is_operator(actor):
        raise Refused(_("You may not do this here."))
    with transaction.atomic():
        if Invitation.objects.filter(pk=invitation_id, uses_left__gt=0).update(uses_left=0):
            events.record(InvitationRevoked(invitation_id), now=now, actor_id=actor.pk)


def set_registration(actor: Member, mode: str, *, phone: bool, now: datetime) -> None:
    """Choose who may sign up and whether the first post needs a verified phone.

    Raises Refused for anybody but operators, and Invalid where nobody could verify a phone, so nobody new could post.
    """
    if not policies.is_operator(actor):
        raise Refused(_("You may not do this here."))
    if phone and not policies.can_verify_phones():
        raise Invalid(
            _(
                "Text messages are not set up here, so nobody could verify a phone and nobody new could post."
                " The administrator has to set TERRACE_SMS and start the server again; then switch this on."
            ),
            field="phone",
        )
    with transaction.atomic():
        options.put("members.registration", mode, now)
        options.put("members.phone_before_post", phone, now)
        events.record(RegistrationChosen(mode, phone), now=now, actor_id=actor.pk)


def choose_ladder(actor: Member, ladder: list[dict[str, Any]], *, now: datetime) -> None:
    """Choose where each level begins and what it is called; an empty list is the ladder that comes with the product.

    Members stand on their new levels once the event is heard. Raises Refused for anybody but an administrator, and Invalid for
    a ladder that does not rise from 0.
    """
    if not policies.is_administrator(actor):
        raise Refused(_("You may not do this here."))
    with transaction.atomic():
        try:
            options.put(OWN_LADDER, ladder, now)
        except ValueError as error:
            raise Invalid(_("The first level begins at 0, and each other one above the one before.")) from error
        said = ", ".join(f"{each['growth']} {each['zh']}/{each['en']}" for each in ladder) or "–"
        events.record(LadderChosen(OWN_LADDER, said), now=now, actor_id=actor.pk)


def count_levels() -> int:
    """Put every member on the level that their growth makes now; return how many moved. Nobody is told: the house changed, not they."""
    begins: list[int | None] = [*steps(), None]
    moved = 0
    with transaction.atomic():
        for level, (below, above) in enumerate(pairwise(begins), 1):
            rows = Member.objects.filter(growth__gte=below).exclude(level=level)
            moved += (rows if above is None else rows.filter(growth__lt=above)).update(level=level)
    return moved
