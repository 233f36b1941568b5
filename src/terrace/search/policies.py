"""What a word of the index looks like, and the operator's own words."""

import threading
from datetime import datetime
from typing import Any

from terrace.kernel import options, words

LONGEST_TOKEN = 64  # characters; a longer run of letters is cut alike in the index and in a query
MOST_TERMS = 12
LONGEST_QUERY = 200  # characters; what is typed after that is not read


def _word_list(value: Any) -> list[str]:
    if not isinstance(value, list) or len(value) > 2000 or not all(isinstance(each, str) for each in value):
        raise ValueError("a list of at most 2,000 words")
    return [each.strip()[:80] for each in value if each.strip()]


options.declare("search.words", [], "Product and feature names that a query keeps whole, such as Ridge 5", _word_list)

_learned: set[str] = set()
_learning = threading.Lock()


def learn_words() -> None:
    """Make the operator's words known to the segmentation of this process. Cheap when nothing is new."""
    listed = options.get("search.words")
    if _learned.issuperset(listed):
        return
    with _learning:
        words.add_words(listed)
        _learned.update(listed)


def token(text: str) -> str:
    """Return a word as both back ends take it: letters and digits only, not too long."""
    return "".join(char for char in text if char.isalnum())[:LONGEST_TOKEN]


def tokens(text: str) -> list[str]:
    """Return the words under which a text is found."""
    return [each[:LONGEST_TOKEN] for each in words.index_text(text).split(" ") if each]


def day_of(moment: datetime) -> int:
    """Return the day of a moment, counted from 1970."""
    return int(moment.timestamp()) // 86_400


def name_key(text: str) -> str:
    """Return a name as it is compared: folded, without spaces, hyphens and underlines."""
    return "".join(char for char in words.fold(text) if char.isalnum())
