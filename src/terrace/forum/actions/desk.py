"""A board as the operator's form saves it: names, place, rules and moderators at once."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext

from terrace.forum.actions.boards import appoint_moderator, create_board, dismiss_moderator, edit_board, set_rule
from terrace.forum.models import Board, BoardModerator
from terrace.kernel import words
from terrace.kernel.errors import Invalid
from terrace.members import queries as members
from terrace.members.models import Member

ACTS = ("see", "read", "open", "reply")


def save_board(board: Board | None, typed: dict[str, Any], *, by: Member, now: datetime) -> Board:
    """Make or change a board from the operator's form.

    Raises Invalid for an address or moderator that does not fit, and where a group was deleted meanwhile.
    """
    try:
        with transaction.atomic():
            return _save(board, typed, by, now)
    except IntegrityError as error:
        told = gettext(
            "A group or board that you chose is gone since a moment ago. Load the page again and choose another."
        )
        raise Invalid(told) from error


def _save(board: Board | None, typed: dict[str, Any], by: Member, now: datetime) -> Board:
    values = {
        "name": typed["name"],
        "line": typed["line"],
        "translations": {"en": {"name": typed["name_en"], "line": typed["line_en"]}} if typed["name_en"] else {},
        "parent": Board.objects.filter(slug=typed["parent"]).first() if typed["parent"] else None,
        "position": typed["position"],
        "icon": typed["icon"] or "messages-square",
        "premoderated": typed["premoderated"],
        "slow_seconds": typed["slow_seconds"],
    }
    if board is None:
        name = values.pop("name")
        board = create_board(name, slug=typed["slug"], now=now, by=by, **values)
    else:
        values["archived_at"] = (board.archived_at or now) if typed["archived"] else None
        edit_board(board, now=now, by=by, **values)
        board.refresh_from_db()
    for act in ACTS:
        set_rule(
            board,
            act,
            audience=typed[f"{act}_audience"] or None,
            level=typed[f"{act}_level"] or 0,
            group_id=int(typed[f"{act}_group"]) if typed[f"{act}_group"] else None,
            now=now,
            by=by,
        )
    _moderators(board, typed["moderators"], by, now)
    return board


def _moderators(board: Board, text: str, by: Member, now: datetime) -> None:
    wanted = {}
    for name in text.replace("，", ",").replace("、", ",").split(","):
        if name.strip():
            wanted[words.skeleton(name.strip())] = name.strip()
    found = members.by_handles(wanted)
    unknown = [name for skeleton, name in wanted.items() if skeleton not in found]
    if unknown:
        raise Invalid(gettext("Nobody is called %(names)s.") % {"names": ", ".join(unknown)}, field="moderators")
    ids = {who.id for who in found.values()}
    for row in BoardModerator.objects.filter(board=board).exclude(member_id__in=ids).select_related("member"):
        dismiss_moderator(board, row.member, now=now, by=by)
    known = set(BoardModerator.objects.filter(board=board).values_list("member_id", flat=True))
    for member_id in sorted(ids - known):
        member = members.by_id(member_id)
        if member is not None:
            appoint_moderator(board, member, now=now, by=by)
