"""`terrace export`: conversations to standard output."""

import json
import sys

import click

from terrace.cli import house


@click.group()
def command() -> None:
    """Write conversations out."""


@command.command()
@click.option("--source", default="", help="Only threads that came from the file of this name (without its ending).")
def threads(source: str) -> None:
    """Write imported threads in the form that `terrace import threads` reads, one JSON object a line."""
    house.open_house()
    from terrace.forum import queries

    for thread in queries.exported_threads(f"{source}:" if source else ""):
        sys.stdout.write(json.dumps(thread, ensure_ascii=False) + "\n")
