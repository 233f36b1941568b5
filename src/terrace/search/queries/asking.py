"""What is asked of the index, and how either back end is asked for it."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection

from terrace.kernel import words
from terrace.search import policies

NEWEST = 2000  # matches that are ranked: of a common word only the newest so many
BOARD_MARKS = 4  # up to so many boards are asked for by mark; of more, the column of each match is looked at
RELEVANCE, LATEST = "relevance", "newest"
_QUOTED = re.compile(r'"([^"]+)"|“([^”]+)”|「([^」]+)」')


@dataclass(frozen=True)
class Asked:
    """One question. `boards` are those that may be read, and `within` those that were asked for, if any."""

    boards: tuple[int, ...]
    terms: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    within: tuple[int, ...] | None = None
    avoided: tuple[int, ...] = ()
    author_id: int | None = None
    tag_id: int | None = None
    kind: str = ""
    solved: bool = False
    since: datetime | None = None
    until: datetime | None = None
    sort: str = RELEVANCE

    @property
    def is_empty(self) -> bool:
        """Whether nothing is asked for: no word and no filter."""
        narrowed = self.within is not None or self.author_id or self.tag_id or self.kind or self.solved
        return not (self.terms or narrowed or self.since or self.until)


class Match(NamedTuple):
    """A post that matches. `title` holds the marks of a first post, which has the words of the title, else nothing."""

    post_id: int
    topic_id: int
    number: int
    day: int
    length: int
    title: str


def read(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return (terms, folded phrases) of a typed query."""
    policies.learn_words()
    text = text[: policies.LONGEST_QUERY]
    phrases = [words.fold(next(filter(None, found))).strip() for found in _QUOTED.findall(text)]
    terms = [policies.token(term) for term in words.query_terms(text)]
    return tuple(dict.fromkeys(term for term in terms if term))[: policies.MOST_TERMS], tuple(filter(None, phrases))


def matches(asked: Asked, *, most: int = NEWEST) -> list[Match]:
    """Return the newest matches of a question, at most `most`, newest first."""
    groups = list(_groups(asked))
    source, order = "search_document d", "d.post_id"
    where, values = _where(asked)
    if groups and connection.vendor == "sqlite":
        # CROSS JOIN keeps SQLite from driving the query from the documents.
        source, order = "search_index f CROSS JOIN search_document d ON d.post_id = f.rowid", "f.rowid"
        where, values = ["f.search_index MATCH %s", *where], [_fts5(groups), *values]
    elif groups:
        where, values = ["d.tokens @@ %s::tsquery", *where], [_tsquery(groups), *values]
        if asked.terms and all(term.startswith("t:") for term in asked.terms):
            # Words of titles are rare. Left alone, PostgreSQL would read backwards along the key until it had enough.
            order = "d.post_id + 0"
    sql = f"""
        SELECT d.post_id, d.topic_id, d.number, d.day, d.length, CASE WHEN d.number = 1 THEN d.marks ELSE '' END
        FROM {source} WHERE {" AND ".join(where)} ORDER BY {order} DESC LIMIT %s
    """  # noqa: S608  fixed fragments; every value is a parameter
    with connection.cursor() as cursor:
        cursor.execute(sql, [*values, most])
        return list(map(Match._make, cursor.fetchall()))


def any_of(asked: Asked, *, most: int) -> dict[str, list[Match]]:
    """Return, for each term of a question, the newest posts that have it."""
    return {term: matches(replace(asked, terms=(term,)), most=most) for term in asked.terms}


def _groups(asked: Asked) -> Iterator[list[str]]:
    """Yield what has to be in a document: of every group, one of its words. None may come from a user as it was typed."""
    for term in asked.terms:
        yield [term]
    boards = _boards(asked)
    if len(boards) <= BOARD_MARKS:
        yield [f"b:{board_id}" for board_id in boards] or ["b:0"]
    if asked.author_id:
        yield [f"a:{asked.author_id}"]
    if asked.tag_id:
        yield [f"g:{asked.tag_id}"]
    if asked.kind:
        yield [f"k:{policies.token(asked.kind)}"]
    if asked.solved:
        yield ["s:1"]


def _boards(asked: Asked) -> list[int]:
    """Return the boards in which a match may stand: readable, and asked for."""
    return sorted(asked.boards if asked.within is None else set(asked.boards) & set(asked.within))


def _fts5(groups: Iterable[list[str]]) -> str:
    """Return an FTS5 expression: every word a quoted string."""
    return " AND ".join("(" + " OR ".join(f'"{_safe(word)}"' for word in group) + ")" for group in groups)


def _tsquery(groups: Iterable[list[str]]) -> str:
    """Return the text form of a tsquery: every word a quoted lexeme."""
    return " & ".join("(" + " | ".join(f"'{_safe(word)}'" for word in group) + ")" for group in groups)


def _safe(word: str) -> str:
    return "".join(char for char in word if char.isalnum() or char == ":")


def _where(asked: Asked) -> tuple[list[str], list[Any]]:
    boards = _boards(asked)
    where = [f"d.board_id IN ({_marks(boards)})"]
    values: list[Any] = [*boards]
    if asked.avoided:
        where.append(f"(d.author_id IS NULL OR d.author_id NOT IN ({_marks(asked.avoided)}))")
        values += asked.avoided
    if asked.since:
        where.append("d.created_at >= %s")
        values.append(connection.ops.adapt_datetimefield_value(asked.since))
    if asked.until:
        where.append("d.created_at < %s")
        values.append(connection.ops.adapt_datetimefield_value(asked.until))
    return where, values


def _marks(values: Iterable[Any]) -> str:
    return ", ".join(["%s"] * len(list(values))) or "NULL"
