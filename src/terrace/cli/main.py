"""The `terrace` command."""

import os
import sys

import click


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Terrace: a home for a brand's community."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "terrace.web.settings")


@main.command(context_settings={"ignore_unknown_options": True}, add_help_option=False)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def manage(arguments: tuple[str, ...]) -> None:
    """Run one of Django's own commands (migrate, makemigrations, shell ...)."""
    from django.core.management import execute_from_command_line

    execute_from_command_line(["terrace manage", *arguments])


if __name__ == "__main__":
    sys.exit(main())
