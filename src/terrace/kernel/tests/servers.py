"""Servers that tests of several processes need: a Redis of their own, an empty PostgreSQL database. Skipped where absent."""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import time
from urllib.parse import urlsplit

import pytest
import redis


class RedisServer:
    """A Redis server on a free port of this machine, which a test may stop, hold and start again."""

    def __init__(self, folder):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self._port = probe.getsockname()[1]
        self._folder = folder
        self._process = None
        self.url = f"redis://127.0.0.1:{self._port}/0"

    def start(self):
        """Start it (again) on the same port, and wait until it answers."""
        command = ["redis-server", "--port", str(self._port), "--bind", "127.0.0.1", "--save", ""]
        self._process = subprocess.Popen([*command, "--dir", str(self._folder)], stdout=subprocess.DEVNULL)
        for _try in range(200):
            try:
                with redis.Redis.from_url(self.url) as client:
                    client.ping()
                return
            except redis.RedisError:
                time.sleep(0.05)
        raise AssertionError("redis-server did not start")

    def stop(self):
        """Kill it; who is connected is cut off."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(10)
            self._process = None

    def hold(self):
        """Let it stand still: connections stay, and nothing answers."""
        self._process.send_signal(signal.SIGSTOP)

    def go_on(self):
        """Let it work again."""
        self._process.send_signal(signal.SIGCONT)


@pytest.fixture
def redis_server(tmp_path):
    """Return a Redis server of the test's own."""
    if not shutil.which("redis-server"):
        pytest.skip("redis-server is not installed: apt-get install redis-server")
    server = RedisServer(tmp_path)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def redis_url():
    """Return the address of the Redis server that tests share."""
    url = os.environ.get("TERRACE_TEST_REDIS_URL", "")
    if not url:
        pytest.skip("no Redis: set TERRACE_TEST_REDIS_URL, or run bin/test")
    try:
        with redis.Redis.from_url(url) as client:
            client.ping()
    except redis.RedisError as error:
        pytest.skip(f"Redis at TERRACE_TEST_REDIS_URL does not answer: {error}")
    return url


@pytest.fixture
def scratch_database():
    """Return the address of an empty PostgreSQL database that goes with the test."""
    import psycopg

    url = os.environ.get("TERRACE_DATABASE_URL", "")
    if not urlsplit(url).scheme.startswith("postgres"):
        pytest.skip("no PostgreSQL: set TERRACE_DATABASE_URL=postgresql://…, or run bin/test")
    base, name = url.rpartition("/")[0], f"terrace_scratch_{secrets.token_hex(4)}"
    with psycopg.connect(f"{base}/postgres", autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
    yield f"{base}/{name}"
    with psycopg.connect(f"{base}/postgres", autocommit=True) as server:
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")
