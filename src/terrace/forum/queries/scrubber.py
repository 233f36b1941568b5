"""The course of a long topic: 48 slices of its time, each as long as the posts that came in it."""

from datetime import datetime
from types import SimpleNamespace
from typing import Any

from terrace.forum.models import Post, Topic
from terrace.forum.queries.lists import address
from terrace.forum.queries.stamps import SIZE

SLICES = 48
SAMPLES = 960  # of a longer topic every n-th post stands for those around it, so that a page costs the same whatever the length
OFFICIAL = 96


def scrubber(topic: Topic, first: int) -> Any:
    """Return what the scrubber draws, for the page that begins with post `first`."""
    times = _times(topic)
    start, end = times[0][1], times[-1][1]
    span = max((end - start).total_seconds(), 1.0)
    slices: list[list[tuple[int, bool]]] = [[] for _each in range(SLICES)]
    for number, at, staff in times:
        slices[min(max(int((at - start).total_seconds() / span * SLICES), 0), SLICES - 1)].append((number, staff))
    most = max(len(each) for each in slices)
    base, last, drawn = address(topic), 1, []
    nearest = max(number for number, _at, _staff in times if number <= max(first, times[0][0]))
    for each in slices:
        last = each[0][0] if each else last
        drawn.append(
            SimpleNamespace(
                width=round(4 + 52 * len(each) / most, 1) if each else 2,
                url=f"{base}?at={last}#p{last}",
                here=any(number == nearest or first <= number < first + SIZE for number, _staff in each),
                official=any(staff for number, staff in each if number > 1),
            )
        )
    return SimpleNamespace(
        slices=drawn,
        top=SimpleNamespace(url=base, at=start),
        bottom=SimpleNamespace(url=f"{base}?at=last#p{topic.last_number}", at=end),
        at=SimpleNamespace(number=first, text=f"/ {topic.last_number}"),
        jump_url=f"{base}?at=",
    )


def _times(topic: Topic) -> list[tuple[int, datetime, bool]]:
    rows = Post.objects.filter(topic_id=topic.pk).values_list("number", "created_at", "by_staff").order_by("number")
    last = topic.last_number
    if last <= SAMPLES:
        return list(rows)
    numbers = {1 + round(step * (last - 1) / (SAMPLES - 1)) for step in range(SAMPLES)}
    official = rows.filter(by_staff=True).order_by("-number")[:OFFICIAL]
    return sorted({*rows.filter(number__in=numbers), *official})
