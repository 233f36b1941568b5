"""`terrace bench`: what pages and searches cost on this machine, on the data of this installation."""

import functools
import statistics
import time
from collections.abc import Callable

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
@click.option("--runs", default=100, show_default=True, help="Times that each page is made.")
@click.option("--handle", help="Whose eyes to look through as a member [the first member].")
def pages(runs: int, handle: str | None) -> None:
    """Print the CPU that each page costs, in milliseconds, without the network: median and 95th of 100."""
    from django.conf import settings
    from django.test import Client

    from terrace.forum import policies, queries
    from terrace.kernel import clock
    from terrace.members import queries as members

    settings.ALLOWED_HOSTS = ["testserver"]
    reader = policies.access(None, clock.now())
    topic = queries.topic_list(reader, "hot", now=clock.now(), size=1).rows[0]
    who = members.by_handle(handle) if handle else topic.author
    member = members.by_id(who.pk) if who else None
    if member is None:
        raise click.ClickException("Nobody is called that.")
    signed_in = Client()
    signed_in.force_login(member, backend="terrace.members.views.accounts.Backend")
    board = next(iter(queries.boards_by_id(reader, "read").values()))
    table = Table("page", "as", "median ms", "95 % ms", title=f"CPU of one page, {runs} runs")
    for path in ("/", f"/b/{board.slug}/", topic.url, "/notices/"):
        for name, client in (("stranger", Client()), ("member", signed_in)):
            table.add_row(path, name, *_cost(functools.partial(client.get, path), runs))
    Console().print(table)


@command.command()
@click.option("--runs", default=50, show_default=True, help="Times that each search is made.")
@click.argument("words", nargs=-1)
def search(runs: int, words: tuple[str, ...]) -> None:
    """Print the time that searches take, in milliseconds of the clock: median and 95th of 100."""
    from django.conf import settings
    from django.test import Client

    settings.ALLOWED_HOSTS = ["testserver"]
    client = Client()
    table = Table("words", "median ms", "95 % ms", title=f"One search page, {runs} runs")
    for text in words or WORDS:
        table.add_row(
            text, *_cost(functools.partial(client.get, "/search/", {"q": text}), runs, clock=time.perf_counter)
        )
    Console().print(table)


def _cost(work: Callable[[], object], runs: int, *, clock: Callable[[], float] = time.process_time) -> tuple[str, str]:
    """Return median and 95th percentile of the cost of `work`, in milliseconds, after three runs that warm it up."""
    for _each in range(3):
        work()
    taken = []
    for _each in range(runs):
        start = clock()
        work()
        taken.append((clock() - start) * 1000)
    return f"{statistics.median(taken):.2f}", f"{statistics.quantiles(taken, n=20)[18]:.2f}"
