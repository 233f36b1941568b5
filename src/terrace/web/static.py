"""Files that come with the product, kept in memory, compressed once, with addresses that change when they do."""

import functools
import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from pathlib import Path

import brotli

from terrace.web import stylesheet

ROOT = Path(__file__).parent / "static"
_COMPRESSIBLE = {
    "text/css",
    "text/javascript",
    "image/svg+xml",
    "application/json",
    "application/manifest+json",
    "text/plain",
}
_TYPES = {
    ".js": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".webp": "image/webp",
    ".webmanifest": "application/manifest+json",
}


@dataclass(frozen=True)
class File:
    """One file: its type, its bytes, and their compressed forms where those are smaller."""

    type: str
    body: bytes
    br: bytes | None
    gz: bytes | None


@functools.cache
def files() -> dict[str, Path]:
    """Return every file by its address under /static/."""
    return {path.relative_to(ROOT).as_posix(): path for path in sorted(ROOT.rglob("*")) if path.is_file()}


@functools.cache
def version() -> str:
    """Return a name for the present content of all files."""
    digest = hashlib.sha256(stylesheet.bundle())
    for name, path in files().items():
        digest.update(name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]


def url(name: str) -> str:
    """Return the address of a file, valid for as long as its content."""
    return f"/static/{version()}/{name}"


@functools.lru_cache(maxsize=512)
def load(name: str) -> File | None:
    """Return the file at `name` (under /static/<version>/), or None."""
    if name == "app.css":
        body = stylesheet.bundle()
    else:
        path = files().get(name)
        if path is None:
            return None
        body = path.read_bytes()
    kind = _TYPES.get(Path(name).suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    if kind not in _COMPRESSIBLE:
        return File(kind, body, None, None)
    return File(kind, body, brotli.compress(body), gzip.compress(body, 9, mtime=0))
