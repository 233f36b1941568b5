"""What a picture looks like, in a few bytes: to be told apart from others, and to be hinted at before it has come."""

import base64
from dataclasses import dataclass

from PIL import Image

FINE = 16  # squares of the fine look on each side: 256 bits
COARSE = 8  # of the coarse one: 64 bits, four words
PLAIN = 40  # bits; a look with fewer says too little. Photographs and screenshots have 54 and more
NOISE = 1  # levels of grey that count as none
_GRID = 24  # pixels of a blur, at most


@dataclass(frozen=True)
class Look:
    """The fine look as 64 hexadecimal digits, and the words of the coarse one."""

    fine: str
    words: tuple[int, ...]


def look_of(image: Image.Image) -> Look | None:
    """Return what a picture looks like (a difference hash), or None for one that is too plain to be told apart."""
    grey = image.convert("RGBA").convert("L") if image.mode != "RGB" else image.convert("L")
    fine, coarse = _differences(grey, FINE), _differences(grey, COARSE)
    if not PLAIN <= fine.bit_count() <= FINE * FINE - PLAIN:
        return None
    return Look(f"{fine:064x}", tuple(at << 16 | coarse >> 16 * at & 0xFFFF for at in range(4)))


def _differences(grey: Image.Image, side: int) -> int:
    """Return one bit per square: whether it is brighter than its right neighbour."""
    small = grey.resize((side + 1, side), Image.Resampling.LANCZOS, reducing_gap=3).tobytes()
    bits = 0
    for at in range((side + 1) * side):
        if (at + 1) % (side + 1):
            bits = bits << 1 | (small[at] > small[at + 1] + NOISE)
    return bits


def blur_of(image: Image.Image) -> str:
    """Return a picture's blur: how many pixels wide, a space, then three bytes a pixel in base64.

    Nothing for a picture that can be seen through: the blur would stay behind it.
    """
    if image.mode == "RGBA" and image.getchannel("A").getextrema()[0] < 255:  # type: ignore[operator]
        return ""
    wide = min(8, max(2, round((_GRID * image.width / image.height) ** 0.5)))
    tall = min(8, max(2, _GRID // wide))
    small = image.convert("RGB").resize((wide, tall), Image.Resampling.BOX, reducing_gap=3).tobytes()
    return f"{wide} {base64.b64encode(small).decode()}"
