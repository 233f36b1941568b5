"""Icons of every size from one picture: for browser tabs, home screens and the manifest. Without one, our mark in the accent."""

import functools
import io
from pathlib import Path

from PIL import Image, ImageDraw, ImageOps

from terrace.media import queries as media
from terrace.web import colours

WIDE = 2.0  # width by height from which a logo is a word and not a sign


def is_wide(data: bytes) -> bool:
    """Return whether a picture is so wide that it is the name of the brand, drawn; False for what is no picture."""
    try:
        with Image.open(io.BytesIO(data)) as image:
            turned = image.getexif().get(0x0112, 1) in {5, 6, 7, 8}
            width, height = image.size[::-1] if turned else image.size
    except (OSError, ValueError, Image.DecompressionBombError):
        return False
    return width >= WIDE * height


# Name, side in pixels, share of the side that the picture may fill where the system cuts a shape out of the icon.
# A maskable icon keeps within the inner 80 % (W3C Web App Manifest, "safe zone").
SIZES: dict[str, tuple[int, float]] = {
    "favicon-48.png": (48, 1.0),
    "apple-180.png": (180, 0.8),
    "icon-192.png": (192, 0.9),
    "icon-512.png": (512, 0.9),
    "maskable-192.png": (192, 0.66),
    "maskable-512.png": (512, 0.66),
}
# The mark in its box of 28: three curves that start together and land on three levels.
MARK = (
    ((3, 22), (11, 22), (13, 6), (25, 5.5)),
    ((3, 22), (12, 22), (15, 13.5), (25, 13)),
    ((3, 22), (13, 22), (17, 21), (25, 20.8)),
)
_BOX, _STROKE, _FINER = 28, 2.4, 4


def mark_svg(accent: str, paper: str) -> bytes:
    """Return the mark as an SVG in the accent, for browser tabs."""
    stroke = colours.palette(accent, paper).light.hexes["accent"]
    paths = "".join(f'<path d="M{a[0]} {a[1]}C{b[0]} {b[1]} {c[0]} {c[1]} {d[0]} {d[1]}"/>' for a, b, c, d in MARK)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_BOX} {_BOX}" fill="none" stroke="{stroke}" '
        f'stroke-width="2.6" stroke-linecap="round">{paths}</svg>'
    ).encode()


@functools.lru_cache(maxsize=64)
def draw(name: str, source: str, accent: str, paper: str) -> bytes:
    """Return one icon as PNG: from the upload with the key `source`, else the mark on the accent.

    Raises KeyError for a name that is none. A picture that has gone is the mark.
    """
    side, share = SIZES[name]
    picture = _source(source) if source else None
    drawn = _from_picture(picture, side, share, name) if picture else _from_mark(side, share, accent, paper, name)
    out = io.BytesIO()
    drawn.save(out, "PNG", optimize=True)
    return out.getvalue()


def _source(key: str) -> Image.Image | None:
    """Return the widest rendition that is kept of an upload."""
    found = sorted(media.folder(key).glob("*.webp"), key=_width)
    if not found:
        return None
    with Image.open(found[-1], formats=["WEBP"]) as opened:
        return opened.convert("RGBA")


def _width(path: Path) -> int:
    return int(path.stem) if path.stem.isdigit() else 0


def _from_picture(picture: Image.Image, side: int, share: float, name: str) -> Image.Image:
    """Return the picture in its square. One with transparency stands on white where systems would make it black."""
    ground = _ground(picture)
    if name.startswith("favicon"):
        return ImageOps.pad(picture, (side, side), Image.Resampling.LANCZOS, color=(0, 0, 0, 0))
    clear = ground is None
    if not clear and not name.startswith("maskable"):
        share = 1.0  # a picture with a ground of its own fills the icon
    canvas = Image.new("RGBA", (side, side), ground or (255, 255, 255, 255))
    inner = max(1, round(side * share))
    fitted = ImageOps.contain(picture, (inner, inner), Image.Resampling.LANCZOS)
    canvas.alpha_composite(fitted, ((side - fitted.width) // 2, (side - fitted.height) // 2))
    return canvas.convert("RGB")


def _ground(picture: Image.Image) -> tuple[int, int, int, int] | None:
    """Return the colour of an opaque picture's corner, which goes on around it; None for a picture without a ground."""
    right, low = picture.width - 1, picture.height - 1
    corners = [picture.crop((x, y, x + 1, y + 1)).tobytes() for x in (0, right) for y in (0, low)]  # RGBA, 4 bytes each
    if any(corner[3] < 250 for corner in corners):
        return None
    return corners[0][0], corners[0][1], corners[0][2], 255


def _from_mark(side: int, share: float, accent: str, paper: str, name: str) -> Image.Image:
    hexes = colours.palette(accent, paper).light.hexes
    plain = name.startswith("favicon")
    large = side * _FINER
    canvas = Image.new("RGBA", (large, large), (0, 0, 0, 0) if plain else hexes["accent"])
    ink = hexes["accent"] if plain else hexes["on-accent"]
    pen = ImageDraw.Draw(canvas)
    scale = large * (1.0 if plain else share * 0.72) / _BOX
    at = (large - _BOX * scale) / 2
    # Our curves stand a little low in their box.
    down = at + 0.4 * scale
    width = _STROKE * scale
    for curve in MARK:
        for x, y in _points(curve, 160):
            pen.ellipse(
                (
                    at + x * scale - width / 2,
                    down + y * scale - width / 2,
                    at + x * scale + width / 2,
                    down + y * scale + width / 2,
                ),
                fill=ink,
            )
    drawn = canvas.resize((side, side), Image.Resampling.LANCZOS)
    return drawn if plain else drawn.convert("RGB")


def _points(curve: tuple[tuple[float, float], ...], steps: int) -> list[tuple[float, float]]:
    """Return points on a cubic Bézier curve."""
    a, b, c, d = curve
    found = []
    for step in range(steps + 1):
        t = step / steps
        u = 1 - t
        weights = (u**3, 3 * u * u * t, 3 * u * t * t, t**3)
        found.append(
            (
                sum(w * p[0] for w, p in zip(weights, (a, b, c, d), strict=True)),
                sum(w * p[1] for w, p in zip(weights, (a, b, c, d), strict=True)),
            )
        )
    return found
