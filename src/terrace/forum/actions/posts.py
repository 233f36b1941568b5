"""Posts: written, edited, taken away, put back, let through."""

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext

from terrace.forum.actions import submissions, writing
from terrace.forum.actions.drafts import drop_draft
from terrace.forum.actions.topics import clean_title
from terrace.forum.events import PostEdited, PostHeld, PostHidden, PostPublished, PostRestored, TopicOpened
from terrace.forum.models import Board, Position, Post, Revision, Topic, TopicFollow
from terrace.kernel import events, live, words
from terrace.kernel.errors import Conflict, Refused
from terrace.media import actions as media
from terrace.members.models import Member


def reply(
    author: Member,
    topic: Topic,
    *,
    source: str,
    now: datetime,
    reply_to: Post | None = None,
    held: bool = False,
    screened: bool = True,
    slow_seconds: int = 0,
    once: str = "",
) -> Post:
    """Add a numbered post to a topic.

    `slow_seconds` is the board's slow mode. `once` is the key of the form that was sent: the same again answers with
    the post that it made the first time. Raises Invalid for a text that cannot be used, TooMany in slow mode, and
    Refused when the topic was locked or taken away meanwhile.
    """
    before = submissions.made(once, by=author)
    if before is not None:
        return before
    number_seen = topic.last_number
    written = writing.write(source, author, now=now, prefix=f"p{number_seen + 1}-", screened=screened)
    with transaction.atomic():
        topic = Topic.objects.select_for_update().get(pk=topic.pk)
        before = submissions.begin(once, by=author, now=now)
        if before is None and once:
            before = submissions.same_reply(author, topic.pk, written.source, now)
        if before is not None:
            return before
        if topic.state != Topic.PUBLISHED:
            raise Refused(gettext("This topic is not open for replies now."))
        _check_pace(author, topic, slow_seconds, now)
        number = topic.last_number + 1
        # Footnotes carry the number in their addresses, and somebody else may have been given it meanwhile.
        html = written.html if number == number_seen + 1 else writing.render(written.source, prefix=f"p{number}-").html
        waits = held or written.held
        post = Post.objects.create(
            topic=topic,
            number=number,
            author=author,
            reply_to=reply_to if reply_to is not None and reply_to.topic_id == topic.pk else None,
            source=written.source,
            html=html,
            text=written.text,
            state=Post.HELD if waits else Post.PUBLISHED,
            appeared=not waits,
            by_staff=author.is_staff_role,
            created_at=now,
        )
        submissions.finish(once, post, by=author)
        media.keep(written.uploads, place=f"post:{post.pk}")
        Topic.objects.filter(pk=topic.pk).update(last_number=number)
        drop_draft(f"reply:{topic.pk}", by=author)
        if waits:
            held_event = PostHeld(
                post_id=post.pk,
                topic_id=topic.pk,
                board_id=topic.board_id,
                member_id=author.pk,
                reasons=written.reasons,
            )
            events.record(held_event, now=now, actor_id=author.pk)
            return post
        _seat(topic, post, now)
        events.record(_published(topic, post, written.mentioned), now=now, actor_id=author.pk)
    return post


def _check_pace(author: Member, topic: Topic, slow_seconds: int, now: datetime) -> None:
    if not slow_seconds:
        return
    last = (
        Post.objects.filter(topic=topic, author=author).order_by("-number").values_list("created_at", flat=True).first()
    )
    writing.check_slow(last, slow_seconds, now)


def _seat(topic: Topic, post: Post, now: datetime) -> None:
    """Let a post that can be read now take its place in counters and lists."""
    staff = post.by_staff and post.author_id != topic.author_id
    Topic.objects.filter(pk=topic.pk).update(
        replies=F("replies") + 1,
        last_post_at=now,
        last_author_id=post.author_id,
        **({"staff_replied": True} if staff else {}),
    )
    writing.warm(topic)
    writing.count_in_board(topic.board_id, posts=1)
    Board.objects.filter(pk=topic.board_id).update(last_topic=topic, last_post_at=now)
    Position.objects.update_or_create(
        topic=topic, member_id=post.author_id, defaults={"number": post.number, "at": now}
    )
    TopicFollow.objects.get_or_create(topic=topic, member_id=post.author_id, defaults={"at": now})
    live.send(f"topic:{topic.pk}", "topic", {"last": max(topic.last_number, post.number)})


