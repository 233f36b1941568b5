"""Founding a community: what `terrace setup` and the first-run page both do."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.conf import settings
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from terrace.forum import actions as forum
from terrace.forum import queries as forum_queries
from terrace.kernel import clock, options, slots
from terrace.kernel.errors import Invalid, Missing, Refused
from terrace.media import actions as media
from terrace.media.actions import pictures
from terrace.members import actions as members
from terrace.members import policies as member_policies
from terrace.members import queries as member_queries
from terrace.members.models import Member, Role

options.declare("setup.token", "", "The hash of the one-time token of the first-run page")
SECTIONS = slots.declare("setup.sections", "() -> [(key, name)] of the sections that can be switched off")
INVITED_FOR = 14  # days

# Address, name, English name, sentence, English sentence, icon.
_BASE = [
    ("news", "公告", "Notices", "我们说的事，先写在这里。", "What we have to say is written here first.", "megaphone"),
    ("hello", "新手报到", "First steps", "说一句你是谁，用的什么。", "Say who you are and what you use.", "sprout"),
    ("talk", "聊聊", "Talk", "什么都可以说。", "Anything goes.", "messages-square"),
    ("help", "互助", "Help", "问吧，有人知道。", "Ask; somebody knows.", "message-circle-question-mark"),
]
_HARDWARE = [
    ("phones", "手机", "Phones", "手里这台，怎么样。", "The one in your hand.", "smartphone"),
    ("wear", "穿戴", "Wearables", "手表、耳机、手环。", "Watches, earphones, bands.", "timer"),
    ("home", "家居", "Home", "家里亮着的、响着的。", "What lights up and makes a sound at home.", "house"),
    ("system", "系统", "System", "版本、更新、小毛病。", "Versions, updates, small faults.", "layers"),
    ("photo", "拍照", "Photography", "拍得好，拍得不好，都来。", "Good ones and bad ones.", "aperture"),
]
TEMPLATES: dict[str, dict[str, Any]] = {
    "hardware": {
        "name": _("Hardware brand: phones, wearables, home, system, photography"),
        "boards": _BASE + _HARDWARE,
    },
    "small": {"name": _("Small: notices, first steps, talk, help"), "boards": _BASE},
    "empty": {"name": _("None, I make them myself"), "boards": []},
}


@dataclass(frozen=True)
class Plan:
    """What the founder chose."""

    name: str
    handle: str
    email: str
    password: str
    language: str = "zh-hans"
    template: str = "small"
    registration: str = "open"
    team: list[str] = field(default_factory=list)
    off: list[str] = field(default_factory=list)
    logo: bytes | None = None


class Letter(NamedTuple):
    """An invitation: whom it is for, and the link in it."""

    address: str
    link: str
    sent: bool = False


class Founded(NamedTuple):
    """What came of it. The links of invitations are kept nowhere else."""

    administrator: Member
    letters: list[Letter]

    @property
    def unsent(self) -> list[Letter]:
        """Return the invitations that somebody has to hand over, because no mail server took them."""
        return [letter for letter in self.letters if not letter.sent]


def found(plan: Plan, *, now: datetime) -> Founded:
    """Found a community: all of it or nothing; invitations go out after that. Raises Invalid for what cannot be used."""
    check_address(plan.email, field="email")
    for address in plan.team:
        check_address(address)
    check_sections(plan.off)
    member_policies.check_password(plan.password, handle=plan.handle, contact=plan.email)
    with transaction.atomic():
        administrator = members.create_member(
            plan.handle,
            email=plan.email,
            password=plan.password,
            role=Role.ADMINISTRATOR,
            language=plan.language,
            now=now,
        )
        options.put("brand.name", {"zh": plan.name, "en": plan.name}, now)
        options.put("brand.sections", plan.off, now)
        options.put("members.registration", plan.registration, now)
        if plan.logo is not None:
            set_logo(plan.logo, member_id=administrator.pk, now=now)
        options.put("setup.token", "", now)
        _make_boards(plan, administrator, now)
        invitations = [_invite(address, now) for address in plan.team]
    return Founded(administrator, [_send(letter, administrator) for letter in invitations])


def check_address(address: str, field: str = "team") -> None:
    """Raise Invalid for what is not an e-mail address."""
    try:
        validate_email(address)
    except Exception as error:
        raise Invalid(gettext("“%(text)s” is not an e-mail address.") % {"text": address}, field=field) from error


def sections() -> dict[str, str]:
    """Return the name of each section that can be switched off, by its key."""
    return {key: str(name) for answer in slots.ask(SECTIONS) for key, name in answer}


def check_sections(keys: list[str]) -> None:
    """Raise Invalid for a section that is not there or cannot be switched off."""
    known = sections()
    for key in keys:
        if key not in known:
            said = {"text": key, "sections": ", ".join(known)}
            sentence = gettext("“%(text)s” is not a section that can be switched off. There are: %(sections)s.") % said
            raise Invalid(sentence, field="sections")


def _make_boards(plan: Plan, by: Member, now: datetime) -> None:
    english = plan.language == "en"
    for place, (slug, zh, en, line_zh, line_en, icon) in enumerate(TEMPLATES[plan.template]["boards"]):
        if forum_queries.find_board(slug) is not None:
            continue
        first, other = ((en, line_en), (zh, line_zh)) if english else ((zh, line_zh), (en, line_en))
        board = forum.create_board(
            first[0],
            slug=slug,
            line=first[1],
            translations={"zh" if english else "en": {"name": other[0], "line": other[1]}},
            icon=icon,
            position=place,
            by=by,
            now=now,
        )
        if slug == "news":
            forum.set_rule(board, "open", audience="staff", by=by, now=now)


def _invite(address: str, now: datetime) -> Letter:
    _row, code = members.invite(None, uses=1, days=INVITED_FOR, role=Role.OPERATOR, email=address, now=now)
    return Letter(address, f"{settings.TERRACE_BASE_URL}/accounts/signup/?invitation={code}")


def _send(letter: Letter, by: Member) -> Letter:
    """Send an invitation; return it with whether a mail server took it."""
    try:
        members.write_invitation(by, letter.address, letter.link, days=INVITED_FOR)
    except Refused:
        return letter
    return letter._replace(sent="email" in member_policies.channels())


def why_unsent() -> str:
    """Return what to do with invitations that no mail server took."""
    if "email" in member_policies.channels():
        return gettext("The mail server did not take these invitations. Hand the links over yourself:")
    return gettext(
        "No mail server is set up, so no invitation went out. Set TERRACE_MAIL_URL and start the server again: who signs up"
        " needs a code by mail. Then hand these links over yourself; they are not shown again."
    )


def check_logo(data: bytes) -> None:
    """Raise Invalid for what cannot be read as a picture."""
    pictures.draw(data, square=True)


def set_logo(data: bytes, *, member_id: int, now: datetime) -> None:
    """Let a picture stand for the mark. Raises Invalid when it cannot be read."""
    upload = media.keep_image(data, member_id=member_id, name="logo", now=now, kind="avatar")
    media.keep([upload.pk], place="brand:1")
    options.put("brand.logo", upload.key, now)


def new_token() -> str:
    """Make the token that opens the first-run page, in place of any before it; only its hash is kept."""
    token = secrets.token_urlsafe(24)
    options.put("setup.token", _hash(token), clock.now())
    return token


def is_waiting() -> bool:
    """Return whether the community waits to be founded: a server has made a token, and there is no administrator yet."""
    return bool(options.get("setup.token")) and not member_queries.has_administrator()


def check_token(token: str) -> None:
    """Raise Missing once the community is founded, and Refused for any token but the last one made."""
    if member_queries.has_administrator():
        raise Missing
    kept = options.get("setup.token")
    if not kept or not hmac.compare_digest(kept, _hash(token)):
        raise Refused(gettext("This address opens only with the token that the server printed when it started."))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
