"""`terrace bench`: what pages and searches cost on this machine, on the data of this installation."""

import functools
import http.client
import io
import re
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from terrace.cli import house

WORDS = ["续航", "信号", "拍照", "手机", "battery"]


@click.group()
def command() -> None:
    """Measure pages and searches. Nothing is written but what a visit writes."""
    house.open_house()


@command.command()
@click.option("--runs", default=200, show_default=True, help="Times that each page is made.")
@click.option("--handle", help="Whose eyes to look through as a member [the first member].")
def pages(runs: int, handle: str | None) -> None:
    """Print the CPU that each page costs, in milliseconds, without the network: median, 5th and 95th of 100.

    The topic is the oldest that fills a page of 20 posts. Requests go straight into Django's WSGI handler, as from the door.
    """
    paths, member = _places(handle)
    cookies = _signed_in(member)
    table = Table("page", "as", "median ms", "5 % ms", "95 % ms", title=f"CPU of one page, {runs} runs")
    for path in paths:
        for name, cookie in (("stranger", ""), ("member", cookies)):
            if cookie or path != "/notices/":
                table.add_row(path, name, *_cost(functools.partial(_ask, path, cookie), runs))
    Console().print(table)


def _places(handle: str | None) -> tuple[list[str], Any]:
    from django.conf import settings

    from terrace.forum import policies, queries
    from terrace.kernel import clock
    from terrace.members import queries as members

    settings.ALLOWED_HOSTS = ["testserver"]
    reader = policies.access(None, clock.now())
    topic = queries.oldest_full(reader)
    if topic is None:
        raise click.ClickException("No topic here has 20 posts. Import some: terrace import threads FILE")
    who = members.by_handle(handle) if handle else topic.author
    member = members.by_id(who.pk) if who else None
    if member is None:
        raise click.ClickException("Nobody is called that.")
    board = reader.boards.boards[topic.board_id]
    return ["/", f"/b/{board.slug}/", f"{queries.topic_address(topic)}?at=1", "/notices/"], member


def _signed_in(member: Any) -> str:
    from django.test import Client

    client = Client()
    client.force_login(member, backend="terrace.members.views.accounts.Backend")
    client.get("/")
    return "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())


@functools.cache
def _handler() -> Any:
    from django.core.handlers.wsgi import WSGIHandler

    return WSGIHandler()


def _ask(path: str, cookie: str) -> None:
    path, _mark, query = path.partition("?")
    answer = _handler()(
        {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SERVER_NAME": "testserver",
            "SERVER_PORT": "80",
            "HTTP_COOKIE": cookie,
            "HTTP_ACCEPT_LANGUAGE": "zh-CN,zh;q=0.9",
            "wsgi.input": io.BytesIO(),
            "wsgi.errors": sys.stderr,
            "wsgi.url_scheme": "http",
        },
        lambda status, headers: None,
    )
    if answer.status_code != 200:
        raise click.ClickException(f"{path} answered {answer.status_code}.")
    answer.close()


@command.command()
@click.option("--runs", default=50, show_default=True, help="Times that each search is made.")
@click.argument("words", nargs=-1)
def search(runs: int, words: tuple[str, ...]) -> None:
    """Print the time that searches take, in milliseconds of the clock: median, 5th and 95th of 100."""
    from django.conf import settings
    from django.test import Client

    settings.ALLOWED_HOSTS = ["testserver"]
    client = Client()
    table = Table("words", "median ms", "5 % ms", "95 % ms", title=f"One search page, {runs} runs")
    for text in words or WORDS:
        table.add_row(
            text, *_cost(functools.partial(client.get, "/search/", {"q": text}), runs, clock=time.perf_counter)
        )
    Console().print(table)


@command.command()
@click.option("--runs", default=5, show_default=True, help="Times that the product is started.")
def start(runs: int) -> None:
    """Print how long the embedded product takes to its first page, and its memory at rest (PSS), on this installation's data."""
    taken, memory = zip(*(_started() for _each in range(runs)), strict=True)
    table = Table("what", "median", "largest", title=f"{runs} starts")
    table.add_row("start to the first page", f"{statistics.median(taken):.2f} s", f"{max(taken):.2f} s")
    table.add_row("memory after 20 pages", f"{statistics.median(memory):.0f} MB", f"{max(memory):.0f} MB")
    Console().print(table)


def _started() -> tuple[float, float]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    began = time.perf_counter()
    command = [sys.executable, "-m", "terrace", "serve", "--port", str(port)]
    served = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603  our own command
    try:
        _page(port, patience=60)
        taken = time.perf_counter() - began
        for _each in range(20):
            _page(port, patience=5)
        time.sleep(2)
        return taken, _pss(served.pid)
    finally:
        served.terminate()
        served.wait(20)


def _page(port: int, patience: float) -> None:
    until = time.perf_counter() + patience
    while True:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=patience)
            connection.request("GET", "/")
            answer = connection.getresponse()
            answer.read()
            if answer.status == 200:
                return
            raise click.ClickException(f"The front page answered {answer.status}.")
        except OSError:
            if time.perf_counter() > until:
                raise click.ClickException("The product did not start.") from None
            time.sleep(0.02)


def _pss(pid: int) -> float:
    """Return the memory of a process and its children in MB, what is shared counted in parts (Linux only)."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()
    own = re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{pid}/smaps_rollup").read_text("ascii"), re.M)
    return (int(own[1]) / 1024 if own else 0) + sum(_pss(int(child)) for child in children)


def _cost(
    work: Callable[[], object], runs: int, *, clock: Callable[[], float] = time.process_time
) -> tuple[str, str, str]:
    """Return median, 5th and 95th percentile of the cost of `work`, in milliseconds, after three runs that warm it up."""
    for _each in range(3):
        work()
    taken = []
    for _each in range(runs):
        start = clock()
        work()
        taken.append((clock() - start) * 1000)
    twentieths = statistics.quantiles(taken, n=20)
    return f"{statistics.median(taken):.2f}", f"{twentieths[0]:.2f}", f"{twentieths[18]:.2f}"
