"""The one style sheet of the site, put together from the files of `static/css/`."""

import functools
import re
from pathlib import Path

FOLDER = Path(__file__).parent / "static" / "css"

# Later files win over earlier ones of the same layer and weight.
ORDER = [
    "reset",
    "tokens",
    "base",
    "layout",
    "icon",
    "button",
    "bar",
    "bottom",
    "foot",
    "contour",
    "avatar",
    "chip",
    "state",
    "filters",
    "tabs",
    "hero",
    "today",
    "ways",
    "cards",
    "shots",
    "row",
    "side",
    "pagehead",
    "board",
    "topic",
    "stairs",
    "post",
    "prose",
    "figures",
    "code",
    "react",
    "live",
    "editor",
    "reply",
    "composer",
    "dock",
    "rail",
    "poll",
    "option",
    "meter",
    "empty",
    "skeleton",
    "form",
    "sign-in",
    "menu",
    "toast",
    "upload",
    "dialog",
    "lightbox",
    "level",
    "profile",
    "products",
    "settings",
    "notices",
    "search",
    "table",
    "chart",
    "steps",
    "pager",
    "note",
    "desk",
    "narrow",
    "utility",
]

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


@functools.cache
def bundle() -> bytes:
    """Return the sheet as UTF-8: the layers in order, then every file of ORDER, without comments and blank lines.

    Raises FileNotFoundError when a file of ORDER is not there, and ValueError when a file is there and not in ORDER.
    """
    if astray := {path.stem for path in FOLDER.glob("*.css")} - set(ORDER):
        raise ValueError(f"not in ORDER: {', '.join(sorted(astray))}")
    parts = ["@layer reset, tokens, base, components, utilities;"]
    for name in ORDER:
        text = _COMMENT.sub("", (FOLDER / f"{name}.css").read_text(encoding="utf-8"))
        parts += (line for raw in text.splitlines() if (line := raw.strip()))
    return "\n".join(parts).encode() + b"\n"
