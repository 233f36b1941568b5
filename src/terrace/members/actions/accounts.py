"""Accounts: made, called, described, grown, deleted."""

import secrets
import unicodedata
from collections.abc import Iterable
from datetime import datetime, timedelta

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from terrace.kernel import events, live, locks, options
from terrace.kernel.errors import Conflict, Invalid, Refused
from terrace.kernel.words import skeleton
from terrace.media import actions as media
from terrace.members import policies, queries
from terrace.members.events import HandleChanged, LevelReached, MemberDeleted, MemberJoined, ProfileEdited
from terrace.members.models import (
    Avoidance,
    Code,
    ContactChange,
    Follow,
    FormerHandle,
    Invitation,
    Member,
    Role,
    StaffNote,
    level_at,
)
from terrace.screening import actions as screening


def create_member(
    handle: str,
    *,
    now: datetime,
    email: str = "",
    phone: str | None = None,
    password: str | None = None,
    role: str = Role.MEMBER,
    team: str = "",
    city: str = "",
    bio: str = "",
    language: str = "",
    growth: int = 0,
    claimed: bool = True,
    origin: str | None = None,
    joined_at: datetime | None = None,
    invitation_id: int | None = None,
    house: bool = True,
) -> Member:
    """Make an account whose addresses count as verified, and record MemberJoined.

    `house` is for the set-up and the demo: reserved handles and weak passwords are then let through. `password` None makes
    an account that cannot sign in by password. Raises Invalid for a handle, address or password that cannot be.
    """
    handle = policies.clean_handle(handle)
    if not house:
        policies.check_handle_free_of_names(handle)
        policies.check_password(password or "", handle=handle, contact=email)
        _check_words(None, handle, "handle", now)
    member = Member(
        handle=handle,
        skeleton=skeleton(handle),
        email=email.lower(),
        email_verified_at=now if email else None,
        phone=phone,
        phone_verified_at=now if phone else None,
        password=make_password(password),
        role=role,
        team=team,
        city=city,
        bio=bio,
        language=language,
        growth=growth,
        level=level_at(growth),
        claimed=claimed,
        origin=origin,
        joined_at=joined_at or now,
    )
    with transaction.atomic():
        _check_handle_free(member.skeleton, None, now)
        _save_new(member)
        events.record(MemberJoined(member.pk, invitation_id), now=now, actor_id=member.pk)
    return member


def _save_new(member: Member) -> None:
    try:
        with transaction.atomic():
            member.save(force_insert=True)
    except IntegrityError as error:
        if Member.objects.filter(skeleton=member.skeleton).exists():
            raise _taken() from error
        raise Invalid(_("This address belongs to another account."), field="contact") from error


def _taken() -> Invalid:
    return Invalid(_("Somebody is called so already, or looks as if. Choose another handle."), field="handle")


def _check_handle_free(folded: str, member_id: int | None, now: datetime) -> None:
    """Raise Invalid where a handle, or one that looks like it, is taken or still reserved for whoever gave it up."""
    locks.hold(f"handle:{folded}")
    others = ~Q(pk=member_id)
    reserved = FormerHandle.objects.filter(~Q(member=member_id), skeleton=folded, until__gt=now)
    if not folded or Member.objects.filter(others, skeleton=folded).exists() or reserved.exists():
        raise _taken()


def create_unclaimed(origin: str, handle_hint: str, *, now: datetime) -> int:
    """Make (or find again) the author `origin` of an import; return the member's id."""
    return bulk_unclaimed([(origin, handle_hint)], now=now)[origin]


def bulk_unclaimed(authors: Iterable[tuple[str, str]], *, now: datetime) -> dict[str, int]:
    """Make the authors of an import who are not here yet; return every origin with the member's id.

    `authors` are pairs of an origin (at most 80 characters, unique for ever) and a hint for the handle, which is cleaned and
    numbered until it is free. Nobody can sign in to these accounts. Calling twice makes nothing new.
    """
    wanted = dict(authors)
    found: dict[str, int] = {}
    origins = list(wanted)
    with transaction.atomic():
        locks.hold("members:import")
        for start in range(0, len(origins), 400):
            rows = Member.objects.filter(origin__in=origins[start : start + 400])
            found |= {origin: pk for origin, pk in rows.values_list("origin", "pk") if origin is not None}
        missing = [(origin, _handle_from(wanted[origin])) for origin in origins if origin not in found]
        for start in range(0, len(missing), 400):
            found |= _make_unclaimed(missing[start : start + 400], now)
    return found


