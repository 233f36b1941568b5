"""Who may have notices on a screen."""

from datetime import datetime

from django.utils.translation import gettext as _

from terrace.kernel.errors import Refused
from terrace.members.models import Member


def check_join_device(member: Member, now: datetime) -> None:
    """Raise Refused for a member who is suspended: a suspension ends notifications on every device."""
    if member.is_suspended(now):
        raise Refused(_("While you are suspended there are no notifications on devices. Your list has everything."))
