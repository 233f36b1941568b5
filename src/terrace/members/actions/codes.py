"""One-time codes. What is kept is a hash of the code under a ticket that only the asking browser holds."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from terrace.kernel import locks
from terrace.kernel.errors import Invalid, TooMany
from terrace.members.actions import letters
from terrace.members.models import Code, Member

LIFE = timedelta(minutes=10)
ATTEMPTS = 5
GAP = timedelta(seconds=30)
HOUR = timedelta(hours=1)
PER_HOUR = 5  # codes to one address


def ask_code(
    purpose: str,
    channel: str,
    contact: str,
    *,
    member: Member | None,
    letter: str,
    real: bool,
    language: str,
    now: datetime,
    replaces: str = "",
) -> str:
    """Send a code to an address; return the ticket that must come back with it.

    With `real` false the address gets another letter and no code will do: the page that follows is the same, so nobody
    learns who has an account. Raises TooMany when this address was written to too often. The message goes out as soon as the
    transaction has committed, in this thread: a person waits for it.
    """
    ticket, code = secrets.token_urlsafe(24), f"{secrets.randbelow(10**6):06}"
    with transaction.atomic():
        locks.hold(f"code:{contact}")
        _check_pace(contact, now)
        if replaces:
            Code.objects.filter(ticket_hash=_digest(replaces), used_at=None).update(expires_at=now)
        if member is not None and purpose == Code.CONTACT:
            Code.objects.filter(member=member, purpose=purpose, used_at=None).update(expires_at=now)
        row = Code.objects.create(
            purpose=purpose,
            channel=channel,
            contact=contact,
            member=member,
            ticket_hash=_digest(ticket),
            code_hash=_hash(ticket, code) if real else "",
            attempts_left=ATTEMPTS,
            created_at=now,
            expires_at=now + LIFE,
        )
        params = {"code": code} if real else {}
        transaction.on_commit(
            lambda: letters.deliver(
                channel, contact, letter, params, language=language, key=f"code-{row.ticket_hash[:40]}"
            )
        )
    return ticket


def _check_pace(contact: str, now: datetime) -> None:
    sent = list(
        Code.objects.filter(contact=contact, created_at__gt=now - HOUR)
        .order_by("-id")
        .values_list("created_at", flat=True)
    )
    wait = timedelta(0)
    if sent and now - sent[0] < GAP:
        wait = sent[0] + GAP - now
    if len(sent) >= PER_HOUR:
        wait = sent[PER_HOUR - 1] + HOUR - now
    if wait > timedelta(0):
        seconds = int(wait.total_seconds()) + 1
        raise TooMany(_pause(seconds), retry_after=seconds)


def _pause(seconds: int) -> str:
    if seconds <= 60:
        return _("We just sent a code. Wait %(n)s seconds before the next one.") % {"n": seconds}
    minutes = -(-seconds // 60)
    sentence = ngettext(
        "We sent several codes already. You can ask for another in %(n)s minute.",
        "We sent several codes already. You can ask for another in %(n)s minutes.",
        minutes,
    )
    return sentence % {"n": minutes}


def take(ticket: str, purpose: str, code: str, now: datetime) -> Code | None:
    """Use up the code of a ticket, in the caller's transaction; None when it is wrong, which counts as an attempt.

    The caller must let its transaction commit when it gets None, so that the attempt is kept, and raise `wrong()` after it.
    """
    row = Code.objects.select_for_update(of=("self",)).filter(ticket_hash=_digest(ticket), purpose=purpose).first()
    if row is None or row.used_at is not None or row.expires_at <= now or not row.attempts_left:
        return None
    typed = "".join(char for char in code if char.isdigit())
    if not row.code_hash or not constant_time_compare(_hash(ticket, typed), row.code_hash):
        Code.objects.filter(pk=row.pk).update(attempts_left=F("attempts_left") - 1)
        return None
    Code.objects.filter(pk=row.pk).update(used_at=now)
    return row


def wrong() -> Invalid:
    """Return the error for a code that does not do; it never says which of the reasons it was."""
    return Invalid(_("This code is wrong or too old. Check it, or ask for a new one."), field="code")


def kill_codes(member: Member, now: datetime) -> None:
    """Let every outstanding code die that belongs to a member or was sent to one of the member's addresses."""
    mine = Code.objects.filter(used_at=None, expires_at__gt=now)
    mine.filter(member=member).update(expires_at=now)
    addresses = [address for address in (member.email, member.phone) if address]
    mine.filter(contact__in=addresses).exclude(purpose=Code.SIGN_UP).update(expires_at=now)


def forget_codes(before: datetime) -> int:
    """Delete codes that ended before a moment; return how many."""
    return Code.objects.filter(expires_at__lt=before).delete()[0]


def _digest(ticket: str) -> str:
    return hashlib.sha256(ticket.encode()).hexdigest()


def _hash(ticket: str, code: str) -> str:
    return salted_hmac("terrace.members.code", f"{ticket}:{code}", algorithm="sha256").hexdigest()
