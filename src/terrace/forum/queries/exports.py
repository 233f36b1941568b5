"""What leaves: a member's own data, and threads in the form that they can be imported from."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from terrace.forum.models import Bookmark, Draft, ImportedThread, Post, Reaction, Topic
from terrace.forum.policies import access
from terrace.forum.queries.words import names_of_topics
from terrace.members import queries as members


def export_member(member_id: int, now: datetime) -> dict[str, Any]:
    """Return what the forum holds about a member. Titles of others' topics only where the member may read them now."""
    reader = access(members.by_id(member_id), now)
    ids = Post.objects.filter(author_id=member_id).values_list("topic_id", flat=True).distinct()
    titles = names_of_topics(ids, reader)
    posts = Post.objects.filter(author_id=member_id).order_by("pk")
    return {
        "posts": [
            {
                "topic": titles.get(post.topic_id, ""),
                "number": post.number,
                "at": post.created_at,
                "text": post.source,
                "state": post.state,
            }
            for post in posts.iterator(500)
        ],
        "reactions": list(Reaction.objects.filter(member_id=member_id).values("post_id", "kind", "at")),
        "bookmarks": list(Bookmark.objects.filter(member_id=member_id).values("post_id", "at")),
        "drafts": list(Draft.objects.filter(member_id=member_id).values("place", "data", "at")),
    }


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
