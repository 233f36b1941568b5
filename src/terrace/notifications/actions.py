"""Telling members what concerns them, and what they do with it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Case, Count, F, QuerySet, When
from django.db.models.functions import Coalesce

from terrace.forum import policies as forum_policies
from terrace.forum.queries import audience, indexing
from terrace.kernel import live, locks
from terrace.members import queries as members
from terrace.notifications import queries
from terrace.notifications.models import (
    ALWAYS,
    ANSWER,
    FLAG,
    FOLLOW,
    KINDS,
    LEVEL,
    MENTION,
    QUOTE,
    REACTION,
    REPLY,
    SUSPENDED,
    TOPIC,
    VERDICT,
    Notice,
    Part,
    Silence,
)

BATCH = 400
ONCE_EACH = frozenset({REACTION, FOLLOW})  # kinds in which the same person is told of once


@dataclass(frozen=True)
class Heard:
    """The event behind a notice: its id, when it happened, who did it, and about which post."""

    event_id: int
    at: datetime
    actor_id: int | None = None
    post_id: int | None = None
    topic_id: int | None = None
    data: dict[str, Any] = field(default_factory=dict)


def tell_of_post(
    post_id: int, *, mentioned: Iterable[int], quoted: Iterable[int] = (), event_id: int, at: datetime, now: datetime
) -> None:
    """Tell whom a post concerns, each once: who is mentioned, then who is quoted, then answered, then who follows.

    `at` is when it was published, `now` decides who may read it.
    """
    facts = audience.post_facts(post_id)
    if facts is None:
        return
    wanted: dict[int, tuple[str, str]] = {}
    for kind, key, ids in (
        (MENTION, f"mention:{post_id}", mentioned),
        (QUOTE, f"quote:{post_id}", [*quoted, *facts.quoted_author_ids]),
        (REPLY, f"reply:{facts.answers_id}", [facts.answered_author_id] if facts.answered_author_id else []),
        (TOPIC, f"topic:{facts.topic_id}", audience.topic_followers(facts.topic_id) if facts.number > 1 else ()),
    ):
        for member_id in ids:
            wanted.setdefault(member_id, (kind, key))
    for member_id in {facts.author_id} | audience.topic_muters(facts.topic_id):
        wanted.pop(member_id, None)
    heard = Heard(event_id, at, facts.author_id, post_id, facts.topic_id)
    with transaction.atomic():
        locks.hold(f"notices:post:{post_id}")
        told = _told_of(post_id)
        wanted = {member_id: how for member_id, how in wanted.items() if member_id not in told}
        _tell(wanted, heard, board_id=facts.board_id, now=now)


def tell_of_mentions(post_id: int, mentioned: Iterable[int], *, event_id: int, at: datetime, now: datetime) -> None:
    """Tell who was mentioned by an edit; whoever was told of the post before is not told again."""
    facts = audience.post_facts(post_id)
    if facts is None:
        return
    silent = {facts.author_id} | audience.topic_muters(facts.topic_id)
    heard = Heard(event_id, at, facts.author_id, post_id, facts.topic_id)
    with transaction.atomic():
        locks.hold(f"notices:post:{post_id}")
        told = _told_of(post_id)
        wanted = dict.fromkeys(set(mentioned) - silent - told, (MENTION, f"mention:{post_id}"))
        _tell(wanted, heard, board_id=facts.board_id, now=now)


def _told_of(post_id: int) -> set[int]:
    """Return who has been told that this post was written."""
    parts = Part.objects.filter(post_id=post_id, notice__kind__in=(MENTION, QUOTE, REPLY, TOPIC))
    return set(parts.values_list("notice__member_id", flat=True))


def tell_of_reaction(post_id: int, actor_id: int, *, event_id: int, at: datetime, now: datetime) -> None:
    """Tell an author that somebody reacted, if the reaction still stands."""
    facts = audience.post_facts(post_id)
    if facts is None or (post_id, actor_id) not in audience.reactors([post_id]):
        return
    heard = Heard(event_id, at, actor_id, post_id, facts.topic_id)
    _tell({facts.author_id: (REACTION, f"reaction:{post_id}")}, heard, board_id=facts.board_id, now=now)


def tell_of_answer(topic_id: int, post_id: int, by_id: int, *, event_id: int, at: datetime, now: datetime) -> None:
    """Tell an author that their reply is the answer, if it still is; who wrote the one before hears nothing more of it."""
    settle_answer(topic_id)
    facts = audience.post_facts(post_id)
    if facts is None or audience.accepted_post(topic_id) != post_id:
        return
    heard = Heard(event_id, at, by_id, post_id, topic_id)
    _tell({facts.author_id: (ANSWER, f"answer:{topic_id}")}, heard, board_id=facts.board_id, now=now)


def tell_of_follow(member_id: int, follower_id: int, *, event_id: int, at: datetime, now: datetime) -> None:
    """Tell a member of a new follower, if they still follow."""
    if follower_id in members.follower_ids(member_id):
        _tell({member_id: (FOLLOW, "follow")}, Heard(event_id, at, follower_id), board_id=None, now=now)


def tell_of_verdict(
    member_id: int,
    decision_id: int,
    *,
    post_id: int,
    topic_id: int,
    verdict: str,
    message: str,
    event_id: int,
    at: datetime,
    now: datetime,
) -> None:
    """Tell an author what a moderator decided about a post, with the reason."""
    data = {"verdict": verdict, "message": message, "decision": decision_id, "post": post_id}
    heard = Heard(event_id, at, topic_id=topic_id, data=data)
    _tell({member_id: (VERDICT, f"verdict:{decision_id}")}, heard, board_id=None, now=now)


def tell_of_flag(member_id: int, flag_id: int, *, answer: str, event_id: int, at: datetime, now: datetime) -> None:
    """Tell who flagged a post what became of it."""
    heard = Heard(event_id, at, data={"answer": answer})
    _tell({member_id: (FLAG, f"flag:{flag_id}")}, heard, board_id=None, now=now)


def tell_of_level(member_id: int, level: int, *, event_id: int, at: datetime, now: datetime) -> None:
    """Tell a member that growth made a higher level."""
    _tell({member_id: (LEVEL, f"level:{level}")}, Heard(event_id, at, data={"level": level}), board_id=None, now=now)


def tell_of_suspension(member_id: int, *, until: str, reason: str, event_id: int, at: datetime, now: datetime) -> None:
    """Tell a member until when they cannot write, and why."""
    heard = Heard(event_id, at, data={"until": until, "reason": reason})
    _tell({member_id: (SUSPENDED, f"suspended:{event_id}")}, heard, board_id=None, now=now)


def _tell(wanted: Mapping[int, tuple[str, str]], heard: Heard, *, board_id: int | None, now: datetime) -> None:
    """Write or reopen the notice of each member in `wanted` (kind, key), without those who may not or do not want to hear."""
    ids = _who_hears({each: kind for each, (kind, _key) in wanted.items()}, heard, board_id, now)
    if not ids:
        return
    with transaction.atomic():
        locks.hold(*{f"notices:{wanted[each][1]}" for each in ids})
        for start in range(0, len(ids), BATCH):
            _write({each: wanted[each] for each in ids[start : start + BATCH]}, heard)
        _ring(ids)


def _who_hears(kinds: dict[int, str], heard: Heard, board_id: int | None, now: datetime) -> list[int]:
    """Return who of these is here, did not do it, does not avoid who did, wants this kind, and may read the board now."""
    ids = set(kinds) - {heard.actor_id}
    if heard.actor_id is not None and ids:
        ids -= members.avoiding(heard.actor_id)
    if not ids:
        return []
    silent = set(Silence.objects.filter(member_id__in=ids).values_list("member_id", "kind"))
    ids = {each for each in ids if (each, kinds[each]) not in silent or kinds[each] in ALWAYS}
    here = members.visible().filter(pk__in=ids, claimed=True)
    if board_id is None or forum_policies.access(None, now).may(board_id, "read"):
        return sorted(here.values_list("pk", flat=True))
    return [each.pk for each in here.order_by("pk") if forum_policies.access(each, now).may(board_id, "read")]


def _write(wanted: dict[int, tuple[str, str]], heard: Heard) -> None:
    kinds, keys = {kind for kind, _key in wanted.values()}, {key for _kind, key in wanted.values()}
    rows = Notice.objects.filter(member_id__in=wanted, kind__in=kinds, key__in=keys)
    known = {row.member_id for row in rows}
    fresh = [
        Notice(
            member_id=member_id,
            kind=kind,
            key=key,
            topic_id=heard.topic_id,
            post_id=heard.post_id,
            data=heard.data,
            since=heard.at,
            created_at=heard.at,
            updated_at=heard.at,
        )
        for member_id, (kind, key) in wanted.items()
        if member_id not in known
    ]
    Notice.objects.bulk_create(fresh, ignore_conflicts=True)
    held = list(rows.select_for_update())
    known = set(Part.objects.filter(notice__in=held, event_id=heard.event_id).values_list("notice_id", flat=True))
    news = [each for each in held if each.pk not in known and not _told_before(each, heard)]
    Part.objects.bulk_create(
        [
            Part(notice=each, event_id=heard.event_id, actor_id=heard.actor_id, post_id=heard.post_id, at=heard.at)
            for each in news
        ]
    )
    for notice in news:
        _open_again(notice, heard)
    Notice.objects.bulk_update(news, ["since", "read_at", "seen_at", "updated_at", "post", "data"])
    _recount(Notice.objects.filter(pk__in=[each.pk for each in news]))


def _told_before(notice: Notice, heard: Heard) -> bool:
    """Whether the notice tells of this person already: a reaction taken back and made again stands again, and is no news."""
    if notice.kind not in ONCE_EACH:
        return False
    parts = Part.objects.filter(notice=notice, actor_id=heard.actor_id)
    if parts.filter(gone=True).update(gone=False):
        _recount(Notice.objects.filter(pk=notice.pk))
    return parts.exists()


def _open_again(notice: Notice, heard: Heard) -> None:
    if notice.read_at is not None or notice.count == 0:
        notice.since, notice.post_id = heard.at, heard.post_id
    notice.since = min(notice.since, heard.at)
    notice.read_at = notice.seen_at = None
    notice.updated_at = max(notice.updated_at, heard.at)
    notice.data = {**notice.data, **heard.data}


def _recount(notices: QuerySet) -> None:
    """Write how many people each notice tells of: those of its parts that stand and are newer than the last reading."""
    ids = list(notices.values_list("pk", flat=True))
    rows = Part.objects.filter(notice_id__in=ids, gone=False, at__gte=F("notice__since")).values("notice_id")
    counts = dict(rows.annotate(n=Count(Coalesce("actor_id", -F("id")), distinct=True)).values_list("notice_id", "n"))
    for number in set(counts.values()) | {0}:
        same = [each for each in ids if counts.get(each, 0) == number]
        if same:
            Notice.objects.filter(pk__in=same).update(count=number)


def settle_post(post_id: int) -> None:
    """Let notices tell of a post, and of the reactions to it, only while they stand. The first post speaks for its topic."""
    facts = audience.post_facts(post_id)
    parts = Part.objects.filter(post_id=post_id)
    topic_id = indexing.topic_of_post(post_id) if facts is None or facts.number == 1 else None
    if topic_id is not None:
        parts = Part.objects.filter(post__topic_id=topic_id)
    _settle(parts)


def _settle(parts: QuerySet) -> None:
    with transaction.atomic():
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
        _recount(Notice.objects.filter(pk__in={notice_id for _pk, notice_id, _member in changed}))
        _ring({member_id for _pk, _notice, member_id in changed})


def settle_answer(topic_id: int) -> None:
    """Let notices of an accepted answer stand only for the post that is the answer now."""
    accepted = audience.accepted_post(topic_id)
    with transaction.atomic():
        parts = Part.objects.filter(notice__key=f"answer:{topic_id}", notice__kind=ANSWER, gone=False)
        gone = parts.exclude(post_id=accepted) if accepted else parts
        rows = list(gone.values_list("pk", "notice_id", "notice__member_id"))
        if rows:
            Part.objects.filter(pk__in=[row[0] for row in rows]).update(gone=True)
            _recount(Notice.objects.filter(pk__in=[row[1] for row in rows]))
            _ring({row[2] for row in rows})


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
            _ring(shut)


def take_back_verdict(decision_id: int) -> None:
    """A moderator took a decision back: its notice goes, read or not."""
    with transaction.atomic():
        rows = Notice.objects.filter(kind=VERDICT, key=f"verdict:{decision_id}")
        ids = list(rows.values_list("member_id", flat=True))
        rows.delete()
        _ring(ids)


def forget_member(member_id: int) -> None:
    """Drop a departed member's notices and wishes, and their part in the notices of others."""
    with transaction.atomic():
        Notice.objects.filter(member_id=member_id).delete()
        Silence.objects.filter(member_id=member_id).delete()
        parts = Part.objects.filter(actor_id=member_id)
        notices = dict(parts.values_list("notice_id", "notice__member_id"))
        parts.delete()
        _recount(Notice.objects.filter(pk__in=notices))
        _ring(notices.values())


