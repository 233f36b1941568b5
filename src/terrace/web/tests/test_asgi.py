"""The door's own life: what begins with it."""

import asyncio

import pytest

from terrace.kernel.words import segments

STEPS = 200  # looks, a twentieth of a second apart


@pytest.mark.django_db(transaction=True)
def test_search_is_made_ready_beside_the_first_requests(monkeypatch):
    """The server says that it has started, and the dictionary comes without anybody having searched."""
    monkeypatch.setenv("TERRACE_ROLE", "web")
    from terrace.web import asgi

    segments.dictionary.cache_clear()
    sent = []

    async def story():
        asked = asyncio.Queue()
        asked.put_nowait({"type": "lifespan.startup"})

        async def send(message):
            sent.append((message["type"], segments.dictionary.cache_info().currsize))

        life = asyncio.ensure_future(asgi.lifespan(asked.get, send))
        for _look in range(STEPS):
            if segments.dictionary.cache_info().currsize:
                break
            await asyncio.sleep(0.05)
        asked.put_nowait({"type": "lifespan.shutdown"})
        await life

    asyncio.run(story())
    assert sent == [("lifespan.startup.complete", 0), ("lifespan.shutdown.complete", 1)]
