"""What goes into rendering and what comes out."""

from dataclasses import dataclass

# Characters of source. Real posts are far shorter; what is longer is an attack or a mistake.
MAX_SOURCE = 100_000
# A noncharacter that stands for "&amp;" while a text is cleaned; it is taken out of every source.
AMPERSAND = "\ufdd0"


class TooLong(ValueError):
    """The source is longer than `MAX_SOURCE` characters."""


@dataclass(frozen=True, slots=True)
class Mention:
    """Somebody who can be mentioned."""

    id: int
    handle: str
    url: str


@dataclass(frozen=True, slots=True)
class Shown:
    """What stands behind an address on this site, and how it is drawn: sized, so that the page does not jump.

    `kind` is image, video or audio; `width` and `height` are pixels (0 for a sound). `srcset` names the other sizes of a
    picture, `full` the address of its largest, `poster` the picture of a video. `blur` is a few of its pixels: how many
    stand in a row, a space, and red, green and blue of each as bytes in base64.
    """

    width: int
    height: int
    kind: str = "image"
    srcset: str = ""
    full: str = ""
    blur: str = ""
    poster: str = ""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A source made ready, once, when it is written.

    `text` is plain, for search and excerpts; what stands in a spoiler is left out of it. `mentions` are ids, `tags`
    names as typed, `links` and `images` addresses (videos and sounds too), all in order and each once. `headings` are (level, id, text).
    """

    html: str
    text: str
    mentions: tuple[int, ...] = ()
    tags: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    images: tuple[str, ...] = ()
    headings: tuple[tuple[int, str, str], ...] = ()
