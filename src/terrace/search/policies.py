"""What a word of the index looks like, and the operator's own words."""

from datetime import datetime
from typing import Any

from django.core.cache import cache
from django.utils.translation import gettext as _

from terrace.kernel import options, words
from terrace.kernel.errors import TooMany
from terrace.members import policies as members
from terrace.members.models import Member, Role

LONGEST_TOKEN = 64  # characters; a longer run of letters is cut alike in the index and in a query
MOST_TERMS = 12
LONGEST_QUERY = 200  # characters; what is typed after that is not read
MOST_WORDS = 2000
LONGEST_WORD = 80  # characters
PACE = 240  # words that one member may have completed in a minute


def _word_list(value: Any) -> list[str]:
    if not isinstance(value, list) or len(value) > MOST_WORDS or not all(isinstance(each, str) for each in value):
        raise ValueError("a list of at most 2,000 words")
    return [each.strip()[:LONGEST_WORD] for each in value if each.strip()]


WORDS = options.declare(
    "search.words", [], "Product and feature names that a query keeps whole, such as Ridge 5", _word_list
)

_learned: list[str] = []


def learn_words() -> None:
    """Let the segmentation of this process know the operator's words, and no others. Cheap when they are the same."""
    global _learned
    listed = options.get(WORDS)
    if listed is not _learned and listed != _learned:
        words.set_words(listed)
    _learned = listed


def warm() -> None:
    """Load what the first search would wait for: the operator's words, the dictionary, the tables of characters and pinyin."""
    learn_words()
    words.query_terms("梯田")
    words.pinyin("梯田")


def check_choose_words(member: Member | None) -> None:
    """Let operators and administrators change the product words; Missing for everybody else, who learn nothing."""
    members.check_staff(member, Role.OPERATOR, Role.ADMINISTRATOR)


def check_pace(member: Member, now: datetime) -> None:
    """Count one word that is completed for a member. Raises TooMany after PACE of them within a minute of the clock."""
    key = f"search.complete:{member.pk}:{int(now.timestamp()) // 60}"
    cache.add(key, 0, 120)
    if cache.incr(key) > PACE:
        raise TooMany(_("That was fast. Wait a moment."), retry_after=60)


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