def _handle_from(hint: str) -> str:
    """Return the nearest thing to a hint that may be a handle; room is left for a number."""
    typed = unicodedata.normalize("NFKC", hint).strip()
    kept = "".join(char for char in typed if policies.may_be_in_handle(char)).lstrip("-_")[:14]
    try:
        return policies.clean_handle(kept)
    except Invalid:
        return f"u{kept}"[:14] if len(kept) > 1 else "user"


def _make_unclaimed(missing: list[tuple[str, str]], now: datetime) -> dict[str, int]:
    """Give each a free handle, a few at a time: all candidates of a round are looked up with one query."""
    named: list[Member] = []
    given: set[str] = set()
    number = 1
    while missing:
        candidates = [(origin, base, base if number == 1 else f"{base}-{_suffix(number)}") for origin, base in missing]
        folds = {handle: skeleton(handle) for _origin, _base, handle in candidates}
        taken = set(Member.objects.filter(skeleton__in=set(folds.values())).values_list("skeleton", flat=True))
        taken |= policies.reserved_skeletons() | {""}
        missing = []
        for origin, base, handle in candidates:
            folded = folds[handle]
            if folded in taken or folded in given:
                missing.append((origin, base))
                continue
            given.add(folded)
            named.append(
                Member(
                    handle=handle,
                    skeleton=folded,
                    password=make_password(None),
                    claimed=False,
                    origin=origin,
                    joined_at=now,
                )
            )
        number += 1
    Member.objects.bulk_create(named)
    return {member.origin: member.pk for member in named if member.origin}


def _suffix(number: int) -> str:
    """Return the number of a handle; after a few tries chance is quicker than counting."""
    return str(number) if number < 5 else str(secrets.randbelow(10**5))


def change_handle(member: Member, handle: str, *, now: datetime) -> None:
    """Call a member otherwise. The old handle stays reserved for the cool-down, and the next change waits as long.

    Raises Invalid for a handle that cannot be, and Refused during the cool-down.
    """
    policies.check_not_suspended(member, now)
    handle = policies.clean_handle(handle)
    policies.check_handle_free_of_names(handle)
    _check_words(member, handle, "handle", now)
    folded = skeleton(handle)
    cool_down = timedelta(days=options.get("members.handle_cooldown_days"))
    with transaction.atomic():
        row = Member.objects.select_for_update().get(pk=member.pk)
        if row.handle == handle:
            return
        free_at = queries.handle_free_at(row)
        if free_at is not None and free_at > now:
            days = (free_at - now).days + 1
            raise Refused(
                _("You changed your handle lately. You can change it again in %(days)s days.") % {"days": days}
            )
        _check_handle_free(folded, row.pk, now)
        FormerHandle.objects.filter(member=row, skeleton=folded).delete()
        if folded != row.skeleton:
            FormerHandle.objects.create(member=row, handle=row.handle, skeleton=row.skeleton, until=now + cool_down)
        try:
            with transaction.atomic():
                Member.objects.filter(pk=row.pk).update(handle=handle, skeleton=folded, handle_changed_at=now)
        except IntegrityError as error:
            raise _taken() from error
        events.record(HandleChanged(row.pk), now=now, actor_id=row.pk)
    member.handle, member.skeleton, member.handle_changed_at = handle, folded, now


def edit_profile(member: Member, *, city: str, bio: str, language: str, now: datetime) -> None:
    """Write what a member says about themselves. Raises Refused while suspended, Invalid for what screening would hold."""
    policies.check_not_suspended(member, now)
    fields = {"city": city.strip()[:40], "bio": bio.strip()[:300], "language": language}
    for name in ("city", "bio"):
        if fields[name] != getattr(member, name):
            _check_words(member, fields[name], name, now)
    with transaction.atomic():
        Member.objects.filter(pk=member.pk).update(**fields)
        events.record(ProfileEdited(member.pk), now=now, actor_id=member.pk)
    for name, value in fields.items():
        setattr(member, name, value)


