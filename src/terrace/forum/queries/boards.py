"""Boards as they are shown."""

from dataclasses import dataclass, field

from django.utils.translation import get_language, gettext

from terrace.forum.models import Board, BoardFollow
from terrace.forum.policies import Access
from terrace.kernel import slots
from terrace.kernel.addresses import address as address_of

NAME = slots.declare("forum.section_name", "() -> what the operator calls the forum, in the reader's language")


@dataclass(frozen=True)
class BoardRow:
    """One board in a list."""

    id: int
    name: str
    line: str
    url: str
    icon: str
    note: str
    closed: bool
    children: list["BoardRow"] = field(default_factory=list)


@dataclass(frozen=True)
class BoardGroup:
    """Boards under a heading."""

    name: str
    line: str
    boards: list[BoardRow]


@dataclass(frozen=True)
class BoardPage:
    """A board, as its page shows it."""

    id: int
    slug: str
    name: str
    line: str
    url: str
    act: str
    crumbs: list[dict[str, str]]
    team: None
    following: bool
    children: list[BoardRow]
    closed: str
    can_post: bool
    refusal: str
    new_url: str


def find_board(slug: str) -> Board | None:
    """Return the board at an address."""
    return Board.objects.filter(slug=slug).first()


def boards_by_id(access: Access, act: str) -> dict[int, Board]:
    """Return the boards in which the reader may do `act`."""
    return {board_id: access.boards.boards[board_id] for board_id in access.ids(act)}


def address(board: Board) -> str:
    """Return the address of a board."""
    return address_of("forum:board_open", board.slug)


def _row(board: Board, access: Access, language: str, *, deep: bool = False) -> BoardRow:
    children = access.boards.children.get(board.pk, ()) if deep else ()
    return BoardRow(
        id=board.pk,
        name=board.named(language),
        line=board.lined(language),
        url=address(board),
        icon=board.icon,
        note=_note(board, access),
        closed=not access.may(board.pk, "read"),
        children=[_row(access.boards.boards[each], access, language) for each in children if access.may(each, "see")],
    )


def _note(board: Board, access: Access) -> str:
    from django.utils.translation import ngettext

    counted = [access.boards.boards[each] for each in access.boards.below(board.pk) if access.may(each, "read")]
    number = sum(each.topic_count for each in counted)
    return ngettext("%(n)s topic", "%(n)s topics", number) % {"n": f"{number:,}"} if number else ""


def board_groups(access: Access) -> list[BoardGroup]:
    """Return every board that the reader may see: headings with their boards, then boards that stand alone."""
    language = get_language() or "zh"
    tree = access.boards
    groups, alone = [], []
    for top in tree.children.get(None, ()):
        if not access.may(top, "see"):
            continue
        below = [each for each in tree.children.get(top, ()) if access.may(each, "see")]
        board = tree.boards[top]
        if below:
            rows = [_row(tree.boards[each], access, language, deep=True) for each in below]
            groups.append(BoardGroup(board.named(language), board.lined(language), rows))
        else:
            alone.append(_row(board, access, language))
    return [*groups, BoardGroup(gettext("More") if groups else "", "", alone)] if alone else groups


def crumbs_of(board_id: int, access: Access, *, own: bool) -> list[dict[str, str]]:
    """Return the way down to a board, as names and addresses; with `own`, the board itself is its end."""
    language = get_language() or "zh"
    path = list(access.boards.up(board_id))[::-1]
    path = path if own else path[:-1]
    top = {"name": next(iter(slots.ask(NAME)), gettext("Forum")), "url": address_of("forum:board_list")}
    return [
        top,
        *({"name": each.named(language), "url": address(each)} for each in map(access.boards.boards.get, path) if each),
    ]


def board_page(board: Board, access: Access, *, write_refusal: str, following: bool) -> BoardPage:
    """Return a board for its page; `write_refusal` is why its reader may not open a topic, or empty."""
    language = get_language() or "zh"
    children = [each for each in access.boards.children.get(board.pk, ()) if access.may(each, "see")]
    return BoardPage(
        id=board.pk,
        slug=board.slug,
        name=board.named(language),
        line=board.lined(language),
        url=address(board),
        act=f"/b/{board.slug}/",
        crumbs=crumbs_of(board.pk, access, own=False),
        team=None,
        following=following,
        children=[_row(access.boards.boards[each], access, language) for each in children],
        closed="" if access.may(board.pk, "read") else access.what_is_missing(board.pk, "read"),
        can_post=not write_refusal,
        refusal=write_refusal if access.member is not None else "",
        new_url=f"{address_of('forum:topic_new')}?board={board.slug}",
    )


def is_following(board_id: int, access: Access) -> bool:
    """Return whether the reader follows a board."""
    return access.member is not None and BoardFollow.objects.filter(board_id=board_id, member=access.member).exists()


def board_choices(access: Access) -> list[tuple[str, str]]:
    """Return (slug, name) of the boards in which the reader may open a topic, in the order of the tree.

    A board that is only a heading over others is closed by its rule "open".
    """
    language = get_language() or "zh"
    tree = access.boards
    order = [each for top in tree.children.get(None, ()) for each in tree.below(top)]
    return [(tree.boards[each].slug, tree.boards[each].named(language)) for each in order if access.may(each, "open")]
