"""What a member is told."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import BigAutoField, Count, QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from django.utils.dateparse import parse_datetime
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from terrace.forum import policies as forum_policies
from terrace.forum import queries as forum
from terrace.forum.policies import Access
from terrace.kernel import push
from terrace.kernel.live import Message
from terrace.kernel.pages import Page, descending
from terrace.kernel.prepared import Given, Prepared
from terrace.members import queries as members
from terrace.members.queries import Person
from terrace.notifications.models import (
    ALWAYS,
    ANSWER,
    FLAG,
    FOLLOW,
    LEVEL,
    MENTION,
    QUOTE,
    REACTION,
    REPLY,
    SUSPENDED,
    TOPIC,
    VERDICT,
    Device,
    Notice,
    Part,
    Silence,
)

SIZE = 30
EXCERPT = 120
LINE = 200  # characters of a title on a screen
ICONS = {LEVEL: "sprout", VERDICT: "gavel", FLAG: "flag", SUSPENDED: "ban"}


@dataclass(frozen=True)
class Row:
    """One notice in the list. `text` says who did what, with the title of a `topic` in it; `icon` stands where there is no person."""

    id: int
    url: str
    person: Person | None
    icon: str
    text: str
    topic: str
    quote: str
    at: datetime
    unread: bool


def _unseen_rows() -> QuerySet:
    rows = Notice.objects.told().filter(member_id=Given("member", BigAutoField()), seen_at=None)
    return rows.values("member_id").annotate(number=Count("id")).values_list("number")


_unseen = Prepared(_unseen_rows)  # every page of a member shows the number


def unseen_count(member_id: int) -> int:
    """Return how many notices a member has not seen: the bell, one query on its own index."""
    return sum(number for (number,) in _unseen(member=member_id))


def unseen_counts(member_ids: Iterable[int]) -> dict[int, int]:
    """Return the number on the bell of each of these members, with one query."""
    ids = list(member_ids)
    rows = Notice.objects.told().filter(member_id__in=ids, seen_at=None).values("member_id").annotate(n=Count("id"))
    counts = dict(rows.values_list("member_id", "n"))
    return {each: counts.get(each, 0) for each in ids}


def live_state(member_id: int) -> list[Message]:
    """Return the present state of a member's channel."""
    return [Message(f"member:{member_id}", "notices", {"count": unseen_count(member_id)})]


def find_notice(notice_id: int, member_id: int) -> Notice | None:
    """Return a notice of this member; nobody else's."""
    return Notice.objects.filter(pk=notice_id, member_id=member_id).first()


def declined(member_id: int) -> set[str]:
    """Return the kinds that a member does not want."""
    return set(Silence.objects.filter(member_id=member_id).values_list("kind", flat=True))


def export_member(member_id: int) -> dict[str, Any]:
    """Answer `members.export`: what this room holds of a member."""
    rows = Notice.objects.filter(member_id=member_id).order_by("pk")
    return {
        "notices": list(
            rows.values("kind", "topic_id", "post_id", "data", "created_at", "updated_at", "seen_at", "read_at")
        ),
        "declined": sorted(declined(member_id)),
        "devices": list(
            Device.objects.filter(member_id=member_id).order_by("pk").values("agent", "created_at", "used_at")
        ),
    }


def devices(member_id: int, now: datetime) -> list[Device]:
    """Return the devices that show a member's notices, newest first; not those whose sign-in has ended."""
    rows = list(Device.objects.filter(member_id=member_id, key=push.application_key()).order_by("-pk"))
    alive = members.signed_in((row.session_key for row in rows), now)
    return [row for row in rows if row.session_key in alive]


def is_alive(device: Device, now: datetime) -> bool:
    """Return whether a device may be told anything: who turned it on is signed in there, and not suspended."""
    return bool(members.signed_in([device.session_key], now)) and not members.is_shut_out(device.member_id, now)


