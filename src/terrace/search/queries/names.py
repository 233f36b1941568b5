"""Members and boards by name: as it is written, in pinyin, by the initials of the pinyin."""

from dataclasses import dataclass
from functools import lru_cache

from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.functions import Length
from django.urls import reverse
from django.utils.translation import get_language

from terrace.forum import policies as forum_policies
from terrace.forum import queries as forum
from terrace.kernel import words
from terrace.members import queries as members
from terrace.members.queries import Person
from terrace.search import policies
from terrace.search.models import MemberName

SHORTEST = 2  # signs of a name that have to be typed; one Chinese sign is enough
MOST = 5


@dataclass(frozen=True)
class BoardFound:
    """A board whose name begins with, or holds, what was typed."""

    id: int
    name: str
    line: str
    url: str
    icon: str


def _begins(key: str) -> Q:
    # SQLite does not use an index for LIKE with an escape sign, and PostgreSQL does not for a range in its own collation.
    if connection.vendor == "sqlite":
        return Q(key__gte=key, key__lt=key + "\U0010ffff")
    return Q(key__startswith=key)


def _typed(text: str) -> str:
    key = policies.name_key(text[: policies.LONGEST_QUERY])[:120]
    return key if len(key) >= SHORTEST or (key and not key.isascii()) else ""


def people(text: str, avoided: tuple[int, ...] = (), *, most: int = MOST) -> list[Person]:
    """Return members whose name begins so, the shortest names first."""
    key = _typed(text)
    if not key:
        return []
    ids = _called(MemberName.objects.filter(_begins(key)).exclude(member_id__in=avoided), most)
    known = members.persons(ids)
    return [known[each] for each in ids if each in known]


def _called(rows: QuerySet, most: int) -> list[int]:
    found = rows.order_by(Length("key"), "member_id").values_list("member_id", flat=True)[: most * 4]
    return list(dict.fromkeys(found))[:most]


def to_mention(text: str, reader: forum_policies.Access, topic_id: int | None, *, most: int) -> list[Person]:
    """Return whom a member may want to mention: people of the topic first, then anybody whose name begins so.

    Nobody is offered who is suspended, who has blocked the member, or whom the member has muted or blocked. Without
    a text only the people of the topic are; one letter is enough for them.
    """
    if reader.member is None:
        return []
    me = reader.member.pk
    avoided = {me, *members.blockers(me), *members.avoided_by(me)}
    near = [each for each in forum.people_of_topic(topic_id) if each not in avoided] if topic_id else []
    key = policies.name_key(text[: policies.LONGEST_QUERY])[:120]
    if key:
        named = MemberName.objects.filter(_begins(key), member_id__in=near).values_list("member_id", flat=True)
        called = set(named)
        near = [each for each in near if each in called]
    known = members.persons(near)
    found = [known[each] for each in near if each in known and not known[each].suspended][:most]
    if len(found) < most and _typed(text):
        others = people(text, (*avoided, *(each.id for each in found)), most=2 * most)
        found += [each for each in others if not each.suspended][: most - len(found)]
    return found


def boards(text: str, access: forum_policies.Access, *, most: int = MOST) -> list[BoardFound]:
    """Return the boards that the reader may see whose name, in any language, is meant by what was typed."""
    key = _typed(text)
    if not key:
        return []
    language = get_language() or "zh"
    found = []
    for board_id in access.ids("see"):
        board = access.boards.boards[board_id]
        names = [board.name, *(each.get("name", "") for each in board.translations.values())]
        if any(_means(key, name) for name in names if name):
            url = reverse("forum:board_open", args=[board.slug])
            found.append(BoardFound(board.pk, board.named(language), board.lined(language), url, board.icon))
    return found[:most]


def _means(key: str, name: str) -> bool:
    folded, sounds = _forms(name)
    return key in folded or any(each.startswith(key) for each in sounds)


@lru_cache(2000)
def _forms(name: str) -> tuple[str, tuple[str, ...]]:
    """Return a name folded, and how it sounds from each of its words on: “Ridge 手机” is also shouji and sj."""
    parts = words.breakable(name)
    tails = ["".join(parts[at:]) for at in range(len(parts))]
    return policies.name_key(name), tuple(
        form(tail) for tail in tails for form in (words.pinyin, words.pinyin_initials)
    )
