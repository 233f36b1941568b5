"""The door: one ASGI entry for live events, static files, uploads, and everything else through Django's WSGI handler."""

import asyncio
import contextlib
import os
from collections.abc import Awaitable, Callable
from typing import Any

from terrace.web.wsgi import application as django  # first: it sets Django up, and what follows needs that

# isort: split
from a2wsgi import WSGIMiddleware
from django.conf import settings

from terrace.kernel import live
from terrace.kernel.worker import Worker
from terrace.web import files, streams

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

pages = WSGIMiddleware(django, workers=settings.TERRACE_THREADS)  # type: ignore[arg-type]


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Send each request to whoever answers it."""
    if scope["type"] == "lifespan":
        await lifespan(receive, send)
    elif scope["type"] != "http":
        raise RuntimeError(f"the door does not speak {scope['type']}")
    elif scope["path"] == "/live":
        await streams.answer(scope, receive, send)
    elif scope["path"].startswith("/static/"):
        await files.static(scope, receive, send)
    elif scope["path"].startswith("/media/"):
        await files.media(scope, receive, send)
    else:

        async def body() -> dict[str, Any]:
            """Receive through a coroutine: granian's own `receive` gives a future, which a2wsgi cannot hand across threads."""
            return await receive()

        await pages(scope, body, _without_tags(send))  # type: ignore[arg-type]


def _without_tags(send: Send) -> Send:
    """Keep what a page says that it shows inside the house."""

    async def sending(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [pair for pair in message["headers"] if pair[0].lower() != b"terrace-tags"]
        await send(message)

    return sending


async def lifespan(receive: Receive, send: Send) -> None:
    """Start the worker's threads with the server and end them, and every stream, with it."""
    await receive()
    worker = Worker(outside=settings.TERRACE_WORKERS) if os.environ.get("TERRACE_ROLE", "all") == "all" else None
    bus = asyncio.ensure_future(live.redis_listen(settings.TERRACE_REDIS_URL)) if settings.TERRACE_REDIS_URL else None
    if worker:
        worker.start()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    live.hub.close_all()
    if bus:
        bus.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await bus
    if worker:
        await asyncio.get_running_loop().run_in_executor(None, worker.stop)
    await send({"type": "lifespan.shutdown.complete"})
