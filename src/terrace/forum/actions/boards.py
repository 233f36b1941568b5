"""Boards, their rules and the people who keep order in them."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from terrace.forum.events import BoardChanged
from terrace.forum.models import Board, BoardFollow, BoardModerator, BoardRule
from terrace.forum.policies import forget_tree, tree
from terrace.kernel import events, live, words
from terrace.kernel.errors import Invalid
from terrace.members.models import Member


def _changed(board: Board, what: str, now: datetime, by: Member | None) -> None:
    events.record(BoardChanged(board_id=board.pk, what=what), now=now, actor_id=by.pk if by else None)
    transaction.on_commit(forget_tree)
    live.refresh()


def create_board(
    name: str, *, now: datetime, by: Member | None = None, parent: Board | None = None, slug: str = "", **others: Any
) -> Board:
    """Make a board, below `parent` or at the top. Raises Invalid when its address is taken."""
    slug = slug or words.slug(name)[:60] or "board"
    with transaction.atomic():
        if Board.objects.filter(slug=slug).exists():
            raise Invalid(gettext("Another board has the address “%(slug)s”.") % {"slug": slug}, field="slug")
        board = Board.objects.create(name=name, slug=slug, parent=parent, **others)
        _changed(board, "made", now, by)
    return board


def edit_board(board: Board, *, now: datetime, by: Member | None = None, **changes: Any) -> None:
    """Change what a board is called, where it stands, or how it is kept. Raises Invalid for a place below itself."""
    parent = changes.get("parent")
    if parent is not None and parent.pk in set(tree().below(board.pk)):
        raise Invalid(gettext("A board cannot stand below itself."), field="parent")
    with transaction.atomic():
        before = Board.objects.select_for_update().get(pk=board.pk)
        if any(getattr(before, name) != value for name, value in changes.items()):
            Board.objects.filter(pk=board.pk).update(**changes)
            _changed(board, "edited", now, by)


def set_rule(
    board: Board,
    act: str,
    *,
    audience: str | None,
    now: datetime,
    by: Member | None = None,
    level: int = 0,
    group_id: int | None = None,
) -> None:
    """Say who may do `act` in a board; audience None takes the board's own rule away, so that its parent's holds."""
    with transaction.atomic():
        rule = {"audience": audience, "level": level, "group_id": group_id}
        before = BoardRule.objects.filter(board=board, act=act).values(*rule).first()
        if before == (rule if audience is not None else None):
            return
        if audience is None:
            BoardRule.objects.filter(board=board, act=act).delete()
        else:
            BoardRule.objects.update_or_create(board=board, act=act, defaults=rule)
        _changed(board, act, now, by)


def appoint_moderator(board: Board, member: Member, *, now: datetime, by: Member | None = None) -> None:
    """Let a member keep order in a board and those below it."""
    with transaction.atomic():
        if BoardModerator.objects.get_or_create(board=board, member=member)[1]:
            _changed(board, "moderators", now, by)


def dismiss_moderator(board: Board, member: Member, *, now: datetime, by: Member | None = None) -> None:
    """End a member's keeping of order in a board."""
    with transaction.atomic():
        if BoardModerator.objects.filter(board=board, member=member).delete()[0]:
            _changed(board, "moderators", now, by)


def follow_board(board: Board, *, by: Member, now: datetime) -> None:
    """Put a board's topics into the member's following list."""
    BoardFollow.objects.get_or_create(board=board, member=by, defaults={"at": now})


def unfollow_board(board: Board, *, by: Member) -> None:
    """Take a board's topics out of the member's following list."""
    BoardFollow.objects.filter(board=board, member=by).delete()