def lost_devices() -> int:
    """Return how many devices nothing can be sent to, because they were turned on under another SECRET_KEY."""
    return Device.objects.exclude(key=push.application_key()).count()


def device_count() -> int:
    """Return how many devices show notices."""
    return Device.objects.count()


def on_screen(notice_id: int, member_id: int, now: datetime) -> dict[str, Any] | None:
    """Return what a device shows of a notice, in the member's language; None when it was seen, declined or may not be read."""
    notice = Notice.objects.told().filter(pk=notice_id, member_id=member_id, seen_at=None).first()
    member = members.by_id(member_id)
    if notice is None or member is None or notice.kind in declined(member_id) - ALWAYS:
        return None
    language = member.language or settings.LANGUAGE_CODE
    with translation.override(language):
        rows = _rows([notice], forum_policies.access(member, now))
    if not rows:
        return None
    return {
        "title": rows[0].text[:LINE],
        "body": rows[0].quote,
        "url": rows[0].url,
        "tag": f"notice-{notice_id}",
        "lang": "en" if language == "en" else "zh-Hans",
        "count": unseen_count(member_id),
    }


def notice_page(access: Access, *, unread: bool = False, cursor: str = "", size: int = SIZE) -> Page:
    """Return a page of the reader's notices, the latest first, without those about what they may not read now.

    With `unread` those alone that were not read.
    """
    if access.member is None:
        return Page([], "")
    rows = Notice.objects.told().filter(member=access.member)
    if unread:
        rows = rows.filter(read_at=None)
    page = descending(rows, ("updated_at", "id"), cursor, size)
    return Page(_rows(page.rows, access), page.next)


def _rows(notices: list[Notice], access: Access) -> list[Row]:
    parts: dict[int, list[Part]] = {}
    since = {each.pk: each.since for each in notices}
    for part in Part.objects.filter(notice_id__in=since, gone=False).order_by("-at", "-pk"):
        if part.at >= since[part.notice_id]:
            parts.setdefault(part.notice_id, []).append(part)
    avoided = members.avoided_by(access.member.pk) if access.member else set()
    people = members.persons(part.actor_id for each in parts.values() for part in each)
    visible = forum.visible_post_ids({each.post_id for each in notices if each.post_id is not None}, access)
    posts = forum.post_texts(visible)
    told = [each for each in notices if each.topic_id is not None and (each.post_id in visible or each.kind == VERDICT)]
    titles = forum.names_of_topics([each.topic_id or 0 for each in told], access)
    found = []
    for notice in notices:
        if notice.post_id is not None and notice.post_id not in visible:
            continue
        actors = [part.actor_id for part in parts.get(notice.pk, ()) if part.actor_id is not None]
        who = [people.get(each) for each in dict.fromkeys(actors) if each not in avoided]
        if actors and not who:
            continue
        post = posts.get(notice.post_id or 0)
        found.append(_row(notice, who, titles.get(notice.topic_id or 0, ""), post))
    return found


def _row(notice: Notice, who: list[Person | None], topic: str, post: Any) -> Row:
    return Row(
        id=notice.pk,
        url=reverse("notifications:notice_open", args=[notice.pk]),
        person=who[0] if who else None,
        icon=ICONS.get(notice.kind, ""),
        text=sentence(notice, who, topic),
        topic=topic,
        quote=_excerpt(notice, post),
        at=notice.updated_at,
        unread=notice.read_at is None,
    )


def _excerpt(notice: Notice, post: Any) -> str:
    if post is None:
        return str(notice.data.get("message") or notice.data.get("reason") or "")[:300]
    return post.text[:EXCERPT] + ("…" if len(post.text) > EXCERPT else "")


def names(who: list[Person | None]) -> str:
    """Return “A”, “A and B”, or “A and 3 others”."""
    first = [each.handle if each else _("Former member") for each in who[:2]]
    if len(who) <= 1:
        return first[0] if first else _("Former member")
    if len(who) == 2:
        return _("%(one)s and %(two)s") % {"one": first[0], "two": first[1]}
    others = len(who) - 1
    return ngettext("%(one)s and %(n)s other", "%(one)s and %(n)s others", others) % {
        "one": first[0],
        "n": others,
        "all": len(who),
    }


