"""Uploads: written, and kept where they are used."""

import hashlib
import re
import secrets
import unicodedata
from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, transaction

from terrace.kernel import events, locks
from terrace.media import policies, queries
from terrace.media.actions import clips, files, looks, pictures
from terrace.media.events import PictureKept
from terrace.media.models import Look, Upload, Use

_PLACE = re.compile(r"[a-z_]+:[0-9]+")


def keep_image(
    data: bytes,
    *,
    member_id: int,
    name: str = "",
    now: datetime,
    kind: str = Upload.IMAGE,
    limits: policies.Limits | None = None,
    again: bool = False,
) -> Upload:
    """Decode a picture and keep it in the widths that pages use; the same picture by the same member is kept once.

    `kind` "avatar" cuts a square that everybody may see; others are seen by whoever may read a place that uses them.
    Raises Invalid for what is no picture or is too large, TooMany beyond the member's daily limit (of `limits`, else of
    level 1), and SentBefore for one that looks like an earlier one of the same member, unless `again`. What no place
    keeps within a day goes again.
    """
    digest = hashlib.sha256(data).hexdigest()
    known = _known(member_id, digest, (kind,), now)
    if known is not None:
        return known
    most = policies.AVATARS_PER_DAY if kind == Upload.AVATAR else (limits or policies.limits_at(1)).per_day
    policies.check_daily_limit(member_id, kind, most, now)
    drawn = pictures.draw(data, square=kind == Upload.AVATAR)
    if kind == Upload.IMAGE and not again:
        _check_new(member_id, drawn, now)
    named = {f"{width}.webp": each for width, each in drawn.files.items()}
    if drawn.source:
        named[files.SOURCE] = drawn.source
    row = Upload(
        kind=kind,
        width=drawn.width,
        height=drawn.height,
        size=max(len(each) for each in drawn.files.values()),
        widths=sorted(drawn.files),
        open=kind == Upload.AVATAR,
        blur=drawn.blur,
        look=drawn.look.fine if drawn.look else "",
    )
    return _keep(row, named, digest, member_id, name, most, now, drawn.look)


def keep_clip(
    data: bytes,
    *,
    member_id: int,
    name: str = "",
    now: datetime,
    limits: policies.Limits,
    poster: bytes = b"",
) -> Upload:
    """Read a video or a sound and keep it without what it does not need to play, with its poster in the usual widths.

    Raises Invalid for what is damaged, does not play in browsers, or is larger or longer than `limits`, and TooMany
    beyond the daily limit. What no place keeps within a day goes again.
    """
    digest = hashlib.sha256(data).hexdigest()
    known = _known(member_id, digest, (Upload.VIDEO, Upload.AUDIO), now)
    if known is not None:
        return known
    policies.check_daily_limit(member_id, Upload.VIDEO, limits.per_day, now)
    clip = clips.read(data)
    policies.check_clip_size(clip.kind, len(data), limits)
    policies.check_clip_length(clip.kind, clip.seconds, limits)
    drawn = pictures.draw(poster, square=False) if poster and clip.kind == Upload.VIDEO else None
    named = {f"clip.{clip.ending}": clip.data}
    if drawn:
        named |= {f"{width}.webp": each for width, each in drawn.files.items()}
    row = Upload(
        kind=clip.kind,
        width=clip.width,
        height=clip.height,
        size=len(clip.data),
        widths=sorted(drawn.files) if drawn else [],
        ending=clip.ending,
        seconds=round(clip.seconds, 3),
    )
    return _keep(row, named, digest, member_id, name, limits.per_day, now)


def _keep(
    row: Upload,
    named: dict[str, bytes],
    digest: str,
    member_id: int,
    name: str,
    most: int,
    now: datetime,
    look: looks.Look | None = None,
) -> Upload:
    """Write the files, then the row: a crash between them leaves files without a row, which the sweep takes away."""
    row.key = secrets.token_hex(12)  # 96 bits, in letters that every file system tells apart
    row.member_id, row.digest, row.name, row.created_at = member_id, digest, clean_name(name), now
    files.write(row.key, named)
    try:
        with transaction.atomic():
            # Two uploads at once must not pass the limit together.
            locks.hold(f"media:{member_id}")
            policies.check_daily_limit(member_id, row.kind, most, now)
            row.save(force_insert=True)
            if look and row.kind == Upload.IMAGE:
                Look.objects.bulk_create([Look(upload=row, word=word) for word in look.words])
            if files.SOURCE in named:
                events.record(PictureKept(row.pk, member_id), now=now, actor_id=member_id)
            return row
    except IntegrityError:
        files.delete(row.key)
        return Upload.objects.get(member_id=member_id, digest=digest, kind=row.kind)
    except BaseException:
        files.delete(row.key)
        raise


def _known(member_id: int, digest: str, kinds: tuple[str, ...], now: datetime) -> Upload | None:
    known = Upload.objects.filter(member_id=member_id, digest=digest, kind__in=kinds).first()
    if known is None or not _renew(known, now):
        return None
    if queries.folder(known.key).is_dir():
        return known
    Upload.objects.filter(pk=known.pk).delete()
    return None


def _renew(upload: Upload, now: datetime) -> bool:
    """One of yesterday that nothing uses could be swept away in this moment: it counts as new from here on."""
    return bool(Upload.objects.filter(pk=upload.pk).update(created_at=max(now, upload.created_at)))


def _check_new(member_id: int, drawn: pictures.Drawn, now: datetime) -> None:
    if drawn.look is None:
        return
    for earlier in queries.with_words(drawn.look.words).filter(member_id=member_id)[: queries.CANDIDATES]:
        alike = queries.alike(earlier, drawn.look.fine, drawn.width, drawn.height)
        if alike and queries.folder(earlier.key).is_dir() and _renew(earlier, now):
            raise policies.SentBefore(earlier)


def clean_name(name: str) -> str:
    """Return what a member called a file, as one short line of text that can stand in Markdown."""
    name = name.replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(char for char in unicodedata.normalize("NFC", name) if unicodedata.category(char)[0] != "C")
    stem = name.rsplit(".", 1)[0] if "." in name else name
    return " ".join(re.sub(r"[\[\]()<>`!|*_~#@]+", " ", stem).split())[:60]


def draw_lighter(upload_id: int) -> int:
    """Draw the AVIF renditions of a picture from what was laid aside for them; return how many pay.

    Drawn again they are the same, and where the picture has gone meanwhile there is nothing to do.
    """
    upload = Upload.objects.filter(pk=upload_id).first()
    if upload is None:
        return 0
    folder = queries.folder(upload.key)
    try:
        source = (folder / files.SOURCE).read_bytes()
        sizes = {width: (folder / f"{width}.webp").stat().st_size for width in upload.widths}
        found = pictures.lighter(source, sizes)
        for width, data in found.items():
            files.add(upload.key, f"{width}.avif", data)
        (folder / files.SOURCE).unlink()
    except FileNotFoundError:
        return 0
    return len(found)


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
