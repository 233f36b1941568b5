"""A real server with the demo community, and real browsers that visit it."""

import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright

ROOT = Path(__file__).parents[2]
HEIGHT = {320: 640, 390: 844, 1440: 900}
# One of each kind of person in the demo, by the language that they read.
PEOPLE = {
    "administrator": "山弦",
    "operator": "若溪",
    "moderator": "板桥",
    "engineer": "陈澈",
    "member": "林间",
    "other": "阿禾",
    "newcomer": "晴川",
    "english": "Wen",
    "appealing": "柚子皮",
}
STARTS_WITHIN = 180.0  # seconds, the demo's filling included; the budget of the product is 30 on an idle machine
ENDS_WITHIN = 5.0  # seconds after SIGTERM
WAIT = 20_000  # milliseconds until a step that has not happened counts as failed; two busy cores are slow
expect.set_options(timeout=WAIT)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything here as a journey; skip it with a sentence where there is no browser."""
    here = [item for item in items if Path(item.path).parent == Path(__file__).parent]
    for item in here:
        item.add_marker(pytest.mark.journey)
        if not shutil.which("chromium"):
            item.add_marker(pytest.mark.skip(reason="Chromium is not installed: apt-get install chromium"))


@dataclass
class Server:
    """The running product."""

    url: str
    data: Path
    log: Path
    process: subprocess.Popen

    def ask(self, question: str, *values: object) -> list[tuple]:
        """Read from the server's database."""
        connection = sqlite3.connect(f"file:{self.data / 'terrace.sqlite3'}?mode=ro", uri=True, timeout=10)
        try:
            return connection.execute(question, values).fetchall()
        finally:
            connection.close()

    def mail_to(self, address: str) -> str:
        """Return the newest message to an address, waiting for it a little."""
        for _try in range(100):
            found = self.ask('SELECT body FROM kernel_outboxmessage WHERE "to" = ? ORDER BY id DESC LIMIT 1', address)
            if found:
                return found[0][0]
            time.sleep(0.1)
        raise AssertionError(f"nothing was sent to {address}")

    def broken(self) -> list[str]:
        """Return the lines in which the server says that a page failed."""
        return [
            line
            for line in self.log.read_text("utf-8").splitlines()
            if '"level": "error"' in line or "Traceback" in line
        ]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _healthy(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/health", timeout=2) as answer:
            return answer.status == 200
    except OSError:
        return False


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Start the product on a demo community of its own; at the end it must stop when it is asked to."""
    data = tmp_path_factory.mktemp("terrace")
    log = tmp_path_factory.mktemp("log") / "serve.log"
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("TERRACE_", "DJANGO_"))}
    port = _free_port()
    with log.open("wb") as out:
        process = subprocess.Popen(
            [ROOT / "bin" / "terrace", "serve", "--demo", "--port", str(port)],
            env={**clean, "TERRACE_DATA": str(data), "TERRACE_LOG_LEVEL": "WARNING", "PYTHONUNBUFFERED": "1"},
            stdout=out,
            stderr=subprocess.STDOUT,
            cwd=ROOT,
        )
    running = Server(f"http://127.0.0.1:{port}", data, log, process)
    until = time.monotonic() + STARTS_WITHIN
    while not _healthy(running.url):
        if process.poll() is not None or time.monotonic() > until:
            process.kill()
            process.wait()
            pytest.fail(f"the server did not start:\n{log.read_text('utf-8')[-3000:]}")
        time.sleep(0.1)
    yield running
    asked = time.monotonic()
    process.send_signal(signal.SIGTERM)
    try:
        code = process.wait(ENDS_WITHIN + 15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        raise
    took = time.monotonic() - asked
    assert (code, took < ENDS_WITHIN) == (0, True), f"SIGTERM: exit status {code} after {took:.1f} s"


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Return what starts browsers."""
    with sync_playwright() as play:
        yield play


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """Return Chromium."""
    chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
    yield chromium
    chromium.close()


@pytest.fixture(scope="session")
def large_browser(playwright: Playwright) -> Iterator[Browser]:
    """Return Chromium as somebody has set it who wants text twice as large."""
    larger = [*ARGUMENTS, "--blink-settings=defaultFontSize=32"]
    chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=larger)
    yield chromium
    chromium.close()


