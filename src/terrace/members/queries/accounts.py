"""A profile and an account, with what other rooms bring to them."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext

from terrace.kernel import options, slots
from terrace.members import policies
from terrace.members.models import (
    Avoidance,
    ContactChange,
    Follow,
    FormerHandle,
    Invitation,
    Member,
    Role,
    StaffNote,
)
from terrace.members.queries.circles import Relation, relation
from terrace.members.queries.people import Person, present_person

COUNTS = slots.declare(
    "members.profile_counts", "(member_id, viewer) -> [(label, number, url or '')], in the head of a profile"
)
LISTS = slots.declare(
    "members.profile_lists",
    "(member_id, viewer, key or '') -> [{key, label, count, html}]; html only for the list asked for",
)
EXPORT = slots.declare("members.export", "(member_id) -> plain data: all that a room holds of a member")
MAY_LEAVE = slots.declare(
    "members.may_leave", "(member_id) -> a sentence why the account cannot be deleted now, or None"
)


@dataclass(frozen=True, slots=True)
class Profile:
    """What the profile page shows."""

    person: Person
    joined_at: datetime
    last_seen_at: datetime | None
    followers: int
    following: int
    relation: Relation
    counts: list[tuple[str, int, str]]
    lists: list[dict[str, Any]]


def profile(member: Member, viewer: Member | None, key: str) -> Profile:
    """Return a member's page as `viewer` sees it; `key` picks one of the lists that other rooms bring."""
    counts = [entry for answer in slots.ask(COUNTS, member.pk, viewer) for entry in answer]
    here = reverse("members:profile", args=[member.handle])
    lists = [
        {"url": f"{here}?list={entry['key']}", "current": bool(entry["html"]), **entry}
        for answer in slots.ask(LISTS, member.pk, viewer, key)
        for entry in answer
    ]
    return Profile(
        person=present_person(member),
        joined_at=member.joined_at,
        last_seen_at=member.last_seen_at,
        followers=Follow.objects.filter(followed=member.pk).count(),
        following=Follow.objects.filter(follower=member.pk).count(),
        relation=relation(viewer.pk if viewer else None, member.pk),
        counts=counts,
        lists=lists,
    )


def handle_free_at(member: Member) -> datetime | None:
    """Return when the member may next change the handle, or None for at any time."""
    days = options.get("members.handle_cooldown_days")
    if member.handle_changed_at is None or not days:
        return None
    return member.handle_changed_at + timedelta(days=days)


def has_totp(member: Member) -> bool:
    """Return whether the member signs in with a second factor."""
    return Authenticator.objects.filter(user=member, type=Authenticator.Type.TOTP).exists()


def second_factor_page(member: Member) -> str:
    """Return the name of the page where a member of staff proves the second factor, or sets it up."""
    return "mfa_reauthenticate" if has_totp(member) else "mfa_activate_totp"


def recovery_codes_left(member: Member) -> int:
    """Return how many recovery codes are unused."""
    row = Authenticator.objects.filter(user=member, type=Authenticator.Type.RECOVERY_CODES).first()
    return len(row.wrap().get_unused_codes()) if row else 0


def sessions(member: Member) -> list[UserSession]:
    """Return the browsers in which a member is signed in, newest first."""
    return [one for one in UserSession.objects.filter(user=member).order_by("-created_at", "-pk")[:100] if one.exists()]


def signed_in(session_keys: Iterable[str], now: datetime) -> set[str]:
    """Return those of these sessions that have neither ended nor run out."""
    rows = Session.objects.filter(session_key__in=list(session_keys), expire_date__gt=now)
    return set(rows.values_list("session_key", flat=True))


def browser_name(agent: str) -> str:
    """Return in two words which browser a user agent is."""
    kinds = [
        ("MicroMessenger", gettext("WeChat")),
        ("Edg", "Edge"),
        ("Firefox", "Firefox"),
        ("Chrome", "Chrome"),
        ("Safari", "Safari"),
    ]
    systems = [
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("Mac OS", "Mac"),
        ("Windows", "Windows"),
        ("Linux", "Linux"),
    ]
    kind = next((name for sign, name in kinds if sign in agent), gettext("a browser"))
    system = next((name for sign, name in systems if sign in agent), "")
    return f"{kind}, {system}" if system else str(kind)


