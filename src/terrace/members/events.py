"""What happens to accounts. An event with `staff_act` is in the audit log, in the words of `said`.

Where a field holds a key, `words` gives what is said instead, by field and value.
"""

from dataclasses import dataclass
from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from terrace.kernel.events import Event


@dataclass(frozen=True)
class MemberJoined(Event):
    """Somebody signed up, or was made by the set-up or the demo."""

    about: ClassVar[str] = "member_id"
    member_id: int
    invitation_id: int | None = None


@dataclass(frozen=True)
class MemberFollowed(Event):
    """`follower_id` began to follow `member_id`; `friends` when the follow is now mutual."""

    about: ClassVar[str] = "member_id"
    member_id: int
    follower_id: int
    friends: bool = False


@dataclass(frozen=True)
class ProfileEdited(Event):
    """Avatar, city, bio or language are others now."""

    about: ClassVar[str] = "member_id"
    member_id: int


@dataclass(frozen=True)
class HandleChanged(Event):
    """The member is called otherwise now; the old handle stays reserved for the cool-down."""

    about: ClassVar[str] = "member_id"
    member_id: int


@dataclass(frozen=True)
class ContactChanged(Event):
    """An e-mail address or phone number was added, changed or removed; both are in the row `change_id`."""

    about: ClassVar[str] = "member_id"
    member_id: int
    change_id: int


@dataclass(frozen=True)
class PasswordChanged(Event):
    """The password is another one; every other session has ended."""

    about: ClassVar[str] = "member_id"
    member_id: int


@dataclass(frozen=True)
class LevelReached(Event):
    """Growth made a higher level."""

    about: ClassVar[str] = "member_id"
    member_id: int
    level: int


@dataclass(frozen=True)
class MemberDeleted(Event):
    """The account is gone and its columns are blank; every room forgets what it holds of the member."""

    about: ClassVar[str] = "member_id"
    member_id: int


@dataclass(frozen=True)
class RoleGiven(Event):
    """An administrator gave somebody a role (`member` takes it away)."""

    about: ClassVar[str] = "member_id"
    staff_act: ClassVar[bool] = True
    said: ClassVar[str | Promise] = _("gave the role %(role)s")
    member_id: int
    role: str
    before: str


@dataclass(frozen=True)
class TitleGiven(Event):
    """Staff gave somebody a title that stands before the level's."""

    about: ClassVar[str] = "member_id"
    staff_act: ClassVar[bool] = True
    said: ClassVar[str | Promise] = _("gave the title “%(title)s”")
    member_id: int
    title: str


@dataclass(frozen=True)
class MemberSuspended(Event):
    """Staff took the right to write, until a moment (ISO 8601, UTC)."""

    about: ClassVar[str] = "member_id"
    staff_act: ClassVar[bool] = True
    said: ClassVar[str | Promise] = _("suspended until %(until)s: %(reason)s")
    member_id: int
    until: str
    reason: str


@dataclass(frozen=True)
class SuspensionLifted(Event):
    """The suspension is over: staff ended it, or (`by_time`) it ran out."""

    about: ClassVar[str] = "member_id"
    staff_act: ClassVar[bool] = True
    said: ClassVar[str | Promise] = _("lifted the suspension")
    member_id: int
    by_time: bool = False


@dataclass(frozen=True)
class NoteWritten(Event):
    """Staff wrote a note about a member."""

    about: ClassVar[str] = "member_id"
    staff_act: ClassVar[bool] = True
    said: ClassVar[str | Promise] = _("wrote a note")
    member_id: int
    note_id: int


@dataclass(frozen=True)
class InvitationMade(Event):
    """Staff made an invitation link for so many people."""

    about: ClassVar[str] = "invitation_id"
    staff_act: ClassVar[bool] = True
    said: ClassVar[str | Promise] = _("made an invitation for %(uses)s as %(role)s")
    invitation_id: int
    uses: int
    role: str


@dataclass(frozen=True)
class InvitationRevoked(Event):
    """Staff closed an invitation link."""

    about: ClassVar[str] = "invitation_id"
    staff_act: ClassVar[bool] = True
    said: ClassVar[str | Promise] = _("closed an invitation")
    invitation_id: int


@dataclass(frozen=True)
class LadderChosen(Event):
    """Levels begin elsewhere or are called otherwise: the ladder in words."""

    about: ClassVar[str] = "option"
    staff_act: ClassVar[bool] = True
    said: ClassVar[str | Promise] = _("set the ladder of levels: %(ladder)s")
    option: str
    ladder: str


@dataclass(frozen=True)
class RegistrationChosen(Event):
    """Staff chose who may sign up, and whether the first post needs a phone."""

    about: ClassVar[str] = "mode"
    staff_act: ClassVar[bool] = True
    said: ClassVar[str | Promise] = _("set sign-up to “%(mode)s”")
    words: ClassVar[dict[str, dict[str, str | Promise]]] = {
        "mode": {"open": _("Everybody"), "invitation": _("Who was invited"), "closed": _("Nobody")}
    }
    mode: str
    phone: bool