def _published(topic: Topic, post: Post, mentioned: tuple[int, ...]) -> PostPublished:
    answered = Post.objects.filter(pk=post.reply_to_id or 0).values_list("author_id", flat=True).first()
    return PostPublished(
        post_id=post.pk,
        topic_id=topic.pk,
        board_id=topic.board_id,
        number=post.number,
        member_id=post.author_id,
        reply_to_member_id=answered,
        mentioned=tuple(mentioned),
        quoted=writing.quoted_in(post.source),
    )


def edit_post(
    post: Post,
    *,
    by: Member,
    source: str,
    now: datetime,
    seen_edit: datetime | None = None,
    title: str | None = None,
    reason: str = "",
) -> Post:
    """Change the words of a post (and, on the first one, the title), keeping what stood there as a revision.

    `seen_edit` is the `edited_at` that the editor saw; Conflict is raised when somebody edited meanwhile.
    """
    title = clean_title(title) if title is not None and post.number == 1 else None
    # Who edits answers for the words; staff tidies up without being screened.
    screened = by.pk == post.author_id or not by.is_staff_role
    written = writing.write(
        source, by, now=now, title=title or "", prefix=f"p{post.number}-", screened=screened, editing=True
    )
    with transaction.atomic():
        topic = Topic.objects.select_for_update().get(pk=post.topic_id)
        kept = Post.objects.select_for_update().get(pk=post.pk)
        if kept.edited_at != seen_edit:
            raise Conflict(
                gettext("Somebody edited this post meanwhile. Your text is kept below; compare, then save again.")
            )
        if kept.source == written.source and (title is None or title == topic.title):
            drop_draft(f"edit:{kept.pk}", by=by)
            return kept
        number = Revision.objects.filter(post=kept).count() + 1
        Revision.objects.create(
            post=kept,
            number=number,
            title=topic.title if kept.number == 1 else "",
            source=kept.source,
            editor=by,
            reason=reason[:200],
            at=now,
        )
        held = written.held and kept.state == Post.PUBLISHED
        Post.objects.filter(pk=kept.pk).update(
            source=written.source, html=written.html, text=written.text, edited_at=now
        )
        media.keep(written.uploads, place=f"post:{kept.pk}")
        drop_draft(f"edit:{kept.pk}", by=by)
        if kept.number == 1:
            changes = {"excerpt": writing.excerpt_of(written.text), "picture": written.picture}
            if title is not None:
                title = written.title or title
                changes |= {"title": title, "slug": words.slug(title)[:80]}
            Topic.objects.filter(pk=topic.pk).update(**changes)
        event = PostEdited(
            post_id=kept.pk, topic_id=topic.pk, member_id=kept.author_id, revision=number, mentioned=written.mentioned
        )
        events.record(event, now=now, actor_id=by.pk)
        if held:
            _hold_again(kept, topic, written.reasons, now)
    kept.refresh_from_db()
    return kept


def _hold_again(post: Post, topic: Topic, reasons: tuple[str, ...], now: datetime) -> None:
    """Keep a post out of sight until a moderator has read what an edit made of it."""
    shown = post.state == Post.PUBLISHED
    Post.objects.filter(pk=post.pk).update(state=Post.HELD, hidden_by=None, hidden_reason="")
    if post.number == 1:
        _take_topic(topic, shown, Topic.HELD)
    elif shown:
        writing.count_in_board(topic.board_id, posts=-1)
    writing.refresh_last(topic)
    event = PostHeld(
        post_id=post.pk, topic_id=topic.pk, board_id=topic.board_id, member_id=post.author_id, reasons=reasons
    )
    events.record(event, now=now, actor_id=post.author_id)


def hold_post(post: Post, *, reasons: tuple[str, ...] = (), now: datetime) -> bool:
    """Let a post that stands, or was hidden, wait for a moderator (again). Returns whether it did not wait before."""
    with transaction.atomic():
        topic = Topic.objects.select_for_update().get(pk=post.topic_id)
        kept = Post.objects.select_for_update().get(pk=post.pk)
        if kept.state == Post.HELD:
            return False
        _hold_again(kept, topic, reasons, now)
    return True


