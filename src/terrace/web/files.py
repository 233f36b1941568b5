"""Static files and uploads, in both directions and with ranges, without occupying one of Django's threads."""

import asyncio
import contextlib
import functools
import hashlib
import os
import re
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from terrace.media import queries as media_queries
from terrace.media.queries import Served
from terrace.web import static as product

CHUNK = 128 * 1024
UPLOADS = "/uploads"
MOST = 256 * 1024 * 1024  # bytes of an upload that are waited for; the media room refuses more without reading it
_RANGE = re.compile(r"bytes=\s*([0-9]{0,15})-([0-9]{0,15})\s*")
_OF_WHOLE = (b"content-type", b"cache-control", b"etag", b"x-content-type-options")
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
    """Answer an address under `/media/` for whoever may see that upload; everybody else gets 404."""
    if scope["method"] not in {"GET", "HEAD"}:
        await _send(send, 405, [(b"allow", b"GET, HEAD")])
        return
    loop = asyncio.get_running_loop()
    avif = "image/avif" in _header(scope, b"accept")
    found = await loop.run_in_executor(None, _authorise, scope["path"], _cookie(scope), avif)
    if found is None:
        await _send(send, 404, [(b"cache-control", b"no-store")])
        return
    headers: Headers = [
        (b"content-type", found.type.encode()),
        (b"cache-control", FOREVER if found.open else b"private, max-age=3600"),
        (b"accept-ranges", b"bytes"),
        (b"content-security-policy", b"default-src 'none'; sandbox"),
        (b"x-content-type-options", b"nosniff"),
        (b"etag", _tag(found)),
    ]
    if found.varies:
        headers.append((b"vary", b"accept"))
    await _send_file(scope, send, found.path, headers)


def _tag(found: Served) -> bytes:
    """Return the validator of a file: its address never means another one, but for the lighter rendition of a picture."""
    return f'"{hashlib.sha256("/".join(found.path.parts[-2:]).encode()).hexdigest()[:16]}"'.encode()


def _cookie(scope: dict[str, Any]) -> str:
    for part in _header(scope, b"cookie").split(";"):
        name, _sep, value = part.strip().partition("=")
        if name == settings.SESSION_COOKIE_NAME:
            return value
    return ""


@functools.lru_cache(maxsize=4096)
def _open_file(path: str) -> Served:
    """Remember uploads that everybody may see: their address never means another file."""
    found = media_queries.file_at(path, session_key="")
    if found is None or not found.open:
        raise LookupError
    return found


def _authorise(path: str, session_key: str, avif: bool) -> Served | None:
    try:
        return _open_file(path)
    except LookupError:
        return media_queries.file_at(path, session_key=session_key, avif=avif)
    finally:
        connection.close()


def byte_range(header: str, size: int) -> tuple[int, int] | None:
    """Return first and last byte of a single range (RFC 9110, 14.1.2), or None when the whole file is meant.

    Raises ValueError when the range lies outside the file.
    """
    found = _RANGE.fullmatch(header)
    if found is None or not (found[1] or found[2]):
        return None
    start = int(found[1]) if found[1] else max(size - int(found[2]), 0)
    end = min(int(found[2]), size - 1) if found[1] and found[2] else size - 1
    if found[1] and found[2] and int(found[2]) < start:
        return None  # no range at all, so the whole is meant (RFC 9110, 14.1.1)
    if start >= size:
        raise ValueError("outside the file")
    return start, end


def _knows(scope: dict[str, Any], headers: Headers) -> bool:
    """Whether the browser holds this very file already (RFC 9110, 13.1.2)."""
    tags = {tag.strip().removeprefix("W/") for tag in _header(scope, b"if-none-match").split(",")}
    return "*" in tags or dict(headers)[b"etag"].decode() in tags


def _wanted(scope: dict[str, Any], headers: Headers) -> str:
    """Return the range that is asked for; nothing where If-Range names another file (RFC 9110, 13.1.5)."""
    condition = _header(scope, b"if-range").strip()
    if condition and condition != dict(headers)[b"etag"].decode():
        return ""
    return _header(scope, b"range") if scope["method"] == "GET" else ""


async def _send_file(scope: dict[str, Any], send: Any, path: Path, headers: Headers) -> None:
    loop = asyncio.get_running_loop()
    if _knows(scope, headers):
        await send({"type": "http.response.start", "status": 304, "headers": headers})
        await send({"type": "http.response.body", "body": b""})
        return
    try:
        handle = await loop.run_in_executor(None, functools.partial(path.open, "rb"))
    except OSError:
        await _send(send, 404, [(b"cache-control", b"no-store")])
        return
    try:
        size = os.fstat(handle.fileno()).st_size
        status, start, end = 200, 0, size - 1
        try:
            wanted = byte_range(_wanted(scope, headers), size)
        except ValueError:
            kept = [pair for pair in headers if pair[0] not in _OF_WHOLE]
            await _send(send, 416, [*kept, (b"content-range", f"bytes */{size}".encode())])
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


@contextlib.asynccontextmanager
async def gathered(scope: dict[str, Any], receive: Any) -> AsyncIterator[Any]:
    """Give back `receive`, and for a file that a member sends only when all of it is here.

    A phone takes minutes for a video, and a thread of Django's would wait for it. What strangers send, and what is too
    large, goes straight on: it is refused without being read.
    """
    length = _header(scope, b"content-length")
    size = int(length) if length.isascii() and length.isdigit() else 0
    if scope["method"] != "POST" or scope["path"] != UPLOADS or not 0 < size <= MOST:
        yield receive
        return
    loop = asyncio.get_running_loop()
    if not await loop.run_in_executor(None, _is_member, _cookie(scope)):
        yield receive
        return
    with tempfile.SpooledTemporaryFile(max_size=CHUNK) as spool:
        last = await _fill(spool, receive, size)
        spool.seek(0)

        async def again() -> dict[str, Any]:
            """Hand on what has come, then how it ended."""
            part = await loop.run_in_executor(None, spool.read, CHUNK)
            return {"type": "http.request", "body": part, "more_body": True} if part else last

        yield again


async def _fill(spool: Any, receive: Any, size: int) -> dict[str, Any]:
    """Write a body down as it comes, never more than was announced; return the message that ends it."""
    loop = asyncio.get_running_loop()
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return {"type": "http.disconnect"}
        part = message.get("body", b"")[:size]
        size -= len(part)
        await loop.run_in_executor(None, spool.write, part)
        if not message.get("more_body"):
            return {"type": "http.request", "body": b"", "more_body": False}


def _is_member(session_key: str) -> bool:
    try:
        return media_queries.member_of(session_key) is not None
    finally:
        connection.close()
