"""The way in: signing up, addresses, passwords, sessions."""

from datetime import datetime

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from terrace.kernel import events, live
from terrace.kernel.errors import Conflict, Invalid, Missing, Refused
from terrace.members import policies, queries
from terrace.members.actions import accounts, codes
from terrace.members.events import ContactChanged, PasswordChanged
from terrace.members.models import Code, ContactChange, Invitation, Member


def ask_sign_up(contact: str, *, invitation: str, language: str, now: datetime, replaces: str = "") -> str:
    """Send a sign-up code to what somebody typed; an address that has an account gets a letter that says so instead.

    Returns the ticket. Raises Refused where sign-up is not open to them, Invalid (also for an invitation that was
    written to another address) and TooMany.
    """
    invited = _invited(invitation, now)
    channel, address = policies.contact_of(contact)
    policies.check_channel(channel)
    _check_addressee(invited, address)
    owner = queries.by_contact(channel, address)
    return codes.ask_code(
        Code.SIGN_UP,
        channel,
        address,
        member=None,
        letter="already" if owner else "code",
        real=owner is None,
        language=language,
        now=now,
        replaces=replaces,
    )


def sign_up(
    ticket: str, *, code: str, handle: str, password: str, invitation: str, language: str, now: datetime
) -> Member:
    """Make the account behind a ticket. The code is used up only when everything else is in order.

    Raises Invalid (with the field), and Refused where sign-up is not open to them or the invitation has no use left.
    """
    invited = _invited(invitation, now)
    with transaction.atomic():
        row = codes.take(ticket, Code.SIGN_UP, code, now)
        if row is not None:
            _check_addressee(invited, row.contact)
            member = accounts.create_member(
                handle,
                now=now,
                email=row.contact if row.channel == Code.EMAIL else "",
                phone=row.contact if row.channel == Code.PHONE else None,
                password=password,
                language=language,
                role=_use(invited, now) if invited else "member",
                invitation_id=invited.pk if invited else None,
                house=False,
            )
    if row is None:
        raise codes.wrong()
    return member


def _invited(code: str, now: datetime) -> Invitation | None:
    """Return the invitation that somebody came with; None where they came without one and may."""
    found = queries.invitation(code, now)
    policies.check_registration(invited=found is not None)
    if code and found is None:
        raise Refused(_("This invitation has been used up or is too old. Ask for a new one."))
    return found


def _check_addressee(invitation: Invitation | None, address: str) -> None:
    """An invitation that was written to somebody is theirs: a link that was passed on gives no role."""
    if invitation is not None and invitation.email and invitation.email.lower() != address.lower():
        raise Invalid(
            _("This invitation was written to another address. Use that one, or sign up without the link."),
            field="contact",
        )


def _use(invitation: Invitation, now: datetime) -> str:
    """Take one use of an invitation, if one is left at this very moment; return the role that it gives."""
    live_rows = Invitation.objects.filter(pk=invitation.pk, uses_left__gt=0, expires_at__gt=now)
    if not live_rows.update(uses_left=F("uses_left") - 1):
        raise Refused(_("This invitation has been used up. Ask for a new one."))
    return invitation.role


def ask_sign_in(contact: str, *, language: str, now: datetime, replaces: str = "") -> str:
    """Send a sign-in code; an address without an account gets a letter that says so. Returns the ticket."""
    return _ask_known(Code.SIGN_IN, contact, language, now, replaces)


def ask_reset(contact: str, *, language: str, now: datetime, replaces: str = "") -> str:
    """Send a code for a new password; an address without an account gets a letter that says so. Returns the ticket."""
    return _ask_known(Code.RESET, contact, language, now, replaces)


def _ask_known(purpose: str, contact: str, language: str, now: datetime, replaces: str) -> str:
    channel, address = policies.contact_of(contact)
    policies.check_channel(channel)
    owner = queries.by_contact(channel, address)
    return codes.ask_code(
        purpose,
        channel,
        address,
        member=owner,
        letter=("reset" if purpose == Code.RESET else "code") if owner else "unknown",
        real=owner is not None,
        language=(owner.language if owner else "") or language,
        now=now,
        replaces=replaces,
    )


def sign_in_by_code(ticket: str, code: str, *, now: datetime) -> Member:
    """Return whose code this was, for the view to sign in. Raises Invalid."""
    with transaction.atomic():
        row = codes.take(ticket, Code.SIGN_IN, code, now)
    member = row.member if row is not None else None
    if member is None or not member.is_active:
        raise codes.wrong()
    return member


