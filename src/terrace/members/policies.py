"""Who may do what, and what an account's own words must look like."""

import functools
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import phonenumbers
from django.conf import settings
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone
from django.utils.translation import gettext as _

from terrace.kernel import options, sms
from terrace.kernel.errors import Invalid, Missing, Refused
from terrace.kernel.words import skeleton
from terrace.members.models import Code, Member, Role

OPEN, INVITATION, CLOSED = "open", "invitation", "closed"
MODERATORS = frozenset({Role.MODERATOR, Role.OPERATOR, Role.ADMINISTRATOR})
OPERATORS = frozenset({Role.OPERATOR, Role.ADMINISTRATOR})

HANDLE_LENGTH = (2, 20)  # characters
PASSWORD_LENGTH = 200  # characters; longer ones only cost time
# The text messages that go out, with their parameters; each is needed, or an address without an account could be told from one with.
TEXTS = {
    "code": ("code",),
    "reset": ("code",),
    "already": (),
    "unknown": (),
    "contact_changed": ("handle", "which"),
    "security": ("handle", "what"),
}
# Names that would speak for the house. Compared by skeleton.
RESERVED = [
    "admin",
    "administrator",
    "root",
    "system",
    "staff",
    "official",
    "moderator",
    "operator",
    "support",
    "help",
    "security",
    "team",
    "terrace",
    "anonymous",
    "deleted",
    "former",
    "member",
    "everyone",
    "all",
    "here",
    "null",
    "undefined",
    "me",
    "settings",
    "new",
    "api",
    "www",
    "mail",
    "postmaster",
    "webmaster",
    "abuse",
    "管理员",
    "官方",
    "系统",
    "客服",
    "运营",
    "版主",
    "小编",
    "工作人员",
    "匿名",
    "所有人",
    "全体成员",
    "已注销",
    "梯田",
    "超级管理员",
]


def _one_of(*known: str):
    def check(value: Any) -> str:
        if value not in known:
            raise ValueError(f"one of {', '.join(known)}")
        return value

    return check


def _days(value: Any) -> int:
    number = int(value)
    if not 0 <= number <= 3650:
        raise ValueError("0 to 3650 days")
    return number


options.declare(
    "members.registration", OPEN, "Who may sign up: open, invitation, closed", _one_of(OPEN, INVITATION, CLOSED)
)
options.declare("members.phone_before_post", False, "Whether the first post needs a verified phone", bool)
options.declare("members.demo", None, "Ids of the members that the demo made; None where the data are not the demo's")
options.declare("members.handle_cooldown_days", 30, "Days between two changes of a handle", _days)


# Staff. A role is worth something only in a session that was signed in with a second factor.


class SecondFactorNeeded(Refused):
    """A staff page is asked for in a session without a second factor; the middleware leads to the page that mends it."""


def second_factor_of(member: Member, session: Mapping[str, Any]) -> bool:
    """Return whether this session of a member was signed in with a second factor. Plain members need none."""
    if not member.is_staff_role:
        return True
    records = session.get("account_authentication_methods") or []
    mine = session.get("account_authentication_methods_user") == str(member.pk)
    return mine and any(record.get("method") == "mfa" for record in records)


def _has_role(member: Member | None, roles: frozenset[str]) -> bool:
    return member is not None and member.deleted_at is None and member.role in roles and member.second_factor


def is_staff(member: Member | None) -> bool:
    """Return whether somebody acts as staff of any kind."""
    return _has_role(member, frozenset(Role.values) - {Role.MEMBER})


def is_moderator(member: Member | None) -> bool:
    """Return whether somebody may moderate everywhere."""
    return _has_role(member, MODERATORS)


def is_operator(member: Member | None) -> bool:
    """Return whether somebody may run the community: invitations, members, options."""
    return _has_role(member, OPERATORS)


def is_administrator(member: Member | None) -> bool:
    """Return whether somebody may do everything."""
    return _has_role(member, frozenset({Role.ADMINISTRATOR}))


def check_staff(member: Member | None, *roles: str) -> None:
    """Let through staff (of one of `roles`, or of any).

    Raises Missing for everybody else, who learn nothing, and SecondFactorNeeded for staff who signed in with a password alone.
    """
    wanted = frozenset(roles) or frozenset(Role.values) - {Role.MEMBER}
    if member is None or member.deleted_at is not None or member.role not in wanted:
        raise Missing
    if not member.second_factor:
        raise SecondFactorNeeded(_("Staff pages open after a second factor."))


