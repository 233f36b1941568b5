"""Pictures, videos and sounds: sized so that nothing moves, lazy, and useful without script."""

from collections.abc import Sequence
from itertools import groupby, pairwise

from markdown_it.common.utils import escapeHtml
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from terrace.kernel.markup.shapes import Shown

# How wide a picture is drawn (prose.css, figures.css), so that a browser takes the right rendition.
IN_TEXT = "(min-width: 45rem) 46.5rem, 92vw"
_TALL = "22rem"
_IN_ALBUM = {"pairs": (23, 46), "threes": (15.5, 31)}  # rem, and vw of a phone; a wide picture is cut to a square
TALL = 1.2  # height to width; from here on a picture is held to the width of a phone

Part = tuple[str, str, str, Shown]  # address, alternative text, title, what it is


def mark_figures(state: StateCore) -> None:
    """A paragraph that holds nothing but what is shown becomes one token, unless its list is a tight one."""
    known = state.env.get("shown")
    if not known:
        return
    tokens = state.tokens
    for at, (opening, inline) in enumerate(pairwise(tokens)):
        if opening.type != "paragraph_open" or opening.hidden or inline.type != "inline":
            continue
        children = [each for each in inline.children or [] if not _is_space(each)]
        if children and all(each.type == "image" and each.attrs.get("src") in known for each in children):
            figure = Token("figures", "", 0, children=children, block=True)
            nothing = Token("nothing", "", 0)
            tokens[at : at + 3] = [figure, nothing, nothing]


def _is_space(token: Token) -> bool:
    return token.type in ("softbreak", "hardbreak") or (token.type == "text" and not token.content.strip())


def figures(parts: Sequence[Part]) -> str:
    """Return one figure after the other; pictures that follow each other are an album."""
    out = []
    for is_picture, group in groupby(parts, key=lambda part: part[3].kind == "image"):
        run = list(group)
        if not is_picture or len(run) == 1:
            out += [_figure(part, "") for part in run]
            continue
        kind = "pairs" if len(run) in (2, 4) else "threes"
        out.append(f'<div class="album {kind}">\n{"".join(_figure(part, kind) for part in run)}</div>\n')
    return "".join(out)


def _figure(part: Part, album: str) -> str:
    src, alt, title, shown = part
    tall = shown.height > TALL * shown.width
    sizes = _in_album(album, shown) if album else _TALL if tall else IN_TEXT
    kind = "pic" if shown.kind == "image" else "clip"
    # What is said in a video or a sound stands below it, for those who do not hear it.
    words = title or (alt if kind == "clip" else "")
    caption = f"<figcaption>{escapeHtml(words)}</figcaption>" if words else ""
    return f'<figure class="{kind}{" tall" if tall else ""}">{drawn(src, alt, shown, sizes=sizes)}{caption}</figure>\n'


def _in_album(album: str, shown: Shown) -> str:
    rem, vw = (width * max(1, shown.width / shown.height) for width in _IN_ALBUM[album])
    return f"(min-width: 45rem) {rem:.1f}rem, {vw:.0f}vw"


def drawn(src: str, alt: str, shown: Shown, *, sizes: str, linked: bool = True) -> str:
    """Return a picture that opens its largest rendition, or a video or a sound with the browser's own controls."""
    src, alt = escapeHtml(src), escapeHtml(alt)
    sized = f' width="{shown.width}" height="{shown.height}"'
    if shown.kind != "image":
        return _clip(src, alt, shown, sized)
    several = f' srcset="{shown.srcset}" sizes="{sizes}"' if "," in shown.srcset else ""
    blur = f' data-blur="{shown.blur}"' if shown.blur else ""
    image = f'<img src="{src}"{several} alt="{alt}"{sized} loading="lazy" decoding="async"{blur}>'
    if not linked or not shown.full:
        return image
    # A link needs a name in every language; script says a better one.
    label = "" if alt else f' aria-label="{shown.width} × {shown.height}"'
    return f'<a class="picture" href="{shown.full}" data-behavior="picture"{label}>{image}</a>'


def _clip(src: str, alt: str, shown: Shown, sized: str) -> str:
    label = f' aria-label="{alt}"' if alt else ""
    instead = f'<a href="{src}">{alt or src}</a>'
    if shown.kind == "audio":
        return f'<audio src="{src}"{label} controls preload="none">{instead}</audio>'
    poster = f' poster="{shown.poster}"' if shown.poster else ""
    return f'<video src="{src}"{label}{sized}{poster} controls playsinline preload="none">{instead}</video>'
