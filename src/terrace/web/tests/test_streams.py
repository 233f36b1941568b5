"""A stream of live events: present state at its beginning and after a break, and its end."""

import asyncio
import json

import pytest

from terrace.kernel import live
from terrace.web import streams

SOON = 20.0  # seconds until something that has not happened counts as failed


class Page:
    """An open page: what it was sent, and when it goes away."""

    def __init__(self, *channels):
        query = f"token={live.token(set(channels))}"
        self._sent, self._gone = asyncio.Queue(), asyncio.Event()
        scope = {"type": "http", "path": "/live", "query_string": query.encode()}
        self.task = asyncio.ensure_future(streams.answer(scope, self._receive, self._sent.put))

    async def _receive(self):
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def next(self):
        """Return (kind, data) of the next event, or the status of the answer."""
        while True:
            sent = await asyncio.wait_for(self._sent.get(), SOON)
            if sent["type"] == "http.response.start":
                return sent["status"]
            if sent["body"].startswith(b"event: "):
                kind, data = sent["body"].decode().strip().split("\n")
                return kind.removeprefix("event: "), json.loads(data.removeprefix("data: "))

    async def leave(self):
        """Go away."""
        self._gone.set()
        await asyncio.wait_for(self.task, SOON)


@pytest.fixture
def counts(monkeypatch):
    """What the server knows of each member, and who was shut out; a test changes it at will."""
    known, out = {7: 1, 8: 5}, set()
    monkeypatch.setattr(live, "_states", {})
    monkeypatch.setattr(live, "_ended", {})
    live.state("member", lambda number: [live.Message(f"member:{number}", "notices", {"count": known[number]})])
    live.end_where("member", lambda number: number in out)
    return known, out


def test_after_a_break_every_page_is_sent_what_the_server_knows_now(counts):
    known, out = counts

    async def story():
        seven, eight = Page("member:7"), Page("member:8")
        for page, number in ((seven, 1), (eight, 5)):
            assert await page.next() == 200
            assert (await page.next())[1]["count"] == number
        known[7], known[8] = 2, 6  # while nobody could say so
        out.add(8)
        live.hub.send(live.REFRESH)
        assert await seven.next() == ("notices", {"channel": "member:7", "count": 2})
        assert await eight.next() == ("end", {}), "who was shut out meanwhile is not told anything more"
        live.hub.send(live.Message("member:7", "notices", {"count": 3}))
        assert (await seven.next())[1]["count"] == 3, "the stream lives on"
        await seven.leave()
        await asyncio.wait_for(eight.task, SOON)
        assert live.hub.count() == 0

    asyncio.run(story())


def test_a_member_who_is_closed_out(counts):
    async def story():
        page = Page("member:7", "topic:1")
        assert await page.next() == 200
        await page.next()
        live.hub.send(live.Message("member:7", live.CLOSE, {}))
        assert await page.next() == ("end", {})
        await asyncio.wait_for(page.task, SOON)
        assert live.hub.count() == 0

    asyncio.run(story())
