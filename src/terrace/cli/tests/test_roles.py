"""Several processes serve one community: two that answer pages, one that works, PostgreSQL and Redis between them."""

import json
import os
import queue
import re
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import httpx2
import psycopg
import pytest
from django.core import signing

from terrace.kernel.tests.servers import redis_server, scratch_database  # noqa: F401
from terrace.kernel.worker import SWEEP

pytestmark = [pytest.mark.postgres, pytest.mark.redis, pytest.mark.slow]
SOURCE = Path(__file__).parents[3]
KEY = secrets.token_hex(32)
SOON = 60.0  # seconds until something that has not happened counts as failed


def until(done, what):
    """Wait until `done()` is true and return what it gave."""
    deadline = time.monotonic() + SOON
    while time.monotonic() < deadline:
        if found := done():
            return found
        time.sleep(0.1)
    raise AssertionError(what)


class House:
    """The processes of one community, and its database."""

    def __init__(self, folder, database, redis_url):
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("TERRACE_", "DJANGO_"))}
        self._environment = clean | {
            "PYTHONPATH": str(SOURCE),
            "DJANGO_SETTINGS_MODULE": "terrace.web.settings",
            "TERRACE_DATA": str(folder),
            "TERRACE_SECRET_KEY": KEY,
            "TERRACE_DATABASE_URL": database,
            "TERRACE_REDIS_URL": redis_url,
            "TERRACE_LANGUAGE": "en",
        }
        self._folder, self._database, self._running = folder, database, []

    def run(self, *arguments):
        """Run Python to its end; return what it wrote."""
        command = [sys.executable, *arguments]
        done = subprocess.run(
            command, env=self._environment, capture_output=True, text=True, timeout=180, check=False, cwd=self._folder
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def act(self, *words):
        """Do something on the database from a process of its own."""
        return json.loads(self.run("-c", "import terrace.cli.tests.roles", *words))

    def serve(self, role, *options):
        """Start one process of a role."""
        command = [sys.executable, "-m", "terrace", "serve", "--role", role, *options]
        log = (self._folder / f"{role}-{len(self._running)}.log").open("w+")
        process = subprocess.Popen(command, env=self._environment, stdout=log, stderr=log, cwd=self._folder)
        self._running.append((process, log))
        return process

    def web(self):
        """Start a process that answers pages; return its address once it does."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        process, base = self.serve("web", "--port", str(port)), f"http://127.0.0.1:{port}"

        def answers():
            assert process.poll() is None, self.logs()
            try:
                return httpx2.get(f"{base}/health", timeout=2).status_code == 200
            except httpx2.HTTPError:
                return False

        until(answers, f"{base} does not answer: {self.logs()}")
        return base

    def ask(self, question):
        """Read one value from the database."""
        with psycopg.connect(self._database) as server:
            return server.execute(question).fetchone()[0]

    def waiting(self):
        """Return how many deliveries wait."""
        return self.ask("SELECT count(*) FROM kernel_delivery WHERE state = 'due'")

    def logs(self):
        """Return what the processes wrote."""
        return "\n".join(Path(log.name).read_text() for _process, log in self._running)

    def stop(self):
        """Ask every process to end; return their exit statuses."""
        for process, _log in self._running:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        statuses = []
        for process, log in self._running:
            try:
                statuses.append(process.wait(15))
            except subprocess.TimeoutExpired:
                process.kill()
                statuses.append(None)
            log.close()
        self._running.clear()
        return statuses


@pytest.fixture
def house(tmp_path, scratch_database, redis_server):  # noqa: F811
    made = House(tmp_path, scratch_database, redis_server.url)
    made.run("-m", "terrace", "manage", "migrate", "-v0")
    yield made
    made.stop()


class Stream:
    """An open page somewhere, read by a thread: every event in its order."""

    def __init__(self, base, query):
        self._heard = queue.Queue()
        self.ended = threading.Event()
        threading.Thread(target=self._read, args=(f"{base}/live?{query}",), daemon=True).start()

    def _read(self, address):
        kind = ""
        with httpx2.stream("GET", address, timeout=httpx2.Timeout(10, read=None)) as answer:
            assert answer.status_code == 200
            for line in answer.iter_lines():
                if line.startswith("event: "):
                    kind = line.removeprefix("event: ")
                elif line.startswith("data: "):
                    self._heard.put((kind, json.loads(line.removeprefix("data: "))))
        self.ended.set()

    def hears(self, kind, **data):
        """Wait for an event with these values."""
        deadline, passed = time.monotonic() + SOON, []
        while True:
            try:
                found = self._heard.get(timeout=max(0.1, deadline - time.monotonic()))
            except queue.Empty:
                raise AssertionError(f"{kind} {data} was not heard, but {passed}") from None
            passed.append(found)
            if found[0] == kind and data.items() <= found[1].items():
                return


def reply(base, known, words):
    """Answer the topic through one of the processes, as a browser does."""
    with httpx2.Client(base_url=base, cookies={"terrace_session": known["cookie"]}, timeout=30) as browser:
        page = browser.get(f"/t/{known['topic']}/", follow_redirects=True)
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)[1]
        body = {"csrfmiddlewaretoken": token, "body": words}
        answer = browser.post(f"/t/{known['topic']}/reply", data=body, headers={"referer": f"{base}/"})
        assert answer.status_code == 302, answer.text[:2000]


def sign_in(base):
    """Try to sign in with a wrong password, which is counted; return the status of the answer."""
    with httpx2.Client(base_url=base, timeout=30) as browser:
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', browser.get("/accounts/login/").text)[1]
        body = {"csrfmiddlewaretoken": token, "login": "nobody@example.com", "password": "not the one"}
        return browser.post("/accounts/login/", data=body, headers={"referer": f"{base}/"}).status_code


def token_for(*channels):
    return signing.TimestampSigner(key=KEY, salt="terrace.live").sign(",".join(sorted(channels)))


def test_two_that_answer_and_one_that_works(house, redis_server):  # noqa: F811
    known = house.act("found")
    one, two = house.web(), house.web()
    topic = Stream(two, f"channel=topic:{known['topic']}")
    topic.hears("topic", last=1)
    bell = Stream(two, f"token={token_for('member:' + str(known['lin']))}")
    bell.hears("notices", count=0)

    # What is written through one is on the streams of the other; nobody makes deliveries yet.
    reply(one, known, "The first reply.")
    topic.hears("topic", last=2)
    waiting = house.waiting()
    assert waiting > 0
    time.sleep(2 * SWEEP)
    assert house.waiting() == waiting, "a process that answers pages made deliveries"
    assert house.ask("SELECT count(*) FROM kernel_heartbeat") == 0

    # The worker makes them, and what it has to tell arrives where the member looks.
    house.serve("worker")
    bell.hears("notices", count=1)
    until(lambda: house.waiting() == 0, "the worker does not come to an end")
    assert house.ask("SELECT count(*) FROM kernel_delivery WHERE state <> 'done'") == 0
    assert house.ask("SELECT count(*) FROM kernel_heartbeat") == 1
    assert "any number of web and worker" in house.run(
        "-c", "from terrace.cli import doctor; print(doctor.processes())"
    )

    # Redis goes. Pages are answered, streams stay open; when it is back they know what happened meanwhile.
    redis_server.stop()
    reply(one, known, "While Redis was away.")
    reply(two, known, "@lin And another.")
    assert sign_in(two) in {200, 422}
    until(lambda: house.waiting() == 0, "the worker does not work without Redis")
    redis_server.start()
    topic.hears("topic", last=4)
    bell.hears("notices", count=2)
    reply(one, known, "All is well again.")
    topic.hears("topic", last=5)

    # Somebody is suspended on another machine: their stream ends, the others go on.
    house.act("suspend", "lin")
    assert bell.ended.wait(SOON), "the stream of a suspended member lives on"
    assert not topic.ended.is_set()

    # What each process counts in its own memory is written too.
    until(lambda: house.ask("SELECT views FROM forum_topic") >= 4, "views are not counted")
    assert house.stop() == [0, 0, 0], house.logs()
    assert '"level": "error"' not in house.logs()
    assert "Traceback" not in house.logs()


def test_who_was_suspended_while_redis_was_away(house, redis_server):  # noqa: F811
    known = house.act("found")
    one = house.web()
    bell = Stream(one, f"token={token_for('member:' + str(known['lin']))}")
    bell.hears("notices", count=0)
    redis_server.stop()
    house.act("suspend", "lin")
    assert not bell.ended.is_set()
    redis_server.start()
    assert bell.ended.wait(SOON), "nobody told this process, and it did not look"
