"""Who may upload, and how much."""

from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext, ngettext

from terrace.kernel import options
from terrace.kernel.errors import Conflict, Invalid, Refused, TooMany
from terrace.media.models import Upload

DAY = timedelta(days=1)
MB = 1024 * 1024
AVATARS_PER_DAY = 20
# What an operator may set at most: a video is read in memory.
CEILING = {
    "level": 99,
    "per_day": 10_000,
    "video_mb": 200,
    "video_seconds": 600,
    "audio_mb": 100,
    "audio_seconds": 3600,
}


@dataclass(frozen=True)
class Limits:
    """What may be sent from a level on: uploads in 24 hours, and of a video or a sound MB and seconds (0: none)."""

    level: int
    per_day: int
    video_mb: int
    video_seconds: int
    audio_mb: int
    audio_seconds: int

    def bytes_of(self, kind: str) -> int:
        """Return the most bytes of a video or an audio."""
        return (self.video_mb if kind == Upload.VIDEO else self.audio_mb) * MB

    def seconds_of(self, kind: str) -> int:
        """Return the most seconds of a video or an audio."""
        return self.video_seconds if kind == Upload.VIDEO else self.audio_seconds


_STEPS = [
    Limits(level=1, per_day=40, video_mb=20, video_seconds=15, audio_mb=10, audio_seconds=60),
    Limits(level=3, per_day=100, video_mb=60, video_seconds=60, audio_mb=20, audio_seconds=300),
    Limits(level=5, per_day=200, video_mb=100, video_seconds=180, audio_mb=40, audio_seconds=900),
]


def _steps(value: Any) -> list[dict[str, int]]:
    """Check the operator's steps: whole numbers within what the machine bears, from level 1 upwards."""
    found = []
    for row in value:
        step = {each.name: int(row[each.name]) for each in fields(Limits)}
        if any(not 0 <= number <= CEILING[name] for name, number in step.items()) or step["per_day"] < 1:
            raise ValueError("a number is out of bounds")
        found.append(step)
    levels = [step["level"] for step in found]
    if levels[:1] != [1] or levels != sorted(set(levels)):
        raise ValueError("the steps begin at level 1 and rise")
    return found


LIMITS = options.declare("media.limits", [asdict(step) for step in _STEPS], "What members may send, by level", _steps)


def steps() -> list[Limits]:
    """Return the limits of every step, lowest level first."""
    return [Limits(**row) for row in options.get(LIMITS)]


def limits_at(level: int) -> Limits:
    """Return what may be sent at a level."""
    return next((step for step in reversed(steps()) if step.level <= level), steps()[0])


def limits_of(member: Any) -> Limits:
    """Return what a member may send; staff may what the highest level may."""
    return steps()[-1] if member.is_staff_role else limits_at(member.level)


def check_upload(member: Any, now: datetime) -> None:
    """Raise Refused where somebody (a member, or None for a stranger) may not upload."""
    if member is None:
        raise Refused(gettext("Sign in first, then you can add pictures."), status=401)
    if member.is_suspended(now):
        raise Refused(gettext("You can read but not write for now, so you cannot add pictures either."))


def check_clip_size(kind: str, size: int, limits: Limits) -> None:
    """Raise Invalid (413) for a video or sound of more bytes than the level allows, and where it allows none."""
    most = limits.bytes_of(kind)
    if not most or not limits.seconds_of(kind):
        words = (
            gettext("You cannot send videos yet.") if kind == Upload.VIDEO else gettext("You cannot send sounds yet.")
        )
        raise Invalid(_with_next(words, kind, limits), field="file", status=413)
    if size > most:
        raise Invalid(_with_next(_too_large(size, most), kind, limits), field="file", status=413)


def check_file_size(size: int, most: int) -> None:
    """Raise Invalid (413) for a file of more bytes than `most`, whatever it is."""
    if size > most:
        raise Invalid(_too_large(size, most), field="file", status=413)


def _too_large(size: int, most: int) -> str:
    return gettext("This file is %(n)s MB; the limit is %(most)s MB.") % {
        "n": max(-(-size // MB), most // MB + 1),
        "most": most // MB,
    }


def check_clip_length(kind: str, seconds: float, limits: Limits) -> None:
    """Raise Invalid (413) for a video or sound that plays longer than the level allows."""
    most = limits.seconds_of(kind)
    if seconds > most + 0.5:  # a recorder that was told 15 seconds stops a little later
        words = gettext("This lasts %(n)s s; the limit is %(most)s s.") % {
            "n": max(int(seconds + 0.5), most + 1),
            "most": most,
        }
        raise Invalid(_with_next(words, kind, limits), field="file", status=413)


def _with_next(words: str, kind: str, limits: Limits) -> str:
    """Add from which level on more is allowed."""
    higher = next(
        (
            step
            for step in steps()
            if step.level > limits.level
            and (step.bytes_of(kind), step.seconds_of(kind)) > (limits.bytes_of(kind), limits.seconds_of(kind))
        ),
        None,
    )
    if higher is None:
        return words
    more = gettext("From level %(level)s on it is %(mb)s MB and %(seconds)s s.") % {
        "level": higher.level,
        "mb": higher.bytes_of(kind) // MB,
        "seconds": higher.seconds_of(kind),
    }
    return gettext("%(refusal)s %(more)s") % {"refusal": words, "more": more}


def check_daily_limit(member_id: int, kind: str, most: int, now: datetime) -> None:
    """Raise TooMany when the member has uploaded `most` files in the last 24 hours. Avatars are counted apart."""
    rows = Upload.objects.filter(member_id=member_id, created_at__gt=now - DAY)
    rows = rows.filter(kind=kind) if kind == Upload.AVATAR else rows.exclude(kind=Upload.AVATAR)
    times = list(rows.order_by("-created_at").values_list("created_at", flat=True)[:most])
    if len(times) < most:
        return
    seconds = max(60, int((times[-1] + DAY - now).total_seconds()))
    hours = -(-seconds // 3600)
    sentence = ngettext(
        "That is %(most)s files in a day. You can add more in %(n)s hour.",
        "That is %(most)s files in a day. You can add more in %(n)s hours.",
        hours,
    ) % {"most": most, "n": hours}
    raise TooMany(sentence, retry_after=seconds)


class SentBefore(Conflict):
    """The same member has sent a picture that looks like this one; `upload` is the earlier one."""

    def __init__(self, upload: Upload) -> None:
        super().__init__(gettext("You sent this picture before. Take the earlier one, or send this one all the same."))
        self.upload = upload
