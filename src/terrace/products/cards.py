"""What this room puts on the pages of others."""

from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import gettext
from markupsafe import Markup

from terrace.products import queries


def profile_lists(member_id: int, viewer: Any, key: str) -> list[dict[str, Any]] | None:
    """Answer the lists on a profile: the devices that a member shows. Drawn only when it is asked for, absent without any."""
    count = queries.shown_count(member_id)
    if not count:
        return None
    entry: dict[str, Any] = {"key": "devices", "label": gettext("Devices"), "count": count, "html": ""}
    if key == "devices":
        devices = queries.devices_of([member_id], shown=True).get(member_id, [])
        html = render_to_string("products/_devices.html", {"devices": devices})
        entry["html"] = Markup(html)  # noqa: S704  an autoescaped template
    return [entry]
