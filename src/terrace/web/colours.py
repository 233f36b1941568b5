"""Colours: OKLCH and sRGB, contrast, and an accent made readable in both themes.

The operator gives a colour; its hue and chroma are kept. Its lightness is solved for each theme until text can be read on it and
it can be read as text. Matrices: Björn Ottosson, "A perceptual color space for image processing" (2020). Contrast: WCAG 2.2.
"""

import functools
import math
import re
from dataclasses import dataclass

Oklch = tuple[float, float, float]  # lightness 0 to 1, chroma, hue in degrees

TEXT = 4.5  # contrast of text to its ground (WCAG 2.2, 1.4.3)
EDGE = 3.0  # contrast of the edge of a control (WCAG 2.2, 1.4.11)
_STEP = 0.005  # of lightness, while it is solved
_GREY = 0.04  # chroma below which nobody names a hue

ACCENT = "#2a7134"
# The tokens of the product, as they stand in static/css/tokens.css: light, dark.
GROUNDS: dict[str, tuple[Oklch, Oklch]] = {
    "page": ((0.993, 0.002, 110), (0.185, 0.007, 155)),
    "tread": ((0.968, 0.004, 115), (0.228, 0.009, 155)),
    "tread-2": ((0.942, 0.006, 118), (0.275, 0.011, 152)),
    "line": ((0.905, 0.007, 120), (0.325, 0.012, 150)),
    "edge": ((0.62, 0.012, 130), (0.575, 0.014, 145)),
    "ink": ((0.235, 0.012, 150), (0.935, 0.006, 120)),
    "ink-2": ((0.43, 0.014, 145), (0.775, 0.012, 130)),
    "ink-3": ((0.515, 0.014, 140), (0.695, 0.014, 135)),
}
OWN: dict[str, tuple[Oklch, Oklch]] = {
    "accent": ((0.49, 0.118, 146), (0.785, 0.108, 142)),
    "accent-hi": ((0.43, 0.108, 147), (0.84, 0.1, 141)),
    "on-accent": ((0.993, 0.002, 110), (0.2, 0.035, 150)),
    "wash": ((0.953, 0.024, 134), (0.285, 0.038, 150)),
}
# Straw and clay keep their meaning whatever the brand's colour is.
MEANINGS: dict[str, tuple[Oklch, Oklch]] = {
    "straw": ((0.76, 0.128, 84), (0.8, 0.125, 86)),
    "straw-ink": ((0.475, 0.095, 72), (0.855, 0.1, 88)),
    "straw-wash": ((0.962, 0.036, 90), (0.285, 0.038, 82)),
    "clay": ((0.505, 0.158, 32), (0.765, 0.125, 36)),
    "clay-wash": ((0.955, 0.022, 35), (0.285, 0.05, 32)),
}
# The operator's papers: the hue of grounds and inks, and how much of it. None leaves them as they are.
PAPERS: dict[str, tuple[float, float] | None] = {
    "rice": None,
    "plain": (0, 0),
    "sand": (85, 1.3),
    "mist": (245, 1.2),
    "rose": (20, 1.2),
}
_HEX = re.compile(r"#[0-9a-f]{6}")


def is_hex(text: str) -> bool:
    """Whether a text is a colour such as `#2a7134`."""
    return _HEX.fullmatch(text) is not None


