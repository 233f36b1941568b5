"""Whom a post concerns: what notices read of the forum. Present state only."""

from collections.abc import Iterable
from dataclasses import dataclass

from terrace.forum.models import Post, Question, Reaction, Topic, TopicFollow


@dataclass(frozen=True, slots=True)
class PostFacts:
    """A post that stands: where, by whom, and whose words it answers."""

    post_id: int
    topic_id: int
    board_id: int
    author_id: int
    number: int
    answers_id: int | None
    answered_author_id: int | None


def post_facts(post_id: int) -> PostFacts | None:
    """Return what is to be told of a post, or None when it, or its topic, does not stand."""
    row = (
        Post.objects.filter(pk=post_id, state=Post.PUBLISHED, topic__state=Topic.PUBLISHED)
        .values_list("topic_id", "topic__board_id", "author_id", "number", "reply_to_id", "reply_to__author_id")
        .first()
    )
    return PostFacts(post_id, *row) if row is not None else None


def topic_followers(topic_id: int) -> set[int]:
    """Return who wants to hear of new posts in a topic."""
    return _followers(topic_id, TopicFollow.FOLLOW)


def topic_muters(topic_id: int) -> set[int]:
    """Return who wants to hear nothing of a topic."""
    return _followers(topic_id, TopicFollow.MUTE)


def _followers(topic_id: int, kind: str) -> set[int]:
    return set(TopicFollow.objects.filter(topic_id=topic_id, kind=kind).values_list("member_id", flat=True))


def standing_posts(ids: Iterable[int]) -> set[int]:
    """Return those of the posts that stand, with their topics, whoever may read them."""
    rows = Post.objects.filter(pk__in=list(ids), state=Post.PUBLISHED, topic__state=Topic.PUBLISHED)
    return set(rows.values_list("pk", flat=True))


def reactors(post_ids: Iterable[int]) -> set[tuple[int, int]]:
    """Return (post, member) of every reaction to these posts."""
    return set(Reaction.objects.filter(post_id__in=list(post_ids)).values_list("post_id", "member_id"))


def accepted_post(topic_id: int) -> int | None:
    """Return the post that is the answer to a question."""
    return Question.objects.filter(topic_id=topic_id).values_list("accepted_id", flat=True).first()


def board_of_topic(topic_id: int) -> int | None:
    """Return the board that a topic stands in."""
    return Topic.objects.filter(pk=topic_id).values_list("board_id", flat=True).first()
