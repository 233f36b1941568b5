"""From bytes to pictures: looked at before they are decoded, decoded in memory, written anew.

The decoder is given bytes and the one format that their first bytes name: never a path, never a client's MIME type or
file name. Nothing of the original is kept but its pixels, so what else it carried (EXIF, GPS, a second file behind the
first) ends here.
"""

import contextlib
import io
import threading
from dataclasses import dataclass

import pi_heif
from django.utils.translation import gettext
from PIL import Image, ImageCms, ImageOps

from terrace.kernel.errors import Invalid

MB = 1024 * 1024
MAX_BYTES = 20 * MB
MAX_PIXELS = 40_000_000
MAX_SIDE = 16_000  # pixels; no camera is wider, and WebP ends at 16,383
WIDTHS = (320, 960, 1920)
SQUARES = (64, 128, 256)
FRAMES = 120  # more, and only the first is kept
FRAME_PIXELS = 24_000_000  # of all frames together
MOVING_WIDTH = 960
QUALITY = 82

pi_heif.register_heif_opener()
# Decoding takes memory in proportion to pixels: two at a time, whoever else uploads waits.
_turn = threading.BoundedSemaphore(2)
_BRANDS = {
    **dict.fromkeys((b"avif", b"avis"), "AVIF"),
    **dict.fromkeys((b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"), "HEIF"),
}


@dataclass(frozen=True)
class Drawn:
    """A decoded picture: its size as it is seen, and its renditions as WebP bytes by width in pixels."""

    width: int
    height: int
    files: dict[int, bytes]


def format_of(data: bytes) -> str | None:
    """Return Pillow's name of the format that the first bytes say, or None for anything that we do not take."""
    head = data[:1024]
    # A reader of PDF looks for its mark anywhere in the first kilobyte.
    if b"%PDF-" in head:
        return None
    if head.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if head.startswith((b"GIF87a", b"GIF89a")):
        return "GIF"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WEBP"
    if head[4:8] == b"ftyp":
        brands = [head[8:12], *(head[at : at + 4] for at in range(16, min(int.from_bytes(head[:4]), 64), 4))]
        return next((_BRANDS[brand] for brand in brands if brand in _BRANDS), None)
    return None


def draw(data: bytes, *, square: bool) -> Drawn:
    """Decode and draw a picture in the widths that pages use, never larger than it is; `square` cuts out the middle.

    Raises Invalid with a sentence for what is too large, is no picture, or cannot be read.
    """
    _check_bytes(data)
    found = format_of(data)
    if found is None:
        raise Invalid(_not_a_picture(), field="file")
    with _turn:
        try:
            return _draw(data, found, square)
        except Invalid:
            raise
        except Exception as error:
            # Decoders raise whatever comes to them on broken files; to a person all of it means one thing.
            raise Invalid(
                gettext("This picture is damaged and cannot be read. Save it again, then retry."), field="file"
            ) from error


def _not_a_picture() -> str:
    return gettext("This is not a picture we can read. JPEG, PNG, WebP, GIF, AVIF and HEIC work.")


def _check_bytes(data: bytes) -> None:
    if not data:
        raise Invalid(gettext("This file is empty. Choose another."), field="file")
    if len(data) > MAX_BYTES:
        raise Invalid(too_large(len(data)), field="file")


def too_large(size: int) -> str:
    """Return the sentence for a file of `size` bytes."""
    return gettext("This picture is %(n)s MB; the limit is %(most)s MB. Compress and retry.") % {
        "n": max(-(-size // MB), MAX_BYTES // MB + 1),
        "most": MAX_BYTES // MB,
    }


def _draw(data: bytes, found: str, square: bool) -> Drawn:
    try:
        opened = Image.open(io.BytesIO(data), formats=[found])
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Invalid(_too_many_pixels(), field="file") from error
    with opened as image:
        _check_size(image.size)
        if _moves(image) and not square:
            return _moving(image)
        if found == "JPEG":
            image.draft("RGB", (WIDTHS[-1], WIDTHS[-1]))
        width, height = _seen_size(image)
        return _still(_upright(image), square, width, height)


def _check_size(size: tuple[int, int]) -> None:
    width, height = size
    if width < 1 or height < 1:
        raise Invalid(_not_a_picture(), field="file")
    if width * height > MAX_PIXELS or max(size) > MAX_SIDE:
        raise Invalid(_too_many_pixels(), field="file")


def _too_many_pixels() -> str:
    return gettext("This picture has more than %(n)s million pixels. Make it smaller and retry.") % {
        "n": MAX_PIXELS // 1_000_000
    }


def _moves(image: Image.Image) -> bool:
    frames = getattr(image, "n_frames", 1)
    return 1 < frames <= FRAMES and frames * image.width * image.height <= FRAME_PIXELS


def _seen_size(image: Image.Image) -> tuple[int, int]:
    """Return the size after the orientation of EXIF, which turns the picture on its side from 5 upwards."""
    width, height = image.size
    with contextlib.suppress(Exception):
        if image.getexif().get(0x0112, 1) >= 5:
            return height, width
    return width, height


def _upright(image: Image.Image) -> Image.Image:
    """Return the first frame as it is seen: turned, in sRGB, with transparency where it has any, and nothing else."""
    image.seek(0)
    image.load()
    profile = image.info.get("icc_profile")
    plain = _eight_bits(ImageOps.exif_transpose(image))
    if profile:
        plain = _in_srgb(plain, profile)
    wanted = "RGBA" if plain.mode in {"RGBA", "LA", "PA"} or "transparency" in plain.info else "RGB"
    clean = plain.convert(wanted)
    clean.info = {}
    return clean


def _eight_bits(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I;16") or image.mode == "I":
        return image.convert("I").point(lambda value: value / 256).convert("L")
    if image.mode in {"P", "1"}:
        return image.convert("RGBA" if "transparency" in image.info else "RGB")
    return image


def _in_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    """Return the picture in sRGB; a profile that cannot be used is left out."""
    mode = "RGBA" if image.mode == "RGBA" else "RGB"
    with contextlib.suppress(ImageCms.PyCMSError, OSError, ValueError, TypeError):
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        turned = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode=mode)
        if turned is not None:
            return turned
    return image


def _still(image: Image.Image, square: bool, width: int, height: int) -> Drawn:
    if square:
        side = min(image.size)
        widths = _no_larger(SQUARES, side)
        files = {each: _webp(ImageOps.fit(image, (each, each), Image.Resampling.LANCZOS)) for each in widths}
        return Drawn(min(side, SQUARES[-1]), min(side, SQUARES[-1]), files)
    files = {}
    for each in _no_larger(WIDTHS, image.width):
        tall = max(1, round(image.height * each / image.width))
        files[each] = _webp(
            image if each == image.width else image.resize((each, tall), Image.Resampling.LANCZOS, reducing_gap=3)
        )
    return Drawn(width, height, files)


def _no_larger(widths: tuple[int, ...], own: int) -> list[int]:
    """Return the widths up to the picture's own, which takes the place of the first that would be an enlargement."""
    fitting = [each for each in widths if each <= own]
    return fitting if len(fitting) == len(widths) or own in fitting else [*fitting, own]


def _webp(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "WEBP", quality=QUALITY, method=4)
    return out.getvalue()


def _moving(image: Image.Image) -> Drawn:
    """Draw an animation: the first frame small, for lists, and the whole of it at the width of a post."""
    wide = min(image.width, MOVING_WIDTH)
    tall = max(1, round(image.height * wide / image.width))
    frames, times = [], []
    for at in range(image.n_frames):  # type: ignore[attr-defined]
        image.seek(at)
        times.append(min(max(int(image.info.get("duration") or 100), 20), 5000))
        frames.append(image.convert("RGBA").resize((wide, tall), Image.Resampling.LANCZOS, reducing_gap=2))
    out = io.BytesIO()
    frames[0].save(
        out,
        "WEBP",
        save_all=True,
        append_images=frames[1:],
        duration=times,
        loop=0,
        quality=70,
        method=2,
        exif=b"",
        icc_profile=b"",
    )
    files = {wide: out.getvalue()}
    if wide > WIDTHS[0]:
        small = frames[0].resize((WIDTHS[0], max(1, round(tall * WIDTHS[0] / wide))), Image.Resampling.LANCZOS)
        files = {WIDTHS[0]: _webp(small), **files}
    return Drawn(image.width, image.height, files)
