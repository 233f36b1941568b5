"""How lively the forum is, for the front page: few numbers, counted seldom."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from django.core.cache import cache
from django.db.models import F

from terrace.forum.models import Post, Topic
from terrace.forum.policies import Access

STANDS = 300  # seconds for which the numbers stand
SAMPLE = 400  # newest answered topics that the median is taken from
DAYS = 30


@dataclass(frozen=True)
class Pace:
    """Topics talked in during the last week, questions solved in the last 30 days, and the median of first replies in seconds."""

    talked: int
    solved: int
    first_reply: int | None


def pace(access: Access, now: datetime) -> Pace:
    """Return how lively the boards are that this reader may read; give the access of a stranger for what all may know."""
    boards = sorted(access.ids("read"))
    found: Any = cache.get_or_set(f"forum:pace:{hash(tuple(boards))}", lambda: _counted(boards, now), STANDS)
    return found


def _counted(boards: list[int], now: datetime) -> Pace:
    topics = Topic.objects.shown().filter(board_id__in=boards)
    recent = topics.filter(last_post_at__gt=now - timedelta(days=DAYS))
    answered = topics.filter(created_at__gt=now - timedelta(days=DAYS), replies__gt=0).order_by("-id")
    first = Post.objects.filter(topic__in=list(answered.values_list("id", flat=True)[:SAMPLE]), number=2)
    waits = first.exclude(author_id=F("topic__author_id")).values_list("topic__created_at", "created_at")
    seconds = [(came - asked).total_seconds() for asked, came in waits]
    return Pace(
        talked=topics.filter(last_post_at__gt=now - timedelta(days=7)).count(),
        solved=recent.filter(kind="question", solved=True).count(),
        first_reply=round(median(seconds)) if seconds else None,
    )
