"""Data for scripts and search engines, inside a page."""

import json
from typing import Any

from markupsafe import Markup

_CODES = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "'": "\\u0027"})


def json_in_page(value: Any) -> Markup:
    """Return JSON that may stand in a data block or an attribute: every sign that HTML reads is written as its code."""
    return Markup(json.dumps(value, ensure_ascii=False).translate(_CODES))  # noqa: S704  nothing of HTML is left in it
