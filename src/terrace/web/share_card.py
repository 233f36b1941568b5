"""The picture of a topic where its address is shared: bands of one of the six earths, no words (they stand beside it)."""

import functools
import io

from PIL import Image, ImageDraw

from terrace.web import contour

WIDTH, HEIGHT, BANDS = 1200, 630, 9  # pixels of an Open Graph picture


@functools.lru_cache(maxsize=64)
def draw(seed: int) -> bytes:
    """Return the PNG for a seed."""
    pale, deep = contour.EARTHS[seed % len(contour.EARTHS)]
    picture = Image.new("RGB", (WIDTH, HEIGHT), pale)
    pen = ImageDraw.Draw(picture)
    for place, line in enumerate(contour.curves(seed, WIDTH, HEIGHT, BANDS), start=1):
        pen.polygon([*_smooth(line), (WIDTH, HEIGHT), (0, HEIGHT)], fill=_mix(pale, deep, (place / BANDS) ** 0.9))
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()


def _smooth(points: list[tuple[float, float]], steps: int = 16) -> list[tuple[float, float]]:
    """Return points on the Catmull-Rom curve through these, `steps` for each piece."""
    found = []
    for place in range(len(points) - 1):
        before, a, b = points[max(place - 1, 0)], points[place], points[place + 1]
        after = points[min(place + 2, len(points) - 1)]
        for step in range(steps):
            t = step / steps
            x = a[0] + (b[0] - a[0]) * t
            y = 0.5 * (
                2 * a[1]
                + (b[1] - before[1]) * t
                + (2 * before[1] - 5 * a[1] + 4 * b[1] - after[1]) * t**2
                + (3 * a[1] - before[1] - 3 * b[1] + after[1]) * t**3
            )
            found.append((x, y))
    return [*found, points[-1]]


def _mix(pale: str, deep: str, share: float) -> tuple[int, ...]:
    pairs = ((int(pale[at : at + 2], 16), int(deep[at : at + 2], 16)) for at in (1, 3, 5))
    return tuple(round(a * (1 - share) + b * share) for a, b in pairs)