def can_suspend(actor: Member | None, target: Member) -> bool:
    """Return whether `actor` may suspend `target`: moderators members, administrators everybody but themselves."""
    if actor is None or actor.pk == target.pk or target.deleted_at is not None:
        return False
    return is_administrator(actor) if target.is_staff_role else is_moderator(actor)


def check_suspend(actor: Member | None, target: Member) -> None:
    """Raise Refused where `actor` may not suspend `target` or end the suspension."""
    if not can_suspend(actor, target):
        raise Refused(_("You may not suspend this member."))


def can_give_role(actor: Member | None, target: Member) -> bool:
    """Return whether `actor` may change the role of `target`: administrators, and never their own."""
    return (
        is_administrator(actor)
        and actor is not None
        and actor.pk != target.pk
        and target.claimed
        and not target.deleted_at
    )


def check_give_role(actor: Member | None, target: Member) -> None:
    """Raise Refused where `actor` may not change the role of `target`."""
    if not can_give_role(actor, target):
        raise Refused(_("Only an administrator may give roles, and never to themselves."))


def can_note(actor: Member | None) -> bool:
    """Return whether somebody may read and write staff notes."""
    return is_moderator(actor)


# Members.


def check_may_write(member: Member | None, now: datetime) -> None:
    """Let somebody write anything at all: signed in, not suspended, with a verified phone where the operator asks for one.

    Raises Refused with what is missing.
    """
    if member is None:
        raise Refused(_("Sign in to take part."), status=401)
    if member.deleted_at is not None or not member.claimed:
        raise Refused(_("This account cannot write."))
    check_not_suspended(member, now)
    if options.get("members.phone_before_post") and member.phone_verified_at is None and not member.is_staff_role:
        raise Refused(_("Add a phone number first: Settings, Account. We only use it to send you codes."))


def check_not_suspended(member: Member, now: datetime) -> None:
    """Raise Refused while a suspension is in force: not even a profile is edited then."""
    if member.is_suspended(now):
        raise Refused(suspension_sentence(member))


def can_write(member: Member | None, now: datetime) -> bool:
    """Return whether somebody may write anything at all."""
    try:
        check_may_write(member, now)
    except Refused:
        return False
    return True


def suspension_sentence(member: Member) -> str:
    """Say until when a member is suspended and why."""
    assert member.suspended_until is not None  # noqa: S101  callers have looked
    until = timezone.localtime(member.suspended_until).strftime("%Y-%m-%d %H:%M")
    return _("You are suspended until %(until)s and can read but not write. Reason: %(reason)s") % {
        "until": until,
        "reason": member.suspension_reason or _("not given"),
    }


def check_can_meet(member: Member | None, other: Member, *, blocked: bool) -> None:
    """Raise Refused where a member may not follow or write to another."""
    if member is None:
        raise Refused(_("Sign in to take part."), status=401)
    if member.pk == other.pk:
        raise Refused(_("That is you."))
    if blocked or other.deleted_at is not None:
        raise Refused(_("You and this member do not reach each other."))


def check_registration(*, invited: bool) -> None:
    """Raise Refused where nobody may sign up, or only who was invited."""
    mode = options.get("members.registration")
    if mode == CLOSED or (mode == INVITATION and not invited):
        raise Refused(
            _("Sign-up is closed for now.")
            if mode == CLOSED
            else _("Sign-up is by invitation. Ask somebody who is here for a link.")
        )


def channels() -> list[str]:
    """Return the channels on which a message reaches people: those that are set up; in the demo both, by its outbox."""
    mail = not settings.EMAIL_BACKEND.endswith("OutboxBackend")
    works = {Code.EMAIL: mail or settings.TERRACE_DEMO, Code.PHONE: not why_no_texts()}
    return [channel for channel, does in works.items() if does]


def why_no_texts() -> str:
    """Return why no text message goes out, for the administrator; empty where they do, in the demo to its outbox."""
    if settings.TERRACE_DEMO and settings.TERRACE_SMS.get("backend", "console") == "console":
        return ""
    return sms.why_silent(TEXTS)


def check_channel(channel: str) -> None:
    """Raise Invalid with what to do instead where no message goes out on a channel: nobody is told that one was sent."""
    working = channels()
    if channel in working:
        return
    if not working:
        raise Invalid(silence(), field="contact")
    raise Invalid(
        _("Text messages are not set up here. Type an e-mail address.")
        if channel == Code.PHONE
        else _("Mail is not set up here. Type a mobile number."),
        field="contact",
    )


