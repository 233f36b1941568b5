"""The operator's tokens as a small style sheet that comes after app.css: colours of both themes, corners, fonts."""

import functools
import hashlib
from dataclasses import dataclass

from terrace.web import colours
from terrace.web.colours import Oklch, Theme

# Corners of chips, fields, pictures, tiles, buttons. "round" is the product's own.
CORNERS: dict[str, tuple[str, ...] | None] = {
    "round": None,
    "soft": (".25rem", ".5rem", ".625rem", ".875rem", ".625rem"),
    "sharp": ("2px", "3px", "4px", "6px", "4px"),
}
_CHINESE = '"PingFang SC", "Noto Sans CJK SC", "Noto Sans SC", "Microsoft YaHei UI", system-ui, sans-serif'
# Fonts that systems bring along; nothing is fetched. The body, then the heads where they differ.
FONTS: dict[str, tuple[str, str] | None] = {
    "sans": None,
    "rounded": (
        'ui-rounded, "SF Pro Rounded", "HarmonyOS Sans SC", "OPPO Sans", "Nunito", "Varela Round", "Yuanti SC", '
        f'"YouYuan", {_CHINESE}',
        "",
    ),
    "serif": (
        "",
        'ui-serif, "New York", "Iowan Old Style", Georgia, "Source Han Serif SC", "Noto Serif CJK SC", '
        '"Noto Serif SC", "Songti SC", STSong, serif',
    ),
}


@dataclass(frozen=True)
class Look:
    """What of the brand is a token."""

    accent: str = colours.ACCENT
    paper: str = "rice"
    corners: str = "round"
    font: str = "sans"


OWN = Look()


@functools.lru_cache(maxsize=128)
def sheet(look: Look) -> str:
    """Return the style sheet, empty for the product's own look. Raises ValueError or KeyError for a look that is none."""
    parts = [_colours(look) if (look.accent.lower(), look.paper) != (OWN.accent, OWN.paper) else ""]
    corners, font = CORNERS[look.corners], FONTS[look.font]
    if corners:
        names = ("--r1", "--r2", "--r3", "--r4", "--rf")
        parts.append(_rule(":root", "".join(f"{name}:{size};" for name, size in zip(names, corners, strict=True))))
    if font and font[0]:
        parts.append(_rule(":root", f"--font:{font[0]};"))
    if font and font[1]:
        parts.append(f"@layer base{{h1,h2,h3,.brand span{{font-family:{font[1]}}}}}\n")
    return "".join(parts)


@functools.lru_cache(maxsize=128)
def version(look: Look) -> str:
    """Return a name for the content of the sheet; nothing where there is none."""
    text = sheet(look)
    return hashlib.sha256(text.encode()).hexdigest()[:12] if text else ""


def _rule(selector: str, body: str) -> str:
    return f"@layer tokens{{{selector}{{{body}}}}}\n"


def _colours(look: Look) -> str:
    """Return the colours as `tokens.css` writes them: hex for each theme, then OKLCH where the browser knows it."""
    made = colours.palette(look.accent.lower(), look.paper)
    light, dark = _hexes(made.light), _hexes(made.dark)
    pairs = zip(made.light.tokens, made.dark.tokens, strict=True)
    both = "".join(f"--{name}:light-dark({_oklch(one)},{_oklch(other)});" for (name, one), (_name, other) in pairs)
    return (
        f"@layer tokens{{:root{{{light}}}"
        f"@media(prefers-color-scheme:dark){{:root{{{dark}}}}}"
        f':root[data-theme="light"]{{{light}}}'
        f':root[data-theme="dark"]{{{dark}}}'
        f"@supports(color:light-dark(oklch(1 0 0),oklch(0 0 0))){{:root,:root[data-theme]{{{both}}}}}"
        # Who asks for more contrast gets it from these colours too; this must come after them.
        "@media(prefers-contrast:more){:root,:root[data-theme]{--ink-2:var(--ink);--ink-3:var(--ink);--line:var(--edge)}}}\n"
    )


def _hexes(theme: Theme) -> str:
    return "".join(f"--{name}:{value};" for name, value in theme.hexes.items())


def _oklch(colour: Oklch) -> str:
    light, chroma, hue = colour
    return f"oklch({light:.4f} {chroma:.4f} {hue:.2f})"
