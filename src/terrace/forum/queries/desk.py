"""Boards as the operator's desk shows them."""

from typing import Any

from django.urls import reverse
from django.utils.translation import get_language

from terrace.forum.models import Board, BoardModerator, BoardRule
from terrace.forum.policies import Access
from terrace.memberships import queries as memberships

ACTS = ("see", "read", "open", "reply")


def board_desk(access: Access) -> list[dict[str, Any]]:
    """Return every board in the order of the tree, with its depth and what holds for each act."""
    language = get_language() or "zh"
    tree = access.boards
    rows: list[dict[str, Any]] = []

    def walk(parent: int | None, depth: int) -> None:
        for each in tree.children.get(parent, ()):
            board = tree.boards[each]
            rules = {act: tree.rule(each, act) for act in ACTS}
            own = {act for act in ACTS if (each, act) in tree.rules}
            rows.append({"board": board, "name": board.named(language), "depth": depth, "rules": rules, "own": own})
            walk(each, depth + 1)

    walk(None, 0)
    return rows


def board_form_choices(access: Access, board: Board | None) -> dict[str, list[tuple[str, str]]]:
    """Return what the form of a board offers: where it may stand, and the groups."""
    tree = access.boards
    below = set(tree.below(board.pk)) if board is not None and board.pk in tree.boards else set()
    language = get_language() or "zh"
    parents = [(each.slug, each.named(language)) for each in tree.boards.values() if each.pk not in below]
    groups = [(str(key), name) for key, name in memberships.group_names().items()]
    return {"parents": parents, "groups": groups}


def boards_opened_by(group_ids: list[int]) -> dict[int, list[tuple[str, str]]]:
    """Return, for each group, the boards whose own rules ask for it: their names and where those rules are changed."""
    language = get_language() or "zh"
    found: dict[int, dict[int, tuple[str, str]]] = {}
    rules = BoardRule.objects.filter(group_id__in=group_ids).select_related("board")
    for rule in rules.order_by("board__position", "board_id"):
        if rule.group_id is not None:
            board = rule.board.named(language), reverse("web:console_board", args=[rule.board.slug])
            found.setdefault(rule.group_id, {})[rule.board_id] = board
    return {group_id: list(boards.values()) for group_id, boards in found.items()}


def board_form_initial(board: Board) -> dict[str, Any]:
    """Return a board as its form shows it."""
    english = board.translations.get("en", {})
    initial: dict[str, Any] = {
        "name": board.name,
        "line": board.line,
        "name_en": english.get("name", ""),
        "line_en": english.get("line", ""),
        "slug": board.slug,
        "parent": Board.objects.filter(pk=board.parent_id or 0).values_list("slug", flat=True).first() or "",
        "position": board.position,
        "icon": board.icon,
        "premoderated": board.premoderated,
        "slow_seconds": board.slow_seconds,
        "archived": board.archived_at is not None,
        "moderators": ", ".join(
            BoardModerator.objects.filter(board=board).order_by("pk").values_list("member__handle", flat=True)
        ),
    }
    for rule in BoardRule.objects.filter(board=board):
        initial[f"{rule.act}_audience"] = rule.audience
        initial[f"{rule.act}_level"] = rule.level or None
        initial[f"{rule.act}_group"] = str(rule.group_id) if rule.group_id else ""
    return initial
