"""The `terrace` command. Each group of commands is a file beside this one, read only when it is asked for."""

import importlib
import os
import sys

import click

# Command, module, function: kept as words so that `terrace --help` does not load Django.
COMMANDS = {
    "serve": ("serve", "Serve the community: pages, live events and the worker, on one port."),
    "demo": ("demo_command", "Fill an empty database with the demo community."),
    "setup": ("setup", "Set up an empty community in five minutes."),
    "doctor": ("doctor", "Check everything and say in plain words what is wrong."),
    "import": ("imports", "Bring conversations in from a file."),
    "export": ("exports", "Write conversations to standard output."),
    "events": ("events", "Show what happened and what could not be delivered; deliver it again."),
    "search": ("search", "Build the search index again."),
    "messages": ("messages", "Collect the sentences of every room into its catalogue (development)."),
    "bench": ("bench", "Measure, with the figures that the design budgets."),
    "manage": ("manage", "Run one of Django's own commands."),
}


class Lazy(click.Group):
    """A group whose commands are imported when they are used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order in which they are told."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command of ours, or None."""
        if cmd_name not in COMMANDS:
            return None
        module, _help = COMMANDS[cmd_name]
        return importlib.import_module(f"terrace.cli.{module}").command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without importing any of them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_module, text) in COMMANDS.items()])


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option("0.1.0", prog_name="terrace")
def main() -> None:
    """Terrace: a home for a brand's community."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "terrace.web.settings")


if __name__ == "__main__":
    sys.exit(main())