def see_all(member_id: int, *, now: datetime) -> None:
    """The list was opened: nothing is new any more, though not read."""
    with transaction.atomic():
        if Notice.objects.filter(member_id=member_id, seen_at=None).update(seen_at=now):
            _ring([member_id])


def read_notice(notice: Notice, *, now: datetime) -> None:
    """A notice was opened."""
    with transaction.atomic():
        unseen = Notice.objects.filter(pk=notice.pk, seen_at=None).update(seen_at=now)
        Notice.objects.filter(pk=notice.pk, read_at=None).update(read_at=now)
        if unseen:
            _ring([notice.member_id])


def read_all(member_id: int, *, now: datetime) -> None:
    """Mark everything as read."""
    with transaction.atomic():
        Notice.objects.filter(member_id=member_id, seen_at=None).update(seen_at=now)
        Notice.objects.filter(member_id=member_id, read_at=None).update(read_at=now)
        _ring([member_id])


def choose_kinds(member_id: int, wanted: Iterable[str]) -> None:
    """Keep which kinds of notices a member wants; those in ALWAYS cannot be declined."""
    declined = {kind for kind, _label in KINDS} - set(wanted) - ALWAYS
    with transaction.atomic():
        Silence.objects.filter(member_id=member_id).exclude(kind__in=declined).delete()
        Silence.objects.bulk_create(
            [Silence(member_id=member_id, kind=kind) for kind in sorted(declined)], ignore_conflicts=True
        )


def _ring(member_ids: Iterable[int]) -> None:
    """Send the present number of unseen notices to the open pages of members, once the transaction is through."""
    ids = sorted(set(member_ids))

    def ring() -> None:
        for member_id, number in queries.unseen_counts(ids).items():
            live.send(f"member:{member_id}", "notices", {"count": number})

    transaction.on_commit(ring)
