"""The course of a long topic: 48 slices of its time, each as long as the posts that came in it."""

from collections.abc import Iterable
from datetime import datetime
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

from django.utils import timezone

from terrace.forum.models import Post, Topic
from terrace.forum.queries.lists import address

SLICES = 48
SILENCE = 3  # slices that one silence takes at most, so that a topic of bursts is not mostly empty
SAMPLES = 960  # of a longer topic every n-th post stands for those around it, so that a page costs the same whatever the length
OFFICIAL = 96


def scrubber(topic: Topic, first: int, on_page: Iterable[tuple[int, datetime]] = ()) -> Any:
    """Return what the scrubber draws, for the page that begins with post `first`; `on_page` are number and time of its posts.

    `starts` holds for each slice the number of the first post in it or behind it. It alone says where a post stands (in the
    last slice that starts at it or before it) and which post a place means.
    """
    times = _times(topic)
    slices: list[list[tuple[int, bool]]] = [[] for _each in range(SLICES)]
    for (number, _at, staff), place in zip(times, _places([at for _number, at, _staff in times]), strict=True):
        slices[min(int(place * SLICES), SLICES - 1)].append((number, staff))
    most = max(len(each) for each in slices)
    starts, following = [0] * SLICES, topic.last_number
    for place in reversed(range(SLICES)):
        following = slices[place][0][0] if slices[place] else following
        starts[place] = following
    here = max(place for place, start in enumerate(starts) if start <= max(first, starts[0]))
    moments = {number: at for number, at, _staff in times}
    moments = {number: moments[number] for number in starts if number in moments} | dict(on_page)
    base = address(topic)
    return SimpleNamespace(
        slices=[
            SimpleNamespace(
                width=round(4 + 52 * len(each) / most, 1) if each else 2,
                url=f"{base}?at={start}#p{start}",
                here=place == here,
                official=any(staff for number, staff in each if number > 1),
            )
            for place, (each, start) in enumerate(zip(slices, starts, strict=True))
        ],
        starts=starts,
        days=_days(sorted(moments.items())),
        top=SimpleNamespace(url=base, at=times[0][1]),
        bottom=SimpleNamespace(url=f"{base}?at=last#p{topic.last_number}", at=times[-1][1]),
        at=SimpleNamespace(
            number=first, at=moments[max(number for number in moments if number <= max(first, starts[0]))]
        ),
        jump_url=f"{base}?at=",
    )


def _places(moments: list[datetime]) -> list[float]:
    """Return where on the way from 0 to 1 each moment stands: by time, but for silences, which are cut to `SILENCE` slices."""
    gaps = [max((later - earlier).total_seconds(), 0.0) for earlier, later in pairwise(moments)]
    if not any(gaps):
        gaps = [1.0] * len(gaps)
    longest = max(gaps, default=0.0)
    for _round in range(20):
        longest = min(longest, sum(min(gap, longest) for gap in gaps) * SILENCE / SLICES)
    places = [0.0]
    for gap in gaps:
        places.append(places[-1] + min(gap, longest))
    return [place / (places[-1] or 1.0) for place in places]


def _days(moments: Iterable[tuple[int, datetime]]) -> list[tuple[int, datetime]]:
    """Return number and time of the posts with which another day begins."""
    found: list[tuple[int, datetime]] = []
    for number, at in moments:
        if not found or timezone.localtime(found[-1][1]).date() != timezone.localtime(at).date():
            found.append((number, at))
    return found


def _times(topic: Topic) -> list[tuple[int, datetime, bool]]:
    rows = Post.objects.filter(topic_id=topic.pk).values_list("number", "created_at", "by_staff").order_by("number")
    last = topic.last_number
    if last <= SAMPLES:
        return list(rows)
    numbers = {1 + round(step * (last - 1) / (SAMPLES - 1)) for step in range(SAMPLES)}
    official = rows.filter(by_staff=True).order_by("-number")[:OFFICIAL]
    return sorted({*rows.filter(number__in=numbers), *official})
