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
    monkeypatch.setattr(live, "_guards", {})
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


def test_what_was_open_at_signing_may_be_so_no_longer(counts):
    """A topic's stream ends when its board closes, and the token that is still young opens it no more."""
    may = {(1, 7), (1, 8), (1, None)}
    live.guard("topic", lambda number, member_id: (number, member_id) in may)
    live.state("topic", lambda number: [live.Message(f"topic:{number}", "topic", {"last": 3})])

    async def story():
        seven, eight = Page("member:7", "topic:1"), Page("member:8", "topic:1")
        for page in (seven, eight):
            assert [await page.next(), (await page.next())[0], (await page.next())[0]] == [200, "notices", "topic"]
        may.discard((1, 7))
        live.hub.send(live.Message("topic:1", live.REFRESH.kind, {}))
        assert await seven.next() == ("end", {})
        assert [(await eight.next())[0], (await eight.next())[0]] == ["notices", "topic"], "who still may goes on"
        again = Page("member:7", "topic:1")
        assert [await again.next(), (await again.next())[0]] == [200, "notices"]
        live.hub.send(live.Message("topic:1", "topic", {"last": 4}))
        live.hub.send(live.Message("member:7", "notices", {"count": 9}))
        assert (await again.next())[1] == {"channel": "member:7", "count": 9}
        assert (await eight.next())[1] == {"channel": "topic:1", "last": 4}
        may.clear()
        live.hub.send(live.REFRESH)
        assert await eight.next() == ("end", {})
        await again.leave()

    asyncio.run(story())
