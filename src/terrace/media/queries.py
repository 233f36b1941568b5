"""Which file stands behind an address, who may have it, and where it is used."""

import re
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user

from terrace.kernel import slots
from terrace.kernel.markup import ImageSize
from terrace.media.models import Upload, Use

MAY_READ = slots.declare(
    "media.may_read", "(upload_id, member or None) -> True where the room shows the upload to this reader, else None"
)
IN_POSTS = 960  # the width of the address that Markdown holds
_ADDRESS = re.compile(r"/media/([0-9a-f]{24})/([1-9][0-9]{1,3})\.webp")
_SIZES = {Upload.IMAGE: (320, 960, 1920), Upload.AVATAR: (64, 128, 256)}


def folder(key: str) -> Path:
    """Return the folder of an upload's files."""
    return Path(settings.MEDIA_ROOT) / key[:2] / key


def address(key: str, width: int = IN_POSTS) -> str:
    """Return the address of an upload at a width in pixels; a smaller picture is served as it is."""
    return f"/media/{key}/{width}.webp"


def file_at(path: str, *, session_key: str) -> tuple[Path, str, bool] | None:
    """Return (file, content type, open to all) for `/media/<key>/<width>.webp`, or None where it is not for this session."""
    found = _ADDRESS.fullmatch(path)
    if found is None:
        return None
    upload = Upload.objects.filter(key=found[1]).only("key", "kind", "member_id", "widths", "open").first()
    if upload is None or int(found[2]) not in _SIZES[upload.kind]:
        return None
    file = folder(upload.key) / f"{_nearest(upload, int(found[2]))}.webp"
    if upload.open:
        return file, "image/webp", True
    member = member_of(session_key)
    if member is not None and member.pk == upload.member_id:
        return file, "image/webp", False
    return (file, "image/webp", False) if True in slots.ask(MAY_READ, upload.pk, member) else None


def _nearest(upload: Upload, width: int) -> int:
    """Return the smallest rendition that is as wide, or else the widest."""
    return min((each for each in upload.widths if each >= width), default=max(upload.widths))


def member_of(session_key: str) -> Any:
    """Return who is signed in under a session's key, or None. The door asks outside of any request."""
    if not session_key:
        return None
    store = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
    user = get_user(SimpleNamespace(session=store))  # type: ignore[arg-type]
    return user if user.is_authenticated else None


def uploads_in(addresses: Iterable[str]) -> list[int]:
    """Return the ids of the uploads behind image addresses, in their order, each once."""
    keys = list(dict.fromkeys(found[1] for found in map(_ADDRESS.fullmatch, addresses) if found))
    ids = dict(Upload.objects.filter(key__in=keys[:200]).values_list("key", "pk")) if keys else {}
    return [ids[key] for key in keys if key in ids]


def sizes_in(source: str) -> dict[str, ImageSize]:
    """Return the size in pixels of every upload whose address stands in a Markdown source, by address."""
    found = {match[0]: match for match in _ADDRESS.finditer(source)}
    if not found:
        return {}
    keys = {match[1] for match in found.values()}
    uploads = {each.key: each for each in Upload.objects.filter(key__in=list(keys)[:200])}
    return {
        text: _size(uploads[match[1]], int(match[2]))
        for text, match in found.items()
        if match[1] in uploads and int(match[2]) in _SIZES[uploads[match[1]].kind]
    }


def _size(upload: Upload, width: int) -> ImageSize:
    real = _nearest(upload, width)
    return ImageSize(real, max(1, round(upload.height * real / upload.width)))


def size_at(upload: Upload, width: int = IN_POSTS) -> ImageSize:
    """Return the size in pixels of what an upload's address at `width` serves."""
    return _size(upload, width)


def thumbs(ids: Iterable[int], width: int = 320) -> dict[int, str]:
    """Return the addresses of uploads by id, with one query."""
    wanted = set(ids)
    if not wanted:
        return {}
    return {pk: address(key, width) for pk, key in Upload.objects.filter(pk__in=wanted).values_list("pk", "key")}


def srcset(key: str, widths: Iterable[int]) -> str:
    """Return the value of `srcset` for an upload with these renditions."""
    real = sorted(widths)
    steps = {min((step for step in _SIZES[Upload.IMAGE] if step >= each), default=1920): each for each in real}
    return ", ".join(f"{address(key, step)} {each}w" for step, each in sorted(steps.items()))


def places_of(upload_id: int) -> list[str]:
    """Return the places that use an upload, such as `post:12`: what a room looks at to answer `media.may_read`."""
    return list(Use.objects.filter(upload_id=upload_id).order_by("place").values_list("place", flat=True)[:200])


def markdown(upload: Upload) -> str:
    """Return what a member writes to show an upload."""
    return f"![{upload.name}]({address(upload.key)})"


def export_member(member_id: int) -> dict[str, Any]:
    """Answer `members.export`: what this room holds of a member."""
    rows = Upload.objects.filter(member_id=member_id).order_by("pk")
    uploads = [
        {
            "address": address(row.key, _SIZES[row.kind][-1]),
            "kind": row.kind,
            "name": row.name,
            "width": row.width,
            "height": row.height,
            "at": row.created_at.isoformat(),
        }
        for row in rows.iterator(500)
    ]
    return {"uploads": uploads}


def thumb_of(addresses: Iterable[str], width: int = 320) -> str:
    """Return the address of a small picture for the first of these image addresses that is an upload, or nothing."""
    ids = uploads_in(addresses)
    return thumbs(ids[:1], width).get(ids[0], "") if ids else ""
