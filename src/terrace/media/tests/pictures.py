"""Pictures made for tests."""

import io
import struct
import zlib

from PIL import Image, ImageCms


def picture(
    kind: str = "PNG",
    size: tuple[int, int] = (400, 300),
    colour: tuple[int, ...] = (200, 40, 40),
    mode: str = "RGB",
    **how,
) -> bytes:
    """A picture of one colour with a darker left half, in a format."""
    image = Image.new(mode, size, colour)
    image.paste(tuple(each // 2 for each in colour[:3]) + tuple(colour[3:]), (0, 0, max(1, size[0] // 2), size[1]))
    out = io.BytesIO()
    image.save(out, kind, **how)
    return out.getvalue()


def with_exif(orientation: int = 6) -> bytes:
    """A JPEG of 400 × 300 that says that it lies on its side and where it was taken."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "Ridge Phones"
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (30.0, 39.0, 0.0)
    return picture("JPEG", exif=exif.tobytes())


def animation(frames: int = 3, size: tuple[int, int] = (500, 400)) -> bytes:
    """A GIF that moves."""
    images = [Image.new("RGB", size, (each * 60 % 256, 80, 120)) for each in range(frames)]
    out = io.BytesIO()
    images[0].save(out, "GIF", save_all=True, append_images=images[1:], duration=80, loop=0)
    return out.getvalue()


def png_header(width: int, height: int) -> bytes:
    """A PNG that claims a size and holds nothing of it: a pixel bomb before it goes off."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"\0" * 10_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def wide_gamut() -> bytes:
    """A JPEG with a colour profile that is not sRGB."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
    image = Image.new("RGB", (64, 64), (10, 200, 30))
    out = io.BytesIO()
    image.save(out, "JPEG", icc_profile=profile.tobytes())
    return out.getvalue()
