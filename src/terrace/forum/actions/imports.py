"""Conversations that come in whole: from elsewhere, or as the demo community."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F

from terrace.forum.actions import writing
from terrace.forum.actions.polls import make_poll
from terrace.forum.actions.topics import set_tags
from terrace.forum.events import ThreadImported
from terrace.forum.models import Board, Choice, ImportedThread, Poll, Post, Question, Reaction, Topic, TopicFollow, Vote
from terrace.kernel import events, markup, words
from terrace.media import actions as media
from terrace.media import queries as pictures_of
from terrace.members import actions as members


@dataclass(frozen=True)
class ThreadPost:
    """One post of a thread: its number there, who wrote it, what it answers, its words, its time.

    `reactions` are member ids by kind; `accepted` says that it answered the question.
    """

    n: int
    author: str
    reply_to: int | None
    text: str
    at: datetime
    reactions: dict[str, list[int]] = field(default_factory=dict)
    accepted: bool = False


@dataclass(frozen=True)
class ThreadPoll:
    """The poll of a thread: its choices, how many one may take, and the votes as member id → positions from 0."""

    choices: list[str]
    most: int = 1
    votes: dict[int, list[int]] = field(default_factory=dict)


@dataclass(frozen=True)
class Thread:
    """One thread to bring in. `key` names it for ever: a second import of the same key adds nothing.

    An author in `members` (name → member id) is that member; every other pseudonym becomes an unclaimed member.
    """

    key: str
    title: str
    posts: list[ThreadPost]
    data: dict[str, Any] = field(default_factory=dict)
    kind: str = "discussion"
    tags: list[str] = field(default_factory=list)
    members: dict[str, int] = field(default_factory=dict)
    staff: frozenset[int] = frozenset()
    poll: ThreadPoll | None = None
    pinned: bool = False
    featured: bool = False
    views: int = 0


def is_imported(key: str) -> bool:
    """Return whether a thread of this key is here already."""
    return ImportedThread.objects.filter(key=key).exists()


def import_thread(thread: Thread, board: Board, *, now: datetime) -> Topic | None:
    """Bring a whole thread in, in one transaction; None when it is here already.

    Order and reply trees are kept. One ThreadImported is recorded: search hears it, notices and rewards do not.
    """
    with transaction.atomic():
        if is_imported(thread.key):
            return None
        authors = _authors(thread, now)
        topic = _import_topic(thread, board, authors)
        posts = _import_posts(thread, topic, authors)
        _import_extras(thread, topic, posts)
        digest = hashlib.sha256(repr((thread.title, thread.posts)).encode()).hexdigest()
        ImportedThread.objects.create(topic=topic, key=thread.key, data=thread.data, digest=digest, at=now)
        writing.count_in_board(board.pk, topics=1, posts=len(thread.posts))
        writing.refresh_board(board.pk)
        event = ThreadImported(topic_id=topic.pk, board_id=board.pk, posts=len(thread.posts))
        events.record(event, now=now)
    return topic


def _authors(thread: Thread, now: datetime) -> dict[str, int]:
    """Return the member id of every author of a thread."""
    names = list(dict.fromkeys(post.author for post in thread.posts))
    strangers = [name for name in names if name not in thread.members]
    made = members.bulk_unclaimed([(f"{thread.key}/{name}", "") for name in strangers], now=now) if strangers else {}
    return {name: thread.members.get(name) or made[f"{thread.key}/{name}"] for name in names}


def _import_topic(thread: Thread, board: Board, authors: dict[str, int]) -> Topic:
    first, last = thread.posts[0], max(thread.posts, key=lambda post: post.at)
    replies = len(thread.posts) - 1
    likes = sum(len(ids) for post in thread.posts for ids in post.reactions.values())
    opener = authors[first.author]
    return Topic.objects.create(
        kind=thread.kind,
        board=board,
        author_id=opener,
        title=thread.title,
        slug=words.slug(thread.title)[:80],
        language=writing.language_of(first.text),
        excerpt=markup.excerpt(markup.render(first.text).text, writing.EXCERPT),
        replies=replies,
        likes=likes,
        views=thread.views,
        last_number=len(thread.posts),
        staff_replied=any(
            authors[post.author] in thread.staff and authors[post.author] != opener for post in thread.posts
        ),
        solved=any(post.accepted for post in thread.posts),
        created_at=first.at,
        last_post_at=last.at,
        last_author_id=authors[last.author],
        heat=writing.heat(first.at, replies, likes, featured=thread.featured),
        pinned_at=first.at if thread.pinned else None,
        featured_at=first.at + timedelta(hours=20) if thread.featured else None,
    )


def _import_posts(thread: Thread, topic: Topic, authors: dict[str, int]) -> dict[int, Post]:
    """Write the posts; return them by their number in the thread."""
    mentions = _mentions(thread)
    rows, pictures = [], []
    for number, each in enumerate(thread.posts, start=1):
        # Texts from elsewhere hold no pictures of ours, and there are thousands of them: only who may is asked for them.
        shown = pictures_of.shown_in(each.text) if thread.members else {}
        rendered = markup.render(each.text, prefix=f"p{number}-", mentions=mentions, shown=shown)
        pictures.append(rendered.images if shown else [])
        rows.append(
            Post(
                topic=topic,
                number=number,
                author_id=authors[each.author],
                source=each.text,
                html=rendered.html,
                text=rendered.text,
                reactions={kind: len(ids) for kind, ids in each.reactions.items() if ids},
                by_staff=authors[each.author] in thread.staff,
                created_at=each.at,
            )
        )
    kept = Post.objects.bulk_create(rows)
    for row, images in zip(kept, pictures, strict=True):
        if images:
            media.keep(pictures_of.uploads_in(images), place=f"post:{row.pk}")
    if pictures[0]:
        Topic.objects.filter(pk=topic.pk).update(picture=pictures_of.thumb_of(pictures[0]))
    by_n = {each.n: row for each, row in zip(thread.posts, kept, strict=True)}
    answering = []
    for each in thread.posts:
        if each.reply_to is not None:
            by_n[each.n].reply_to_id = by_n[each.reply_to].pk
            answering.append(by_n[each.n])
    Post.objects.bulk_update(answering, ["reply_to"])
    return by_n


def _mentions(thread: Thread) -> dict[str, markup.Mention]:
    """Return whom the posts may mention: the known members among the handles that stand in them."""
    if not thread.members:
        return {}
    return writing.mentions_in("\n".join(post.text for post in thread.posts))


def _import_extras(thread: Thread, topic: Topic, posts: dict[int, Post]) -> None:
    set_tags(topic, thread.tags)
    reactions = [
        Reaction(post=posts[each.n], member_id=member_id, kind=kind, at=each.at + timedelta(minutes=7))
        for each in thread.posts
        for kind, ids in each.reactions.items()
        for member_id in ids
    ]
    Reaction.objects.bulk_create(reactions)
    if thread.members:
        follows = {post.author_id for post in posts.values()}
        TopicFollow.objects.bulk_create(
            [TopicFollow(topic=topic, member_id=each, at=topic.created_at) for each in follows]
        )
    if thread.kind == "question":
        answer = next((posts[each.n] for each in thread.posts if each.accepted), None)
        Question.objects.create(
            topic=topic,
            accepted=answer,
            accepted_by_id=topic.author_id if answer else None,
            accepted_at=answer.created_at + timedelta(hours=1) if answer else None,
        )
    if thread.poll is not None:
        _import_poll(thread.poll, topic)


def _import_poll(wanted: ThreadPoll, topic: Topic) -> None:
    poll = make_poll(topic, choices=wanted.choices, most=wanted.most, closes_at=None)
    choices = list(Choice.objects.filter(poll=poll))
    votes = [
        Vote(poll=poll, choice=choices[place], member_id=member_id, at=topic.created_at)
        for member_id, places in wanted.votes.items()
        for place in places
    ]
    Vote.objects.bulk_create(votes)
    Poll.objects.filter(pk=poll.pk).update(voters=len(wanted.votes))
    for vote in votes:
        Choice.objects.filter(pk=vote.choice_id).update(votes=F("votes") + 1)
