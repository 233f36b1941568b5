"""Single posts and topics, and small questions about them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from terrace.forum.models import Draft, Poll, Post, Revision, Tag, Topic, TopicTag
from terrace.forum.policies import access, can_see_post, check_read
from terrace.kernel import words
from terrace.kernel.errors import Refused
from terrace.kernel.live import Message
from terrace.media import queries as media
from terrace.members import queries as members
from terrace.members.models import Member


def find_topic(topic_id: int) -> Topic | None:
    """Return a topic with its board and author, whatever its state."""
    return Topic.objects.select_related("board", "author").filter(pk=topic_id).first()


def find_post(post_id: int) -> Post | None:
    """Return a post with its author and its topic, whatever its state."""
    return Post.objects.select_related("topic__board", "topic__author", "author").filter(pk=post_id).first()


def first_post(topic_id: int) -> Post:
    """Return the post that is the body of a topic."""
    return Post.objects.get(topic_id=topic_id, number=1)


def find_poll(topic_id: int) -> Poll | None:
    """Return the poll beside a topic."""
    return Poll.objects.filter(topic_id=topic_id).first()


def tags_of_topic(topic_id: int) -> list[str]:
    """Return the names of a topic's tags."""
    return list(TopicTag.objects.filter(topic_id=topic_id).order_by("pk").values_list("tag__name", flat=True))


def find_tag(name: str) -> Tag | None:
    """Return the tag of this name, however it is written."""
    return Tag.objects.filter(folded=words.fold(name)[:40]).first()


def revisions(post: Post) -> list[Revision]:
    """Return what a post said before, newest first."""
    return list(Revision.objects.filter(post=post).select_related("editor").order_by("-number"))


def draft_of(member_id: int, place: str) -> dict[str, Any] | None:
    """Return what a member has half written in a place."""
    return Draft.objects.filter(member_id=member_id, place=place).values_list("data", flat=True).first()


def drafts_of(member_id: int) -> list[Draft]:
    """Return a member's drafts, newest first."""
    return list(Draft.objects.filter(member_id=member_id).order_by("-at")[:50])


def post_texts(ids: Iterable[int]) -> dict[int, Post]:
    """Return posts by id with topic and author, for rooms that tell of them."""
    return {post.pk: post for post in Post.objects.select_related("topic", "author").filter(pk__in=list(ids))}


def posts_before(post: Post, most: int) -> list[Post]:
    """Return the posts right before one in its topic, oldest first, with their authors."""
    rows = Post.objects.filter(topic_id=post.topic_id, number__lt=post.number).select_related("author")
    return list(rows.order_by("-number")[:most])[::-1]


def visible_post_ids(ids: Iterable[int], reader: Any) -> set[int]:
    """Return those of the posts that may be read with this access and stand now."""
    rows = Post.objects.filter(pk__in=list(ids), state=Post.PUBLISHED, topic__state=Topic.PUBLISHED)
    # The boards are looked at here: asked for one board, SQLite would begin with all its topics.
    readable = set(reader.ids("read"))
    return {pk for pk, board_id in rows.values_list("pk", "topic__board_id") if board_id in readable}


def is_open_to_all(topic_id: int, now: datetime) -> bool:
    """Return whether strangers may read the topic."""
    topic = Topic.objects.shown().only("board_id").filter(pk=topic_id).first()
    return topic is not None and access(None, now).may(topic.board_id, "read")


def may_hear(topic_id: int, member_id: int | None, now: datetime) -> bool:
    """Return whether a member, or a stranger, may follow what happens in a topic."""
    topic = Topic.objects.only("board_id", "state", "author_id").filter(pk=topic_id).first()
    if topic is None:
        return False
    try:
        check_read(access(members.by_id(member_id) if member_id else None, now), topic)
    except Refused:
        return False
    return True


def may_read_upload(upload_id: int, member: Member | None, now: datetime) -> bool | None:
    """Answer `media.may_read`: a picture may be seen by whoever may read a post that shows it."""
    ids = [
        int(number)
        for kind, _colon, number in (place.partition(":") for place in media.places_of(upload_id))
        if kind == "post"
    ]
    if not ids:
        return None
    reader = access(member, now)
    posts = Post.objects.select_related("topic").filter(pk__in=ids)
    return any(can_see_post(reader, post.topic, post) for post in posts) or None


def pictures_before(post: Post, member: Member, now: datetime) -> list[Post]:
    """Return the posts that this member may read and in which somebody else showed a picture of this post before."""
    ids = [
        int(number)
        for kind, _colon, number in (place.partition(":") for _upload, place in media.posted_before(f"post:{post.pk}"))
        if kind == "post"
    ]
    if not ids:
        return []
    reader = access(member, now)
    posts = Post.objects.select_related("topic", "author").filter(pk__in=ids).order_by("pk")
    return [each for each in posts if can_see_post(reader, each.topic, each)]


def live_state(topic_id: int) -> list[Message]:
    """Return the present state of a topic's channel: the number of its last post."""
    last = Topic.objects.shown().filter(pk=topic_id).values_list("last_number", flat=True).first()
    return [] if last is None else [Message(f"topic:{topic_id}", "topic", {"last": last})]
