"""Static files and uploads, with ranges, without occupying one of Django's threads."""

import asyncio
import functools
import hashlib
import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from terrace.media import queries as media_queries
from terrace.web import static as product

CHUNK = 128 * 1024
FOREVER = b"public, max-age=31536000, immutable"
Headers = list[tuple[bytes, bytes]]


def _header(scope: dict[str, Any], name: bytes) -> str:
    return next((value.decode("latin-1") for key, value in scope["headers"] if key == name), "")


async def _send(send: Any, status: int, headers: Headers, body: bytes = b"") -> None:
    headers = [*headers, (b"content-length", str(len(body)).encode()), (b"x-content-type-options", b"nosniff")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def static(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Answer `/static/<version>/<name>`; an old version is answered with the present file and a short life."""
    if scope["method"] not in {"GET", "HEAD"}:
        await _send(send, 405, [(b"allow", b"GET, HEAD")])
        return
    version, _slash, name = scope["path"].removeprefix("/static/").partition("/")
    file = product.load(name)
    if file is None:
        await _send(send, 404, [])
        return
    fresh = FOREVER if version == product.version() else b"public, max-age=60"
    accepted = _header(scope, b"accept-encoding")
    headers: Headers = [
        (b"content-type", _with_charset(file.type)),
        (b"cache-control", fresh),
        (b"vary", b"accept-encoding"),
    ]
    body = file.body
    for coding, packed in (("br", file.br), ("gzip", file.gz)):
        if packed is not None and coding in accepted:
            headers.append((b"content-encoding", coding.encode()))
            body = packed
            break
    await _send(send, 200, headers, body if scope["method"] == "GET" else b"")


def _with_charset(kind: str) -> bytes:
    return f"{kind}; charset=utf-8".encode() if kind.startswith("text/") else kind.encode()


async def media(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Answer `/media/<key>/<width>.webp` for whoever may see that upload; everybody else gets 404."""
    if scope["method"] not in {"GET", "HEAD"}:
        await _send(send, 405, [(b"allow", b"GET, HEAD")])
        return
    loop = asyncio.get_running_loop()
    found = await loop.run_in_executor(None, _authorise, scope["path"], _cookie(scope))
    if found is None:
        await _send(send, 404, [(b"cache-control", b"no-store")])
        return
    path, kind, is_open = found
    headers: Headers = [
        (b"content-type", kind.encode()),
        (b"cache-control", FOREVER if is_open else b"private, max-age=3600"),
        (b"accept-ranges", b"bytes"),
        (b"content-security-policy", b"default-src 'none'; sandbox"),
        (b"x-content-type-options", b"nosniff"),
        (b"etag", f'"{hashlib.sha256(scope["path"].encode()).hexdigest()[:16]}"'.encode()),
    ]
    await _send_file(scope, send, path, headers)


def _cookie(scope: dict[str, Any]) -> str:
    for part in _header(scope, b"cookie").split(";"):
        name, _sep, value = part.strip().partition("=")
        if name == settings.SESSION_COOKIE_NAME:
            return value
    return ""


@functools.lru_cache(maxsize=4096)
def _open_file(path: str) -> tuple[Path, str, bool] | None:
    """Remember uploads that everybody may see: their address never means another file."""
    found = media_queries.file_at(path, session_key="")
    if found is None or not found[2]:
        raise LookupError
    return found


def _authorise(path: str, session_key: str) -> tuple[Path, str, bool] | None:
    try:
        return _open_file(path)
    except LookupError:
        return media_queries.file_at(path, session_key=session_key)
    finally:
        connection.close()


def byte_range(header: str, size: int) -> tuple[int, int] | None:
    """Return first and last byte of a single range (RFC 9110, 14.1.2), or None when the whole file is meant.

    Raises ValueError when the range lies outside the file.
    """
    if not header.startswith("bytes=") or "," in header:
        return None
    first, dash, last = header.removeprefix("bytes=").strip().partition("-")
    if not dash or not (first or last) or not all(part.isdigit() or not part for part in (first, last)):
        return None
    start = int(first) if first else max(size - int(last), 0)
    end = min(int(last), size - 1) if first and last else size - 1
    if start >= size or end < start:
        raise ValueError("outside the file")
    return start, end


async def _send_file(scope: dict[str, Any], send: Any, path: Path, headers: Headers) -> None:
    loop = asyncio.get_running_loop()
    try:
        handle = await loop.run_in_executor(None, functools.partial(path.open, "rb"))
    except OSError:
        await _send(send, 404, [(b"cache-control", b"no-store")])
        return
    try:
        size = os.fstat(handle.fileno()).st_size
        status, start, end = 200, 0, size - 1
        try:
            wanted = byte_range(_header(scope, b"range"), size)
        except ValueError:
            await _send(send, 416, [*headers, (b"content-range", f"bytes */{size}".encode())])
            return
        if wanted is not None:
            status, (start, end) = 206, wanted
            headers.append((b"content-range", f"bytes {start}-{end}/{size}".encode()))
        headers.append((b"content-length", str(end - start + 1).encode()))
        await send({"type": "http.response.start", "status": status, "headers": headers})
        left = end - start + 1 if scope["method"] == "GET" else 0
        handle.seek(start)
        while left > 0:
            chunk = await loop.run_in_executor(None, handle.read, min(CHUNK, left))
            left -= len(chunk)
            if not chunk:
                break
            await send({"type": "http.response.body", "body": chunk, "more_body": left > 0})
        if scope["method"] == "HEAD" or size == 0:
            await send({"type": "http.response.body", "body": b""})
    finally:
        handle.close()
