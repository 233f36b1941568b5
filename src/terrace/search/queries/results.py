"""The page of results, and the topics that resemble a title."""

import re
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import groupby
from typing import Any, NamedTuple

from django.utils.translation import get_language

from terrace.forum import queries as forum
from terrace.forum.policies import Access
from terrace.forum.queries import indexing
from terrace.kernel import addresses, words
from terrace.members import queries as members
from terrace.members.queries import Person
from terrace.search import policies
from terrace.search.models import Document
from terrace.search.queries import asking, names, ranking
from terrace.search.queries.asking import NEWEST, Asked, Match
from terrace.search.queries.names import BoardFound

SIZE = 20
EXACT = 200  # matches up to which each is looked at again before it is counted
WIDTH = 120  # characters of a snippet
WINDOW = 400  # characters of a long post that are read for its snippet
_START = re.compile(r"\d+|\D+")  # of "iqoo9", which may be written "iQOO 9", what is written together
LOOSE_EACH = 500  # newest posts with one of the words, where no post has all
SIMILAR, SIMILAR_TERMS, SIMILAR_EACH = 3, 5, 300
RELATED = 5
ASKING = {"推荐", "一个", "求助", "问题"}  # in a title these ask; what for, the other words say
Pieces = list[tuple[str, bool]]


@dataclass(frozen=True)
class Hit:
    """One topic that was found, with its best post."""

    topic_id: int
    post_id: int
    url: str
    title: Pieces
    snippet: Pieces
    author: Person | None
    board: str
    number: int
    at: datetime
    replies: int
    solved: bool
    featured: bool
    lang: str
    posts: int


@dataclass(frozen=True)
class Found:
    """What a question found. `loose` when no post had all the words and those with most of them are shown."""

    hits: list[Hit] = field(default_factory=list)
    count: int = 0
    capped: bool = False
    loose: bool = False
    page: int = 1
    pages: int = 0
    people: list[Person] = field(default_factory=list)
    boards: list[BoardFound] = field(default_factory=list)

    @property
    def nothing(self) -> bool:
        """Whether nothing at all was found."""
        return not (self.hits or self.people or self.boards)


def ask(access: Access, text: str, **narrowed: Any) -> Asked:
    """Return the question that this reader asks: only boards they may read, nobody whom they avoid."""
    terms, phrases = asking.read(text)
    avoided = members.avoided_by(access.member.pk) if access.member is not None else ()
    return Asked(tuple(access.ids("read")), terms, phrases, avoided=tuple(sorted(avoided)), **narrowed)