def export_of(member: Member) -> dict[str, Any]:
    """Return all that the house holds of a member, by room, as plain data."""
    return {answer.__module__.split(".")[1]: answer(member.pk) for answer in slots.fillers(EXPORT)}


def export_member(member_id: int) -> dict[str, Any]:
    """Answer `members.export` for this room."""
    member = Member.objects.get(pk=member_id)
    plain = ["handle", "email", "phone", "role", "team", "level", "growth", "title", "city", "bio", "language"]
    times = [
        "joined_at",
        "last_seen_at",
        "email_verified_at",
        "phone_verified_at",
        "handle_changed_at",
        "suspended_until",
    ]
    data: dict[str, Any] = {name: getattr(member, name) for name in plain}
    data |= {name: _iso(getattr(member, name)) for name in times}
    data["suspension_reason"] = member.suspension_reason
    data["former_handles"] = list(FormerHandle.objects.filter(member=member).values_list("handle", flat=True))
    data["following"] = _handles(Follow.objects.filter(follower=member), "followed__handle")
    data["followers"] = _handles(Follow.objects.filter(followed=member), "follower__handle")
    data["muted"] = _handles(Avoidance.objects.filter(member=member, kind=Avoidance.MUTE), "avoided__handle")
    data["blocked"] = _handles(Avoidance.objects.filter(member=member, kind=Avoidance.BLOCK), "avoided__handle")
    rows = UserSession.objects.filter(user=member).order_by("created_at", "pk")
    data["sign_ins"] = list(rows.values("created_at", "last_seen_at", "ip", "user_agent"))
    return data


def _handles(rows: QuerySet, name: str) -> list[str]:
    return sorted(rows.values_list(name, flat=True))


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def why_not_leave(member: Member) -> list[str]:
    """Return the sentences why an account cannot be deleted now; empty when it can."""
    reasons = list(slots.ask(MAY_LEAVE, member.pk))
    if member.role == Role.ADMINISTRATOR and not _other_administrators(member).exists():
        reasons.append(gettext("You are the only administrator. Give the role to somebody else first."))
    return reasons


def _other_administrators(member: Member) -> QuerySet:
    return Member.objects.present().filter(role=Role.ADMINISTRATOR).exclude(pk=member.pk)


def has_other_moderator(member_id: int) -> bool:
    """Return whether somebody else keeps order in all boards."""
    return Member.objects.present().filter(role__in=policies.MODERATORS).exclude(pk=member_id).exists()


def invitation(code: str, now: datetime) -> Invitation | None:
    """Return the invitation behind a code that still lets somebody in."""
    digest = hashlib.sha256(code.encode()).hexdigest()
    return Invitation.objects.filter(code_hash=digest, expires_at__gt=now, uses_left__gt=0).first()


def open_invitations(now: datetime) -> Sequence[Invitation]:
    """Return the invitations that still let somebody in."""
    rows = Invitation.objects.filter(expires_at__gt=now, uses_left__gt=0).order_by("-id")
    return list(rows.select_related("invited_by")[:200])


def notes_about(member_id: int) -> list[StaffNote]:
    """Return what staff wrote about a member, newest first."""
    return list(StaffNote.objects.filter(member=member_id).select_related("author").order_by("-id")[:100])


def contact_change(change_id: int) -> ContactChange | None:
    """Return a change of address that is still to be told."""
    return ContactChange.objects.filter(pk=change_id).select_related("member").first()


def is_shut_out(member_id: int, now: datetime) -> bool:
    """Return whether somebody has left or is suspended, so that what they had open was to be closed."""
    member = Member.objects.present().filter(pk=member_id).first()
    return member is None or member.is_suspended(now)


def any_here() -> bool:
    """Return whether there is any member, of whatever kind."""
    return Member.objects.exists()


def has_administrator() -> bool:
    """Return whether anybody hosts this community yet."""
    return Member.objects.present().filter(role=Role.ADMINISTRATOR).exists()
