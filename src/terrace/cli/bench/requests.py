"""What pages and searches cost inside the product."""

import functools
import io
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

import click
from rich.console import Console
from rich.table import Table

WORDS = ["续航", "信号", "拍照", "手机", "battery"]


@click.command()
@click.option("--runs", default=200, show_default=True, help="Times that each page is made.")
@click.option("--handle", help="Whose eyes to look through as a member [the first member].")
def pages(runs: int, handle: str | None) -> None:
    """Print the CPU that each page costs, in milliseconds, without the network: median, 5th and 95th of 100.

    The topic is the oldest that fills a page of 20 posts. Requests go straight into Django's WSGI handler, as from the door.
    """
    paths, member = places(handle)
    cookies = _signed_in(member)
    table = Table("page", "as", "median ms", "5 % ms", "95 % ms", title=f"CPU of one page, {runs} runs")
    for path in paths:
        for name, cookie in (("stranger", ""), ("member", cookies)):
            if cookie or path != "/notices/":
                table.add_row(path, name, *_cost(functools.partial(_ask, path, cookie), runs))
    Console().print(table)


def places(handle: str | None) -> tuple[list[str], Any]:
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


@click.command()
@click.option("--runs", default=50, show_default=True, help="Times that each search is made.")
@click.argument("words", nargs=-1)
def search(runs: int, words: tuple[str, ...]) -> None:
    """Print the time that searches take, in milliseconds of the clock: the search alone and its whole page; median, 5th and 95th of 100."""
    from django.conf import settings
    from django.test import Client

    settings.ALLOWED_HOSTS = ["testserver"]
    page = functools.partial(Client().get, "/search/")
    table = Table(
        "words", "topics", "search: median", "5 %", "95 %", "page: median", "5 %", "95 %", title=f"{runs} runs"
    )
    for text in words or WORDS:
        alone = functools.partial(_search, text)
        cost = functools.partial(_cost, runs=runs, clock=time.perf_counter)
        table.add_row(text, str(alone()), *cost(alone), *cost(functools.partial(page, {"q": text})))
    Console().print(table)


def _search(text: str) -> int:
    from terrace.forum import policies
    from terrace.kernel import clock
    from terrace.search import queries

    now = clock.now()
    reader = policies.access(None, now)
    return queries.find(reader, queries.ask(reader, text), text, now=now).count


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
