"""What search finds."""

from terrace.search.queries.asking import LATEST, RELEVANCE, Asked
from terrace.search.queries.names import boards, people, to_mention
from terrace.search.queries.results import Found, Hit, ask, find, related, similar

__all__ = [
    "LATEST",
    "RELEVANCE",
    "Asked",
    "Found",
    "Hit",
    "ask",
    "boards",
    "find",
    "people",
    "related",
    "similar",
    "to_mention",
]
