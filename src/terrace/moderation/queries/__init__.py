"""The queue, the public log, and what authors and flaggers are shown."""

from terrace.moderation.queries.queue import (
    CaseView,
    Job,
    decides,
    find_case,
    queue_page,
    readable_boards,
    waiting_count,
)
from terrace.moderation.queries.records import (
    decision_of_author,
    export_member,
    find_decision,
    flag_of,
    has_appealed,
    leading_reason,
    log_page,
    verdict_in_words,
)
from terrace.moderation.queries.wording import CATEGORY_WORDS, category_in_words, prefills

__all__ = [
    "CATEGORY_WORDS",
    "CaseView",
    "Job",
    "category_in_words",
    "decides",
    "decision_of_author",
    "export_member",
    "find_case",
    "find_decision",
    "flag_of",
    "has_appealed",
    "leading_reason",
    "log_page",
    "prefills",
    "queue_page",
    "readable_boards",
    "verdict_in_words",
    "waiting_count",
]
