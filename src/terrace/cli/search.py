"""`terrace search`: the search index."""

import click
from rich.progress import Progress

from terrace.cli import house


@click.group()
def command() -> None:
    """The search index."""


@command.command()
def reindex() -> None:
    """Build the index again from the posts. It can be stopped and started again."""
    house.open_house()
    from terrace.search import actions

    with Progress() as progress:
        bar = progress.add_task("Indexing", total=None)
        actions.reindex(lambda done, total: progress.update(bar, completed=done, total=total))
