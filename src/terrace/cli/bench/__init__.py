"""`terrace bench`: what pages, searches and starts cost on this machine, on the data of this installation."""

import click

from terrace.cli import house
from terrace.cli.bench.paint import paint
from terrace.cli.bench.requests import pages, search
from terrace.cli.bench.starts import start


@click.group()
def command() -> None:
    """Measure pages, searches and starts. Nothing is written but what a visit writes."""
    house.open_house()


for each in (pages, search, start, paint):
    command.add_command(each)
