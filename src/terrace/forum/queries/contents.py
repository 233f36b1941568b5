"""The headings of a long post."""

import html as html_entities
import re
from typing import Any

_HEADING = re.compile(r'<h([23]) id="([^"]+)">(.*?)</h\1>', re.S)
_TAG = re.compile(r"<[^>]+>")


def contents(html: str) -> list[dict[str, Any]]:
    """Return the headings of a post's html, as anchors with their words; nothing where there is only one."""
    found = [
        {"id": anchor, "text": html_entities.unescape(_TAG.sub("", text)), "current": False}
        for _level, anchor, text in _HEADING.findall(html)
    ]
    return found if len(found) > 1 else []
