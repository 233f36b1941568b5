"""What happens to groups. An event with `staff_act` is in the audit log, in the words of `said`."""

from dataclasses import dataclass
from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from terrace.kernel.events import Event


@dataclass(frozen=True)
class GroupMade(Event):
    """There is a new group."""

    about: ClassVar[str] = "group_id"
    staff_act: ClassVar[bool] = True
    said: ClassVar[str | Promise] = _("made the group “%(name)s”")
    group_id: int
    name: str


@dataclass(frozen=True)
class GroupRenamed(Event):
    """A group is called otherwise now."""

    about: ClassVar[str] = "group_id"
    staff_act: ClassVar[bool] = True
    said: ClassVar[str | Promise] = _("renamed the group “%(before)s” to “%(name)s”")
    group_id: int
    name: str
    before: str


@dataclass(frozen=True)
class GroupDeleted(Event):
    """A group is gone, and with it the entitlements of so many members."""

    about: ClassVar[str] = "group_id"
    staff_act: ClassVar[bool] = True
    said: ClassVar[str | Promise] = _("deleted the group “%(name)s” (members: %(members)s)")
    group_id: int
    name: str
    members: int


@dataclass(frozen=True)
class EntitlementGiven(Event):
    """A member may enter a group from now on, for `until` as its last day (ISO 8601; empty without an end).

    `own` says that no staff acted: it was bought, redeemed or earned.
    """

    about: ClassVar[str] = "member_id"
    staff_act: ClassVar[bool] = True
    said: ClassVar[str | Promise] = _("put them into the group “%(group)s” (last day: %(until)s): %(reason)s")
    member_id: int
    group_id: int
    reason: str
    group: str = ""
    until: str = ""
    own: bool = False


@dataclass(frozen=True)
class EntitlementEnded(Event):
    """A member may no longer enter a group. `own` as above."""

    about: ClassVar[str] = "member_id"
    staff_act: ClassVar[bool] = True
    said: ClassVar[str | Promise] = _("took them out of the group “%(group)s”: %(reason)s")
    member_id: int
    group_id: int
    reason: str
    group: str = ""
    own: bool = False
