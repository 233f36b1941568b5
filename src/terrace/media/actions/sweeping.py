"""What goes again: uploads that nothing uses, and files that no row knows."""

import logging
import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.db import transaction
from django.db.models import Exists, OuterRef

from terrace.media import queries
from terrace.media.actions import files
from terrace.media.models import Upload, Use

log = logging.getLogger(__name__)

ORPHAN = timedelta(days=1)


@dataclass(frozen=True)
class Swept:
    """What a sweep took away: uploads that nothing used, folders that no row knew, leftovers inside of folders."""

    orphans: int
    strays: int
    leftovers: int


def sweep(now: datetime) -> Swept:
    """Delete uploads that nothing has used for a day, and what crashes left behind."""
    swept = Swept(delete_orphans(now), delete_strays(now), delete_leftovers(now))
    if swept != Swept(0, 0, 0):
        log.info("media swept", extra={"orphans": swept.orphans, "strays": swept.strays, "leftovers": swept.leftovers})
    return swept


def delete_orphans(now: datetime, *, most: int = 1000) -> int:
    """Delete uploads that nothing has used for a day, with all their files; return how many."""
    used = Use.objects.filter(upload_id=OuterRef("pk"))
    old = Upload.objects.filter(~Exists(used), created_at__lt=now - ORPHAN).order_by("created_at")
    return sum(_delete_if_unused(each, now) for each in list(old.values_list("pk", flat=True)[:most]))


def _delete_if_unused(upload_id: int, now: datetime) -> bool:
    with transaction.atomic():
        row = Upload.objects.select_for_update().filter(pk=upload_id, created_at__lt=now - ORPHAN).first()
        if row is None or Use.objects.filter(upload_id=upload_id).exists():
            return False
        key = row.key
        row.delete()
        transaction.on_commit(lambda: files.delete(key))
    return True


def delete_strays(now: datetime) -> int:
    """Delete folders, a day old, that no row knows: a crash came between files and row. Return how many.

    Where most folders are unknown this is the wrong database, not a crash: nothing goes, and `terrace doctor` says so.
    """
    strays = [path for path in queries.strays() if _older(path, now - ORPHAN)]
    if len(strays) > queries.FEW and len(strays) * 2 > queries.folder_count():
        log.error("most uploads are unknown to this database; none was deleted", extra={"strays": len(strays)})
        return 0
    for path in strays:
        shutil.rmtree(path, ignore_errors=True)
    return len(strays)


def delete_leftovers(now: datetime) -> int:
    """Delete, a day later, what a crash left unfinished inside of folders: halves of files, sources. Return how many."""
    root = queries.root()
    found = [*root.glob(f"??/*/{files.SOURCE}"), *root.glob("??/[0-9a-f]*/.*")]
    old = [path for path in found if _older(path, now - ORPHAN)]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def _older(path: Path, moment: datetime) -> bool:
    try:
        return path.stat().st_mtime < moment.timestamp()
    except FileNotFoundError:
        return False


def forget_member(member_id: int, now: datetime) -> None:
    """A member has left: what nothing shows goes at once; what stands in posts stays with them, without its name."""
    Upload.objects.filter(member_id=member_id).update(name="")
    Use.objects.filter(place=f"avatar:{member_id}").delete()
    used = Use.objects.filter(upload_id=OuterRef("pk"))
    for upload_id in Upload.objects.filter(~Exists(used), member_id=member_id).values_list("pk", flat=True):
        Upload.objects.filter(pk=upload_id).update(created_at=now - 2 * ORPHAN)
        _delete_if_unused(upload_id, now)
