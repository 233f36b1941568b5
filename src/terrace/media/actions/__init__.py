"""What happens to uploads, one function per act."""

from terrace.media.actions.uploads import delete_orphans, forget_member, keep, keep_image, release
from terrace.media.queries import sizes_in, uploads_in

__all__ = ["delete_orphans", "forget_member", "keep", "keep_image", "release", "sizes_in", "uploads_in"]