def hide_post(post: Post, *, by: Member | None, reason: str, now: datetime) -> bool:
    """Take a post away; the first one takes its topic with it. Returns whether it stood before.

    `by` None is the house: many members flagged the post, and it waits for a moderator.
    """
    with transaction.atomic():
        topic = Topic.objects.select_for_update().get(pk=post.topic_id)
        kept = Post.objects.select_for_update().get(pk=post.pk)
        if kept.state == Post.HIDDEN:
            return False
        shown = kept.state == Post.PUBLISHED
        Post.objects.filter(pk=kept.pk).update(state=Post.HIDDEN, hidden_by=by, hidden_reason=reason[:300])
        if kept.number == 1:
            _take_topic(topic, shown)
        elif shown:
            writing.count_in_board(topic.board_id, posts=-1)
            writing.refresh_last(topic)
            writing.warm(topic)
        event = PostHidden(
            post_id=kept.pk,
            topic_id=topic.pk,
            member_id=kept.author_id,
            reason=reason,
            own=by is not None and by.pk == kept.author_id,
        )
        events.record(event, now=now, actor_id=by.pk if by else None)
    return True


def _take_topic(topic: Topic, shown: bool, state: str = Topic.HIDDEN) -> None:
    Topic.objects.filter(pk=topic.pk).update(state=state)
    live.refresh(f"topic:{topic.pk}")
    if shown:
        posts = Post.objects.filter(topic=topic, state=Post.PUBLISHED).count() + 1
        writing.count_in_board(topic.board_id, topics=-1, posts=-posts)
    writing.refresh_board(topic.board_id)


def restore_post(post: Post, *, by: Member, now: datetime) -> bool:
    """Put back a post that was taken away; one that nobody could read before is announced. Returns whether it was away."""
    with transaction.atomic():
        topic = Topic.objects.select_for_update().get(pk=post.topic_id)
        kept = Post.objects.select_for_update().get(pk=post.pk)
        if kept.state != Post.HIDDEN:
            return False
        _show(topic, kept, now, by)
        event = PostRestored(post_id=kept.pk, topic_id=topic.pk, member_id=kept.author_id)
        events.record(event, now=now, actor_id=by.pk)
    return True


def _show(topic: Topic, post: Post, now: datetime, by: Member) -> None:
    """Let a post be read: back in its place, or for the first time, as if it had just been written."""
    shown = {"state": Post.PUBLISHED, "hidden_by": None, "hidden_reason": "", "appeared": True}
    Post.objects.filter(pk=post.pk).update(**shown)
    if post.appeared or post.number == 1:
        _put_back(topic, post)
    else:
        _seat(topic, post, now)
    if post.appeared:
        return
    if post.number == 1:
        ids = {"topic_id": topic.pk, "post_id": post.pk, "board_id": topic.board_id, "member_id": post.author_id}
        events.record(TopicOpened(**ids, kind_of_topic=topic.kind), now=now, actor_id=by.pk)
    mentioned = tuple(writing.render(post.source).mentions)
    events.record(_published(topic, post, mentioned), now=now, actor_id=by.pk)


def _put_back(topic: Topic, post: Post) -> None:
    if post.number == 1:
        Topic.objects.filter(pk=topic.pk).update(state=Topic.PUBLISHED)
        posts = Post.objects.filter(topic=topic, state=Post.PUBLISHED).count()
        writing.count_in_board(topic.board_id, topics=1, posts=posts)
    else:
        writing.count_in_board(topic.board_id, posts=1)
    writing.refresh_last(topic)
    writing.warm(topic)


def approve_post(post: Post, *, by: Member, now: datetime) -> bool:
    """Let a held post be read. Returns whether it was held.

    A new one is announced as if it had just been written; one that an edit took out of sight is back in its place, and
    only whom the edit mentions may hear of it.
    """
    with transaction.atomic():
        topic = Topic.objects.select_for_update().get(pk=post.topic_id)
        kept = Post.objects.select_for_update().get(pk=post.pk)
        if kept.state != Post.HELD:
            return False
        _show(topic, kept, now, by)
        if kept.appeared:
            event = PostRestored(
                post_id=kept.pk,
                topic_id=topic.pk,
                member_id=kept.author_id,
                mentioned=tuple(writing.render(kept.source).mentions),
            )
            events.record(event, now=now, actor_id=by.pk)
    return True