REPORT = """
addEventListener("securitypolicyviolation", (event) =>
  console.error(`content policy: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
"""


class Watch:
    """What went wrong in a browser: errors on the console, in scripts, against the content policy, requests elsewhere."""

    def __init__(self) -> None:
        self.trouble: list[str] = []
        self.forgiven: list[str] = []

    def over(self, context: BrowserContext) -> None:
        """Watch every page of a context."""
        context.on("console", lambda told: self._note(told.type, f"{told.text} ({told.location.get('url', '')})"))
        context.on("weberror", lambda error: self._note("error", f"script: {error.error}"))
        context.on("request", lambda request: self._leaving(request.url))

    def _note(self, kind: str, text: str) -> None:
        if kind == "error" or "Content Security Policy" in text:
            self.trouble.append(text)

    def _leaving(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme in {"http", "https", "ws", "wss"} and parts.hostname != "127.0.0.1":
            self.trouble.append(f"a request left the machine: {url}")

    def forgive(self, pattern: str) -> None:
        """Take what matches as part of the story: a page that is not there, a line that is cut."""
        self.forgiven.append(pattern)

    def left(self) -> list[str]:
        """Return what nobody has forgiven."""
        return [text for text in self.trouble if not any(re.search(each, text) for each in self.forgiven)]


@pytest.fixture
def watch() -> Watch:
    """Return what the test's browsers report to."""
    return Watch()


Visitor = Callable[..., Page]


def in_words(lang: str) -> Callable[..., str]:
    """Return a function that says a sentence of the product in the reader's language, as a page would."""
    from django.utils import translation

    from terrace.kernel import catalogues

    catalogues.compile_stale()

    def say(sentence: str, **values: object) -> str:
        with translation.override("en" if lang.startswith("en") else "zh-hans"):
            text = translation.gettext(sentence)
        return text % values if values else text

    return say


READY = """() => {
  const wanted = [...document.querySelectorAll("[data-behavior]")].flatMap((one) => one.dataset.behavior.trim().split(/\\s+/));
  const here = performance.getEntriesByType("resource").filter((one) => one.responseEnd).map((one) => one.name);
  return wanted.every((name) => here.some((url) => url.endsWith(`/js/${name}.js`)));
}"""


def ready(page: Page) -> None:
    """Wait until the behaviours of the page are there, as anybody has long before they press a key."""
    page.wait_for_function(READY)
    page.wait_for_timeout(100)


def eventually(page: Page, done: Callable[[], bool], *, seconds: float = 10, reload: bool = True) -> None:
    """Wait until something has happened behind the page, looking again by reloading it."""
    until = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < until, f"it did not happen within {seconds} s on {page.url}"
        page.wait_for_timeout(200)
        if reload:
            page.reload()


@pytest.fixture
def visitor(server: Server, browser: Browser, watch: Watch) -> Iterator[Visitor]:
    """Return a function that opens a browser window of somebody (see `_visiting`)."""
    yield from _visiting(server, browser, watch)


@pytest.fixture
def large_visitor(server: Server, large_browser: Browser, watch: Watch) -> Iterator[Visitor]:
    """Return the same for somebody whose text is twice as large."""
    yield from _visiting(server, large_browser, watch)


def _visiting(server: Server, browser: Browser, watch: Watch) -> Iterator[Visitor]:
    """Yield a function that opens a browser window of somebody: `visitor("member", width=390)`; nobody is a stranger.

    The test fails on any error on a console, in a script, of the server, against the content policy, and on any request
    that leaves this machine.
    """
    contexts: list[BrowserContext] = []
    before = len(server.broken())

    def visit(
        who: str | None = None,
        *,
        lang: str = "zh-CN",
        width: int = 1440,
        js: bool = True,
        scheme: str = "light",
        height: int = 0,
        worker: bool = False,
    ) -> Page:
        context = browser.new_context(
            base_url=server.url,
            viewport={"width": width, "height": height or HEIGHT[width]},
            locale=lang,
            color_scheme=scheme,
            java_script_enabled=js,
            reduced_motion="reduce",
            service_workers="allow" if worker else "block",
        )
        context.set_default_timeout(WAIT)
        context.set_default_navigation_timeout(2 * WAIT)
        contexts.append(context)
        context.add_init_script(REPORT)
        watch.over(context)
        if who:
            sign_in(context, PEOPLE.get(who, who), lang)
        return context.new_page()

    yield visit
    for context in contexts:
        context.close()
    assert watch.left() == []
    assert server.broken()[before:] == []


def _post(context: BrowserContext, page: str, action: str, **more: str) -> None:
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', context.request.get(page).text())
    assert token, f"{page} has no form"
    answer = context.request.post(
        action, form={"csrfmiddlewaretoken": token[1], **more}, headers={"referer": context.request.get(page).url}
    )
    assert answer.ok, f"{action}: {answer.status}"


def sign_in(context: BrowserContext, handle: str, lang: str) -> None:
    """Become somebody of the demo, reading in the wanted language."""
    _post(context, "/demo/", f"/demo/sign-in/{quote(handle)}/")
    code = "en" if lang.startswith("en") else "zh-hans"
    page = context.request.get("/forum/")
    if page.headers["content-language"] != code:
        _post(context, f"/language/{code}/", f"/language/{code}/")


@pytest.fixture(scope="session")
def places(server: Server) -> dict[str, str]:
    """Return the addresses of topics of the demo that the stories need, by what they are."""
    wanted = {
        "long": "last_number > 40",
        "plain": "kind = 'discussion' AND last_number BETWEEN 8 AND 15 AND locked_at IS NULL AND language <> 'en'",
        "solved": "kind = 'question' AND solved",
        "poll": "kind = 'poll'",
        "english": "kind = 'discussion' AND language = 'en' AND last_number BETWEEN 4 AND 15",
    }
    found = {}
    for name, where in wanted.items():
        rows = server.ask(f"SELECT id, slug FROM forum_topic WHERE state = 'published' AND {where} ORDER BY id LIMIT 1")
        assert rows, f"the demo has no topic for {name}"
        found[name] = f"/t/{rows[0][0]}/{rows[0][1]}/"
    topic = int(found["plain"].split("/")[2])
    last = "SELECT p.id FROM forum_post p JOIN forum_topic t ON t.id = p.topic_id AND t.last_number = p.number JOIN members_member m"
    last += " ON m.id = p.author_id WHERE m.handle = ? AND p.number > 1 AND p.state = 'published' ORDER BY p.id LIMIT 1"
    found["own"] = str(server.ask(last, PEOPLE["member"])[0][0])
    found["topic"] = str(topic)
    found["member"] = str(server.ask("SELECT id FROM members_member WHERE handle = ?", PEOPLE["member"])[0][0])
    for name, address in (("letter", "qingchuan@example.com"), ("letter_english", "priya@example.com")):
        found[name] = str(server.ask('SELECT min(id) FROM kernel_outboxmessage WHERE "to" = ?', address)[0][0])
    found["engineer"] = str(server.ask("SELECT id FROM members_member WHERE handle = ?", PEOPLE["engineer"])[0][0])
    devices = "SELECT min(id) FROM products_device WHERE member_id = ?"
    found["device"] = str(server.ask(devices, int(found["member"]))[0][0])
    found["module"] = str(server.ask("SELECT min(id) FROM products_module")[0][0])
    found["decision"] = str(server.ask("SELECT max(id) FROM moderation_decision WHERE undone_at IS NULL")[0][0])
    found["post"] = str(server.ask("SELECT id FROM forum_post WHERE topic_id = ? AND number = 3", topic)[0][0])
    return found
