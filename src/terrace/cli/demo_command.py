"""`terrace demo`: fill the demo community."""

import click

from terrace.cli import house


@click.command()
def command() -> None:
    """Fill an empty database with the demo community."""
    house.open_house(demo=True)
    house.migrate()
    from terrace.cli import demo
    from terrace.kernel.errors import Refused

    try:
        demo.fill(progress=True)
    except Refused as refused:
        raise click.ClickException(refused.sentence) from refused
