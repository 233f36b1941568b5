"""Topics: opened, locked, pinned, featured, moved, tagged."""

import threading
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest
from django.utils.translation import gettext

from terrace.forum.actions import submissions, writing
from terrace.forum.actions.drafts import drop_draft
from terrace.forum.events import PostHeld, PostPublished, TopicChanged, TopicMoved, TopicOpened
from terrace.forum.models import Board, Position, Post, Tag, Topic, TopicFollow, TopicTag
from terrace.kernel import events, live, locks, words
from terrace.kernel.errors import Invalid
from terrace.media import actions as media
from terrace.members.models import Member

_views: dict[int, int] = {}
_views_mutex = threading.Lock()
TAGS = 5  # at most, on one topic
TITLE = 120  # characters as people see them
TITLE_PARTS = 200  # of what they are made, which is what the column holds


def _check_pace(author: Member, board: Board, slow_seconds: int, now: datetime) -> None:
    if not slow_seconds:
        return
    locks.hold(f"slow:{board.pk}:{author.pk}")
    last = Topic.objects.filter(board=board, author=author).order_by("-pk").values_list("created_at", flat=True).first()
    writing.check_slow(last, slow_seconds, now)


def open_topic(
    author: Member,
    board: Board,
    *,
    kind: str,
    title: str,
    source: str,
    now: datetime,
    tags: Iterable[str] = (),
    held: bool = False,
    screened: bool = True,
    complete: Callable[[Topic], None] | None = None,
    slow_seconds: int = 0,
    once: str = "",
) -> Topic:
    """Open a topic with its first post; `complete` writes what the card of its kind keeps beside it.

    `held` asks for a moderator before it is shown (a board may want that for everything); screening may hold it too.
    `slow_seconds` is the board's slow mode. `once` is the key of the form that was sent: the same again, and the same
    words from a form that was loaded anew, answer with the topic that was opened the first time. Raises Invalid for a
    title or text that cannot be used, TooMany in slow mode.
    """
    before = submissions.made(once, by=author)
    if before is not None:
        return before.topic
    title = clean_title(title)
    written = writing.write(source, author, now=now, title=title, prefix="p1-", screened=screened)
    title = written.title or title
    state = Topic.HELD if held or written.held else Topic.PUBLISHED
    with transaction.atomic():
        before = submissions.begin(once, by=author, now=now)
        if before is None and once:
            before = submissions.same_topic(author, board.pk, title, written.source, now)
        if before is not None:
            return before.topic
        _check_pace(author, board, slow_seconds, now)
        topic = Topic.objects.create(
            kind=kind,
            board=board,
            author=author,
            title=title,
            slug=words.slug(title)[:80],
            state=state,
            language=writing.language_of(title + written.text),
            excerpt=writing.excerpt_of(written.text),
            picture=written.picture,
            created_at=now,
            last_post_at=now,
            last_author=author,
            heat=writing.heat(now, 0, 0),
        )
        post = Post.objects.create(
            topic=topic,
            number=1,
            author=author,
            source=written.source,
            html=written.html,
            text=written.text,
            state=state,
            appeared=state == Topic.PUBLISHED,
            by_staff=author.is_staff_role,
            created_at=now,
        )
        submissions.finish(once, post, by=author)
        if complete is not None:
            complete(topic)
        set_tags(topic, [*tags, *written.tags])
        media.keep(written.uploads, place=f"post:{post.pk}")
        drop_draft("new", by=author)
        Position.objects.create(topic=topic, member=author, number=1, at=now)
        TopicFollow.objects.create(topic=topic, member=author, at=now)
        _announce(topic, post, written, now)
    return topic


def _announce(topic: Topic, post: Post, written: writing.Written, now: datetime) -> None:
    ids: dict[str, Any] = {
        "topic_id": topic.pk,
        "post_id": post.pk,
        "board_id": topic.board_id,
        "member_id": post.author_id,
    }
    if topic.state == Topic.HELD:
        events.record(PostHeld(**ids, reasons=written.reasons), now=now, actor_id=post.author_id)
        return
    writing.count_in_board(topic.board_id, topics=1, posts=1)
    Board.objects.filter(pk=topic.board_id).update(last_topic=topic, last_post_at=now)
    events.record(TopicOpened(**ids, kind_of_topic=topic.kind), now=now, actor_id=post.author_id)
    quoted = writing.quoted_in(post.source)
    published = PostPublished(**ids, number=1, mentioned=written.mentioned, quoted=quoted)
    events.record(published, now=now, actor_id=post.author_id)


