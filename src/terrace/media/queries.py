"""Which file stands behind an address, who may have it, where it is used, and what looks like it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user
from django.db.models import Count, Exists, OuterRef, QuerySet, Sum

from terrace.kernel import slots
from terrace.kernel.markup import Shown
from terrace.media.models import Look, Upload, Use

MAY_READ = slots.declare(
    "media.may_read", "(upload_id, member or None) -> True where the room shows the upload to this reader, else None"
)
IN_POSTS = 960  # the width of the address that Markdown holds
# The share of bits of two looks that may differ, and of two shapes. Measured: the same picture saved again at quality 50
# or at a quarter of its size 0 to 0.16, two screenshots of lists 0.20 and more.
ALIKE, SHAPE = 0.18, 0.04
FEW = 20  # folders without an upload: of crashes, whatever else is wrong
CANDIDATES = 200  # uploads with a word in common that are compared, newest first
_ADDRESS = re.compile(r"/media/([0-9a-f]{24})/(?:([1-9][0-9]{1,3})\.webp|clip\.(mp4|webm|m4a|mp3|ogg|wav))")
_NUMBERED = re.compile(
    r"(?:img|image|dsc[fn]?|pxl|mvimg|vid|video|mov|rec|photo|picture|screenshot|screen shot|screen recording|mmexport|wx camera"
    r"|pasted(?: image)?|download|untitled|微信图片|屏幕截图|截屏|录屏)?[\W\d]*(?:at|hdr|wa|pano|copy|mp)?[\W\d]*",
    re.IGNORECASE,
)
_SIZES = {
    Upload.IMAGE: Upload.WIDTHS,
    Upload.AVATAR: Upload.SQUARES,
    Upload.VIDEO: Upload.WIDTHS,
    Upload.AUDIO: (),
}
_TYPES = {
    "mp4": "video/mp4",
    "m4a": "audio/mp4",
    "mp3": "audio/mpeg",
    "ogg": "audio/ogg",
    "wav": "audio/wav",
}


@dataclass(frozen=True)
class Served:
    """A file that may be had: its type, whether by everybody, and whether another browser would get another one."""

    path: Path
    type: str
    open: bool
    varies: bool = False


def root() -> Path:
    """Return the folder of all uploads."""
    return Path(settings.MEDIA_ROOT)


def folder(key: str) -> Path:
    """Return the folder of an upload's files."""
    return root() / key[:2] / key


def address(key: str, width: int = IN_POSTS) -> str:
    """Return the address of a picture (of a poster) at a width in pixels; a smaller picture is served as it is."""
    return f"/media/{key}/{width}.webp"


def address_of(upload: Upload) -> str:
    """Return the address that Markdown holds."""
    return f"/media/{upload.key}/clip.{upload.ending}" if upload.ending else address(upload.key)


def file_at(path: str, *, session_key: str, avif: bool = False) -> Served | None:
    """Return the file behind an address under `/media/`, or None where it is not for this session.

    `avif` says that the browser takes AVIF: it is given the lighter rendition where there is one.
    """
    found = _ADDRESS.fullmatch(path)
    if found is None:
        return None
    upload = Upload.objects.filter(key=found[1]).defer("blur", "look", "digest", "name").first()
    file = _file(upload, found, avif) if upload else None
    if upload is None or file is None or file.open:
        return file
    member = member_of(session_key)
    if member is not None and member.pk == upload.member_id:
        return file
    return file if True in slots.ask(MAY_READ, upload.pk, member) else None


def _file(upload: Upload, found: re.Match[str], avif: bool) -> Served | None:
    if found[3]:
        kind = "video/webm" if upload.kind == Upload.VIDEO else "audio/webm"
        path = folder(upload.key) / f"clip.{upload.ending}"
        return Served(path, _TYPES.get(upload.ending, kind), False) if upload.ending == found[3] else None
    if int(found[2]) not in _SIZES[upload.kind] or not upload.widths:
        return None
    path = folder(upload.key) / f"{_nearest(upload, int(found[2]))}.webp"
    lighter = path.with_suffix(".avif")
    if upload.kind == Upload.IMAGE and avif and lighter.is_file():
        return Served(lighter, "image/avif", upload.open, varies=True)
    return Served(path, "image/webp", upload.open, varies=upload.kind == Upload.IMAGE)


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
    """Return the ids of the uploads behind addresses, in their order, each once."""
    keys = list(dict.fromkeys(found[1] for found in map(_ADDRESS.fullmatch, addresses) if found))
    ids = dict(Upload.objects.filter(key__in=keys[:200]).values_list("key", "pk")) if keys else {}
    return [ids[key] for key in keys if key in ids]


