"""Pictures made for tests."""

import base64
import io
import struct
import zlib

from PIL import Image, ImageCms, ImageDraw


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


# Made with pillow-heif, whose wheels hold an encoder under the GPL: 160 × 120, red in the upper left corner, lying on its side
# (`irot`, and 6 in EXIF, as phones write it), with the place where it was taken and a sentence in XMP.
HEIC = base64.b64decode(
    "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAettZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAAAEZpbG9jAA"
    "AAAERAAAMAAQAAAAACDwABAAAAAAAAAJgAAgAAAAACpwABAAAAAAAAALAAAwAAAAADVwABAAAAAAAAAEYAAABiaWluZgAAAAAAAwAAABVpbmZl"
    "AgAAAAABAABodmMxAAAAABVpbmZlAgAAAQACAABFeGlmAAAAACppbmZlAgAAAQADAABtaW1lAGFwcGxpY2F0aW9uL3JkZit4bWwAAAAAAA5waX"
    "RtAAAAAAABAAAA4GlwcnAAAADAaXBjbwAAAHhodmNDAQNwAAAAkAAAAAAAHvAA/P34+AAADwNgAAEAGEABDAH//wNwAAADAJAAAAMAAAMAHroC"
    "QGEAAQArQgEBA3AAAAMAkAAAAwAAAwAeoBQgeWW6kkprm4CGgwIAAAMAMgAAAwACEGIAAQAHRAHBcrBiQAAAABNjb2xybmNseAABAA0ABoAAAA"
    "AUaXNwZQAAAAAAAACgAAAAeAAAABBwaXhpAAAAAAMICAgAAAAJaXJvdAMAAAAYaXBtYQAAAAAAAAABAAEFgQIDBIUAAAAoaXJlZgAAAAAAAAAO"
    "Y2RzYwACAAEAAQAAAA5jZHNjAAMAAQABAAABlm1kYXQAAACUKAGvCdH3wCE5dV///II///xiNyH8CiBxDORSZH/iSRStfYJM8E0nj2FuTAG6o9"
    "48fXfoK7Km1pg46vcQlB0/3XxfnkxR89Yk/5VulCLOuPKGn9CkfSZVO7smqVYuRy+qcdC7u2CjtVXuYAaz6c1ufd573YAAzoDogAAE8AAAAwAA"
    "AwAKiAAAAwAAAwAAAwO4AAAk4AAAAAZFeGlmAABNTQAqAAAACAADAQ8AAgAAAA0AAAAyARIAAwAAAAEABgAAiCUABAAAAAEAAABAAAAAAFJpZG"
    "dlIFBob25lcwAAAAQAAQACAAAAAk4AAAAAAgAFAAAAAwAAAHYAAwACAAAAAkUAAAAABAAFAAAAAwAAAI4AAAAAAAAAHgAAAAEAAAAnAAAAAQAA"
    "AAAAAAABAAAAaAAAAAEAAAAEAAAAAQAAAAAAAAABPHg6eG1wbWV0YSB4bWxuczp4PSJhZG9iZTpuczptZXRhLyI+PHNlY3JldD5SaWRnZTwvc2"
    "VjcmV0PjwveDp4bXBtZXRhPg=="
)


def scene(seed: int = 0, size: tuple[int, int] = (800, 600)) -> Image.Image:
    """Something to be told apart: a sky, hills and a house, in another order for every seed."""
    image = Image.new("RGB", size, (180, 200, 220))
    draw = ImageDraw.Draw(image)
    wide, tall = size
    for at in range(40):
        step = (at * 2654435761 + seed * 40503) % 2**32
        x, y, side = step % wide, step // 7 % tall, 20 + step // 3 % (wide // 4)
        draw.ellipse((x - side, y - side, x + side, y + side), fill=(step % 255, step // 5 % 255, step // 11 % 255))
    return image


def saved(image: Image.Image, kind: str = "JPEG", **how) -> bytes:
    """A picture as bytes."""
    out = io.BytesIO()
    image.save(out, kind, **how)
    return out.getvalue()


def tiny_gif(frames: int) -> bytes:
    """A GIF of one pixel that claims to move very long."""
    head = b"GIF89a\1\0\1\0\x80\0\0" + b"\0\0\0\xff\xff\xff"
    frame = b"\x21\xf9\4\0\1\0\0\0" + b"\x2c\0\0\0\0\1\0\1\0\0\2\2\x44\1\0"
    return head + frame * frames + b";"
