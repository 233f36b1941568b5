"""Who belongs to which group now."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import BigAutoField, Count, DateTimeField, QuerySet

from terrace.kernel import pages, slots
from terrace.kernel.errors import Missing
from terrace.kernel.prepared import Given, Prepared
from terrace.members import queries as members
from terrace.members.models import Member
from terrace.memberships.models import Entitlement, Group

PAGE = 40
USED = slots.declare(
    "memberships.group_used", "(group_ids) -> {group_id: [(name, address at the desk)]} of what opens to these groups"
)


def _entitled() -> QuerySet:
    rows = Entitlement.objects.at(Given("now", DateTimeField()))
    return rows.filter(member_id=Given("member", BigAutoField())).values_list("group_id")


_groups_of = Prepared(_entitled)  # every page of a member asks this


def groups_of(member_id: int, now: datetime) -> frozenset[int]:
    """Return the ids of the groups that a member belongs to at `now`."""
    return frozenset(group_id for (group_id,) in _groups_of(member=member_id, now=now))


def group_names() -> dict[int, str]:
    """Return every group's name by id."""
    return dict(Group.objects.values_list("id", "name"))


@dataclass(frozen=True, slots=True)
class Opened:
    """A place that opens itself to a group, and where its rules are changed."""

    name: str
    url: str


@dataclass(frozen=True, slots=True)
class GroupRow:
    """One line of the list of groups."""

    key: str
    name: str
    members: int
    opens: list[Opened]


@dataclass(frozen=True, slots=True)
class Inside:
    """One member of a group: why, since when, until when (the last moment; None without an end), and whether that is past."""

    person: members.Person
    reason: str
    since: datetime
    until: datetime | None
    over: bool


def group_list(now: datetime) -> list[GroupRow]:
    """Return every group by name, with how many members are in it now and what opens to it."""
    rows = list(Group.objects.order_by("name", "pk"))
    counted = Entitlement.objects.at(now).values("group_id").annotate(n=Count("pk")).values_list("group_id", "n")
    inside, opens = dict(counted), opened_by([row.pk for row in rows])
    return [GroupRow(row.key, row.name, inside.get(row.pk, 0), opens.get(row.pk, [])) for row in rows]


def find_group(key: str) -> Group:
    """Return the group of this key. Raises Missing."""
    found = Group.objects.filter(key=key).first()
    if found is None:
        raise Missing
    return found


def opened_by(group_ids: list[int]) -> dict[int, list[Opened]]:
    """Return what opens itself to each of these groups, asked of all rooms at once."""
    found: dict[int, list[Opened]] = {}
    for answer in slots.ask(USED, group_ids):
        for group_id, places in answer.items():
            found.setdefault(group_id, []).extend(Opened(name, url) for name, url in places)
    return found


def member_count(group_id: int, now: datetime) -> int:
    """Return how many members are in a group now."""
    return Entitlement.objects.at(now).filter(group_id=group_id).count()


def member_page(group_id: int, cursor: str, now: datetime) -> pages.Page:
    """Return a page of the members of a group, the latest put in first; who is past the end is on it too."""
    found = pages.descending(Entitlement.objects.filter(group_id=group_id), ("id",), cursor, PAGE)
    people = members.persons(row.member_id for row in found.rows)
    return pages.Page(
        [_inside(row, people[row.member_id], now) for row in found.rows if row.member_id in people], found.next
    )


def _inside(row: Entitlement, person: members.Person, now: datetime) -> Inside:
    # An end is the first moment outside; a reader is told the last day inside.
    until = row.ends_at - timedelta(seconds=1) if row.ends_at else None
    return Inside(person, row.reason, row.starts_at, until, row.is_over(now))


def find_inside(group_id: int, member_id: int) -> members.Person:
    """Return a member of a group. Raises Missing for anybody else."""
    if not Entitlement.objects.filter(group_id=group_id, member_id=member_id).exists():
        raise Missing
    found = members.persons([member_id]).get(member_id)
    if found is None:
        raise Missing
    return found


def find_member(typed: str) -> Member | None:
    """Return who has this handle or e-mail address and can sign in, or None."""
    if "@" in typed:
        return members.by_contact("email", typed.strip())
    try:
        found = members.by_handle(typed.strip())
    except Missing:
        return None
    return found if found.claimed else None


def export_member(member_id: int) -> dict[str, object]:
    """Return what this room holds about a member."""
    rows = Entitlement.objects.filter(member_id=member_id).select_related("group")
    return {
        "groups": [
            {"group": row.group.key, "since": row.starts_at, "until": row.ends_at, "reason": row.reason} for row in rows
        ]
    }
