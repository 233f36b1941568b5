"""What happens to uploads, one function per act."""

from terrace.media.actions.limits import set_limits
from terrace.media.actions.sweeping import Swept, delete_orphans, delete_strays, forget_member, sweep
from terrace.media.actions.uploads import draw_lighter, keep, keep_clip, keep_image, release
from terrace.media.queries import shown_in, uploads_in

__all__ = [
    "Swept",
    "delete_orphans",
    "delete_strays",
    "draw_lighter",
    "forget_member",
    "keep",
    "keep_clip",
    "keep_image",
    "release",
    "set_limits",
    "shown_in",
    "sweep",
    "uploads_in",
]
