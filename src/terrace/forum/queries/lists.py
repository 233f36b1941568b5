"""Lists of topics: latest, hot, new, unread, featured, following, and those of one board, tag or author."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.core.cache import cache
from django.db.models import (
    BigAutoField,
    Count,
    DateTimeField,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce
from django.db.models.lookups import In
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from terrace.forum.models import (
    BoardFollow,
    Bookmark,
    Position,
    Post,
    Question,
    Reaction,
    Topic,
    TopicFollow,
    TopicTag,
)
from terrace.forum.policies import Access
from terrace.forum.queries.boards import is_following
from terrace.kernel import addresses
from terrace.kernel.pages import Page, begin, below, cut, descending
from terrace.kernel.prepared import Given, Prepared
from terrace.members import queries as members
from terrace.members.queries import Person

SIZE = 30
UNREAD_DAYS = 14
HELPFUL = 300  # seconds for which the table of the most thanked stands


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
    go_on: str = ""  # where a member who has read some of it goes on


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


class Form(NamedTuple):
    """What decides the SQL of a list; all else about it is values."""

    key: str
    boards: int
    member: bool
    tag: bool
    skip_pinned: bool
    follow: bool
    begun: bool
    size: int


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
    wanted = sorted(readable if board_ids is None else readable & set(board_ids))
    if not wanted:
        return Page([], "")
    me = access.member.pk if access.member is not None else None
    begun = begin(Topic, _ORDER[key], cursor)
    form = Form(
        key,
        len(wanted),
        me is not None,
        tag_id is not None,
        skip_pinned,
        follow_of is not None,
        begun is not None,
        size,
    )
    given: dict[str, Any] = {f"board{at}": board for at, board in enumerate(wanted)}
    given |= {f"after{at}": value for at, value in enumerate(begun or ())}
    since = now - timedelta(days=UNREAD_DAYS)
    found = _list(form, **given, member=me, tag=tag_id, follow=follow_of, since=since)
    page = cut([_listed(row, form) for row in found], _ORDER[key], size)
    return Page(rows_of(page.rows, access), page.next)


def _listed(row: tuple[Any, ...], form: Form) -> Topic:
    here, there = len(_COLUMNS), len(_COLUMNS) + len(members.BESIDE)
    topic = Topic.from_db(None, _COLUMNS, row[:here])
    topic.author = members.beside(row[here:there])
    for name, value in zip(_marks(form), row[there:], strict=True):
        setattr(topic, name, value)
    return topic


def _marks(form: Form) -> list[str]:
    return [*(["read_to"] if form.member else []), *(["followed"] if form.follow and form.member else [])]


def _listing(form: Form) -> QuerySet:
    me = Given("member", BigAutoField())
    boards = [Given(f"board{at}", BigAutoField()) for at in range(form.boards)]
    rows: QuerySet = Topic.objects.shown().filter(In(F("board_id"), boards))
    if form.tag:
        rows = rows.filter(Exists(TopicTag.objects.filter(topic=OuterRef("pk"), tag_id=Given("tag", BigAutoField()))))
    if form.skip_pinned:
        rows = rows.filter(pinned_at=None)
    if form.member:
        rows = _narrow(rows.exclude(author_id__in=members.avoided_rows(me)), form.key, me)
        rows = rows.annotate(read_to=_read_to(me))
        if form.follow:
            board = BoardFollow.objects.filter(board_id=Given("follow", BigAutoField()), member_id=me)
            rows = rows.annotate(followed=Exists(board))
    if form.key == "featured":
        rows = rows.filter(featured_at__isnull=False)
    order = _ORDER[form.key]
    if form.begun:
        columns: list[Any] = [Topic._meta.get_field(field) for field in order]
        rows = rows.filter(below(order, [Given(f"after{at}", column) for at, column in enumerate(columns)]))
    author = [f"author__{name}" for name in members.BESIDE]
    rows = rows.order_by(*(f"-{field}" for field in order)).values_list(*_COLUMNS, *author, *_marks(form))
    return rows[: form.size + 1]


_COLUMNS = [
    field.attname for field in Topic._meta.concrete_fields if field.name not in {"excerpt", "tags", "views", "likes"}
]
_list = Prepared(_listing)


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


def _narrow(rows: QuerySet, key: str, me: Any) -> QuerySet:
    if key == "unread":
        new = rows.alias(seen_to=_read_to(me)).filter(last_number__gt=F("seen_to"))
        return new.filter(last_post_at__gt=Given("since", DateTimeField()))
    if key == "following":
        boards = BoardFollow.objects.filter(member_id=me).values("board_id")
        topics = TopicFollow.objects.filter(member_id=me, kind=TopicFollow.FOLLOW).values("topic_id")
        followed = members.following_rows(me)
        return rows.filter(Q(board_id__in=boards) | Q(pk__in=topics) | Q(author_id__in=followed))
    return rows


def _read_to(me: Any) -> Any:
    """Return how far a member has read each topic, 0 for not at all."""
    seen = Position.objects.filter(topic=OuterRef("pk"), member_id=me).values("number")[:1]
    return Coalesce(Subquery(seen, output_field=IntegerField()), Value(0))


def with_position(rows: QuerySet, access: Access) -> QuerySet:
    """Add how far the reader has read each topic; nothing for strangers."""
    return rows if access.member is None else rows.annotate(read_to=_read_to(access.member.pk))


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
        board=Place(board.named(language), addresses.address("forum:board_open", board.slug)) if board else None,
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
        go_on=go_on(topic),
    )


def address(topic: Topic) -> str:
    """Return the address of a topic."""
    return addresses.address("forum:topic_open", topic.pk, topic.slug or "-")


def go_on(topic: Topic) -> str:
    """Return where a reader who has read a part of a topic goes on, or nothing for one who has read all or none of it."""
    read_to = getattr(topic, "read_to", None) or 0
    return f"{address(topic)}?at=unread#p{read_to + 1}" if 0 < read_to < topic.last_number else ""


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


def by_author(access: Access, author_id: int, *, cursor: str = "", size: int = SIZE) -> Page:
    """Return the topics of one author that the reader may read, newest first."""
    rows = Topic.objects.shown().filter(author_id=author_id, board_id__in=access.ids("read")).select_related("author")
    page = descending(with_position(rows, access), ("id",), cursor, size)
    return Page(rows_of(page.rows, access), page.next)


@dataclass(frozen=True)
class Kept:
    """One post in a list: kept by the reader, or written by somebody; `at` says when."""

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
    return Page([_kept(row.post, row.at) for row in page.rows], page.next)


def _kept(post: Post, at: datetime) -> Kept:
    return Kept(
        id=post.pk,
        topic=post.topic.title,
        url=addresses.address("forum:post_open", post.pk),
        number=post.number,
        author=members.person(post.author),
        excerpt=post.text[:160],
        at=at,
    )


def replies_of(access: Access, author_id: int, *, accepted: bool = False, most: int = SIZE) -> list[Kept]:
    """Return the newest replies of one author that the reader may read; with `accepted` those that are an answer alone."""
    rows = Post.objects.filter(author_id=author_id, number__gt=1, state=Post.PUBLISHED)
    rows = rows.filter(topic__state=Topic.PUBLISHED, topic__board_id__in=access.ids("read"))
    if accepted:
        rows = rows.filter(pk__in=Question.objects.exclude(accepted=None).values("accepted_id"))
    return [_kept(post, post.created_at) for post in rows.select_related("topic", "author").order_by("-pk")[:most]]


def oldest_full(access: Access) -> Topic | None:
    """Return the oldest discussion that fills a page of posts."""
    rows = Topic.objects.shown().filter(board_id__in=access.ids("read"), replies__gt=20, kind="discussion")
    return rows.order_by("id").first()


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
    key = f"forum:most_helpful:{days}:{most}"
    counted: Any = cache.get_or_set(key, lambda: _most_thanked(now, days, most), HELPFUL)
    who = members.persons([author for author, _number in counted])
    return [(who[author], number) for author, number in counted if author in who]


def _most_thanked(now: datetime, days: int, most: int) -> list[tuple[int, int]]:
    recent = Reaction.objects.filter(at__gt=now - timedelta(days=days), post__state=Post.PUBLISHED)
    counted = recent.values("post__author_id").annotate(n=Count("id")).order_by("-n", "post__author_id")[:most]
    return [(row["post__author_id"], row["n"]) for row in counted]
