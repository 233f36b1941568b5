"""From bytes to pictures: looked at before they are decoded, decoded in memory, written anew.

The decoder is given bytes and the one format that their first bytes name: never a path, never a client's MIME type or
file name. Nothing of the original is kept but its pixels, so what else it carried (EXIF, GPS, a second file behind the
first) ends here.
"""

import contextlib
import io
import re
import threading
from dataclasses import dataclass

import pi_heif
from django.utils.translation import gettext
from PIL import Image, ImageCms, ImageOps

from terrace.kernel.errors import Invalid
from terrace.media.actions import looks
from terrace.media.models import Upload

MB = 1024 * 1024
MAX_BYTES = 20 * MB
MAX_PIXELS = 50_400_000  # phones take 8192 × 6144
# A JPEG in one pass is decoded at an eighth of its size, so more of it does no harm; beyond this Pillow warns.
MAX_PIXELS_DRAFTED = 89_000_000
MAX_SIDE = 16_383  # pixels; no camera is wider, and WebP ends here
FRAMES = 240
FRAME_PIXELS = 24_000_000  # of all frames together
MOVING_WIDTH = 960
QUALITY = 82
# AVIF as good as that WebP to the eye and by PSNR; see docs/decisions/0012-media.md for what was measured.
LIGHTER_QUALITY, LIGHTER_SPEED, LIGHTER_BY = 63, 7, 0.9

