"""What staff look at: members, and what staff did."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext

from terrace.kernel import events, slots
from terrace.kernel.models import EventRow
from terrace.kernel.words import skeleton
from terrace.members.models import Member, Role
from terrace.members.queries.people import Person, by_handles, persons, present_person, search

PAGE = 40
NAMES = slots.declare("members.names", "({'board': ids, ...}) -> (name, address) of the things known, by 'board:18'")


@dataclass(frozen=True, slots=True)
class MemberRow:
    """One line of the members list of the console."""

    person: Person
    email: str
    phone: str
    joined_at: datetime
    last_seen_at: datetime | None
    suspended_until: datetime | None


@dataclass(frozen=True, slots=True)
class Rows:
    """One page of a list, and the id after which the next begins (empty at the end)."""

    rows: list[Any]
    older: str


def console_members(text: str, show: str, after: int | None) -> Rows:
    """Return members for staff, newest first; `text` is part of a handle or a whole address."""
    rows = Member.objects.present().filter(claimed=True)
    if text:
        rows = rows.filter(Q(pk__in=search(text).values("pk")) | Q(email=text.lower()) | Q(phone=text))
    if show == "staff":
        rows = rows.exclude(role=Role.MEMBER)
    elif show == "suspended":
        rows = rows.filter(suspended_until__isnull=False)
    elif show == "new":
        rows = rows.filter(last_seen_at=None)
    if after is not None:
        rows = rows.filter(pk__lt=after)
    found = list(rows.order_by("-pk")[: PAGE + 1])
    older = str(found[PAGE - 1].pk) if len(found) > PAGE else ""
    return Rows(
        [
            MemberRow(
                present_person(row), row.email, row.phone or "", row.joined_at, row.last_seen_at, row.suspended_until
            )
            for row in found[:PAGE]
        ],
        older,
    )


@dataclass(frozen=True, slots=True)
class Act:
    """One line of the audit log."""

    id: int
    at: datetime
    actor: Person | None
    about: Person | None
    about_key: str
    sentence: str
    kind: str
    name: str = ""
    url: str = ""


def staff_kinds() -> dict[str, type[events.Event]]:
    """Return the kinds of event that are acts of staff: those whose class says `staff_act`."""
    return {kind: cls for kind, cls in events.kinds().items() if getattr(cls, "staff_act", False)}


def audit_page(*, about: str = "", who: str = "", after: int | None = None) -> Rows:
    """Return what staff did, newest first: all of it, about one object, or by or about one member."""
    kinds = staff_kinds()
    # What somebody did to their own (taking back an own post) is nobody's act over another.
    rows = EventRow.objects.filter(~Q(data__has_key="own") | Q(data__own=False), kind__in=list(kinds))
    if about:
        rows = rows.filter(about=about)
    if who:
        found = by_handles([skeleton(who)])
        ids = [each.id for each in found.values()]
        rows = rows.filter(Q(actor_id__in=ids) | Q(about__in=[f"member:{each}" for each in ids]))
    if after is not None:
        rows = rows.filter(pk__lt=after)
    found_rows = list(rows.order_by("-pk")[: PAGE + 1])
    older = str(found_rows[PAGE - 1].pk) if len(found_rows) > PAGE else ""
    shown = found_rows[:PAGE]
    known = persons([row.actor_id for row in shown] + [_member_of(row.about) for row in shown])
    names = _names(shown)
    return Rows([_act(row, kinds[row.kind], known, names) for row in shown], older)


def _names(rows: list[EventRow]) -> dict[str, tuple[str, str]]:
    """Ask the rooms what the things in these rows are called: (name, address) by "board:18"."""
    wanted: defaultdict[str, set[int]] = defaultdict(set)
    for row in rows:
        for key in [row.about, *_keys(row.data).values()]:
            name, _sep, number = key.partition(":")
            if number.isdigit():
                wanted[name].add(int(number))
    return {key: name for answer in slots.ask(NAMES, wanted) for key, name in answer.items()}


def _keys(data: dict[str, Any]) -> dict[str, str]:
    """Return, by field, the keys of what an event names by id: "to_board_id": 18 is "board:18"."""
    return {
        field: f"{field.removesuffix('_id').rpartition('_')[2]}:{value}"
        for field, value in data.items()
        if field.endswith("_id") and value
    }


def _member_of(about: str) -> int | None:
    name, _sep, number = about.partition(":")
    return int(number) if name == "member" and number.isdigit() else None


def _act(row: EventRow, cls: type[events.Event], known: dict[int, Person], names: dict[str, tuple[str, str]]) -> Act:
    said = getattr(cls, "said", None)
    data: defaultdict[str, Any] = defaultdict(str, row.data)
    data |= {field: names[key][0] for field, key in _keys(row.data).items() if key in names}
    name, url = names.get(row.about, ("", ""))
    if "role" in data:
        data["role"] = str(Role(data["role"]).label) if data["role"] in Role.values else data["role"]
    if "until" in data:
        data["until"] = str(data["until"])[:10] or gettext("none")
    for field, words in getattr(cls, "words", {}).items():
        data[field] = str(words.get(data[field], data[field]))
    sentence = str(said) % data if said is not None else row.kind.partition(".")[2]
    return Act(
        id=row.pk,
        at=row.at,
        actor=known.get(row.actor_id) if row.actor_id else None,
        about=known.get(_member_of(row.about) or 0),
        about_key=row.about,
        sentence=sentence.rstrip(" :：") or gettext("did something"),  # there is not always something to add
        kind=row.kind,
        name=name,
        url=url,
    )
