"""What happens to products, teams and devices. An event with `staff_act` is in the audit log, in the words of `said`."""

from dataclasses import dataclass
from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from terrace.kernel.events import Event

Words = dict[str, dict[str, str | Promise]]  # of each field, by its value

CHANNELS: dict[str, str | Promise] = {"closed": _("Closed beta"), "public": _("Public beta"), "stable": _("Stable")}
PARTS: dict[str, str | Promise] = {
    "lead": _("Lead"),
    "manager": _("Product manager"),
    "engineer": _("Engineer"),
    "tester": _("Tester"),
}


@dataclass(frozen=True)
class ProductMade(Event):
    """There is a new product."""

    about: ClassVar[str] = "product_id"
    staff_act: ClassVar[bool] = True
    said: ClassVar[str | Promise] = _("added the product “%(name)s”")
    product_id: int
    name: str


@dataclass(frozen=True)
class ProductEdited(Event):
    """A product's entry or picture is another one, it is retired, or back."""

    about: ClassVar[str] = "product_id"
    staff_act: ClassVar[bool] = True
    said: ClassVar[str | Promise] = _("changed the product (%(what)s)")
    words: ClassVar[Words] = {
        "what": {"entry": _("entry"), "picture": _("picture"), "retired": _("retired"), "back": _("back in the list")}
    }
    product_id: int
    what: str


@dataclass(frozen=True)
class ModuleMade(Event):
    """A product has a new module."""

    about: ClassVar[str] = "product_id"
    staff_act: ClassVar[bool] = True
    said: ClassVar[str | Promise] = _("added the module “%(name)s”")
    product_id: int
    module_id: int
    name: str


@dataclass(frozen=True)
class ModuleEdited(Event):
    """A module is called otherwise, belongs to another team, is retired or back."""

    about: ClassVar[str] = "product_id"
    staff_act: ClassVar[bool] = True
    said: ClassVar[str | Promise] = _("changed the module “%(name)s”")
    product_id: int
    module_id: int
    name: str


@dataclass(frozen=True)
class VersionMade(Event):
    """A product has a new version, which is planned."""

    about: ClassVar[str] = "product_id"
    staff_act: ClassVar[bool] = True
    said: ClassVar[str | Promise] = _("planned version %(number)s (%(channel)s)")
    words: ClassVar[Words] = {"channel": CHANNELS}
    product_id: int
    version_id: int
    number: str
    channel: str


@dataclass(frozen=True)
class VersionEdited(Event):
    """A version's number or note is another one, or a planned one is meant for another channel."""

    about: ClassVar[str] = "product_id"
    staff_act: ClassVar[bool] = True
    said: ClassVar[str | Promise] = _("changed version %(number)s")
    product_id: int
    version_id: int
    number: str


@dataclass(frozen=True)
class VersionReleased(Event):
    """A planned version is with members now, in a channel."""

    about: ClassVar[str] = "version_id"
    staff_act: ClassVar[bool] = True
    said: ClassVar[str | Promise] = _("released it (%(channel)s)")
    words: ClassVar[Words] = {"channel": CHANNELS}
    version_id: int
    product_id: int
    number: str
    channel: str


@dataclass(frozen=True)
class VersionRaised(Event):
    """A version went up from one channel to another."""

    about: ClassVar[str] = "version_id"
    staff_act: ClassVar[bool] = True
    said: ClassVar[str | Promise] = _("raised it from “%(before)s” to “%(channel)s”")
    words: ClassVar[Words] = {"channel": CHANNELS, "before": CHANNELS}
    version_id: int
    product_id: int
    number: str
    channel: str
    before: str


@dataclass(frozen=True)
class BuildMade(Event):
    """A version has a new build."""

    about: ClassVar[str] = "version_id"
    staff_act: ClassVar[bool] = True
    said: ClassVar[str | Promise] = _("added build %(number)s")
    version_id: int
    product_id: int
    build_id: int
    number: str


@dataclass(frozen=True)
class TeamMade(Event):
    """There is a new team."""

    about: ClassVar[str] = "team_id"
    staff_act: ClassVar[bool] = True
    said: ClassVar[str | Promise] = _("made the team “%(name)s”")
    team_id: int
    name: str


@dataclass(frozen=True)
class TeamEdited(Event):
    """A team's entry or its working hours are others."""

    about: ClassVar[str] = "team_id"
    staff_act: ClassVar[bool] = True
    said: ClassVar[str | Promise] = _("changed the team (%(what)s)")
    words: ClassVar[Words] = {"what": {"entry": _("entry"), "hours": _("working hours")}}
    team_id: int
    what: str


@dataclass(frozen=True)
class TeamPartGiven(Event):
    """Somebody is in a team now, or has another part in it."""

    about: ClassVar[str] = "member_id"
    staff_act: ClassVar[bool] = True
    said: ClassVar[str | Promise] = _("gave them a part in the team %(team_id)s: %(part)s")
    words: ClassVar[Words] = {"part": PARTS}
    member_id: int
    team_id: int
    part: str
    on_call: bool


@dataclass(frozen=True)
class TeamLeft(Event):
    """Somebody is in a team no longer. `own` says that no staff acted: the role that it needs is gone."""

    about: ClassVar[str] = "member_id"
    staff_act: ClassVar[bool] = True
    said: ClassVar[str | Promise] = _("took them out of the team %(team_id)s")
    member_id: int
    team_id: int
    own: bool = False


@dataclass(frozen=True)
class DeviceListed(Event):
    """A member listed a device of theirs."""

    about: ClassVar[str] = "device_id"
    device_id: int
    product_id: int
    member_id: int


@dataclass(frozen=True)
class DeviceChanged(Event):
    """A device runs another version, or is called otherwise."""

    about: ClassVar[str] = "device_id"
    device_id: int
    product_id: int
    member_id: int


@dataclass(frozen=True)
class DeviceDropped(Event):
    """A member has a device no longer."""

    about: ClassVar[str] = "device_id"
    device_id: int
    product_id: int
    member_id: int
