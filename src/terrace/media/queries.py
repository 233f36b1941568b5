"""Which file stands behind an address, and who may have it."""

from pathlib import Path


def file_at(path: str, *, session_key: str) -> tuple[Path, str, bool] | None:
    """Return (file, content type, open to all) for `/media/<key>/<width>.webp`, or None where it is not for this session."""
    return None
