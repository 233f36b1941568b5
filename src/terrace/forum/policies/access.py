"""Boards and their rules, read once and asked often."""

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import get_language, gettext

from terrace.forum.models import Board, BoardModerator, BoardRule
from terrace.kernel.errors import Missing, Refused
from terrace.members import policies as members
from terrace.members.models import Member
from terrace.memberships import queries as memberships

FRESH = 2.0  # seconds; other processes see a changed rule at the latest after this
SEE, READ, OPEN, REPLY = BoardRule.SEE, BoardRule.READ, BoardRule.OPEN, BoardRule.REPLY
_NEEDS = {READ: SEE, OPEN: READ, REPLY: READ}
_DEFAULT = {
    SEE: (BoardRule.EVERYONE, 0, None),
    READ: (BoardRule.EVERYONE, 0, None),
    OPEN: (BoardRule.MEMBERS, 0, None),
    REPLY: (BoardRule.MEMBERS, 0, None),
}
Rule = tuple[str, int, int | None]


@dataclass(frozen=True)
class Tree:
    """Every board with its rules and moderators."""

    boards: dict[int, Board]
    rules: dict[tuple[int, str], Rule]
    moderators: dict[int, frozenset[int]]
    children: dict[int | None, tuple[int, ...]]

    def up(self, board_id: int | None) -> Iterator[int]:
        """Yield the board and those above it."""
        while board_id is not None and board_id in self.boards:
            yield board_id
            board_id = self.boards[board_id].parent_id

    def at(self, slug: str) -> Board | None:
        """Return the board at an address."""
        return next((board for board in self.boards.values() if board.slug == slug), None)

    def below(self, board_id: int) -> Iterator[int]:
        """Yield the board and those under it."""
        yield board_id
        for child in self.children.get(board_id, ()):
            yield from self.below(child)

    def rule(self, board_id: int, act: str) -> Rule:
        """Return the nearest rule for an act: the board's own, else its parent's, else the default."""
        return next((self.rules[each, act] for each in self.up(board_id) if (each, act) in self.rules), _DEFAULT[act])

    def moderates(self, member_id: int, board_id: int) -> bool:
        """Return whether a member moderates this board or one above it."""
        return any(member_id in self.moderators.get(each, ()) for each in self.up(board_id))


_mutex = threading.Lock()
_kept: tuple[float, Tree] | None = None


def tree() -> Tree:
    """Return the boards, at most FRESH seconds old."""
    global _kept
    with _mutex:
        if _kept is not None and time.monotonic() - _kept[0] < FRESH:
            return _kept[1]
    fresh = _read_tree()
    with _mutex:
        _kept = (time.monotonic(), fresh)
    return fresh


def forget_tree() -> None:
    """Read the boards again at the next question."""
    global _kept
    with _mutex:
        _kept = None


def _read_tree() -> Tree:
    boards = {board.pk: board for board in Board.objects.order_by("position", "id")}
    rules = {(rule.board_id, rule.act): (rule.audience, rule.level, rule.group_id) for rule in BoardRule.objects.all()}
    moderators: dict[int, set[int]] = {}
    for board_id, member_id in BoardModerator.objects.values_list("board_id", "member_id"):
        moderators.setdefault(board_id, set()).add(member_id)
    children: dict[int | None, list[int]] = {}
    for board in boards.values():
        children.setdefault(board.parent_id, []).append(board.pk)
    return Tree(
        boards,
        rules,
        {key: frozenset(ids) for key, ids in moderators.items()},
        {key: tuple(ids) for key, ids in children.items()},
    )


@dataclass(frozen=True)
class Access:
    """What one reader may do in each board, asked any number of times during one request."""

    member: Member | None
    groups: frozenset[int]
    boards: Tree
    _answers: dict[tuple[int, str], bool] = field(default_factory=dict, compare=False)

    def may(self, board_id: int, act: str) -> bool:
        """Return whether the reader may see, read, open topics in, or reply in a board."""
        key = (board_id, act)
        if key not in self._answers:
            self._answers[key] = self._judge(board_id, act)
        return self._answers[key]

    def ids(self, act: str) -> list[int]:
        """Return the boards in which the reader may do this."""
        return [board_id for board_id in self.boards.boards if self.may(board_id, act)]

    def moderates(self, board_id: int) -> bool:
        """Return whether the reader keeps order in this board."""
        if self.member is None:
            return False
        return self.keeps_order or self.boards.moderates(self.member.pk, board_id)

    @property
    def keeps_order(self) -> bool:
        """Whether the reader keeps order everywhere."""
        return members.is_moderator(self.member)

    def check(self, board_id: int, act: str) -> None:
        """Raise Missing where the board is not to be seen, and Refused with what is missing where it is closed."""
        if not self.may(board_id, SEE):
            raise Missing
        if not self.may(board_id, act):
            raise Refused(self.what_is_missing(board_id, act))

    def what_is_missing(self, board_id: int, act: str) -> str:
        """Return what the reader would need, as a sentence."""
        wanted = _NEEDS[act] if act in _NEEDS and not self.may(board_id, _NEEDS[act]) else act
        audience, level, group = self.boards.rule(board_id, wanted)
        if self.boards.boards[board_id].archived_at is not None and act in {OPEN, REPLY}:
            return gettext("This board is archived: it can be read, and nothing can be added.")
        if self.member is None:
            return gettext("Sign in first, then you can go on here.")
        if group is not None:
            name = memberships.group_names().get(group, "")
            return gettext("This is for members of “%(group)s”.") % {"group": name}
        if level > self.member.level:
            return gettext("This opens at level %(n)s; you are at level %(own)s.") % {
                "n": level,
                "own": self.member.level,
            }
        if audience == BoardRule.STAFF:
            return gettext("This is for the people who work here.")
        if wanted == OPEN and any(self.may(each, OPEN) for each in self.boards.below(board_id)):
            return gettext("Topics do not stand in “%(board)s” itself: choose a board below it.") % {
                "board": self._name(board_id)
            }
        if wanted == OPEN:
            return gettext("Only moderators open topics in “%(board)s”.") % {"board": self._name(board_id)}
        return gettext("“%(board)s” is closed for this.") % {"board": self._name(board_id)}

    def _name(self, board_id: int) -> str:
        return self.boards.boards[board_id].named(get_language() or "zh")

    def _judge(self, board_id: int, act: str) -> bool:
        board = self.boards.boards.get(board_id)
        if board is None:
            return False
        if self.moderates(board_id):
            return True
        if act in {OPEN, REPLY} and board.archived_at is not None:
            return False
        if act == SEE and board.parent_id is not None and not self.may(board.parent_id, SEE):
            return False
        if act in _NEEDS and not self.may(board_id, _NEEDS[act]):
            return False
        return self._fits(self.boards.rule(board_id, act))

    def _fits(self, rule: Rule) -> bool:
        audience, level, group = rule
        if audience == BoardRule.EVERYONE:
            return True
        if audience == BoardRule.NOBODY or self.member is None:
            return False
        if audience == BoardRule.STAFF:
            return members.is_staff(self.member)
        return self.member.level >= level and (group is None or group in self.groups)


def access(member: Member | None, now: datetime) -> Access:
    """Return what this reader may do at `now`."""
    groups = memberships.groups_of(member.pk, now) if member is not None else frozenset()
    return Access(member, groups, tree())
