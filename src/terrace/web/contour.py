"""Contours: the lines and bands that Terrace draws. Pure and seeded, so one id always gives one picture.

The recipe is in LOOKS.md §6. The generator is Mulberry32, so that a script in a browser can draw the same lines.
"""

import functools
import math
from collections.abc import Callable

Point = tuple[float, float]
Waves = list[tuple[float, float, float]]  # amplitude (share of the height), frequency (per width), phase (radians)

EARTHS = (
    ("#eef1e4", "#7f9c62"),
    ("#f6ecd2", "#c69a45"),
    ("#e6edec", "#6f9096"),
    ("#f4e6dc", "#b98268"),
    ("#ecece6", "#6d7566"),
    ("#e4efdf", "#3f7a45"),
)
KEYS = 4
SAMPLES = 9
AMPLITUDE = 0.16
TOP, BOTTOM = 0.05, 0.95


def chance(seed: int) -> Callable[[], float]:
    """Return a function that gives floats in [0, 1): Mulberry32."""
    state = seed & 0xFFFFFFFF

    def draw() -> float:
        nonlocal state
        state = (state + 0x6D2B79F5) & 0xFFFFFFFF
        t = ((state ^ (state >> 15)) * (state | 1)) & 0xFFFFFFFF
        t ^= (t + (((t ^ (t >> 7)) * (t | 61)) & 0xFFFFFFFF)) & 0xFFFFFFFF
        return (t ^ (t >> 14)) / 4294967296

    return draw


def _keys(seed: int) -> list[tuple[float, Waves]]:
    draw = chance(seed)

    def waves() -> Waves:
        return [
            (
                AMPLITUDE * (0.9 - 0.5 * j / 3) / (j + 1) * (draw() * 0.8 + 0.4),
                (j + 0.6) * (0.55 + 0.5 * draw()),
                draw() * math.tau,
            )
            for j in range(3)
        ]

    return [(TOP + (BOTTOM - TOP) * k / (KEYS - 1), waves()) for k in range(KEYS)]


def _height(key: tuple[float, Waves], u: float) -> float:
    base, waves = key
    return base + sum(a * math.sin(math.tau * f * u + p) for a, f, p in waves)


def curves(seed: int, width: float, height: float, count: int) -> list[list[Point]]:
    """Return `count` (two or more) lines of points, top to bottom, that never cross."""
    keys = _keys(seed)
    gap = min(0.008, 0.35 / count) * height
    lines: list[list[Point]] = []
    for i in range(count):
        at = i / (count - 1) * (KEYS - 1)
        k = min(int(at), KEYS - 2)
        part = at - k
        line = []
        for s in range(SAMPLES):
            u = s / (SAMPLES - 1)
            breath = math.sin(math.tau * (u * 0.8 + k * 0.37 + seed % 7 * 0.1))
            bend = part + 0.18 * math.sin(math.pi * part) * breath
            above, below = _height(keys[k], u), _height(keys[k + 1], u)
            y = (above * (1 - bend) + max(below, above + 0.03) * bend) * height
            if lines:
                y = max(y, lines[-1][s][1] + gap)
            line.append((u * width, y))
        lines.append(line)
    return lines


def path(points: list[Point]) -> str:
    """Return the `d` attribute of a smooth path through the points (Catmull-Rom as cubics)."""
    out = [f"M{points[0][0]:.1f} {points[0][1]:.1f}"]
    for i in range(len(points) - 1):
        before, a, b = points[max(i - 1, 0)], points[i], points[i + 1]
        after = points[min(i + 2, len(points) - 1)]
        c1 = (a[0] + (b[0] - before[0]) / 6, a[1] + (b[1] - before[1]) / 6)
        c2 = (b[0] - (after[0] - a[0]) / 6, b[1] - (after[1] - a[1]) / 6)
        out.append("C" + " ".join(f"{v:.1f}" for v in (*c1, *c2, *b)))
    return "".join(out).replace(".0 ", " ")


@functools.lru_cache(maxsize=512)
def lines_svg(seed: int, width: int, height: int, count: int, on: int | None = None, broken: bool = False) -> str:
    """Return an inline SVG of `count` lines; colour comes from CSS. Line `on` is the accent; `broken` opens it (error page)."""
    mark = ' class="on" stroke-dasharray="150 34 18 30 9999"' if broken else ' class="on"'
    body = "".join(
        f'<path{mark if i == on else ""} d="{path(line)}"/>'
        for i, line in enumerate(curves(seed, width, height, count))
    )
    return (
        f'<svg class="contour" viewBox="0 0 {width} {height}" preserveAspectRatio="xMidYMid slice" fill="none"'
        f' aria-hidden="true">{body}</svg>'
    )


@functools.lru_cache(maxsize=512)
def bands_svg(seed: int, width: int, height: int, count: int) -> str:
    """Return a standalone SVG of filled bands in one of the six earths: default cover and default avatar."""
    pale, deep = EARTHS[seed % len(EARTHS)]

    def mix(share: float) -> str:
        pairs = ((int(pale[i : i + 2], 16), int(deep[i : i + 2], 16)) for i in (1, 3, 5))
        return "#" + "".join(f"{round(a * (1 - share) + b * share):02x}" for a, b in pairs)

    body = "".join(
        f'<path fill="{mix(((i + 1) / count) ** 0.9)}" d="{path(line)}V{height}H0Z"/>'
        for i, line in enumerate(curves(seed, width, height, count))
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">'
        f'<rect width="{width}" height="{height}" fill="{pale}"/>{body}</svg>'
    )
