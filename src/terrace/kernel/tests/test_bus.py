"""Live messages between two processes' hubs, over a real Redis that goes away and comes back."""

import asyncio
import contextlib
from dataclasses import dataclass

import pytest
import redis

from terrace.kernel import bus, live
from terrace.kernel.tests.servers import redis_server, redis_url  # noqa: F401

pytestmark = pytest.mark.redis
SOON = 20.0  # seconds until something that has not happened counts as failed
HELLO = live.Message("topic:1", "topic", {"last": 2})


@pytest.fixture(autouse=True)
def _impatient(monkeypatch):
    for name in ("PATIENCE", "BEAT", "PAUSE"):
        monkeypatch.setattr(bus, name, 0.2)


@dataclass
class Node:
    """What one process has: its hub, its bus, and an open page on topic 1 and of member 7."""

    hub: live.Hub
    bus: bus.Bus
    reader: live.Reader
    listening: asyncio.Task

    async def hears(self, message):
        """Wait for a message; what else comes before is passed over."""
        async with asyncio.timeout(SOON):
            while (found := await self.reader.next(SOON)) != message:
                assert found is not None, f"the stream ended before {message}"

    async def ends(self):
        """Wait until the stream is closed."""
        async with asyncio.timeout(SOON):
            while await self.reader.next(SOON) is not None:
                pass


@contextlib.asynccontextmanager
async def nodes(url, number=2):
    """Give so many nodes that hear each other."""
    made = []
    for _each in range(number):
        hub = live.Hub()
        reader = live.Reader({"topic:1", "member:7"}, asyncio.get_running_loop())
        hub.add(reader)
        one = bus.Bus(url, hub)
        made.append(Node(hub, one, reader, asyncio.ensure_future(one.listen())))
    try:
        for node in made:
            # Whoever hears the bus for the first time may have missed something already.
            await node.hears(live.REFRESH)
        yield made
    finally:
        for node in made:
            node.listening.cancel()
        await asyncio.gather(*(node.listening for node in made), return_exceptions=True)


async def publish(node, message):
    """Send from a thread, as Django does."""
    await asyncio.get_running_loop().run_in_executor(None, node.bus.publish, message)


async def in_touch(one, two):
    """Wait until what `one` sends is heard by `two` again; a sender tries a moment later than a listener."""
    for number in range(50):
        later = live.Message("topic:1", "topic", {"last": 3 + number})
        await publish(one, later)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(SOON / 50):
                while await two.reader.next(SOON) != later:
                    pass
                return
    raise AssertionError("what one sends is not heard")


def test_what_one_sends_all_hear(redis_url):  # noqa: F811
    async def story():
        async with nodes(redis_url) as (one, two):
            await publish(one, HELLO)
            await two.hears(HELLO)
            await one.hears(HELLO)

    asyncio.run(story())


def test_closing_a_member_out_closes_the_stream_of_the_other_process(redis_url):  # noqa: F811
    async def story():
        async with nodes(redis_url) as (one, two):
            await publish(one, live.Message("member:7", live.CLOSE, {}))
            await two.ends()

    asyncio.run(story())


def test_what_is_not_understood_is_passed_over(redis_url):  # noqa: F811
    async def story():
        async with nodes(redis_url) as (one, two):
            with redis.Redis.from_url(redis_url) as client:
                for junk in ("", "[1, 2]", '{"from": "a later version"}', b"\xff\xfe"):
                    client.publish(one.bus.channel, junk)
            await publish(one, HELLO)
            await two.hears(HELLO)
            assert not two.listening.done()

    asyncio.run(story())


def test_another_community_on_the_same_server_hears_nothing(redis_url, settings):  # noqa: F811
    async def story():
        async with nodes(redis_url, 1) as (one,):
            settings.SECRET_KEY = "another " * 8
            async with nodes(redis_url, 1) as (two,):
                await publish(two, HELLO)
                await two.hears(HELLO)
                await publish(one, live.Message("topic:1", "topic", {"last": 99}))
                assert (await one.reader.next(SOON)).data == {"last": 99}, "and not what the other community sent"

    asyncio.run(story())


def test_redis_goes_away_and_comes_back(redis_server):  # noqa: F811
    async def story():
        async with nodes(redis_server.url) as (one, two):
            redis_server.stop()
            await publish(one, HELLO)
            await one.hears(HELLO)
            redis_server.start()
            for node in (one, two):
                await node.hears(live.REFRESH)
                assert not node.listening.done()
            await in_touch(two, one)
            await in_touch(one, two)

    asyncio.run(story())


def test_redis_stands_still_while_somebody_sends(redis_server):  # noqa: F811
    async def story():
        async with nodes(redis_server.url) as (one, two):
            redis_server.hold()
            await publish(one, HELLO)
            await one.hears(HELLO)
            redis_server.go_on()
            await two.hears(live.REFRESH)
            await in_touch(one, two)

    asyncio.run(story())


def test_who_only_listens_notices_that_redis_stands_still(redis_server):  # noqa: F811
    """A server that vanished cuts no connection: it only says nothing, as it does when there is nothing to say."""

    async def story():
        async with nodes(redis_server.url) as (one, two):
            redis_server.hold()
            await asyncio.sleep(5 * bus.BEAT)
            redis_server.go_on()
            for node in (one, two):
                await node.hears(live.REFRESH)

    asyncio.run(story())


def test_who_could_not_send_asks_all_to_look_again(redis_server):  # noqa: F811
    """Only the sender is cut off: the others lose no connection, so they would not know that they missed anything."""

    async def story():
        async with nodes(redis_server.url) as (one, two):
            with redis.Redis.from_url(redis_server.url) as client:
                client.execute_command("ACL", "SETUSER", "default", "-publish")
                await publish(one, HELLO)
                await one.hears(HELLO)
                client.execute_command("ACL", "SETUSER", "default", "+publish")
            await two.hears(live.REFRESH)

    asyncio.run(story())