def sentence(notice: Notice, who: list[Person | None], topic: str) -> str:
    """Say what happened, in the reader's language: who did it first."""
    values = {"who": names(who), "topic": topic, **_values(notice)}
    return _template(notice, len(who), topic) % values


def _template(notice: Notice, people: int, topic: str) -> str:
    if notice.kind == VERDICT:
        return _verdict(str(notice.data.get("verdict", "")), named=bool(topic))
    if notice.kind == FLAG:
        upheld = notice.data.get("answer") == "upheld"
        return (
            _("The post that you flagged was taken away. Thank you.")
            if upheld
            else _("We read the post that you flagged. It stays.")
        )
    return {
        MENTION: _("%(who)s mentioned you in “%(topic)s”"),
        QUOTE: _("%(who)s quoted you in “%(topic)s”"),
        REPLY: _("%(who)s replied to you in “%(topic)s”"),
        TOPIC: _("%(who)s wrote in “%(topic)s”, which you follow"),
        REACTION: _("%(who)s liked what you wrote in “%(topic)s”"),
        FOLLOW: ngettext("%(who)s follows you", "%(who)s follow you", people),
        ANSWER: _("%(who)s chose your reply as the answer in “%(topic)s”"),
        LEVEL: _("You reached level %(level)s, %(title)s"),
        SUSPENDED: _("You can read but not write until %(until)s")
        if notice.data.get("until")
        else _("You can write again"),
    }[notice.kind]


_SAID = {
    "restore": gettext_lazy("Your post in “%(topic)s” is back"),
    "approve": gettext_lazy("A moderator read your post in “%(topic)s”: everybody can read it now"),
    "uphold": gettext_lazy("A moderator read your appeal: your post in “%(topic)s” stays hidden"),
}


def _verdict(verdict: str, *, named: bool) -> str:
    if not named:
        # The topic stands where this member may not read any more.
        return (
            _("A moderator hid a post of yours")
            if verdict in {"hide", "suspend"}
            else _("A moderator read a post of yours")
        )
    if verdict in {"hide", "suspend"}:
        return _("A moderator hid your post in “%(topic)s”")
    if verdict in _SAID:
        return str(_SAID[verdict])
    return _("A moderator read your post in “%(topic)s”: it stands")


def _values(notice: Notice) -> dict[str, Any]:
    level = notice.data.get("level")
    until = parse_datetime(str(notice.data.get("until", "")))
    return {
        "level": level or "",
        "title": members.title_of(level) if isinstance(level, int) else "",
        "until": localtime(until).strftime("%Y-%m-%d %H:%M") if until else "",
    }


def target(notice: Notice, access: Access) -> str | None:
    """Return where a notice leads, or None when it is no longer there for this reader."""
    if notice.post_id is not None:
        visible = forum.visible_post_ids([notice.post_id], access)
        return reverse("forum:post_open", args=[notice.post_id]) if visible else None
    if notice.kind == FOLLOW:
        part = Part.objects.filter(notice=notice, gone=False).order_by("-at", "-pk").first()
        person = members.persons([part.actor_id]).get(part.actor_id or 0) if part else None
        return person.url if person else None
    if notice.kind == VERDICT:
        against = notice.data.get("verdict") in {"hide", "suspend"}
        page = _address("moderation:appeal", notice.data.get("decision")) if against else None
        return page or reverse("forum:post_open", args=[notice.data["post"]])
    if notice.kind == LEVEL and access.member is not None:
        return reverse("members:profile", args=[access.member.handle])
    page = _address("members:suspended") if notice.kind == SUSPENDED else None
    return page or reverse("notifications:notice_list")


def _address(name: str, *args: Any) -> str | None:
    """Return an address of a room that may not be there."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return None
