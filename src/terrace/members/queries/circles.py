"""How people stand to each other."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from terrace.kernel.prepared import Given
from terrace.members.models import Avoidance, Follow
from terrace.members.queries.people import Person, persons


@dataclass(frozen=True, slots=True)
class Relation:
    """How a viewer stands to another member."""

    follows: bool = False
    followed_by: bool = False
    muted: bool = False
    blocked: bool = False
    blocked_by: bool = False

    @property
    def friends(self) -> bool:
        """Whether both follow each other."""
        return self.follows and self.followed_by


def relation(viewer_id: int | None, other_id: int) -> Relation:
    """Return how a viewer stands to another member, with two queries."""
    if viewer_id is None or viewer_id == other_id:
        return Relation()
    ends = Q(follower=viewer_id, followed=other_id) | Q(follower=other_id, followed=viewer_id)
    follows = set(Follow.objects.filter(ends).values_list("follower_id", flat=True))
    sides = Q(member=viewer_id, avoided=other_id) | Q(member=other_id, avoided=viewer_id)
    kinds = dict(Avoidance.objects.filter(sides).values_list("member_id", "kind"))
    return Relation(
        follows=viewer_id in follows,
        followed_by=other_id in follows,
        muted=kinds.get(viewer_id) == Avoidance.MUTE,
        blocked=kinds.get(viewer_id) == Avoidance.BLOCK,
        blocked_by=kinds.get(other_id) == Avoidance.BLOCK,
    )


def following_rows(member_id: int | Given) -> QuerySet:
    """Return the ids of those whom a member follows, for others' subqueries."""
    return Follow.objects.filter(follower=member_id).values("followed_id")


def following_ids(member_id: int) -> set[int]:
    """Return whom a member follows."""
    return set(Follow.objects.filter(follower=member_id).values_list("followed_id", flat=True))


def follower_ids(member_id: int) -> set[int]:
    """Return who follows a member."""
    return set(Follow.objects.filter(followed=member_id).values_list("follower_id", flat=True))


def friend_ids(member_id: int) -> set[int]:
    """Return with whom a member's follow is mutual."""
    return following_ids(member_id) & follower_ids(member_id)


def avoided_by(member_id: int | None) -> set[int]:
    """Return whom a member has muted or blocked: whose posts are folded away."""
    if member_id is None:
        return set()
    return set(Avoidance.objects.filter(member=member_id).values_list("avoided_id", flat=True))


def avoided_rows(member_id: int | Given) -> QuerySet:
    """Return the ids of those whom a member has muted or blocked, for others' subqueries."""
    return Avoidance.objects.filter(member=member_id).values("avoided_id")


def avoiding(member_id: int) -> set[int]:
    """Return who has muted or blocked a member: they hear nothing of what the member does."""
    return set(Avoidance.objects.filter(avoided=member_id).values_list("member_id", flat=True))


def blockers(member_id: int) -> set[int]:
    """Return who has blocked a member."""
    rows = Avoidance.objects.filter(avoided=member_id, kind=Avoidance.BLOCK)
    return set(rows.values_list("member_id", flat=True))


def blocked_either(one_id: int, other_id: int) -> bool:
    """Return whether either of two members has blocked the other."""
    sides = Q(member=one_id, avoided=other_id) | Q(member=other_id, avoided=one_id)
    return Avoidance.objects.filter(sides, kind=Avoidance.BLOCK).exists()


@dataclass(frozen=True, slots=True)
class Circles:
    """Whom somebody follows, mutes and blocks, newest first."""

    following: list[Person]
    friends: set[int]
    muted: list[Person]
    blocked: list[Person]


def circles(member_id: int) -> Circles:
    """Return the lists of the settings page."""
    follows = list(
        Follow.objects.filter(follower=member_id).order_by("-at", "-id").values_list("followed_id", flat=True)[:500]
    )
    avoided = list(
        Avoidance.objects.filter(member=member_id).order_by("-at", "-id").values_list("avoided_id", "kind")[:500]
    )
    known = persons([*follows, *(each for each, _kind in avoided)])
    return Circles(
        following=[known[each] for each in follows if each in known],
        friends=follower_ids(member_id) & set(follows),
        muted=[known[each] for each, kind in avoided if kind == Avoidance.MUTE and each in known],
        blocked=[known[each] for each, kind in avoided if kind == Avoidance.BLOCK and each in known],
    )
