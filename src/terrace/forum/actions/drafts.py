"""What is half written: kept with its pictures, and let go when it is sent, dropped or old."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from terrace.forum.models import Draft
from terrace.kernel.errors import Conflict
from terrace.media import actions as media
from terrace.media import queries as uploads
from terrace.members.models import Member


def keep_draft(place: str, data: dict[str, Any], *, by: Member, now: datetime, seen: int = 0) -> None:
    """Keep something half written, with the pictures in it: they have no other place yet. Empty words end it.

    `data["page"]` names the page it is written on, and `seen` is the version (`at`, milliseconds) that this page began
    with. Raises Conflict where another page has kept other words meanwhile: neither writes over what it does not know.
    """
    with transaction.atomic():
        kept = Draft.objects.select_for_update().filter(member=by, place=place[:40]).first()
        if kept is not None and _elsewhere(kept.data, data, seen):
            raise Conflict(gettext("You are writing this on another device too."))
        if not any(str(data.get(name, "")).strip() for name in ("title", "body")):
            drop_draft(place, by=by)
            return
        draft, _made = Draft.objects.update_or_create(member=by, place=place[:40], defaults={"data": data, "at": now})
        shown = uploads.shown_in(str(data.get("body", "")))
        media.keep(uploads.uploads_in(shown), place=f"draft:{draft.pk}")


def _elsewhere(kept: dict[str, Any], data: dict[str, Any], seen: int) -> bool:
    known = kept.get("at") == seen or kept.get("page", "") == data.get("page", "")
    return not known and any(kept.get(name, "") != data.get(name, "") for name in ("title", "body"))


def drop_draft(place: str, *, by: Member) -> None:
    """Throw something half written away. What was sent calls this after its post keeps the pictures, in one transaction."""
    _drop(Draft.objects.filter(member=by, place=place[:40]))


def drop_drafts(member_id: int) -> None:
    """Throw away everything that a member has half written."""
    _drop(Draft.objects.filter(member_id=member_id))


def drop_old_drafts(before: datetime, *, most: int = 1000) -> int:
    """Throw away what nobody has touched since `before`; return how many there were."""
    return _drop(Draft.objects.filter(at__lt=before).order_by("at")[:most])


def _drop(drafts: Any) -> int:
    with transaction.atomic():
        ids = list(drafts.values_list("pk", flat=True))
        for number in ids:
            media.release(place=f"draft:{number}")
        if ids:
            Draft.objects.filter(pk__in=ids).delete()
    return len(ids)
