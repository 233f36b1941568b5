"""The lines of members' lists: written, opened again, counted, told to the bell."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, F, QuerySet
from django.db.models.functions import Coalesce

from terrace.forum import policies as forum_policies
from terrace.kernel import live, locks
from terrace.members import queries as members
from terrace.notifications import queries
from terrace.notifications.actions import devices
from terrace.notifications.models import ALWAYS, FOLLOW, LEVEL, REACTION, Notice, Part, Silence

BATCH = 400
ONCE_EACH = frozenset({REACTION, FOLLOW, LEVEL})  # kinds in which the same person, or the same level, is told of once


@dataclass(frozen=True)
class Heard:
    """The event behind a notice: its id, when it happened, who did it, and about which post."""

    event_id: int
    at: datetime
    actor_id: int | None = None
    post_id: int | None = None
    topic_id: int | None = None
    data: dict[str, Any] = field(default_factory=dict)


def tell(wanted: Mapping[int, tuple[str, str]], heard: Heard, *, board_id: int | None, now: datetime) -> None:
    """Write or reopen the notice of each member in `wanted` (kind, key), without those who may not or do not want to hear."""
    ids = _who_hears({each: kind for each, (kind, _key) in wanted.items()}, heard, board_id, now)
    if not ids:
        return
    with transaction.atomic():
        locks.hold(*{f"notices:{wanted[each][1]}" for each in ids})
        for start in range(0, len(ids), BATCH):
            _write({each: wanted[each] for each in ids[start : start + BATCH]}, heard, now)
        ring(ids)


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


def _write(wanted: dict[int, tuple[str, str]], heard: Heard, now: datetime) -> None:
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
    held = lock(rows)
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
    recount(Notice.objects.filter(pk__in=[each.pk for each in news]))
    devices.call_devices(news, now=now)


def lock(notices: QuerySet) -> list[Notice]:
    """Lock notices, in one order for everybody, and return them as they are now."""
    return list(notices.order_by("pk").select_for_update())


def _told_before(notice: Notice, heard: Heard) -> bool:
    """Whether the notice tells of this person already: a reaction taken back and made again stands again, and is no news."""
    if notice.kind not in ONCE_EACH:
        return False
    parts = Part.objects.filter(notice=notice, actor_id=heard.actor_id)
    if parts.filter(gone=True).update(gone=False):
        recount(Notice.objects.filter(pk=notice.pk))
    return parts.exists()


def _open_again(notice: Notice, heard: Heard) -> None:
    if notice.read_at is not None or notice.count == 0:
        notice.since, notice.post_id = heard.at, heard.post_id
    notice.since = min(notice.since, heard.at)
    notice.read_at = notice.seen_at = None
    notice.updated_at = max(notice.updated_at, heard.at)
    notice.data = {**notice.data, **heard.data}


def recount(notices: QuerySet) -> None:
    """Write how many people each notice tells of: those of its parts that stand and are newer than the last reading."""
    ids = [each.pk for each in lock(notices)]
    rows = Part.objects.filter(notice_id__in=ids, gone=False, at__gte=F("notice__since")).values("notice_id")
    counts = dict(rows.annotate(n=Count(Coalesce("actor_id", -F("id")), distinct=True)).values_list("notice_id", "n"))
    for number in set(counts.values()) | {0}:
        same = [each for each in ids if counts.get(each, 0) == number]
        if same:
            Notice.objects.filter(pk__in=same).update(count=number)


def ring(member_ids: Iterable[int]) -> None:
    """Send the present number of unseen notices to the open pages of members, once the transaction is through."""
    ids = sorted(set(member_ids))

    def ring() -> None:
        for member_id, number in queries.unseen_counts(ids).items():
            live.send(f"member:{member_id}", "notices", {"count": number})

    transaction.on_commit(ring)