pi_heif.register_heif_opener()
# Decoding takes memory in proportion to pixels: two at a time, whoever else uploads waits.
_turn = threading.BoundedSemaphore(2)
_BRANDS = {
    **dict.fromkeys((b"avif", b"avis"), "AVIF"),
    **dict.fromkeys((b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"), "HEIF"),
}
# A page or a program that calls itself a picture. By chance one photograph in a hundred thousand has such bytes.
_SECOND_FACE = re.compile(rb"<(?:script|!doctype|iframe|\?php\s|html[\s>])", re.IGNORECASE)


@dataclass(frozen=True)
class Drawn:
    """A decoded picture: its size as it is seen, and its renditions as WebP bytes by width in pixels.

    `source` is what lighter renditions can be drawn from, empty where none are wanted.
    """

    width: int
    height: int
    files: dict[int, bytes]
    source: bytes = b""
    blur: str = ""
    look: looks.Look | None = None


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

    Raises Invalid with a sentence for what is too large (413), is no picture (415), or cannot be read (422).
    """
    _check_bytes(data)
    found = format_of(data)
    if found is None or _SECOND_FACE.search(data):
        raise _no_picture()
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


def _no_picture() -> Invalid:
    sentence = gettext("This is not a picture we can read. JPEG, PNG, WebP, GIF, AVIF and HEIC work.")
    return Invalid(sentence, field="file", status=415)


def _check_bytes(data: bytes) -> None:
    if not data:
        raise Invalid(gettext("This file is empty. Choose another."), field="file")
    if len(data) > MAX_BYTES:
        raise too_large(len(data))


def too_large(size: int) -> Invalid:
    """Return the refusal of a picture of `size` bytes."""
    sentence = gettext("This picture is %(n)s MB; the limit is %(most)s MB. Compress and retry.") % {
        "n": max(-(-size // MB), MAX_BYTES // MB + 1),
        "most": MAX_BYTES // MB,
    }
    return Invalid(sentence, field="file", status=413)


def _draw(data: bytes, found: str, square: bool) -> Drawn:
    try:
        opened = Image.open(io.BytesIO(data), formats=[found])
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels() from error
    with opened as image:
        _check_size(image, found)
        if not square and _moves(image, found, data):
            return _moving(image)
        width, height = _seen_size(image)
        if found == "JPEG":
            image.draft("RGB", (Upload.WIDTHS[-1], Upload.WIDTHS[-1]))
        return _still(_upright(image), square, width, height)


def _check_size(image: Image.Image, found: str) -> None:
    width, height = image.size
    if width < 1 or height < 1:
        raise _no_picture()
    drafted = found == "JPEG" and not image.info.get("progressive")
    if width * height > (MAX_PIXELS_DRAFTED if drafted else MAX_PIXELS) or max(width, height) > MAX_SIDE:
        raise _too_many_pixels()


def _too_many_pixels() -> Invalid:
    sentence = gettext("This picture has more than %(n)s million pixels. Make it smaller and retry.") % {
        "n": MAX_PIXELS // 1_000_000
    }
    return Invalid(sentence, field="file", status=413)


def _moves(image: Image.Image, found: str, data: bytes) -> bool:
    """Whether a picture moves. Raises Invalid for an animation beyond the limits.

    A HEIC with several pictures is a burst, of which the first is meant.
    """
    if found == "HEIF":
        return False
    frames = _gif_frames(data) if found == "GIF" else getattr(image, "n_frames", 1)
    if frames > FRAMES or (frames > 1 and frames * image.width * image.height > FRAME_PIXELS):
        sentence = gettext(
            "This animation is too long: %(frames)s frames and %(n)s million pixels in all are the most. "
            "Shorten it, make it smaller, or send it as a video."
        ) % {"frames": FRAMES, "n": FRAME_PIXELS // 1_000_000}
        raise Invalid(sentence, field="file", status=413)
    return frames > 1


def _gif_frames(data: bytes) -> int:
    """Count the frames of a GIF, up to one more than are taken. Pillow would read all of a million first."""
    at, frames = 13 + _colours(data[10]), 0
    while at < len(data) and frames <= FRAMES:
        if data[at] == 0x2C:
            frames += 1
            at += 11 + _colours(data[at + 9])
        elif data[at] == 0x21:
            at += 2
        else:
            break
        while at < len(data) and data[at]:
            at += 1 + data[at]
        at += 1
    return frames


def _colours(flags: int) -> int:
    """Return the bytes of a colour table."""
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0


def _seen_size(image: Image.Image) -> tuple[int, int]:
    """Return the size after the orientation of EXIF, which turns the picture on its side from 5 upwards."""
    width, height = image.size
    with contextlib.suppress(Exception):
        if image.getexif().get(0x0112, 1) >= 5:
            return height, width
    return width, height


def _upright(image: Image.Image) -> Image.Image:
    """Return the first frame as it is seen: turned, in sRGB, with transparency where it has any, and nothing else."""
    if image.format != "HEIF":  # which opens at the one that is meant
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
        widths = _no_larger(Upload.SQUARES, side)
        files = {each: _webp(ImageOps.fit(image, (each, each), Image.Resampling.LANCZOS)) for each in widths}
        return Drawn(min(side, Upload.SQUARES[-1]), min(side, Upload.SQUARES[-1]), files)
    files = {}
    largest = image
    for each in reversed(_no_larger(Upload.WIDTHS, image.width)):
        sized = _at_width(image, each)
        largest = sized if not files else largest
        files[each] = _webp(sized)
    source = _webp(largest, quality=95, method=0) if len(files) > 1 else b""
    return Drawn(width, height, dict(sorted(files.items())), source, looks.blur_of(largest), looks.look_of(largest))


def _at_width(image: Image.Image, width: int) -> Image.Image:
    if width == image.width:
        return image
    tall = max(1, round(image.height * width / image.width))
    return image.resize((width, tall), Image.Resampling.LANCZOS, reducing_gap=3)


def _no_larger(widths: tuple[int, ...], own: int) -> list[int]:
    """Return the widths up to the picture's own, which takes the place of the first that would be an enlargement."""
    fitting = [each for each in widths if each <= own]
    return fitting if len(fitting) == len(widths) or own in fitting else [*fitting, own]


def _webp(image: Image.Image, *, quality: int = QUALITY, method: int = 4) -> bytes:
    out = io.BytesIO()
    image.save(out, "WEBP", quality=quality, method=method)
    return out.getvalue()


def lighter(source: bytes, sizes: dict[int, int]) -> dict[int, bytes]:
    """Return AVIF renditions of a `Drawn.source`, for those widths at which it saves a tenth of the WebP's bytes.

    `sizes` are the bytes of the WebP by width. It takes a second or two of one core, so it is the worker's.
    """
    found = {}
    with Image.open(io.BytesIO(source), formats=["WEBP"]) as image:
        for width, size in sizes.items():
            out = io.BytesIO()
            _at_width(image, width).save(out, "AVIF", quality=LIGHTER_QUALITY, speed=LIGHTER_SPEED, max_threads=1)
            if len(out.getvalue()) < size * LIGHTER_BY:
                found[width] = out.getvalue()
    return found


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
    if wide > Upload.WIDTHS[0]:
        small = _at_width(frames[0], Upload.WIDTHS[0])
        files = {Upload.WIDTHS[0]: _webp(small), **files}
    return Drawn(image.width, image.height, files, blur=looks.blur_of(frames[0]), look=looks.look_of(frames[0]))