def find(access: Access, asked: Asked, text: str, *, now: datetime, page: int = 1) -> Found:
    """Return one page of what was found; with words, also members and boards of that name."""
    rows, capped, loose = _topics(asked, policies.day_of(now))
    if len(rows) <= EXACT:
        rows = _standing(rows, access)
    pages = -(-len(rows) // SIZE)
    page = max(1, min(page, pages))
    some = rows[(page - 1) * SIZE : page * SIZE]
    hits = _hits(some, access, asked)
    named = page == 1 and asked.terms
    return Found(
        hits=hits,
        count=len(rows) - len(some) + len(hits),
        capped=capped,
        loose=loose and bool(hits),
        page=page,
        pages=pages,
        people=names.people(text, asked.avoided) if named else [],
        boards=names.boards(text, access) if named else [],
    )


def _topics(asked: Asked, today: int) -> tuple[list[ranking.Ranked], bool, bool]:
    """Return the topics in their order, whether only the newest matches were looked at, and whether words are missing."""
    if asked.is_empty:
        return [], False, False
    found = asking.matches(asked)
    capped = len(found) == NEWEST
    if asked.phrases:
        found = _with_phrases(found, asked.phrases)
    if found or len(asked.terms) < 2 or asked.phrases:
        if asked.terms and asked.sort == asking.RELEVANCE:
            return ranking.ranked(found, asked.terms, today), capped, False
        return ranking.newest(found), capped, False
    some = asking.any_of(asked, most=LOOSE_EACH)
    rows = ranking.ranked(some, asked.terms, today)
    if asked.sort == asking.LATEST:
        rows.sort(key=lambda row: -row.post_id)
    return rows, any(len(each) == LOOSE_EACH for each in some.values()), True


def _with_phrases(found: list[Match], phrases: tuple[str, ...]) -> list[Match]:
    """Keep the posts that hold every phrase as it was typed, whatever its case, width or script."""
    bodies = indexing.post_bodies(match.post_id for match in found)
    folded = {pk: words.fold(f"{title}\n{text}") for pk, (title, text) in bodies.items()}
    return [match for match in found if all(phrase in folded.get(match.post_id, "") for phrase in phrases)]


def _standing(rows: list[ranking.Ranked], access: Access) -> list[ranking.Ranked]:
    """Drop what was taken away since the index was written."""
    visible = forum.visible_post_ids([row.post_id for row in rows], access)
    return [row for row in rows if row.post_id in visible]


def _hits(rows: list[ranking.Ranked], access: Access, asked: Asked) -> list[Hit]:
    """Return the rows of a page, without what was taken away or closed since the index was written."""
    shown = indexing.shown_posts([row.post_id for row in rows], asked.boards)
    authors = members.persons(post.author_id for post in shown.values())
    return [_hit(row, shown[row.post_id], authors, access, asked.terms) for row in rows if row.post_id in shown]


def _hit(
    row: ranking.Ranked, post: indexing.Shown, authors: dict[int, Person], access: Access, terms: tuple[str, ...]
) -> Hit:
    return Hit(
        topic_id=post.topic_id,
        post_id=post.post_id,
        url=addresses.address("forum:post_open", post.post_id),
        title=_joined(_marked(post.title, terms)),
        snippet=_joined(words.snippet(_window(_after_title(post), terms), terms, WIDTH)),
        author=authors.get(post.author_id),
        board=access.boards.boards[post.board_id].named(get_language() or "zh"),
        number=post.number,
        at=post.created_at,
        replies=post.replies,
        solved=post.solved,
        featured=post.featured_at is not None,
        lang=post.language,
        posts=row.posts,
    )


def _marked(title: str, terms: tuple[str, ...]) -> Pieces:
    folded = words.fold(title)
    if not any(_begins_in(folded, term) >= 0 for term in terms):
        return [(title, False)]
    return words.highlight(title, terms)


def _after_title(post: indexing.Shown) -> str:
    """Return the text of a post, without its first words where they are the title already."""
    said = post.title.rstrip("…")
    if post.number > 1 or not post.text.startswith(said):
        return post.text
    return post.text[len(said) :].lstrip(" \n。.！!，,；;：:")


def _joined(pieces: Pieces) -> Pieces:
    """Return the pieces with neighbours of one sort in one piece."""
    return [("".join(text for text, _hit in group), hit) for hit, group in groupby(pieces, key=lambda piece: piece[1])]


def _begins_in(folded: str, term: str) -> int:
    start = _START.match(term)
    return folded.find(start[0]) if start else -1


def _window(text: str, terms: tuple[str, ...]) -> str:
    """Return the part of a long text around the first place where a term seems to stand: marking reads every sign."""
    if len(text) <= WINDOW:
        return text
    folded = words.fold(text)
    places = [_begins_in(folded, term) for term in terms]
    start = max(0, min((place for place in places if place >= 0), default=0) - WINDOW // 4)
    return ("…" if start else "") + text[start : start + WINDOW] + ("…" if start + WINDOW < len(text) else "")


class _Near(NamedTuple):
    topic_id: int
    worth: float


def similar(access: Access, title: str, *, besides: int = 0, most: int = SIMILAR) -> list[Any]:
    """Return topics, but for `besides`, whose titles share the telling words of a title: rows of a list, best first.

    A word tells the more the fewer titles hold it; one that no title holds says nothing about the others.
    """
    terms, _phrases = asking.read(re.sub(r'["“”「」]', " ", title))
    terms = tuple(sorted((term for term in terms if term not in ASKING), key=len, reverse=True)[:SIMILAR_TERMS])
    if not terms:
        return []
    asked = ask(access, "")
    each = asking.any_of(replace(asked, terms=tuple(f"t:{term}" for term in terms)), most=SIMILAR_EACH)
    found = {term: [match for match in rows if match.topic_id != besides] for term, rows in each.items()}
    weights = {term: _telling(term, len(rows)) for term, rows in found.items() if rows}
    total: dict[int, float] = {}
    for term, rows in found.items():
        for match in rows:
            total[match.post_id] = total.get(match.post_id, 0.0) + weights[term]
    first = sorted(total, key=lambda pk: (-total[pk], -pk))[:30]
    near = _near(first, weights)
    return forum.topic_rows([each.topic_id for each in near[: most * 2]], access)[:most]


def _telling(term: str, titles: int) -> float:
    weight = 1 / (1 + titles) ** 0.5
    return weight if len(term.removeprefix("t:")) > 1 else weight / 4  # a single sign stands in many words


def related(access: Access, topic_id: int, *, most: int = RELATED) -> list[Any]:
    """Return topics to read after this one: those that resemble its title, then the newest under its rarest tags.

    Rows of `forum.queries.topic_rows`; none where the reader may not read the topic.
    """
    here = forum.topic_rows([topic_id], access)
    if not here:
        return []
    alike = similar(access, here[0].title, besides=topic_id, most=most)
    known = [topic_id, *(row.id for row in alike)]
    return alike + forum.under_same_tags(topic_id, access, leave_out=known, most=most - len(alike))


def _near(post_ids: list[int], weights: dict[str, float]) -> list[_Near]:
    """Return the topics whose titles hold at least half of what can be shared, by weight, those that hold most first."""
    rows = Document.objects.filter(pk__in=post_ids).values_list("topic_id", "marks")
    enough = sum(weights.values()) / 2
    near = []
    for topic_id, marks in rows:
        held = set(marks.split(" "))
        shared = [weight for term, weight in weights.items() if term in held]
        if sum(shared) >= enough:
            near.append(_Near(topic_id, sum(shared) + len(shared)))
    return sorted(near, key=lambda each: (-each.worth, -each.topic_id))
