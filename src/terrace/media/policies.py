"""Who may upload, and how much."""

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext, ngettext

from terrace.kernel import options
from terrace.kernel.errors import Refused, TooMany
from terrace.media.models import Upload

DAY = timedelta(days=1)


def _whole(value: Any) -> int:
    number = int(value)
    if not 1 <= number <= 10_000:
        raise ValueError("1 to 10,000")
    return number


options.declare("media.uploads_per_day", 100, "How many pictures one member may upload in a day", _whole)


def check_upload(member: Any, now: datetime) -> None:
    """Raise Refused where somebody (a member, or None for a stranger) may not upload."""
    if member is None:
        raise Refused(gettext("Sign in first, then you can add pictures."), status=401)
    if member.is_suspended(now):
        raise Refused(gettext("You can read but not write for now, so you cannot add pictures either."))


def check_daily_limit(member_id: int, now: datetime) -> None:
    """Raise TooMany when the member has uploaded as many pictures in the last 24 hours as one may."""
    most = options.get("media.uploads_per_day")
    recent = Upload.objects.filter(member_id=member_id, created_at__gt=now - DAY).order_by("-created_at")
    times = list(recent.values_list("created_at", flat=True)[:most])
    if len(times) < most:
        return
    seconds = max(60, int((times[-1] + DAY - now).total_seconds()))
    hours = -(-seconds // 3600)
    sentence = ngettext(
        "That is %(most)s pictures in a day. You can add more in %(n)s hour.",
        "That is %(most)s pictures in a day. You can add more in %(n)s hours.",
        hours,
    ) % {"most": most, "n": hours}
    raise TooMany(sentence, retry_after=seconds)
