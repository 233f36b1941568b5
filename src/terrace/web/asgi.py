"""The door: one ASGI entry for live events, static files, uploads, and everything else through Django's WSGI handler."""

import asyncio
import contextlib
import os
from collections.abc import Awaitable, Callable
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "terrace.web.settings")

from terrace.web.wsgi import application as django  # noqa: E402  Django is set up by this import

from a2wsgi import WSGIMiddleware  # noqa: E402, I001
from django.conf import settings  # noqa: E402

from terrace.kernel import live  # noqa: E402
from terrace.kernel.worker import Worker  # noqa: E402
from terrace.web import files, streams  # noqa: E402

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

pages = WSGIMiddleware(django, workers=settings.TERRACE_THREADS)


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
        await pages(scope, receive, send)  # type: ignore[arg-type]


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
