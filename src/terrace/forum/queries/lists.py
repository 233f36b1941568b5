"""Lists of topics: latest, hot, new, unread, featured, following, and those of one board, tag or author."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from terrace.forum.models import BoardFollow, Bookmark, Position, Post, Tag, Topic, TopicFollow, TopicTag
from terrace.forum.policies import Access
from terrace.forum.queries.boards import is_following
from terrace.kernel.pages import Page, descending
from terrace.members import queries as members
from terrace.members.queries import Person

SIZE = 30
UNREAD_DAYS = 14
NEVER = 1_000_000_000


@dataclass(frozen=True)
class Place:
    """A board as it is named beside a topic."""

    name: str
    url: str


@dataclass(frozen=True)
class Row:
    """One topic in a list."""

    id: int
    title: str
    url: str
    author: Person | None
    board: Place | None
    kind: str
    replies: int
    last_at: datetime
    created_at: datetime
    pinned: bool
    locked: bool
    featured: bool
    solved: bool
    staff_replied: bool
    unread: bool | None
    excerpt: str
    thumb: str
    lang: str
    followed: bool | None = None


# Key, name, whether it needs a member.
LISTS = [
    ("latest", _("Latest"), False),
    ("hot", _("Hot"), False),
    ("new", _("New"), False),
    ("featured", _("Featured"), False),
    ("unread", _("Unread"), True),
    ("following", _("Following"), True),
]
_ORDER = {
    "latest": ("last_post_at", "id"),
    "hot": ("heat", "id"),
    "new": ("created_at", "id"),
    "featured": ("featured_at", "id"),
    "unread": ("last_post_at", "id"),
    "following": ("last_post_at", "id"),
}


def topic_list(
    access: Access,
    key: str,
    *,
    now: datetime,
    board_ids: Iterable[int] | None = None,
    tag_id: int | None = None,
    cursor: str = "",
    size: int = SIZE,
    skip_pinned: bool = False,
    follow_of: int | None = None,
) -> Page:
    """Return a page of rows of one of LISTS, among what this reader may read."""
    readable = set(access.ids("read"))
    wanted = readable if board_ids is None else readable & set(board_ids)
    rows = Topic.objects.shown().filter(board_id__in=wanted)
    if access.member is not None:
        rows = rows.exclude(author_id__in=members.avoided_rows(access.member.pk))
    if tag_id is not None:
        rows = rows.filter(Exists(TopicTag.objects.filter(topic=OuterRef("pk"), tag_id=tag_id)))
    if skip_pinned:
        rows = rows.filter(pinned_at=None)
    wanted_rows = _narrow(rows, key, access, now).select_related("author")
    if follow_of is not None and access.member is not None:
        follow = BoardFollow.objects.filter(board_id=follow_of, member=access.member)
        wanted_rows = wanted_rows.annotate(followed=Exists(follow))
    page = descending(with_position(wanted_rows, access), _ORDER[key], cursor, size)
    return Page(rows_of(page.rows, access), page.next)


def board_topics(
    access: Access, key: str, board_id: int, *, now: datetime, cursor: str = "", size: int = SIZE
) -> tuple[Page, list[Row], bool]:
    """Return a page of a board's topics, those kept on top of its first page, and whether the reader follows the board.

    Whether it is followed comes with the rows, so that the page of a board costs no query for it.
    """
    first = key == "latest" and not cursor
    below = list(access.boards.below(board_id))
    page = topic_list(
        access, key, now=now, board_ids=below, cursor=cursor, size=size, skip_pinned=first, follow_of=board_id
    )
    pinned = pinned_rows(access, board_id) if first else []
    known = next((row.followed for row in [*page.rows, *pinned]), None)
    return page, pinned, is_following(board_id, access) if known is None else known


def _narrow(rows: QuerySet, key: str, access: Access, now: datetime) -> QuerySet:
    if key == "featured":
        return rows.filter(featured_at__isnull=False)
    if key == "unread" and access.member:
        seen = Position.objects.filter(topic=OuterRef("pk"), member=access.member).values("number")[:1]
        rows = rows.alias(read_to=Coalesce(Subquery(seen, output_field=IntegerField()), Value(0)))
        return rows.filter(last_number__gt=F("read_to"), last_post_at__gt=now - timedelta(days=UNREAD_DAYS))
    if key == "following" and access.member:
        own = access.member.pk
        boards = BoardFollow.objects.filter(member_id=own).values("board_id")
        topics = TopicFollow.objects.filter(member_id=own, kind=TopicFollow.FOLLOW).values("topic_id")
        followed = members.following_ids(own)
        return rows.filter(Q(board_id__in=boards) | Q(pk__in=topics) | Q(author_id__in=followed))
    return rows


def with_position(rows: QuerySet, access: Access) -> QuerySet:
    """Add how far the reader has read each topic, 0 for not at all; nothing for strangers."""
    if access.member is None:
        return rows
    seen = Position.objects.filter(topic=OuterRef("pk"), member=access.member).values("number")[:1]
    return rows.annotate(read_to=Coalesce(Subquery(seen, output_field=IntegerField()), Value(0)))


def rows_of(topics: list[Topic], access: Access) -> list[Row]:
    """Return the rows of topics that were loaded with their authors."""
    language = get_language() or "zh"
    boards = access.boards.boards
    return [_row(topic, boards.get(topic.board_id), language) for topic in topics]


def _row(topic: Topic, board: Any, language: str) -> Row:
    read_to = getattr(topic, "read_to", None)
    return Row(
        id=topic.pk,
        title=topic.title,
        url=address(topic),
        author=members.person(topic.author),
        board=Place(board.named(language), reverse("forum:board_open", args=[board.slug])) if board else None,
        kind=topic.kind,
        replies=topic.replies,
        last_at=topic.last_post_at,
        created_at=topic.created_at,
        pinned=topic.pinned_at is not None,
        locked=topic.locked_at is not None,
        featured=topic.featured_at is not None,
        solved=topic.solved,
        staff_replied=topic.staff_replied,
        unread=None if read_to is None else topic.last_number > read_to,
        excerpt="",
        thumb=topic.picture,
        lang=topic.language,
        followed=getattr(topic, "followed", None),
    )


def address(topic: Topic) -> str:
    """Return the address of a topic."""
    return reverse("forum:topic_open", args=[topic.pk, topic.slug or "-"])


def topic_rows(ids: Iterable[int], access: Access) -> list[Row]:
    """Return the rows of these topics, in this order, without those that the reader may not read."""
    wanted = list(ids)
    found = with_position(
        Topic.objects.shown().filter(pk__in=wanted, board_id__in=access.ids("read")).select_related("author"), access
    )
    by_id = {row.id: row for row in rows_of(list(found), access)}
    return [by_id[each] for each in wanted if each in by_id]


def pinned_rows(access: Access, board_id: int, *, most: int = 2) -> list[Row]:
    """Return the topics that are kept on top of a board."""
    rows = Topic.objects.shown().filter(board_id=board_id, pinned_at__isnull=False).select_related("author")
    return rows_of(list(with_position(rows, access).order_by("-pinned_at")[:most]), access)


def tags_of_board(board_ids: Iterable[int], *, most: int = 12) -> list[Tag]:
    """Return the tags most used in these boards."""
    used = TopicTag.objects.filter(topic__board_id__in=list(board_ids), topic__state=Topic.PUBLISHED)
    counted = used.values("tag_id").annotate(n=Count("id")).order_by("-n", "tag_id")[:most]
    order = [row["tag_id"] for row in counted]
    found = Tag.objects.in_bulk(order)
    return [found[each] for each in order]


def by_author(access: Access, author_id: int, *, cursor: str = "", size: int = SIZE) -> Page:
    """Return the topics of one author that the reader may read, newest first."""
    rows = Topic.objects.shown().filter(author_id=author_id, board_id__in=access.ids("read")).select_related("author")
    page = descending(with_position(rows, access), ("id",), cursor, size)
    return Page(rows_of(page.rows, access), page.next)


@dataclass(frozen=True)
class Kept:
    """One bookmarked post."""

    id: int
    topic: str
    url: str
    number: int
    author: Person | None
    excerpt: str
    at: datetime


def bookmarks(access: Access, *, cursor: str = "", size: int = SIZE) -> Page:
    """Return the posts that the reader keeps and may still read, the latest kept first."""
    if access.member is None:
        return Page([], "")
    rows = Bookmark.objects.filter(
        member=access.member,
        post__state=Post.PUBLISHED,
        post__topic__state=Topic.PUBLISHED,
        post__topic__board_id__in=access.ids("read"),
    ).select_related("post__topic", "post__author")
    page = descending(rows, ("id",), cursor, size)
    kept = [
        Kept(
            id=row.post_id,
            topic=row.post.topic.title,
            url=reverse("forum:post_open", args=[row.post_id]),
            number=row.post.number,
            author=members.person(row.post.author),
            excerpt=row.post.text[:160],
            at=row.at,
        )
        for row in page.rows
    ]
    return Page(kept, page.next)


def feed_topics(access: Access, board_ids: Iterable[int] | None = None, *, most: int = 30) -> list[Topic]:
    """Return the newest topics for a feed, with authors."""
    readable = set(access.ids("read"))
    wanted = readable if board_ids is None else readable & set(board_ids)
    return list(Topic.objects.shown().filter(board_id__in=wanted).select_related("author").order_by("-id")[:most])


def sitemap_topics(access: Access, after_id: int, *, most: int = 5000) -> list[Topic]:
    """Return topics for one file of the sitemap: those with an id above `after_id`, in order of id."""
    rows = Topic.objects.shown().filter(board_id__in=access.ids("read"), pk__gt=after_id)
    return list(rows.only("id", "slug", "last_post_at").order_by("id")[:most])


def most_helpful(now: datetime, *, days: int = 7, most: int = 5) -> list[tuple[Person, int]]:
    """Return who wrote the most in the last days that others reacted to, with the number of reactions."""
    from terrace.forum.models import Reaction

    recent = Reaction.objects.filter(at__gt=now - timedelta(days=days), post__state=Post.PUBLISHED)
    counted = recent.values("post__author_id").annotate(n=Count("id")).order_by("-n", "post__author_id")[:most]
    who = members.persons([row["post__author_id"] for row in counted])
    return [(who[row["post__author_id"]], row["n"]) for row in counted if row["post__author_id"] in who]