def linear(hexed: str) -> tuple[float, float, float]:
    """Return linear-light red, green and blue, 0 to 1. Raises ValueError for anything but `#rrggbb`."""
    if not is_hex(hexed.lower()):
        raise ValueError(f"not a colour: {hexed!r}")
    red, green, blue = (int(hexed[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return _straight(red), _straight(green), _straight(blue)


def _straight(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def _curved(value: float) -> float:
    return value * 12.92 if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055


def luminance(hexed: str) -> float:
    """Return the relative luminance, 0 to 1."""
    red, green, blue = linear(hexed)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def oklch(hexed: str) -> Oklch:
    """Return a colour's lightness, chroma and hue."""
    r, g, b = linear(hexed)
    cone_l = math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
    cone_m = math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
    cone_s = math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
    light = 0.2104542553 * cone_l + 0.7936177850 * cone_m - 0.0040720468 * cone_s
    a = 1.9779984951 * cone_l - 2.4285922050 * cone_m + 0.4505937099 * cone_s
    bb = 0.0259040371 * cone_l + 0.7827717662 * cone_m - 0.8086757660 * cone_s
    return light, math.hypot(a, bb), math.degrees(math.atan2(bb, a)) % 360


def _rgb(colour: Oklch) -> tuple[float, float, float]:
    """Return linear red, green and blue, which lie outside 0 to 1 for what no screen of sRGB shows."""
    light, chroma, hue = colour
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    cone_l = (light + 0.3963377774 * a + 0.2158037573 * b) ** 3
    cone_m = (light - 0.1055613458 * a - 0.0638541728 * b) ** 3
    cone_s = (light - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * cone_l - 3.3077115913 * cone_m + 0.2309699292 * cone_s,
        -1.2684380046 * cone_l + 2.6097574011 * cone_m - 0.3413193965 * cone_s,
        -0.0041960863 * cone_l - 0.7034186147 * cone_m + 1.7076147010 * cone_s,
    )


def fit(colour: Oklch) -> Oklch:
    """Return the colour with as much of its chroma as sRGB can show at its lightness and hue."""
    light, chroma, hue = colour
    if _shown(colour):
        return colour
    low, high = 0.0, chroma
    while high - low > 0.0005:
        half = (low + high) / 2
        low, high = (half, high) if _shown((light, half, hue)) else (low, half)
    return light, low, hue


def _shown(colour: Oklch) -> bool:
    return all(-0.0005 <= part <= 1.0005 for part in _rgb(colour))


def to_hex(colour: Oklch) -> str:
    """Return the nearest colour of sRGB as `#rrggbb`."""
    parts = (round(255 * _curved(min(max(part, 0.0), 1.0))) for part in _rgb(fit(colour)))
    return "#" + "".join(f"{part:02x}" for part in parts)


@dataclass(frozen=True)
class Theme:
    """One theme: every token of colour that the operator can move, by name."""

    tokens: tuple[tuple[str, Oklch], ...]

    @functools.cached_property
    def hexes(self) -> dict[str, str]:
        """Return the tokens as `#rrggbb`."""
        return {name: to_hex(colour) for name, colour in self.tokens}


@dataclass(frozen=True)
class Palette:
    """What becomes of the operator's colour and paper: both themes."""

    light: Theme
    dark: Theme


@functools.lru_cache(maxsize=256)
def palette(accent: str = ACCENT, paper: str = "rice") -> Palette:
    """Return both themes for an accent (`#rrggbb`) and a paper. Raises ValueError for a colour, KeyError for a paper, unknown."""
    return Palette(_theme(accent, paper, dark=False), _theme(accent, paper, dark=True))


def _theme(accent: str, paper: str, *, dark: bool) -> Theme:
    grounds = _papered(paper, dark=dark)
    if accent.lower() == ACCENT:
        own = {name: pair[dark] for name, pair in OWN.items()}
        if paper != "rice":
            own = _readable(own, grounds, dark=dark)
        return Theme(tuple((grounds | own).items()))
    return Theme(tuple((grounds | _accented(oklch(accent.lower()), grounds, dark=dark)).items()))


def _papered(paper: str, *, dark: bool) -> dict[str, Oklch]:
    plain = {name: pair[dark] for name, pair in GROUNDS.items()}
    tint = PAPERS[paper]
    if tint is None:
        return plain
    hue, share = tint
    tinted = {name: (light, chroma * share, hue) for name, (light, chroma, _hue) in plain.items()}
    # Another hue of the same lightness is a little lighter or darker to the eye that WCAG counts with.
    lowest = [to_hex(tinted[name]) for name in ("page", "tread", "tread-2")]
    for name, least in (("edge", EDGE), ("ink-3", TEXT), ("ink-2", TEXT)):
        tinted[name] = _until(tinted[name], lowest, least, up=dark)
    return tinted


def _accented(own: Oklch, grounds: dict[str, Oklch], *, dark: bool) -> dict[str, Oklch]:
    light, chroma, hue = own
    grey = chroma < _GREY
    if dark:
        # A large and saturated light on a dark page glows; a grey one must not look switched off.
        light, chroma = (max(light, 0.9), chroma) if grey else (min(max(light, 0.74), 0.86), min(chroma, 0.15))
        on = (0.2, min(chroma, 0.035), hue)
        wash = (0.285, min(chroma, 0.038), hue)
    else:
        light = min(max(light, 0.25 if grey else 0.36), 0.62)
        on = grounds["page"]
        wash = (0.953, min(chroma, 0.024), hue)
    return _readable(
        {"accent": (light, chroma, hue), "accent-hi": (light, chroma, hue), "on-accent": on, "wash": wash},
        grounds,
        dark=dark,
    )


def _readable(own: dict[str, Oklch], grounds: dict[str, Oklch], *, dark: bool) -> dict[str, Oklch]:
    """Move the accent away from the grounds until it is read on each of them, and until it can be written on."""
    under = [to_hex(grounds[name]) for name in ("page", "tread", "tread-2")]
    under += [to_hex(own["wash"]), to_hex(own["on-accent"])]
    under += [to_hex(MEANINGS[name][dark]) for name in ("straw-wash", "clay-wash")]
    accent = _until(fit(own["accent"]), under, TEXT, up=dark)
    # The hover goes on in the same direction; where there is no way left it comes back.
    way = 0.055 if dark else -0.06
    if not 0.2 < accent[0] + way < 0.97:
        way = -way
    hover = fit((accent[0] + way, accent[1] * 0.93, accent[2]))
    hover = _until(hover, under, TEXT, up=dark)
    return own | {"accent": accent, "accent-hi": hover}


def _until(colour: Oklch, under: list[str], least: float, *, up: bool) -> Oklch:
    """Return the colour, lighter (`up`) or darker by as little as it takes to reach `least` on every ground."""
    light, chroma, hue = colour
    tried = fit(colour)
    while min(contrast(to_hex(tried), each) for each in under) < least:
        light += _STEP if up else -_STEP
        if not 0 <= light <= 1:
            raise ValueError("no lightness of this hue can be read here")
        tried = fit((light, chroma, hue))
    return tried


@dataclass(frozen=True)
class Measured:
    """How an accent does in one theme: the colour, and its contrast as text on the darkest ground and under its own text."""

    colour: str
    text: float
    on: float

    @property
    def well(self) -> bool:
        """Whether both can be read."""
        return min(self.text, self.on) >= TEXT


def measure(accent: str, theme: Theme) -> Measured:
    """Return how a colour would do as the accent of a theme."""
    hexes = theme.hexes
    return Measured(accent, contrast(accent, hexes["tread-2"]), contrast(accent, hexes["on-accent"]))


def near(accent: str) -> str:
    """Return the name of the meaning that a colour is easily taken for ("clay", "straw"), or nothing."""
    _light, chroma, hue = oklch(accent)
    if chroma < 0.08:
        return ""
    for name in ("clay", "straw"):
        apart = abs(hue - MEANINGS[name][0][2]) % 360
        if min(apart, 360 - apart) <= 14:
            return name
    return ""