def can_verify_phones() -> bool:
    """Return whether somebody who adds a phone number gets the code that verifies it."""
    return Code.PHONE in channels()


def silence() -> str:
    """Return why nobody can get a code here and what the administrator has to do; empty where some channel works."""
    if channels():
        return ""
    return _(
        "Neither mail nor text messages are set up here, so nobody can get a code."
        " The administrator has to set TERRACE_MAIL_URL or TERRACE_SMS and start the server again."
    )


def is_of_demo(member_id: int) -> bool:
    """Return whether anybody may become this member with one click: the demo runs, and it made the member."""
    return settings.TERRACE_DEMO and member_id in (options.get("members.demo") or [])


# Words.


def clean_handle(text: str) -> str:
    """Return a handle as it is kept. Raises Invalid with a sentence for a handle that cannot be."""
    handle = unicodedata.normalize("NFKC", text).strip()
    least, most = HANDLE_LENGTH
    if not least <= len(handle) <= most:
        raise Invalid(_("A handle has 2 to 20 characters."), field="handle")
    if not all(may_be_in_handle(char) for char in handle):
        raise Invalid(_("A handle has Chinese characters, Latin letters, digits, - and _ only."), field="handle")
    if handle[0] in "-_" or not any(char.isalpha() for char in handle):
        raise Invalid(_("A handle begins with a letter or digit and has at least one letter."), field="handle")
    folded = skeleton(handle)
    if len(folded) < 2 and handle.isascii():
        raise Invalid(_("A handle has 2 to 20 characters."), field="handle")
    return handle


def may_be_in_handle(char: str) -> bool:
    """Return whether a character may stand in a handle."""
    if char.isascii():
        return char.isalnum() or char in "-_"
    name = unicodedata.name(char, "")
    latin = name.startswith("LATIN ") and char.isalpha()
    return latin or name.startswith("CJK UNIFIED IDEOGRAPH") or char == "々"


def check_handle_free_of_names(handle: str) -> None:
    """Raise Invalid for a name that would speak for the house."""
    if skeleton(handle) in reserved_skeletons():
        raise Invalid(_("This handle is reserved. Choose another."), field="handle")


@functools.cache
def reserved_skeletons() -> frozenset[str]:
    """Return the folded forms of the names that speak for the house."""
    return frozenset(skeleton(name) for name in RESERVED)


def check_password(password: str, *, handle: str = "", contact: str = "") -> None:
    """Raise Invalid with one sentence about the first thing that is wrong with a new password."""
    if len(password) > PASSWORD_LENGTH:
        raise Invalid(_("A password has at most 200 characters."), field="password")
    try:
        password_validation.validate_password(password, Member(handle=handle, email=contact))
    except ValidationError as error:
        raise Invalid(_weakness(error), field="password") from error


def _weakness(error: ValidationError) -> str:
    """Say what Django's validators found, in our words: their own are not in every language."""
    said = {
        "password_too_short": _("This password is too short: 8 characters at least. A few words in a row are good."),
        "password_too_common": _("This password is on every list of guesses. Take one that only you would think of."),
        "password_entirely_numeric": _("Digits alone are easy to guess. Add a word."),
        "password_too_similar": _("This password is too much like your name or address."),
    }
    found = [said[each.code] for each in error.error_list if each.code in said]
    return found[0] if found else error.messages[0]


def contact_of(text: str) -> tuple[str, str]:
    """Return ("email", lower-case address) or ("phone", E.164 number) for what somebody typed. Raises Invalid."""
    typed = unicodedata.normalize("NFKC", text).strip()
    if "@" in typed:
        try:
            validate_email(typed)
        except ValidationError:
            typed = ""
        if not typed or len(typed) > 254:
            raise Invalid(_("This e-mail address is not complete."), field="contact")
        return Code.EMAIL, typed.lower()
    try:
        number = phonenumbers.parse(typed[:32], settings.TERRACE_PHONE_REGION)
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_valid_number(number):
        if Code.PHONE not in channels():
            raise Invalid(_("Type an e-mail address, such as name@example.com."), field="contact")
        raise Invalid(_("Type an e-mail address or a mobile number."), field="contact")
    return Code.PHONE, phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
