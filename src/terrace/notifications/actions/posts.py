"""What posts, reactions and answers are told of, and taken back when they do not stand any more."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction
from django.db.models import Case, QuerySet, When

from terrace.forum import policies as forum_policies
from terrace.forum.queries import audience, indexing
from terrace.kernel import locks
from terrace.members import queries as members
from terrace.notifications.actions import lines
from terrace.notifications.models import ALWAYS, ANSWER, MENTION, QUOTE, REACTION, REPLY, TOPIC, Notice, Part


def tell_of_post(
    post_id: int, *, mentioned: Iterable[int], quoted: Iterable[int] = (), event_id: int, at: datetime, now: datetime
) -> None:
    """Tell whom a post concerns, each once: who is mentioned, then who is quoted, then answered, then who follows.

    `at` is when it was published, `now` decides who may read it.
    """
    with _alone_with_topic_of(post_id):
        facts = audience.post_facts(post_id)
        if facts is None:
            return
        wanted = _whom_it_concerns(facts, mentioned, quoted)
        for member_id in _told_of(post_id):
            wanted.pop(member_id, None)
        heard = lines.Heard(event_id, at, facts.author_id, post_id, facts.topic_id)
        lines.tell(wanted, heard, board_id=facts.board_id, now=now)


@contextmanager
def _alone_with_topic_of(post_id: int) -> Iterator[None]:
    """Open a transaction in which nobody else tells of this post's topic, or takes back what was told of it.

    What stands is read inside: otherwise a post could be hidden between the look at it and the notice of it.
    """
    with transaction.atomic():
        locks.hold(f"notices:topic:{indexing.topic_of_post(post_id)}")
        yield


def _whom_it_concerns(
    facts: audience.PostFacts, mentioned: Iterable[int], quoted: Iterable[int]
) -> dict[int, tuple[str, str]]:
    """Return the kind and key of the notice for each member, the closest tie first; not the author, nobody who mutes it."""
    wanted: dict[int, tuple[str, str]] = {}
    for kind, key, ids in (
        (MENTION, f"mention:{facts.post_id}", mentioned),
        (QUOTE, f"quote:{facts.post_id}", quoted),
        (REPLY, f"reply:{facts.answers_id}", [facts.answered_author_id] if facts.answered_author_id else []),
        (TOPIC, f"topic:{facts.topic_id}", audience.topic_followers(facts.topic_id) if facts.number > 1 else ()),
    ):
        for member_id in ids:
            wanted.setdefault(member_id, (kind, key))
    for member_id in {facts.author_id} | audience.topic_muters(facts.topic_id):
        wanted.pop(member_id, None)
    return wanted


def tell_of_mentions(post_id: int, mentioned: Iterable[int], *, event_id: int, at: datetime, now: datetime) -> None:
    """Tell who was mentioned by an edit; whoever was told of the post before is not told again."""
    with _alone_with_topic_of(post_id):
        facts = audience.post_facts(post_id)
        if facts is None:
            return
        silent = {facts.author_id} | audience.topic_muters(facts.topic_id)
        wanted = dict.fromkeys(set(mentioned) - silent - _told_of(post_id), (MENTION, f"mention:{post_id}"))
        heard = lines.Heard(event_id, at, facts.author_id, post_id, facts.topic_id)
        lines.tell(wanted, heard, board_id=facts.board_id, now=now)


def _told_of(post_id: int) -> set[int]:
    """Return who has been told that this post was written."""
    parts = Part.objects.filter(post_id=post_id, notice__kind__in=(MENTION, QUOTE, REPLY, TOPIC))
    return set(parts.values_list("notice__member_id", flat=True))


def tell_of_reaction(post_id: int, actor_id: int, *, event_id: int, at: datetime, now: datetime) -> None:
    """Tell an author that somebody reacted, if the reaction still stands."""
    with _alone_with_topic_of(post_id):
        facts = audience.post_facts(post_id)
        if facts is None or (post_id, actor_id) not in audience.reactors([post_id]):
            return
        heard = lines.Heard(event_id, at, actor_id, post_id, facts.topic_id)
        lines.tell({facts.author_id: (REACTION, f"reaction:{post_id}")}, heard, board_id=facts.board_id, now=now)


def tell_of_answer(topic_id: int, post_id: int, by_id: int, *, event_id: int, at: datetime, now: datetime) -> None:
    """Tell an author that their reply is the answer, if it still is; who wrote the one before hears nothing more of it."""
    with _alone_with_topic_of(post_id):
        settle_answer(topic_id)
        facts = audience.post_facts(post_id)
        if facts is None or audience.accepted_post(topic_id) != post_id:
            return
        heard = lines.Heard(event_id, at, by_id, post_id, topic_id)
        lines.tell({facts.author_id: (ANSWER, f"answer:{topic_id}")}, heard, board_id=facts.board_id, now=now)


def settle_post(post_id: int) -> None:
    """Let notices tell of a post, and of the reactions to it, only while they stand. The first post speaks for its topic."""
    with _alone_with_topic_of(post_id):
        facts = audience.post_facts(post_id)
        parts = Part.objects.filter(post_id=post_id)
        topic_id = indexing.topic_of_post(post_id) if facts is None or facts.number == 1 else None
        if topic_id is not None:
            parts = Part.objects.filter(post__topic_id=topic_id)
        _settle(parts)


def _settle(parts: QuerySet) -> None:
    rows = list(
        parts.values_list("pk", "notice_id", "notice__kind", "notice__member_id", "post_id", "actor_id", "gone")
    )
    post_ids = {row[4] for row in rows if row[4] is not None}
    stand, reacted = audience.standing_posts(post_ids), audience.reactors(post_ids)
    changed = [
        (pk, notice_id, member_id)
        for pk, notice_id, kind, member_id, post_id, actor_id, gone in rows
        if gone == (post_id in stand and (kind != REACTION or (post_id, actor_id) in reacted))
    ]
    if not changed:
        return
    ids = [pk for pk, _notice, _member in changed]
    Part.objects.filter(pk__in=ids).update(gone=Case(When(gone=True, then=False), default=True))
    lines.recount(Notice.objects.filter(pk__in={notice_id for _pk, notice_id, _member in changed}))
    lines.ring({member_id for _pk, _notice, member_id in changed})


def settle_answer(topic_id: int) -> None:
    """Let notices of an accepted answer stand only for the post that is the answer now."""
    with transaction.atomic():
        locks.hold(f"notices:topic:{topic_id}")
        accepted = audience.accepted_post(topic_id)
        parts = Part.objects.filter(notice__key=f"answer:{topic_id}", notice__kind=ANSWER, gone=False)
        gone = parts.exclude(post_id=accepted) if accepted else parts
        rows = list(gone.values_list("pk", "notice_id", "notice__member_id"))
        if rows:
            Part.objects.filter(pk__in=[row[0] for row in rows]).update(gone=True)
            lines.recount(Notice.objects.filter(pk__in=[row[1] for row in rows]))
            lines.ring({row[2] for row in rows})


def settle_access(topic_id: int, *, now: datetime) -> None:
    """Take the notices of a topic from the bell of those who may no longer read it."""
    board_id = audience.board_of_topic(topic_id)
    if board_id is None or forum_policies.access(None, now).may(board_id, "read"):
        return
    unseen = Notice.objects.told().filter(topic_id=topic_id, seen_at=None).exclude(kind__in=ALWAYS)
    here = members.visible().filter(pk__in=unseen.values("member_id"))
    shut = [each.pk for each in here if not forum_policies.access(each, now).may(board_id, "read")]
    with transaction.atomic():
        if unseen.filter(member_id__in=shut).update(seen_at=now):
            lines.ring(shut)
