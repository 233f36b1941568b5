"""Uploads: written, kept where they are used, let go, swept away."""

import hashlib
import re
import secrets
import shutil
import unicodedata
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef

from terrace.kernel import locks
from terrace.media import policies, queries
from terrace.media.actions import pictures
from terrace.media.models import Upload, Use

ORPHAN = timedelta(days=1)
_PLACE = re.compile(r"[a-z_]+:[0-9]+")


def keep_image(data: bytes, *, member_id: int, name: str = "", now: datetime, kind: str = Upload.IMAGE) -> Upload:
    """Decode a picture and keep it in the widths that pages use; the same picture by the same member is kept once.

    `kind` "avatar" cuts a square that everybody may see; others are seen by whoever may read a place that uses them.
    Raises Invalid for what is no picture or is too large, and TooMany beyond the member's daily limit. What no place
    keeps within a day goes again.
    """
    digest = hashlib.sha256(data).hexdigest()
    known = _known(member_id, digest, kind, now)
    if known is not None:
        return known
    policies.check_daily_limit(member_id, now)
    drawn = pictures.draw(data, square=kind == Upload.AVATAR)
    key = secrets.token_hex(12)  # 96 bits, in letters that every file system tells apart
    _write(key, drawn.files)
    try:
        with transaction.atomic():
            # Two uploads at once must not pass the limit together.
            locks.hold(f"media:{member_id}")
            policies.check_daily_limit(member_id, now)
            return Upload.objects.create(
                key=key,
                member_id=member_id,
                kind=kind,
                width=drawn.width,
                height=drawn.height,
                size=max(len(each) for each in drawn.files.values()),
                widths=sorted(drawn.files),
                digest=digest,
                name=clean_name(name),
                open=kind == Upload.AVATAR,
                created_at=now,
            )
    except IntegrityError:
        _delete_files(key)
        return Upload.objects.get(member_id=member_id, digest=digest, kind=kind)
    except BaseException:
        _delete_files(key)
        raise


def _known(member_id: int, digest: str, kind: str, now: datetime) -> Upload | None:
    known = Upload.objects.filter(member_id=member_id, digest=digest, kind=kind).first()
    # One of yesterday that nothing uses could be swept away in this moment: it counts as new from here on.
    if known is None or not Upload.objects.filter(pk=known.pk).update(created_at=max(now, known.created_at)):
        return None
    if queries.folder(known.key).is_dir():
        return known
    Upload.objects.filter(pk=known.pk).delete()
    return None


def clean_name(name: str) -> str:
    """Return what a member called a file, as one short line of text that can stand in Markdown."""
    name = name.replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(char for char in unicodedata.normalize("NFC", name) if unicodedata.category(char)[0] != "C")
    stem = name.rsplit(".", 1)[0] if "." in name else name
    return " ".join(re.sub(r"[\[\]()<>`!|*_~#@]+", " ", stem).split())[:60]


def _write(key: str, files: dict[int, bytes]) -> None:
    """Write the files beside their place, then move the folder there: half an upload is never seen."""
    place = queries.folder(key)
    unfinished = place.with_name(f".{key}")
    unfinished.mkdir(parents=True)
    try:
        for width, data in files.items():
            (unfinished / f"{width}.webp").write_bytes(data)
        unfinished.rename(place)
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise


def _delete_files(key: str) -> None:
    shutil.rmtree(queries.folder(key), ignore_errors=True)


def keep(upload_ids: Iterable[int], *, place: str) -> None:
    """Say that `place` (such as `post:12`) uses these uploads and no others. The same again changes nothing."""
    if not _PLACE.fullmatch(place):
        raise ValueError(f"a place is a word and a number, not {place!r}")
    wanted = set(upload_ids)
    with transaction.atomic():
        Use.objects.filter(place=place).exclude(upload_id__in=wanted).delete()
        there = set(Upload.objects.select_for_update().filter(pk__in=wanted).values_list("pk", flat=True))
        rows = [Use(upload_id=each, place=place) for each in sorted(there)]
        Use.objects.bulk_create(rows, ignore_conflicts=True)


def release(*, place: str) -> None:
    """Say that `place` uses nothing any more. What nothing else uses goes within a day."""
    Use.objects.filter(place=place).delete()


def delete_orphans(now: datetime, *, most: int = 1000) -> int:
    """Delete uploads that nothing has used for a day, with their files; return how many."""
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
        transaction.on_commit(lambda: _delete_files(key))
    return True


def forget_member(member_id: int, now: datetime) -> None:
    """A member has left: what nothing shows goes at once; what stands in posts stays with them, without its name."""
    Upload.objects.filter(member_id=member_id).update(name="")
    Use.objects.filter(place=f"avatar:{member_id}").delete()
    used = Use.objects.filter(upload_id=OuterRef("pk"))
    for upload_id in Upload.objects.filter(~Exists(used), member_id=member_id).values_list("pk", flat=True):
        Upload.objects.filter(pk=upload_id).update(created_at=now - 2 * ORPHAN)
        _delete_if_unused(upload_id, now)
