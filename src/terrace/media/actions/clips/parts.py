"""What every reader of a container shares."""

from dataclasses import dataclass

MAX_SIDE = 4096  # pixels; more than 4K is a burden on every phone that plays it
MAX_PARTS = 1_000_000  # boxes, blocks or frames of one file; ten minutes of video have a tenth of that


class Broken(ValueError):
    """The file is cut short or contradicts itself."""


class Foreign(ValueError):
    """The file is sound, but holds what browsers do not play."""


@dataclass(frozen=True)
class Clip:
    """A video or a sound, written anew: how its file ends, pixels as they are seen (0 for a sound), seconds, bytes."""

    kind: str
    ending: str
    width: int
    height: int
    seconds: float
    data: bytes
    tracks: int = 1


def check_side(width: int, height: int) -> None:
    """Raise Broken for no size at all and Foreign for a video larger than 4K."""
    if width < 1 or height < 1:
        raise Broken("a picture without a size")
    if max(width, height) > MAX_SIDE:
        raise Foreign("larger than 4K")
