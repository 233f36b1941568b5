"""The door, as a real process: pages, forms, static files, live events, and SIGTERM under load."""

import json
import os
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
import pytest
from django.core import signing

from terrace.kernel import live
from terrace.web.files import byte_range

SOURCE = Path(__file__).parents[3]
KEY = secrets.token_hex(32)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start(folder):
    """Start `terrace serve` on a fresh community; return (process, address)."""
    port = free_port()
    environment = {**os.environ, "TERRACE_DATA": str(folder), "TERRACE_SECRET_KEY": KEY, "PYTHONPATH": str(SOURCE)}
    for name in ("TERRACE_DATABASE_URL", "TERRACE_REDIS_URL", "TERRACE_HOSTS", "DJANGO_SETTINGS_MODULE"):
        environment.pop(name, None)
    if not (Path(folder) / "terrace.sqlite3").exists():
        found = ["setup", "--name", "Door", "--language", "en", "--boards", "empty", "--registration", "open"]
        found += ["--handle", "Host", "--email", "host@example.com", "--password", KEY]
        subprocess.run([sys.executable, "-m", "terrace", *found], env=environment, check=True, capture_output=True)
    command = [sys.executable, "-m", "terrace", "serve", "--port", str(port)]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    base = f"http://127.0.0.1:{port}"
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if httpx2.get(f"{base}/health", timeout=2).status_code == 200:
                return process, base
        except httpx2.HTTPError:
            time.sleep(0.1)
    process.kill()
    raise AssertionError(process.communicate()[0])


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    process, base = start(tmp_path_factory.mktemp("door"))
    yield process, base
    process.send_signal(signal.SIGTERM)
    assert process.wait(6) == 0


@pytest.fixture
def web(server):
    with httpx2.Client(base_url=server[1], timeout=10, headers={"accept-language": "en"}) as client:
        yield client


@pytest.mark.slow
def test_pages_forms_and_headers(web):
    page = web.get("/")
    assert page.status_code == 200
    assert "terrace-tags" not in page.headers, "what a page shows stays inside the house"
    assert "default-src 'none'" in page.headers["content-security-policy"]
    form = web.get("/accounts/login/")
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form.text)[1]
    body = {"csrfmiddlewaretoken": token, "login": "nobody@example.com", "password": "not the one"}
    answer = web.post("/accounts/login/", data=body, headers={"referer": str(web.base_url)})
    assert answer.status_code in {200, 422}, "a form goes through the door"
    assert web.post("/accounts/login/", data=body | {"csrfmiddlewaretoken": "x"}).status_code == 403
    assert web.get("/nowhere/").status_code == 404
    assert web.head("/").status_code == 200


@pytest.mark.slow
def test_static_files_are_compressed_and_kept(web):
    address = re.search(r'href="(/static/[^"]+/app.css)"', web.get("/").text)[1]
    plain = web.get(address, headers={"accept-encoding": "identity"})
    packed = web.get(address, headers={"accept-encoding": "br"})
    assert packed.headers["content-encoding"] == "br"
    assert len(plain.content) > 20_000
    assert plain.headers["cache-control"] == "public, max-age=31536000, immutable"
    old = web.get(address.replace(address.split("/")[2], "000000000000"))
    assert old.headers["cache-control"] == "public, max-age=60"
    for wrong in ("/static/x/../../settings.py", "/static/x/%2e%2e/asgi.py", "/static/x/nothing.css", "/static/"):
        assert web.get(wrong).status_code == 404
    assert web.post(address).status_code == 405


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ("bytes=0-9", (0, 9)),
        ("bytes=90-", (90, 99)),
        ("bytes=-5", (95, 99)),
        ("bytes=0-999", (0, 99)),
        ("bytes=0-1,4-5", None),
        ("lines=0-9", None),
        ("bytes=x-y", None),
        ("", None),
        ("bytes=-", None),
        ("bytes=9-5", None),
        ("bytes= 3-4", (3, 4)),
        ("bytes=-0", ValueError),
        ("bytes=-500", (0, 99)),
        ("bytes=\u00b2-", None),
        ("bytes=1-2-3", None),
    ],
)
def test_ranges(header, found):
    if found is ValueError:
        with pytest.raises(ValueError, match="outside"):
            byte_range(header, 100)
    else:
        assert byte_range(header, 100) == found


@pytest.mark.parametrize("header", ["bytes=100-", "bytes=100-200"])
def test_a_range_outside_the_file(header):
    with pytest.raises(ValueError, match="outside"):
        byte_range(header, 100)


def token_for(*channels):
    return signing.TimestampSigner(key=KEY, salt="terrace.live").sign(",".join(sorted(channels)))


@pytest.mark.slow
def test_live_needs_a_good_token(web):
    for query in ("", "channel=member:1", "channel=topic:999", "token=forged", f"token={token_for('member:1')}x"):
        assert web.get(f"/live?{query}").status_code == 403, query


@pytest.mark.slow
def test_live_sends_the_present_state_at_every_connection(web):
    for _each in range(2):
        with web.stream("GET", f"/live?token={token_for('member:1')}") as stream:
            assert stream.headers["content-type"].startswith("text/event-stream")
            text = ""
            for part in stream.iter_text():
                text += part
                if "event: notices" in text and text.endswith("\n\n"):
                    break
        data = json.loads(re.search(r"event: notices\ndata: (.*)\n", text)[1])
        assert data == {"channel": "member:1", "count": 0}


def test_a_slow_reader_is_closed_and_a_member_can_be_closed_out():
    import asyncio

    async def story():
        loop = asyncio.get_running_loop()
        reader = live.Reader({"member:1"}, loop)
        live.hub.add(reader)
        for number in range(live.QUEUE + 5):
            live.hub.send(live.Message("member:1", "notices", {"count": number}))
        await asyncio.sleep(0.05)
        assert await reader.next(1) is None, "it reconnects and is told the present state"
        other = live.Reader({"member:1"}, loop)
        live.hub.add(other)
        live.hub.send(live.Message("member:1", live.CLOSE, {}))
        assert await other.next(1) is None
        live.hub.remove(reader)
        live.hub.remove(other)
        assert live.hub.count() == 0

    asyncio.run(story())


@pytest.mark.slow
def test_sigterm_under_load_answers_every_request_and_ends_in_time(tmp_path):
    process, base = start(tmp_path)
    bad, done, stop = [], [], threading.Event()
    pool = httpx2.Client(base_url=base, timeout=10)

    def load():
        while not stop.is_set():
            try:
                done.append(pool.get("/forum/").status_code)
            except httpx2.ConnectError:
                return  # the port is closed: this request was never taken
            except httpx2.HTTPError as error:
                bad.append(repr(error))
                return

    threads = [threading.Thread(target=load) for _each in range(8)]
    with httpx2.stream("GET", f"{base}/live?token={token_for('member:1')}", timeout=20) as stream:
        lines = stream.iter_text()
        next(lines)
        for thread in threads:
            thread.start()
        while len(done) < 40 and not bad:  # it is under load when it has answered many
            time.sleep(0.01)
        asked = time.monotonic()
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
        took = time.monotonic() - asked
    stop.set()
    for thread in threads:
        thread.join(15)
    assert took < 5, took
    assert len(done) >= 40
    assert set(done) == {200}
    assert [each for each in bad if "disconnected" not in each.lower() and "ReadError" not in each] == []
    assert len(bad) <= 8, "at most the keep-alive connections that were idle when the server closed them"
