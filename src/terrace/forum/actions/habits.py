"""Reactions, bookmarks, follows, read positions."""

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest

from terrace.forum.actions import writing
from terrace.forum.events import PostReacted, ReactionWithdrawn
from terrace.forum.models import Bookmark, Position, Post, Reaction, Topic, TopicFollow
from terrace.kernel import events
from terrace.kernel.errors import Invalid
from terrace.members.models import Member


def react(post: Post, kind: str | None, *, by: Member, now: datetime) -> str | None:
    """Let a member's reaction to a post be `kind`, or none. Returns the reaction that stood before."""
    if kind is not None and kind not in dict(Reaction.KINDS):
        raise Invalid(kind)
    with transaction.atomic():
        kept = Post.objects.select_for_update().select_related("topic").get(pk=post.pk)
        own = Reaction.objects.filter(post=kept, member=by).first()
        before = own.kind if own else None
        if before == kind:
            return before
        _write_reaction(own, kept, kind, by, now)
        _count_reaction(kept, before, kind)
        ids = {"post_id": kept.pk, "topic_id": kept.topic_id, "author_id": kept.author_id, "member_id": by.pk}
        event = PostReacted(**ids, reaction=kind) if kind else ReactionWithdrawn(**ids)
        events.record(event, now=now, actor_id=by.pk)
    return before


def _write_reaction(own: Reaction | None, post: Post, kind: str | None, by: Member, now: datetime) -> None:
    if own is not None and kind is None:
        own.delete()
    elif own is not None:
        Reaction.objects.filter(pk=own.pk).update(kind=kind, at=now)
    elif kind is not None:
        Reaction.objects.create(post=post, member=by, kind=kind, at=now)


def _count_reaction(post: Post, before: str | None, after: str | None) -> None:
    counts = dict(post.reactions)
    for kind, step in ((before, -1), (after, 1)):
        if kind is not None:
            counts[kind] = max(counts.get(kind, 0) + step, 0)
    Post.objects.filter(pk=post.pk).update(reactions={kind: number for kind, number in counts.items() if number})
    step = bool(after) - bool(before)
    if step:
        Topic.objects.filter(pk=post.topic_id).update(likes=Greatest(F("likes") + step, 0))
        writing.warm(post.topic)


def bookmark(post: Post, *, by: Member, now: datetime) -> bool:
    """Keep a post for later. Returns whether it was not kept before."""
    return Bookmark.objects.get_or_create(post=post, member=by, defaults={"at": now})[1]


def remove_bookmark(post: Post, *, by: Member) -> bool:
    """Let a kept post go. Returns whether it was kept."""
    return bool(Bookmark.objects.filter(post=post, member=by).delete()[0])


def follow_topic(topic: Topic, *, by: Member, now: datetime, kind: str = TopicFollow.FOLLOW) -> None:
    """Hear of new posts in a topic, or (kind `mute`) hear nothing of it."""
    TopicFollow.objects.update_or_create(topic=topic, member=by, defaults={"kind": kind, "at": now})


def unfollow_topic(topic: Topic, *, by: Member) -> None:
    """Hear of a topic only when named in it."""
    TopicFollow.objects.filter(topic=topic, member=by).delete()


def keep_position(topic: Topic, number: int, *, by: Member, now: datetime) -> int:
    """Keep how far a member has read, never going back. Returns the kept number."""
    number = max(1, min(number, topic.last_number))
    with transaction.atomic():
        kept, made = Position.objects.get_or_create(topic=topic, member=by, defaults={"number": number, "at": now})
        if not made and kept.number < number:
            Position.objects.filter(pk=kept.pk, number__lt=number).update(number=number, at=now)
    return max(number, kept.number)
