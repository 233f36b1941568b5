"""The door: one ASGI entry for live events, static files, uploads, and everything else through Django's WSGI handler."""

import asyncio
import contextlib
import logging
import os
import threading
from collections.abc import Awaitable, Callable
from typing import Any

from terrace.web.wsgi import application as django  # first: it sets Django up, and what follows needs that

# isort: split
from a2wsgi import WSGIMiddleware
from django.conf import settings
from django.db import connections

from terrace.kernel import live
from terrace.kernel.worker import Worker
from terrace.search import policies as search
from terrace.web import files, streams

log = logging.getLogger(__name__)

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
        async with files.gathered(scope, receive) as whole:

            async def body() -> dict[str, Any]:
                """Receive through a coroutine: granian's own `receive` gives a future, which a2wsgi cannot hand across threads."""
                return await whole()

            await pages(scope, body, _without_tags(send))  # type: ignore[arg-type]


def _without_tags(send: Send) -> Send:
    """Keep what a page says that it shows inside the house."""

    async def sending(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [pair for pair in message["headers"] if pair[0].lower() != b"terrace-tags"]
        await send(message)

    return sending


def _warm() -> None:
    """Load beside the first requests what the first search would have to wait for."""
    try:
        search.warm()
    except Exception:
        log.exception("search was not made ready; its first question does that")
    finally:
        connections.close_all()


async def lifespan(receive: Receive, send: Send) -> None:
    """Start the worker's threads with the server and end them, and every stream, with it."""
    await receive()
    worker = Worker(outside=settings.TERRACE_WORKERS, role=os.environ.get("TERRACE_ROLE", "all"))
    others = asyncio.ensure_future(live.listen())
    worker.start()
    await send({"type": "lifespan.startup.complete"})
    threading.Thread(target=_warm, daemon=True).start()
    await receive()
    live.hub.close_all()
    others.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await others
    await asyncio.get_running_loop().run_in_executor(None, worker.stop)
    await send({"type": "lifespan.shutdown.complete"})
