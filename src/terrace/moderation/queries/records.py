"""What was decided: for everybody in the public log, for those it concerns with its words."""

from typing import Any

from django.db.models import Sum

from terrace.kernel.pages import Page, descending
from terrace.moderation.events import VERDICTS
from terrace.moderation.models import OTHER, SPAM, Appeal, Case, Decision, Flag
from terrace.moderation.queries.wording import category_in_words

LOG = 50


def leading_reason(case: Case) -> str:
    """Return why a post would go: the reason of the decision that is appealed, or the one most flags name, by weight.

    What screening held is mostly spam.
    """
    if case.appealed:
        last = Decision.objects.filter(case=case, undone_at=None, verdict__in=Decision.AGAINST).order_by("-pk").first()
        if last is not None and last.category:
            return last.category
    rows = Flag.objects.filter(case=case, answer=Flag.WAITING).values("reason").annotate(all=Sum("weight"))
    first = rows.order_by("-all", "reason").first()
    if first is not None:
        return str(first["reason"])
    return SPAM if case.reasons else OTHER


def verdict_in_words(verdict: str) -> str:
    """Return what was done, in the reader's language."""
    return str(VERDICTS.get(verdict, verdict))


def log_page(boards: dict[int, str], *, cursor: str = "") -> Page:
    """Return a page of the public log: day, board, act and category. `boards` are the names of those the reader may read.

    Nobody is named and nothing is quoted; decisions taken back are not listed.
    """
    rows = Decision.objects.filter(undone_at=None, board_id__in=list(boards))
    rows = rows.only("pk", "at", "board_id", "verdict", "category")
    page = descending(rows, ["id"], cursor, LOG)
    shown = [
        {
            "at": row.at,
            "board": boards[row.board_id],
            "act": verdict_in_words(row.verdict),
            "category": category_in_words(row.category),
        }
        for row in page.rows
    ]
    return Page(shown, page.next)


def find_decision(decision_id: int) -> Decision | None:
    """Return a decision with its case and post."""
    return Decision.objects.select_related("case__post__topic", "by").filter(pk=decision_id).first()


def decision_of_author(decision_id: int, member_id: int) -> Decision | None:
    """Return a decision if it is about a post of this member and was told to them."""
    found = find_decision(decision_id)
    return found if found is not None and found.case.author_id == member_id and found.undone_at is None else None


def has_appealed(case_id: int) -> Appeal | None:
    """Return the appeal that the author of a case has made."""
    return Appeal.objects.filter(case_id=case_id).first()


def flag_of(post_id: int, member_id: int) -> Flag | None:
    """Return the flag that a member has put on a post."""
    return Flag.objects.filter(case__post_id=post_id, member_id=member_id).first()


def export_member(member_id: int) -> dict[str, Any]:
    """Answer `members.export`: flags made, decisions about own posts as they were told, appeals."""
    flags = Flag.objects.filter(member_id=member_id).select_related("case").order_by("pk")
    decisions = Decision.objects.filter(case__author_id=member_id, undone_at=None).select_related("case").order_by("pk")
    appeals = Appeal.objects.filter(case__author_id=member_id).select_related("case").order_by("pk")
    return {
        "flags": [
            {
                "post": row.case.post_id,
                "reason": row.reason,
                "text": row.text,
                "answer": row.answer,
                "at": row.at.isoformat(),
            }
            for row in flags.iterator(500)
        ],
        "decisions": [
            {
                "post": row.case.post_id,
                "verdict": row.verdict,
                "category": row.category,
                "message": row.message,
                "at": row.at.isoformat(),
            }
            for row in decisions.exclude(verdict=Decision.DISMISS).iterator(500)
        ],
        "appeals": [
            {"post": row.case.post_id, "text": row.text, "outcome": row.outcome, "at": row.at.isoformat()}
            for row in appeals
        ],
    }