def shown_in(source: str) -> dict[str, Shown]:
    """Return how every upload is drawn whose address stands in a Markdown source, by address, with one query."""
    found = {match[0]: match for match in _ADDRESS.finditer(source)}
    if not found:
        return {}
    keys = {match[1] for match in found.values()}
    uploads = {each.key: each for each in Upload.objects.filter(key__in=list(keys)[:200])}
    return {
        text: _shown(uploads[match[1]], match)
        for text, match in found.items()
        if match[1] in uploads and _file(uploads[match[1]], match, False)
    }


def _shown(upload: Upload, found: re.Match[str]) -> Shown:
    if found[3]:
        poster = address(upload.key, 960) if upload.widths else ""
        return Shown(upload.width, upload.height, kind=upload.kind, poster=poster)
    wide, tall = size_at(upload, int(found[2]))
    widest = next((each for each in Upload.WIDTHS if each >= max(upload.widths)), Upload.WIDTHS[-1])
    return Shown(
        wide, tall, srcset=srcset(upload.key, upload.widths), full=address(upload.key, widest), blur=upload.blur
    )


def shape(key: str) -> tuple[str, int, int] | None:
    """Return kind, width and height of an upload, by its key; None where there is none."""
    return Upload.objects.filter(key=key).values_list("kind", "width", "height").first()


def brightness(key: str) -> float | None:
    """Return how bright a picture with a clear ground is where something is drawn, from 0 to 1; None for any other."""
    from PIL import Image, ImageStat

    upload = Upload.objects.filter(key=key).first()
    if upload is None or not upload.widths:
        return None
    with Image.open(folder(upload.key) / f"{min(upload.widths)}.webp") as picture:
        drawn = picture.convert("RGBA")
    ground = drawn.getchannel("A")
    if ground.getextrema()[0] == 255 or ground.getbbox() is None:
        return None
    return ImageStat.Stat(drawn.convert("L"), mask=ground).mean[0] / 255


def size_at(upload: Upload, width: int = IN_POSTS) -> tuple[int, int]:
    """Return width and height in pixels of what an upload's address at `width` serves; of a video, its own."""
    if upload.ending:
        return upload.width, upload.height
    real = _nearest(upload, width)
    return real, max(1, round(upload.height * real / upload.width))


def thumbs(ids: Iterable[int], width: int = 320) -> dict[int, str]:
    """Return the addresses of pictures and posters of uploads by id, with one query."""
    wanted = set(ids)
    if not wanted:
        return {}
    rows = Upload.objects.filter(pk__in=wanted).values_list("pk", "key", "widths")
    return {pk: address(key, width) for pk, key, widths in rows if widths}


def srcset(key: str, widths: Iterable[int]) -> str:
    """Return the value of `srcset` for an upload with these renditions."""
    real = sorted(widths)
    steps = {min((step for step in Upload.WIDTHS if step >= each), default=Upload.WIDTHS[-1]): each for each in real}
    return ", ".join(f"{address(key, step)} {each}w" for step, each in sorted(steps.items()))


def places_of(upload_id: int) -> list[str]:
    """Return the places that use an upload, such as `post:12`: what a room looks at to answer `media.may_read`."""
    return list(Use.objects.filter(upload_id=upload_id).order_by("place").values_list("place", flat=True)[:200])


def with_words(words: Iterable[int]) -> QuerySet[Upload]:
    """Return uploads that have one of these words of a coarse look in common, newest first."""
    here = Look.objects.filter(upload_id=OuterRef("pk"), word__in=list(words))
    return Upload.objects.filter(Exists(here), kind=Upload.IMAGE).order_by("-pk")


