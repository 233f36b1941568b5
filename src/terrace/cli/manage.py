"""`terrace manage`: Django's own commands."""

import click

from terrace.cli import house


@click.command(context_settings={"ignore_unknown_options": True}, add_help_option=False)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def command(arguments: tuple[str, ...]) -> None:
    """Run one of Django's own commands (migrate, makemigrations, shell ...)."""
    house.ensure_secret(house.settings_or_exit())
    from django.core.management import execute_from_command_line

    execute_from_command_line(["terrace manage", *arguments])
