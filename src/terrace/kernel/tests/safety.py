"""What could act in a page: for the tests of every room that shows what members wrote."""

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

ACTIVE = frozenset(
    {
        "script", "iframe", "frame", "frameset", "object", "embed", "applet", "svg", "math", "style", "link", "meta",
        "base", "form", "portal", "template", "noscript", "source", "track", "button", "textarea", "select", "input",
        "marquee", "xmp", "plaintext", "dialog",
    }
)  # fmt: skip
_SCHEME = re.compile(r"[\x00-\x20]*(?:javascript|data|vbscript|livescript|mocha)[\x00-\x20]*:", re.IGNORECASE)
_ADDRESSES = frozenset({"href", "src", "action", "formaction", "srcset", "poster", "background", "xlink:href", "ping"})


def active_nodes(html: str, within: str = "body") -> list[str]:
    """Everything inside `within` (a CSS selector) that runs, loads, sends or restyles; empty when all is well.

    Elements that act, `on…` and `style` attributes, addresses that are code. A page's own script, style and icons stand
    outside the element that shows what a member wrote: name that element.
    """
    found: list[str] = []
    for root in LexborHTMLParser(html).css(within):
        for node in root.traverse(include_text=False):
            if (node.tag in ACTIVE or _plays(node)) and node.mem_id != root.mem_id:
                found.append(f"<{node.tag}>")
            found.extend(
                f"<{node.tag} {name}={value!r}>" for name, value in node.attributes.items() if _acts(name, value)
            )
    return found


def _plays(node: LexborNode) -> bool:
    """Whether a video or a sound begins by itself or comes from elsewhere."""
    if node.tag not in {"audio", "video"}:
        return False
    here = node.attributes
    return "autoplay" in here or any(
        not (here.get(name) or "/media/").startswith("/media/") for name in ("src", "poster")
    )


def _acts(name: str, value: str | None) -> bool:
    name = name.lower()
    if name.startswith("on") or name in {"style", "srcdoc", "is"}:
        return True
    squeezed = re.sub(r"[\x00-\x20]", "", value or "")
    return bool(_SCHEME.match(squeezed)) or (name in _ADDRESSES and squeezed.startswith(("//", "\\", "/\\")))


def shown_text(html: str, within: str = "body") -> str:
    """The text that a reader sees inside `within`."""
    return "".join(node.text(deep=True) for node in LexborHTMLParser(html).css(within))
