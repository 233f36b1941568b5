"""The order of what was found. It is counted here and not in the database, so both back ends give the same order.

A post is worth 2 x the share of the terms that it has, 2 x the share that its title has, up to 0.6 for its length (a reply of three
signs says little about anything), 0.2 for being the body of a topic, and up to 0.4 for being new (half of it after a year). A topic
is worth its best post, plus 0.25 for each doubling of the posts in it that match, at most 1. Single and paired Chinese signs are in
the index once for each post, so how often a word stands in a post says little here; how many posts of a topic have it says more.
"""

import math
from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from terrace.search.queries.asking import Match

FULL_LENGTH = 40  # characters from which a post is not short
STEP = 0.5 / FULL_LENGTH
HALF_LIFE = 365  # days


class Ranked(NamedTuple):
    """One topic that was found: its best post, and how many of its posts match."""

    topic_id: int
    post_id: int
    posts: int
    worth: float


def ranked(found: dict[str, list[Match]] | list[Match], terms: tuple[str, ...], today: int) -> list[Ranked]:
    """Return topics, best first. A list holds posts that have all terms; a dict holds, by term, the posts that have it."""
    if isinstance(found, dict):
        return _ranked_any(found, terms, today)
    return _topics(found, terms, today)


def newest(found: Iterable[Match]) -> list[Ranked]:
    """Return topics by their newest post that matches."""
    posts: dict[int, int] = {}
    last: dict[int, int] = {}
    for match in found:
        posts[match.topic_id] = posts.get(match.topic_id, 0) + 1
        last[match.topic_id] = max(last.get(match.topic_id, 0), match.post_id)
    order = sorted(last.items(), key=lambda pair: -pair[1])
    return [Ranked(topic_id, post_id, posts[topic_id], 0.0) for topic_id, post_id in order]


def _ranked_any(found: dict[str, list[Match]], terms: tuple[str, ...], today: int) -> list[Ranked]:
    """A topic whose posts have more of the terms between them stands before one with fewer, whatever else they have."""
    has: dict[int, int] = defaultdict(int)
    matches: dict[int, Match] = {}
    covered: dict[int, set[str]] = defaultdict(set)
    for term, posts in found.items():
        for match in posts:
            has[match.post_id] += 1
            matches[match.post_id] = match
            covered[match.topic_id].add(term)
    least = math.ceil(len(terms) / 2)
    kept = [match for match in matches.values() if len(covered[match.topic_id]) >= least]
    ranked = _topics(kept, terms, today, has)
    return sorted(ranked, key=lambda row: (-len(covered[row.topic_id]), -row.worth, -row.post_id))


def _topics(found: list[Match], terms: tuple[str, ...], today: int, has: dict[int, int] | None = None) -> list[Ranked]:
    """Weigh every post and gather them by topic. One plain loop: it runs two thousand times for one page."""
    fresh: dict[int, float] = {}
    best: dict[int, tuple[float, int]] = {}
    posts: dict[int, int] = defaultdict(int)
    nothing = (-1.0, 0)
    for post_id, topic_id, _number, day, length, title in found:
        if day not in fresh:
            fresh[day] = 0.4 * 0.5 ** (max(today - day, 0) / HALF_LIFE)
        worth = fresh[day] + (0.1 + length * STEP if length < FULL_LENGTH else 0.6)
        worth += 2 * has[post_id] / len(terms) if has else 2
        if title:
            marks = f" {title} "
            worth += 0.2 + 2 * sum(f" t:{term} " in marks for term in terms) / len(terms)
        posts[topic_id] += 1
        if (worth, post_id) > best.get(topic_id, nothing):
            best[topic_id] = (worth, post_id)
    order = [
        (worth + min(0.25 * math.log2(posts[topic_id]), 1.0), post_id, topic_id)
        for topic_id, (worth, post_id) in best.items()
    ]
    order.sort(reverse=True)
    return [Ranked(topic_id, post_id, posts[topic_id], worth) for worth, post_id, topic_id in order]