def reset_password(ticket: str, *, code: str, password: str, now: datetime) -> Member:
    """Set a new password by a code; every session and every other code ends. Raises Invalid (with the field)."""
    policies.check_password(password)
    with transaction.atomic():
        row = codes.take(ticket, Code.RESET, code, now)
        member = row.member if row is not None else None
        if member is not None:
            policies.check_password(password, handle=member.handle, contact=member.email)
            _set_password(member, password, now)
            end_sessions(member)
    if member is None:
        raise codes.wrong()
    return member


def change_password(member: Member, *, password: str, keep: str, now: datetime) -> None:
    """Set another password; every session but the one with key `keep` ends, and every code. The view has asked for the old."""
    policies.check_password(password, handle=member.handle, contact=member.email)
    with transaction.atomic():
        _set_password(member, password, now)
        end_sessions(member, keep=keep)


def _set_password(member: Member, password: str, now: datetime) -> None:
    member.password = make_password(password)
    Member.objects.filter(pk=member.pk).update(password=member.password)
    codes.kill_codes(member, now)
    events.record(PasswordChanged(member.pk), now=now, actor_id=member.pk)


def ask_contact_change(member: Member, contact: str, *, now: datetime, language: str = "", replaces: str = "") -> str:
    """Send a code to a new address of a member; earlier ones die. Somebody else's address gets a letter instead.

    Returns the ticket. Raises Invalid and TooMany.
    """
    channel, address = policies.contact_of(contact)
    policies.check_channel(channel)
    if address in (member.email, member.phone):
        raise Invalid(_("This is your address already."), field="contact")
    owner = queries.by_contact(channel, address)
    return codes.ask_code(
        Code.CONTACT,
        channel,
        address,
        member=member,
        letter="already" if owner else "code",
        real=owner is None,
        language=member.language or language,
        now=now,
        replaces=replaces,
    )


def change_contact(member: Member, ticket: str, code: str, *, keep: str, now: datetime) -> None:
    """Give a member the address behind a ticket. Every other session ends, every outstanding code dies, both addresses hear.

    Raises Invalid for a code that does not do.
    """
    with transaction.atomic():
        row = codes.take(ticket, Code.CONTACT, code, now)
        if row is not None and row.member_id == member.pk:
            _write_contact(member, row.channel, row.contact, keep, now)
    if row is None or row.member_id != member.pk:
        raise codes.wrong()


def remove_contact(member: Member, channel: str, *, keep: str, now: datetime) -> None:
    """Take away the e-mail address or the phone number, if the other one is there to sign in with. Raises Conflict."""
    other = member.phone if channel == Code.EMAIL else member.email
    if not other:
        raise Conflict(_("You need one address to sign in with. Add another before you remove this one."))
    with transaction.atomic():
        _write_contact(member, channel, "", keep, now)


def _write_contact(member: Member, channel: str, contact: str, keep: str, now: datetime) -> None:
    row = Member.objects.select_for_update().get(pk=member.pk)
    codes.kill_codes(row, now)
    if channel == Code.EMAIL:
        old, fields = row.email, {"email": contact, "email_verified_at": now if contact else None}
    else:
        old, fields = row.phone or "", {"phone": contact or None, "phone_verified_at": now if contact else None}
    try:
        with transaction.atomic():
            Member.objects.filter(pk=row.pk).update(**fields)
    except IntegrityError as error:
        raise Invalid(_("This address belongs to another account."), field="contact") from error
    end_sessions(row, keep=keep)
    change = ContactChange.objects.create(member=row, channel=channel, old=old, new=contact, at=now)
    events.record(ContactChanged(row.pk, change.pk), now=now, actor_id=row.pk)
    for name, value in fields.items():
        setattr(member, name, value)


def end_session(member: Member, session_id: int) -> None:
    """Sign out one of a member's browsers. Raises Missing for one that is not theirs."""
    session = UserSession.objects.filter(pk=session_id, user=member).first()
    if session is None:
        raise Missing
    session.end()
    transaction.on_commit(lambda: live.close(member.pk))


def end_sessions(member: Member, *, keep: str = "") -> int:
    """Sign out all of a member's browsers but the one whose session has the key `keep`; return how many."""
    sessions = list(UserSession.objects.filter(user=member).exclude(session_key=keep or None))
    for session in sessions:
        session.end()
    live.close(member.pk)
    return len(sessions)


def use_code(member_id: int, code: str) -> bool:
    """Take a code of an authenticator app; False where it was taken before.

    It is remembered for as long as it would be accepted: 30 seconds, and the tolerance before and after.
    """
    seconds = 30 * (2 * settings.MFA_TOTP_TOLERANCE + 1)
    return cache.add(f"members.code:{member_id}:{''.join(code.split())}", "used", timeout=seconds)
