"""What a page's posts look like but for their words: enough to know whether each was drawn before.

A stamp holds everything that a post shows besides its text, and the text changes only with `edited_at`. So posts are drawn once and
their pieces found again by stamp (`kernel.remembered`); a page whose posts nobody touched reads no text at all.
"""

from collections.abc import Hashable
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import (
    BigAutoField,
    BooleanField,
    CharField,
    Exists,
    IntegerField,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
)
from django.utils import timezone

from terrace.forum.models import Post, Reaction, Topic
from terrace.forum.policies import Access
from terrace.kernel.prepared import Given, Prepared
from terrace.members import queries as members

SIZE = 20
_WEEK = 8 * 86_400


class Stamp(NamedTuple):
    """One post, without its words."""

    id: int
    number: int
    author_id: int
    created_at: datetime
    edited_at: datetime | None
    state: str
    by_staff: bool
    reactions: dict[str, int]
    hidden_reason: str
    hidden_by: str | None
    reply_to: int | None
    reply_state: str | None
    reply_edited_at: datetime | None
    reply_author: str | None
    handle: str
    role: str
    team: str
    level: int
    growth: int
    title: str
    avatar_key: str
    suspended_until: datetime | None
    deleted_at: datetime | None
    mine: str | None
    avoided: bool


_COLUMNS = [
    "id", "number", "author_id", "created_at", "edited_at", "state", "by_staff", "reactions", "hidden_reason", "hidden_by__handle",
    "reply_to_id", "reply_to__state", "reply_to__edited_at", "reply_to__author__handle",
    *(f"author__{name}" for name in Stamp._fields[14:23]),
    "mine", "avoided",
]  # fmt: skip


def _rows(member: bool) -> QuerySet:
    posts = Post.objects.filter(
        topic_id=Given("topic", BigAutoField()),
        number__gte=Given("first", IntegerField()),
        number__lt=Given("end", IntegerField()),
    )
    mine: Any = Value(None, CharField())
    avoided: Any = Value(False, BooleanField())
    if member:
        me = Given("member", BigAutoField())
        mine = Subquery(Reaction.objects.filter(post=OuterRef("pk"), member_id=me).values("kind")[:1])
        avoided = Exists(members.avoided_rows(me).filter(avoided_id=OuterRef("author_id")))
    return posts.annotate(mine=mine, avoided=avoided).order_by("number").values_list(*_COLUMNS)


_stamps = Prepared(_rows)


def stamps(topic: Topic, access: Access, first: int, end: int) -> list[Stamp]:
    """Return the posts numbered from `first` to before `end`, in order. What waits for a moderator is there for its author only."""
    me = access.member.pk if access.member is not None else None
    rows = _stamps(me is not None, topic=topic.pk, first=first, end=end, member=me)
    found = [Stamp._make(row) for row in rows]
    if access.moderates(topic.board_id):
        return found
    return [stamp for stamp in found if stamp.state != Post.HELD or stamp.author_id == me]


def piece_keys(found: list[Stamp], now: datetime) -> list[Hashable]:
    """Return for each post what tells one look of it from every other, as far as the post decides it."""
    today = timezone.localtime(now)
    this_day, this_year = today.toordinal(), today.year
    titles = members.titles_key()
    return [
        (
            titles,
            stamp[:7],
            tuple(stamp.reactions.items()),
            stamp[8:18],
            members.progress_at(stamp.growth),
            stamp[19:],
            _age((now - stamp.created_at).total_seconds(), this_day, this_year),
        )
        for stamp in found
    ]


def _age(seconds: float, this_day: int, this_year: int) -> Hashable:
    """Return something that changes whenever the words for “how long ago” may change: minute, hour and day, later only the year."""
    if seconds < 3600:
        return int(seconds // 60)
    return (int(seconds // 3600), this_day) if seconds < _WEEK else this_year
