"""What the search index reads of the forum: present state only, never the words of an event."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from django.db.models import QuerySet

from terrace.forum.models import Post, Topic, TopicTag


@dataclass(frozen=True, slots=True)
class Indexed:
    """A post that stands, with what it can be found by. `title` is that of the topic on its first post, else empty."""

    post_id: int
    topic_id: int
    board_id: int
    author_id: int
    number: int
    topic_kind: str
    solved: bool
    created_at: datetime
    title: str
    text: str
    tags: tuple[int, ...]


def topic_of_post(post_id: int) -> int | None:
    """Return the topic that a post belongs to, whatever the state of the two."""
    return Post.objects.filter(pk=post_id).values_list("topic_id", flat=True).first()


def document_of_post(post_id: int) -> Indexed | None:
    """Return a post for the index, or None when it, or its topic, does not stand."""
    return next(_documents(Post.objects.filter(pk=post_id)), None)


def documents_of_topics(topic_ids: Iterable[int]) -> Iterator[Indexed]:
    """Yield the posts of topics that stand, topic by topic in their order; nothing of a topic that does not stand."""
    return _documents(Post.objects.filter(topic_id__in=list(topic_ids)).order_by("topic_id", "number"))


def has_standing_posts(topic_id: int) -> bool:
    """Return whether anything of a topic can be read."""
    return Post.objects.filter(topic_id=topic_id, state=Post.PUBLISHED, topic__state=Topic.PUBLISHED).exists()


def topic_ids_after(topic_id: int, most: int) -> list[int]:
    """Return the ids of up to `most` topics above `topic_id`, ascending, whatever their state."""
    return list(Topic.objects.filter(pk__gt=topic_id).order_by("pk").values_list("pk", flat=True)[:most])


def topic_total() -> int:
    """Return how many topics there are, for a progress bar."""
    return Topic.objects.count()


def post_bodies(ids: Iterable[int]) -> dict[int, tuple[str, str]]:
    """Return (title of the topic, plain text) of posts by id."""
    rows = Post.objects.filter(pk__in=list(ids)).values_list("pk", "number", "topic__title", "text")
    return {pk: (title if number == 1 else "", text) for pk, number, title, text in rows}


@dataclass(frozen=True, slots=True)
class Shown:
    """A post as a list of results shows it."""

    post_id: int
    number: int
    author_id: int
    text: str
    created_at: datetime
    topic_id: int
    title: str
    board_id: int
    replies: int
    solved: bool
    featured_at: datetime | None
    language: str


def shown_posts(ids: Iterable[int], board_ids: Iterable[int]) -> dict[int, Shown]:
    """Return those of the posts that stand now, in these boards, with what a result says of them; one query."""
    columns = (
        "pk", "number", "author_id", "text", "created_at", "topic_id", "topic__title", "topic__board_id", "topic__replies",
        "topic__solved", "topic__featured_at", "topic__language",
    )  # fmt: skip
    rows = Post.objects.filter(pk__in=list(ids), state=Post.PUBLISHED, topic__state=Topic.PUBLISHED)
    # The boards are looked at here: asked for one board, SQLite would begin with all its topics.
    readable = set(board_ids)
    found = (Shown(*row) for row in rows.values_list(*columns))
    return {each.post_id: each for each in found if each.board_id in readable}


def _documents(rows: QuerySet) -> Iterator[Indexed]:
    columns = (
        "pk", "topic_id", "topic__board_id", "author_id", "number", "topic__kind", "topic__solved", "created_at",
        "topic__title", "text",
    )  # fmt: skip
    standing = rows.filter(state=Post.PUBLISHED, topic__state=Topic.PUBLISHED).values_list(*columns)
    found = standing.iterator(500)
    while some := list(islice(found, 500)):
        tags: dict[int, list[int]] = {}
        for topic_id, tag_id in (
            TopicTag.objects.filter(topic_id__in={row[1] for row in some})
            .order_by("tag_id")
            .values_list("topic_id", "tag_id")
        ):
            tags.setdefault(topic_id, []).append(tag_id)
        for pk, topic_id, board_id, author_id, number, kind, solved, at, title, text in some:
            yield Indexed(
                post_id=pk,
                topic_id=topic_id,
                board_id=board_id,
                author_id=author_id,
                number=number,
                topic_kind=kind,
                solved=solved,
                created_at=at,
                title=title if number == 1 else "",
                text=text,
                tags=tuple(tags.get(topic_id, ())),
            )
