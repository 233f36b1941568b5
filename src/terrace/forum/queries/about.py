"""What is said about something that has a name and an address elsewhere in the house."""

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse

from terrace.forum.models import Tag
from terrace.forum.policies import Access
from terrace.forum.queries.boards import find_board
from terrace.forum.queries.lists import Row, topic_list
from terrace.kernel import words

ROWS = 5


def topics_about(
    slug: str, names: Iterable[str], access: Access, *, now: datetime, size: int = ROWS
) -> tuple[list[Row], str] | None:
    """Return the newest topics of the board at this address, else under a tag that is one of these names, and where they all are.

    None where the reader may read no such topic.
    """
    board = find_board(slug)
    if board is not None and access.may(board.pk, "read"):
        below = list(access.boards.below(board.pk))
        rows = topic_list(access, "latest", now=now, board_ids=below, size=size).rows
        if rows:
            return rows, reverse("forum:board_open", args=[slug])
    for tag in Tag.objects.filter(folded__in=[words.fold(name)[:40] for name in names]).order_by("pk"):
        rows = topic_list(access, "latest", now=now, tag_id=tag.pk, size=size).rows
        if rows:
            return rows, reverse("forum:tag_open", args=[tag.name])
    return None
