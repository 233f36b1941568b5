"""Who keeps groups, and what a group may be called."""

from django.utils.translation import gettext as _

from terrace.kernel import words
from terrace.kernel.errors import Invalid
from terrace.members import policies as members
from terrace.members.models import Member, Role

LONGEST_NAME = 60  # characters
LONGEST_KEY = 40
LONGEST_REASON = 120


def check_keep_groups(member: Member | None) -> None:
    """Let operators and administrators make groups and say who is in them; Missing for everybody else, who learn nothing."""
    members.check_staff(member, Role.OPERATOR, Role.ADMINISTRATOR)


def clean_name(text: str) -> str:
    """Return a name as it is kept: one line without spaces at its ends. Raises Invalid for an empty or too long one."""
    name = " ".join(text.split())
    if not name:
        raise Invalid(_("A group needs a name."), field="name")
    if len(name) > LONGEST_NAME:
        raise Invalid(_("The name of a group has at most 60 characters."), field="name")
    return name


def clean_reason(text: str) -> str:
    """Return a reason as it is kept. Raises Invalid for an empty or too long one."""
    reason = " ".join(text.split())
    if not reason:
        raise Invalid(_("Say why. The reason stands beside the name and in the audit log."), field="reason")
    if len(reason) > LONGEST_REASON:
        raise Invalid(_("The reason has at most 120 characters."), field="reason")
    return reason


def key_of(name: str) -> str:
    """Return the key of a group with this name: its words in Latin letters, Chinese in pinyin."""
    return words.slug(name, LONGEST_KEY) or "group"
