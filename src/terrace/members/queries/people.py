"""Who somebody is: what stands beside every name, and how members are found."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import BigAutoField, Q, QuerySet
from django.db.models.functions import Lower
from django.utils import translation

from terrace.kernel import options, pages
from terrace.kernel.addresses import address
from terrace.kernel.errors import Missing
from terrace.kernel.prepared import Given, Prepared
from terrace.kernel.words import fold, skeleton
from terrace.members.models import OWN_LADDER, Code, FormerHandle, Member, Role, progress_at, steps, title_at

PAGE = 30
_COLUMNS = (
    "id",
    "handle",
    "role",
    "team",
    "level",
    "growth",
    "title",
    "avatar_key",
    "suspended_until",
    "deleted_at",
    "city",
    "bio",
    "claimed",
)


def title_of(level: int) -> str:
    """Return the title of a level in the reader's language."""
    return title_at(level)


def ladder() -> list[dict[str, Any]]:
    """Return for each level where it begins (`growth`) and its titles (`zh`, `en`), as they are now."""
    found = []
    for level, growth in enumerate(steps(), 1):
        titles = {}
        for name, code in (("zh", "zh-hans"), ("en", "en")):
            with translation.override(code):
                titles[name] = title_at(level)
        found.append({"growth": growth, **titles})
    return found


def titles_key() -> tuple[str, ...]:
    """Return what tells one choice of titles from every other, for pieces of pages that show some."""
    return tuple(each[language] for each in options.get(OWN_LADDER) for language in ("zh", "en"))


@dataclass(frozen=True, slots=True)
class Person:
    """What a page says of somebody."""

    id: int
    handle: str
    level: int
    growth: int
    role: str
    team: str
    title: str
    avatar_key: str
    suspended: bool
    city: str = ""
    bio: str = ""

    @property
    def pk(self) -> int:
        """Return the member's id."""
        return self.id

    @property
    def url(self) -> str:
        """Return the address of the profile."""
        return address("members:profile", self.handle)

    @property
    def avatar_url(self) -> str:
        """Return the address of the picture: the member's own, or the one drawn from the id."""
        return avatar_url(self.id, self.avatar_key)

    @property
    def level_title(self) -> str:
        """Return the title that stands beside the name, in the reader's language."""
        return self.title or title_of(self.level)

    @property
    def progress(self) -> int:
        """Return how much of the way to the next level is done, 0 to 100."""
        return progress_at(self.growth)

    @property
    def is_staff_role(self) -> bool:
        """Whether this is one of the people who run the place."""
        return self.role != Role.MEMBER

    @property
    def role_label(self) -> str:
        """Return the role's name in the reader's language."""
        return str(Role(self.role).label)

    @property
    def is_suspended(self) -> bool:
        """The same as `suspended`, for the name macro."""
        return self.suspended


def avatar_url(member_id: int, key: str) -> str:
    """Return the address of a member's picture."""
    return f"/media/{key}/128.webp" if key else f"/avatar/{member_id}.svg"


def person(member: Member | None) -> Person | None:
    """Return what pages say of a member; None for who has left."""
    return None if member is None or member.deleted_at is not None else present_person(member)


def present_person(member: Member) -> Person:
    """Return what pages say of a member who is here."""
    return _person({name: getattr(member, name) for name in _COLUMNS})


def _person(row: dict[str, Any]) -> Person:
    return Person(
        id=row["id"],
        handle=row["handle"],
        level=row["level"],
        growth=row["growth"],
        role=row["role"],
        team=row["team"],
        title=row["title"],
        avatar_key=row["avatar_key"],
        # A task clears the column within a minute of its end; what matters is asked of the policies with the exact time.
        suspended=row["suspended_until"] is not None,
        city=row["city"],
        bio=row["bio"],
    )


