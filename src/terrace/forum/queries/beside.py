"""What stands beside: in the list of boards what was said last, beside a board's topics its people and words, after a topic others like it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.db.models import Count, OuterRef, Subquery

from terrace.forum.models import Board, Reaction, Tag, Topic, TopicTag
from terrace.forum.policies import Access
from terrace.forum.queries.lists import Row, rows_of, topic_rows
from terrace.members import queries as members
from terrace.members.queries import Person

STANDS = 300  # seconds for which what was counted is shown
RECENT = 500  # topics whose tags are counted, so that it costs the same in a board of any size
DAYS = 30
RAREST = 3  # tags whose topics may stand after a topic


@dataclass(frozen=True)
class Beside:
    """The side of a board: people, those thanked with their number of thanks, and names of tags with their uses."""

    keepers: list[Person]
    thanked: list[tuple[Person, int]]
    tags: list[tuple[str, int]]


def beside(board_id: int, access: Access, now: datetime) -> Beside:
    """Return what stands beside a board's topics; of the boards below it, what this reader may read."""
    ids = sorted(each for each in access.boards.below(board_id) if access.may(each, "read"))
    key = "forum:beside:" + "-".join(map(str, ids))
    counted: Any = cache.get_or_set(key, lambda: (_thanked(ids, now), _tags(ids)), STANDS)
    thanked, tags = counted
    keepers = sorted(access.boards.moderators.get(board_id, ()))
    who = members.persons([*keepers, *(author for author, _number in thanked)])
    return Beside(
        [who[each] for each in keepers if each in who],
        [(who[author], number) for author, number in thanked if author in who],
        tags,
    )


def _thanked(board_ids: list[int], now: datetime, *, most: int = 5) -> list[tuple[int, int]]:
    recent = Reaction.objects.filter(
        at__gt=now - timedelta(days=DAYS), post__state="published", post__topic__board_id__in=board_ids
    )
    rows: Any = recent.values("post__author_id").annotate(n=Count("id")).order_by("-n", "post__author_id")[:most]
    return [(row["post__author_id"], row["n"]) for row in rows]


def _tags(board_ids: list[int], *, most: int = 8) -> list[tuple[str, int]]:
    newest = Topic.objects.shown().filter(board_id__in=board_ids).order_by("-id").values("id")[:RECENT]
    used = TopicTag.objects.filter(topic_id__in=list(newest.values_list("id", flat=True)))
    rows = list(used.values("tag_id").annotate(n=Count("id")).order_by("-n", "tag_id")[:most])
    names = dict(Tag.objects.filter(pk__in=[row["tag_id"] for row in rows]).values_list("pk", "name"))
    return [(names[row["tag_id"]], row["n"]) for row in rows]


def newest_by_board(access: Access) -> dict[int, Row]:
    """Return for each board the topic in it or below it that was answered last, among what this reader is shown."""
    newest = Topic.objects.shown().filter(board=OuterRef("pk")).order_by("-last_post_at", "-id")
    if access.member is not None:
        newest = newest.exclude(author_id__in=members.avoided_rows(access.member.pk))
    ids = Board.objects.filter(pk__in=access.ids("read")).values_list(Subquery(newest.values("pk")[:1]), flat=True)
    topics = list(Topic.objects.filter(pk__in=[each for each in ids if each]).select_related("author"))
    by_board = {topic.board_id: row for topic, row in zip(topics, rows_of(topics, access), strict=True)}
    found = {}
    for board_id in access.boards.boards:
        inside = [by_board[each] for each in access.boards.below(board_id) if each in by_board]
        if inside:
            found[board_id] = max(inside, key=lambda row: row.last_at)
    return found


def under_same_tags(topic_id: int, access: Access, *, leave_out: Iterable[int], most: int) -> list[Row]:
    """Return the newest topics that share the rarest tags of a topic, those of the rarest first."""
    if most < 1:
        return []
    tags = Tag.objects.filter(pk__in=TopicTag.objects.filter(topic_id=topic_id).values("tag_id")).order_by("uses")
    found = dict.fromkeys(leave_out)
    skipped = len(found)
    for tag in tags[:RAREST]:
        ids = TopicTag.objects.filter(tag=tag).order_by("-topic_id").values_list("topic_id", flat=True)
        found |= dict.fromkeys(ids[: most * 4])
    return topic_rows(list(found)[skipped:], access)[:most]