def clean_title(title: str) -> str:
    """Return the title on one line. Raises Invalid when it is empty or too long."""
    title = " ".join(title.split())
    if not title:
        raise Invalid(gettext("Give it a title, so that others can find it."), field="title")
    count = words.signs(title) if len(title) <= TITLE_PARTS else len(title)
    if count > TITLE:
        raise Invalid(
            gettext("The title has %(n)s characters; the limit is %(most)s.") % {"n": count, "most": TITLE},
            field="title",
        )
    return title


def set_tags(topic: Topic, names: Iterable[str]) -> None:
    """Gather the topic under these tags, at most TAGS of them, and no others."""
    wanted: dict[str, str] = {}
    for name in names:
        name = writing.clean_tag(name)
        folded = words.fold(name)[:40]
        if folded and len(wanted) < TAGS:
            wanted.setdefault(folded, name)
    held = {row.tag.folded: row for row in TopicTag.objects.filter(topic=topic).select_related("tag")}
    for folded, row in held.items():
        if folded not in wanted:
            Tag.objects.filter(pk=row.tag_id).update(uses=Greatest(F("uses") - 1, 0))
            row.delete()
    for folded, name in wanted.items():
        if folded not in held:
            tag, _made = Tag.objects.get_or_create(folded=folded, defaults={"name": name})
            TopicTag.objects.create(topic=topic, tag=tag)
            Tag.objects.filter(pk=tag.pk).update(uses=F("uses") + 1)
    topic.tags = list(TopicTag.objects.filter(topic=topic).order_by("pk").values_list("tag__name", flat=True))
    Topic.objects.filter(pk=topic.pk).update(tags=topic.tags)


def retag_topic(topic: Topic, names: Iterable[str], *, by: Member, now: datetime) -> None:
    """Gather a topic under other tags."""
    with transaction.atomic():
        set_tags(topic, names)
        events.record(TopicChanged(topic_id=topic.pk, change="tagged"), now=now, actor_id=by.pk)


def _mark(topic: Topic, field: str, on: bool, words_for: tuple[str, str], by: Member, now: datetime) -> None:
    with transaction.atomic():
        changed = Topic.objects.filter(pk=topic.pk, **{f"{field}__isnull": on}).update(**{field: now if on else None})
        setattr(topic, field, now if on else None)
        if not changed:
            return
        if field == "featured_at":
            writing.warm(topic)
        events.record(TopicChanged(topic_id=topic.pk, change=words_for[not on]), now=now, actor_id=by.pk)


def lock_topic(topic: Topic, on: bool, *, by: Member, now: datetime) -> None:
    """Close a topic for replies, or open it again."""
    _mark(topic, "locked_at", on, ("locked", "unlocked"), by, now)


def pin_topic(topic: Topic, on: bool, *, by: Member, now: datetime) -> None:
    """Keep a topic on top of its board, or let it go."""
    _mark(topic, "pinned_at", on, ("pinned", "unpinned"), by, now)


def feature_topic(topic: Topic, on: bool, *, by: Member, now: datetime) -> None:
    """Say that a topic is worth everybody's time (精华), or take that back."""
    _mark(topic, "featured_at", on, ("featured", "unfeatured"), by, now)


def move_topic(topic: Topic, board: Board, *, by: Member, now: datetime) -> None:
    """Move a topic to another board; its address and its posts' addresses stay."""
    with transaction.atomic():
        topic = Topic.objects.select_for_update().get(pk=topic.pk)
        before = topic.board_id
        if before == board.pk:
            return
        posts = Post.objects.filter(topic=topic, state=Post.PUBLISHED).count()
        Topic.objects.filter(pk=topic.pk).update(board=board)
        if topic.state == Topic.PUBLISHED:
            for board_id, sign in sorted([(before, -1), (board.pk, 1)]):
                writing.count_in_board(board_id, topics=sign, posts=sign * posts)
                writing.refresh_board(board_id)
        event = TopicMoved(topic_id=topic.pk, from_board_id=before, to_board_id=board.pk)
        events.record(event, now=now, actor_id=by.pk)
        live.refresh(f"topic:{topic.pk}")


def note_view(topic_id: int) -> None:
    """Count a view in memory; a page that is only read must not wait for a write."""
    with _views_mutex:
        _views[topic_id] = _views.get(topic_id, 0) + 1


def count_views() -> int:
    """Write the views that were counted in memory; return how many topics had any."""
    with _views_mutex:
        taken = dict(_views)
        _views.clear()
    for topic_id, number in sorted(taken.items()):
        Topic.objects.filter(pk=topic_id).update(views=F("views") + number)
    return len(taken)
