"""`/live`: server-sent events for open pages."""

import asyncio
from typing import Any
from urllib.parse import parse_qs

from django.core.signing import BadSignature
from django.db import connection

from terrace.kernel import live

KEEP_ALIVE = 20.0  # seconds between comments that keep proxies from closing an idle stream
MOST = 20  # channels one page may listen to
HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
]


def _allowed(query: str) -> set[str] | None:
    """Return the channels that the request may hear, or None when its token is forged or too old."""
    asked = parse_qs(query)
    try:
        channels = live.allowed(live.channels_of(asked["token"][0])) if "token" in asked else set()
        channels |= {channel for channel in asked.get("channel", [])[:MOST] if live.is_open(channel)}
    except BadSignature:
        return None
    finally:
        connection.close()
    return channels


def _snapshot(channels: set[str]) -> list[live.Message]:
    try:
        return live.states(channels)
    finally:
        connection.close()


def _after_a_break(channels: set[str]) -> list[live.Message] | None:
    """Return the present state, or None where the stream has to end: closed unheard, or no longer for this reader."""
    try:
        return None if live.is_ended(channels) or live.allowed(channels) != channels else live.states(channels)
    finally:
        connection.close()


async def answer(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Stream what happens on the page's channels until the page or the server goes away."""
    loop = asyncio.get_running_loop()
    channels = await loop.run_in_executor(None, _allowed, scope["query_string"].decode("latin-1"))
    if not channels:
        await send({"type": "http.response.start", "status": 403, "headers": [(b"cache-control", b"no-store")]})
        await send({"type": "http.response.body", "body": b""})
        return
    reader = live.Reader(channels, loop)
    # Listening begins before the state is read, so that nothing can fall between the two.
    live.hub.add(reader)
    gone = asyncio.ensure_future(_until_gone(receive))
    try:
        await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        await send({"type": "http.response.body", "body": b"retry: 2000\n\n", "more_body": True})
        for message in await loop.run_in_executor(None, _snapshot, channels):
            await send({"type": "http.response.body", "body": message.frame(), "more_body": True})
        await _stream(reader, gone, send)
    finally:
        live.hub.remove(reader)
        gone.cancel()


async def _stream(reader: live.Reader, gone: asyncio.Future, send: Any) -> None:
    while not gone.done():
        waiting = asyncio.ensure_future(reader.next(KEEP_ALIVE))
        await asyncio.wait({waiting, gone}, return_when=asyncio.FIRST_COMPLETED)
        if not waiting.done():
            waiting.cancel()
            return
        try:
            message = waiting.result()
        except TimeoutError:
            await send({"type": "http.response.body", "body": b": still here\n\n", "more_body": True})
            continue
        if message is not None and message.kind == live.REFRESH.kind:
            known = await asyncio.get_running_loop().run_in_executor(None, _after_a_break, reader.channels)
        else:
            known = [message] if message is not None else None
        if known is None:
            break
        for each in known:
            await send({"type": "http.response.body", "body": each.frame(), "more_body": True})
    await send({"type": "http.response.body", "body": b"event: end\ndata: {}\n\n"})


async def _until_gone(receive: Any) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