def alike(upload: Upload, look: str, width: int, height: int) -> bool:
    """Whether an upload is this picture, saved again or made smaller: by look and by shape."""
    if not upload.look or abs(upload.width * height - upload.height * width) > SHAPE * upload.height * width:
        return False
    one, other = int(upload.look, 16), int(look, 16)
    return (one ^ other).bit_count() <= ALIKE * (one | other).bit_count()


def posted_before(place: str) -> list[tuple[int, str]]:
    """Return (upload, place) where somebody else showed a picture of this place before.

    For staff: whoever asks shows only those places that its reader may read anyway.
    """
    mine = Upload.objects.filter(pk__in=Use.objects.filter(place=place).values("upload_id"), kind=Upload.IMAGE)
    found = []
    for upload in mine.exclude(look="").order_by("pk")[:20]:
        words = Look.objects.filter(upload=upload).values_list("word", flat=True)
        others = with_words(words).filter(pk__lt=upload.pk).exclude(member_id=upload.member_id)[:CANDIDATES]
        ids = [each.pk for each in others if alike(each, upload.look, upload.width, upload.height)]
        rows = Use.objects.filter(upload_id__in=ids).exclude(place=place).order_by("pk")
        found += [(upload.pk, each) for each in rows.values_list("place", flat=True)[:20]]
    return found


def words_of(upload: Upload) -> str:
    """Return the name of an upload where somebody chose it; what a camera or a messenger writes says nothing."""
    return "" if _NUMBERED.fullmatch(upload.name) else upload.name


def markdown(upload: Upload) -> str:
    """Return what a member writes to show an upload."""
    return f"![{words_of(upload)}]({address_of(upload)})"


def export_member(member_id: int) -> dict[str, Any]:
    """Answer `members.export`: what this room holds of a member."""
    rows = Upload.objects.filter(member_id=member_id).order_by("pk")
    uploads = [
        {
            "address": address_of(row) if row.ending else address(row.key, _SIZES[row.kind][-1]),
            "kind": row.kind,
            "name": row.name,
            "width": row.width,
            "height": row.height,
            "seconds": row.seconds,
            "at": row.created_at.isoformat(),
        }
        for row in rows.iterator(500)
    ]
    return {"uploads": uploads}


def thumb_of(addresses: Iterable[str], width: int = 320) -> str:
    """Return the address of a small picture for the first of these addresses that has one, or nothing."""
    ids = uploads_in(addresses)
    found = thumbs(ids, width)
    return next((found[each] for each in ids if each in found), "")


def totals() -> list[dict[str, Any]]:
    """Return how many uploads of each kind there are, and the bytes of their largest files. It reads the whole table."""
    rows = Upload.objects.values("kind").annotate(count=Count("pk"), size=Sum("size"))
    return [dict(row) for row in rows.order_by("kind")]


@dataclass(frozen=True)
class Store:
    """How many uploads there are, keys of those without a folder, and folders without an upload."""

    uploads: int
    missing: list[str]
    strays: list[Path]


def store() -> Store:
    """Compare rows and folders. It reads every name, so it is for `terrace doctor`."""
    keys = set(Upload.objects.values_list("key", flat=True).iterator(5000))
    there = {path.name for path in _folders()}
    return Store(len(keys), sorted(keys - there), strays())


def _folders() -> Iterable[Path]:
    return root().glob("[0-9a-f][0-9a-f]/*")


def folder_count() -> int:
    """Return how many folders of uploads there are."""
    return sum(1 for _each in _folders())


def strays() -> list[Path]:
    """Return the folders that no row knows: of crashes, or of another database. Names that are not ours are left alone."""
    named = re.compile(r"\.?[0-9a-f]{24}")
    found = [path for path in _folders() if named.fullmatch(path.name) and path.is_dir()]
    unknown: list[Path] = []
    for at in range(0, len(found), 500):
        part = found[at : at + 500]
        known = set(Upload.objects.filter(key__in=[path.name for path in part]).values_list("key", flat=True))
        unknown += [path for path in part if path.name not in known]
    return unknown