def persons(ids: Iterable[int | None]) -> dict[int, Person]:
    """Return those of `ids` who are here, by id, with one query. Who has left is not in it."""
    wanted = {each for each in ids if each is not None}
    if not wanted:
        return {}
    rows = Member.objects.present().filter(pk__in=wanted).values(*_COLUMNS)
    return {row["id"]: _person(row) for row in rows}


def people(rows: QuerySet) -> list[Person]:
    """Return the persons of a query over members, in its order."""
    return [_person(row) for row in rows.values(*_COLUMNS)]


def by_id(member_id: int) -> Member | None:
    """Return somebody who is here."""
    return Member.objects.present().filter(pk=member_id).first()


# What stands beside a name, in the order of the table, for queries of other rooms that join a member.
BESIDE = [field.attname for field in Member._meta.concrete_fields if field.attname in _COLUMNS]


def beside(values: Sequence[Any]) -> Member:
    """Return a member of whom only BESIDE was read; anything else is read when it is asked for."""
    return Member.from_db(None, BESIDE, values)


def _whole_member() -> QuerySet:
    return Member.objects.filter(pk=Given("id", BigAutoField())).values_list(*_FIELDS)


_FIELDS = [field.attname for field in Member._meta.concrete_fields]
_of_session = Prepared(_whole_member)


def of_session(member_id: int) -> Member | None:
    """Return whose session this is. The same as a plain read by id, at a tenth of its cost: every page of a member asks for it."""
    rows = _of_session(id=member_id)
    return Member.from_db(None, _FIELDS, rows[0]) if rows else None


def by_handle(handle: str) -> Member:
    """Return who is called so, whatever the case or width. Raises Missing."""
    found = Member.objects.present().filter(skeleton=skeleton(handle)).first() if len(handle) <= 48 else None
    if found is None:
        raise Missing
    return found


def moved_to(handle: str, now: datetime) -> str | None:
    """Return the present handle of whoever gave this one up a short while ago."""
    row = FormerHandle.objects.filter(skeleton=skeleton(handle[:48]), until__gt=now, member__deleted_at=None)
    return row.order_by("-until").values_list("member__handle", flat=True).first()


def by_handles(skeletons: Iterable[str]) -> dict[str, Person]:
    """Return who is called by each of these skeletons (`kernel.words.skeleton`), with one query."""
    wanted = [each for each in set(skeletons) if each]
    found: dict[str, Person] = {}
    for start in range(0, len(wanted), 400):
        rows = Member.objects.present().filter(skeleton__in=wanted[start : start + 400])
        for row in rows.values("skeleton", *_COLUMNS):
            found[row["skeleton"]] = _person(row)
    return found


def by_contact(channel: str, contact: str) -> Member | None:
    """Return whose verified address this is."""
    rows = Member.objects.present().filter(claimed=True)
    if channel == Code.PHONE:
        return rows.filter(phone=contact, phone_verified_at__isnull=False).first()
    return rows.alias(low=Lower("email")).filter(~Q(email=""), low=contact.lower()).first()


def visible() -> QuerySet:
    """Return members who may be found, for others' subqueries."""
    return Member.objects.present()


def search(text: str) -> QuerySet:
    """Return members whose handle holds `text`, however it is written."""
    rows = Member.objects.present()
    typed, folded = fold(text.strip())[:24], skeleton(text[:24])
    if not typed:
        return rows.none()
    match = Q(handle__icontains=typed)
    if folded:
        match |= Q(skeleton__contains=folded)
    return rows.filter(match)


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of people, and the cursor of the next (empty at the end)."""

    people: list[Person]
    older: str


def member_page(order: str, text: str, cursor: str) -> Listed:
    """Return a page of people: `new` newest first, `growth` most growth first, or whoever `text` finds."""
    rows = search(text) if text else Member.objects.present().filter(claimed=True)
    column = "growth" if order == "growth" else "joined_at"
    found = pages.descending(rows.only("joined_at", *_COLUMNS), (column, "id"), cursor, PAGE)
    return Listed([present_person(row) for row in found.rows], found.next)