def _check_words(member: Member | None, text: str, field: str, now: datetime) -> None:
    if text and (member is None or not member.is_staff_role):
        screening.check_short(text, field=field, now=now)


def upload_avatar(member: Member, data: bytes, *, name: str = "", now: datetime) -> None:
    """Keep a picture through the media room and show it. Raises Invalid for what is not a picture or too large, TooMany."""
    policies.check_not_suspended(member, now)
    upload = media.keep_image(data, member_id=member.pk, name=name, kind="avatar", now=now)
    set_avatar(member, upload.pk, upload.key, now=now)


def set_avatar(member: Member, upload_id: int | None, key: str = "", *, now: datetime) -> None:
    """Show an upload as the member's picture, or the drawn one again."""
    fields = {"avatar_id": upload_id, "avatar_key": key if upload_id else ""}
    with transaction.atomic():
        media.keep([upload_id] if upload_id else [], place=f"avatar:{member.pk}")
        Member.objects.filter(pk=member.pk).update(**fields)
        events.record(ProfileEdited(member.pk), now=now, actor_id=member.pk)
    for field, value in fields.items():
        setattr(member, field, value)


def note_seen(member: Member, *, now: datetime) -> None:
    """Keep when somebody was last here (to within a few minutes)."""
    Member.objects.filter(pk=member.pk).update(last_seen_at=now)
    member.last_seen_at = now


def choose_language(member: Member, language: str) -> None:
    """Speak this language to the member from now on."""
    Member.objects.filter(pk=member.pk).update(language=language)
    member.language = language


def set_growth(member_id: int, growth: int, now: datetime) -> int:
    """Write a member's growth and the level it makes; return the level. A higher one than before is recorded."""
    level = level_at(growth)
    with transaction.atomic():
        member = Member.objects.select_for_update().only("level", "growth").get(pk=member_id)
        if (member.growth, member.level) == (growth, level):
            return level
        Member.objects.filter(pk=member_id).update(growth=max(growth, 0), level=level)
        if level > member.level:
            events.record(LevelReached(member_id, level), now=now)
    return level


def delete_account(member: Member, *, now: datetime) -> None:
    """Forget a member: every column about the person is blanked, sessions and streams end, and every room is told.

    What they wrote stays, without a name. Raises Conflict while a room holds something that has to be settled first.
    """
    with transaction.atomic():
        row = Member.objects.select_for_update().get(pk=member.pk)
        if row.deleted_at is not None:
            return
        reasons = queries.why_not_leave(row)
        if reasons:
            raise Conflict(reasons[0])
        Member.objects.filter(pk=row.pk).update(
            handle=f"-{row.pk}",
            skeleton=f"-{row.pk}",
            password=make_password(None),
            email="",
            email_verified_at=None,
            phone=None,
            phone_verified_at=None,
            role=Role.MEMBER,
            team="",
            title="",
            avatar_id=None,
            avatar_key="",
            city="",
            bio="",
            language="",
            origin=None,
            last_seen_at=None,
            last_login=None,
            suspended_until=None,
            suspension_reason="",
            deleted_at=now,
        )
        media.release(place=f"avatar:{row.pk}")
        _forget_around(row.pk)
        events.record(MemberDeleted(row.pk), now=now, actor_id=row.pk)
        live.close(row.pk)
    member.deleted_at = now


def _forget_around(member_id: int) -> None:
    Follow.objects.filter(Q(follower=member_id) | Q(followed=member_id)).delete()
    Avoidance.objects.filter(Q(member=member_id) | Q(avoided=member_id)).delete()
    for table in (FormerHandle, Code, ContactChange, StaffNote):
        table.objects.filter(member=member_id).delete()
    Invitation.objects.filter(invited_by=member_id, uses_left__gt=0).update(uses_left=0)
    Authenticator.objects.filter(user=member_id).delete()
    for session in UserSession.objects.filter(user=member_id):
        session.end()
