"""`terrace bench paint`: how soon a phone on a slow line sees a page, how still it stands, and what it weighs."""

import shutil
import statistics
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import click
from rich.console import Console
from rich.table import Table

from terrace.cli.bench.requests import places
from terrace.cli.bench.starts import served

# The slow line and phone of Lighthouse's mobile profile: 150 ms a round trip, 1.6 Mbit/s down, 0.75 up, a processor four times slower.
LINE = {"offline": False, "latency": 150, "downloadThroughput": 1_600_000 / 8, "uploadThroughput": 750_000 / 8}
SLOWER = 4
SCREEN = {"width": 390, "height": 844}
STILL = 2500  # milliseconds after loading in which something may still move
WATCH = """
  window.seen = { lcp: 0, cls: 0 };
  new PerformanceObserver((list) => { for (const each of list.getEntries()) seen.lcp = each.startTime; })
    .observe({ type: "largest-contentful-paint", buffered: true });
  new PerformanceObserver((list) => { for (const each of list.getEntries()) if (!each.hadRecentInput) seen.cls += each.value; })
    .observe({ type: "layout-shift", buffered: true });
"""


@dataclass(frozen=True)
class Seen:
    """What one visit showed: seconds to the largest picture or text, the sum of shifts, bytes by kind, requests elsewhere."""

    lcp: float
    cls: float
    code: int
    whole: int
    elsewhere: int


@click.command()
@click.option("--runs", default=3, show_default=True, help="Visits of each page, each with an empty cache.")
def paint(runs: int) -> None:
    """Print largest paint, layout shift and compressed bytes of pages on a throttled phone, seen through the browser's own protocol.

    Needs Chromium, and Playwright from the development requirements. The visitor is a stranger with an empty cache.
    """
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        raise click.ClickException("Playwright is not installed: run bin/test once, it installs it.") from None
    chromium = shutil.which("chromium")
    if chromium is None:
        raise click.ClickException("Chromium is not installed: apt-get install chromium")
    table = Table(
        "page", "LCP s", "CLS", "CSS + JS kB", "all kB", "requests elsewhere", title=f"Median of {runs} visits"
    )
    # Asked for before the browser: its loop lets nobody use the database.
    paths = [*places(None)[0][:-1], "/search/?q=续航", "/accounts/login/"]
    with served() as (_process, port), sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for path in paths:
            visits = [_visit(browser, f"http://127.0.0.1:{port}{path}") for _each in range(runs)]
            table.add_row(path, *_middle(visits))
        browser.close()
    Console().print(table)


def _visit(browser: Any, url: str) -> Seen:
    context = browser.new_context(
        viewport=SCREEN, device_scale_factor=3, is_mobile=True, has_touch=True, locale="zh-CN"
    )
    page = context.new_page()
    page.add_init_script(WATCH)
    protocol = context.new_cdp_session(page)
    protocol.send("Network.enable")
    protocol.send("Network.emulateNetworkConditions", LINE)
    protocol.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    kinds: dict[str, tuple[str, str]] = {}
    sizes: dict[str, int] = {}
    protocol.on("Network.responseReceived", lambda told: kinds.update(_kind(told)))
    protocol.on("Network.loadingFinished", lambda told: sizes.update({told["requestId"]: told["encodedDataLength"]}))
    page.goto(url, wait_until="load", timeout=60_000)
    page.wait_for_timeout(STILL)
    seen = page.evaluate("seen")
    context.close()
    here = urlsplit(url).hostname
    return Seen(
        lcp=seen["lcp"] / 1000,
        cls=seen["cls"],
        code=sum(size for key, size in sizes.items() if kinds.get(key, ("", ""))[0] in {"Stylesheet", "Script"}),
        whole=int(sum(sizes.values())),
        elsewhere=sum(1 for _kind_of, host in kinds.values() if host != here),
    )


def _kind(told: dict[str, Any]) -> dict[str, tuple[str, str]]:
    url = urlsplit(told["response"]["url"])
    return {} if url.scheme == "data" else {told["requestId"]: (told["type"], url.hostname or "")}


def _middle(visits: list[Seen]) -> tuple[str, ...]:
    def middle(name: str) -> float:
        return statistics.median(getattr(each, name) for each in visits)

    return (
        f"{middle('lcp'):.2f}",
        f"{middle('cls'):.3f}",
        f"{middle('code') / 1000:.1f}",
        f"{middle('whole') / 1000:.0f}",
        f"{max(each.elsewhere for each in visits)}",
    )
