"""What leaves: a member's own data, and threads in the form that they can be imported from."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from terrace.forum.models import (
    BoardFollow,
    Bookmark,
    Draft,
    ImportedThread,
    Position,
    Post,
    Reaction,
    Revision,
    Topic,
    TopicFollow,
    Vote,
)
from terrace.forum.policies import Access, access
from terrace.forum.queries.words import names_of_topics
from terrace.members import queries as members

_AT_ONCE = 500  # rows


def export_member(member_id: int, now: datetime) -> dict[str, Any]:
    """Return what the forum holds about a member. Words of others, such as titles, only where the member may read them now."""
    reader = access(members.by_id(member_id), now)
    posts = Post.objects.filter(author_id=member_id).order_by("pk")
    revisions = Revision.objects.filter(post__author_id=member_id).select_related("post").order_by("pk")
    votes = Vote.objects.filter(member_id=member_id).select_related("poll", "choice").order_by("pk")
    follows = TopicFollow.objects.filter(member_id=member_id).order_by("pk")
    positions = Position.objects.filter(member_id=member_id).order_by("pk")
    boards = BoardFollow.objects.filter(member_id=member_id).order_by("pk")
    titles = _titles(
        {
            topic_id
            for rows, column in (
                (posts, "topic_id"),
                (votes, "poll__topic_id"),
                (follows, "topic_id"),
                (positions, "topic_id"),
            )
            for topic_id in rows.values_list(column, flat=True).iterator(_AT_ONCE)
        },
        reader,
    )
    return {
        "posts": [
            {
                "topic": titles.get(post.topic_id, ""),
                "number": post.number,
                "at": post.created_at,
                "text": post.source,
                "state": post.state,
            }
            for post in posts.iterator(_AT_ONCE)
        ],
        "revisions": [
            {
                "topic": titles.get(row.post.topic_id, ""),
                "number": row.post.number,
                "at": row.at,
                "title": row.title,
                "text": row.source,
                "reason": row.reason,
            }
            for row in revisions.iterator(_AT_ONCE)
        ],
        "votes": [
            {
                "topic": titles.get(row.poll.topic_id, ""),
                "choice": row.choice.text if row.poll.topic_id in titles else "",
                "at": row.at,
            }
            for row in votes.iterator(_AT_ONCE)
        ],
        "followed_topics": [
            {"topic": titles.get(row.topic_id, ""), "topic_id": row.topic_id, "kind": row.kind, "at": row.at}
            for row in follows.iterator(_AT_ONCE)
        ],
        "followed_boards": [
            {"board": _board_name(row.board_id, reader), "at": row.at} for row in boards.iterator(_AT_ONCE)
        ],
        "read_to": [
            {"topic": titles.get(row.topic_id, ""), "topic_id": row.topic_id, "number": row.number, "at": row.at}
            for row in positions.iterator(_AT_ONCE)
        ],
        "reactions": list(Reaction.objects.filter(member_id=member_id).values("post_id", "kind", "at")),
        "bookmarks": list(Bookmark.objects.filter(member_id=member_id).values("post_id", "at")),
        "drafts": list(Draft.objects.filter(member_id=member_id).values("place", "data", "at")),
    }


def _titles(ids: Iterable[int], reader: Access) -> dict[int, str]:
    """Return the titles that the reader may know of, in steps that no database finds too long."""
    wanted = sorted(ids)
    titles: dict[int, str] = {}
    for start in range(0, len(wanted), _AT_ONCE):
        titles |= names_of_topics(wanted[start : start + _AT_ONCE], reader)
    return titles


def _board_name(board_id: int, reader: Access) -> str:
    return reader.boards.boards[board_id].name if reader.may(board_id, "see") else ""


def exported_threads(prefix: str = "") -> Iterator[dict[str, Any]]:
    """Yield imported threads in the form that `terrace import threads` reads; `prefix` picks one source's keys."""
    rows = ImportedThread.objects.select_related("topic").filter(key__startswith=prefix).order_by("pk")
    for row in rows.iterator(200):
        if row.topic.state == Topic.PUBLISHED:
            yield _thread(row)


def _thread(row: ImportedThread) -> dict[str, Any]:
    posts = list(
        Post.objects.filter(topic_id=row.topic_id, state=Post.PUBLISHED).select_related("author").order_by("number")
    )
    numbers = row.data.get("numbers") or []
    n_of = {post.pk: numbers[post.number - 1] if post.number <= len(numbers) else post.number - 1 for post in posts}
    return {
        "id": row.key.partition(":")[2],
        **row.data.get("kept", {}),
        "posts": [
            {
                "n": n_of[post.pk],
                "author": _pseudonym(post, row.key),
                "reply_to": n_of.get(post.reply_to_id) if post.reply_to_id else None,
                "text": post.source,
            }
            for post in posts
        ],
        **row.data.get("kept_after", {}),
    }


def _pseudonym(post: Post, key: str) -> str:
    origin = post.author.origin or ""
    return origin.removeprefix(f"{key}/") if origin.startswith(f"{key}/") else post.author.handle
