"""`terrace events`: what happened, and what could not be delivered."""

import click
from rich.console import Console
from rich.table import Table

from terrace.cli import house


@click.group()
def command() -> None:
    """Show events, deliveries and dead letters; deliver dead letters again."""
    house.open_house()


@command.command("list")
@click.option("--kind", help="Only events of this kind, such as forum.PostPublished.")
@click.option("--about", help="Only events about this object, such as post:12.")
@click.option("--limit", default=20, show_default=True, help="How many, newest first.")
def list_events(kind: str | None, about: str | None, limit: int) -> None:
    """Show the newest events."""
    from terrace.kernel.models import EventRow

    rows = EventRow.objects.order_by("-id")
    rows = rows.filter(kind=kind) if kind else rows
    rows = rows.filter(about=about) if about else rows
    table = Table("id", "at", "kind", "about", "actor", "cause", "data")
    for row in rows[:limit]:
        table.add_row(
            *(
                str(part)
                for part in (
                    row.pk,
                    f"{row.at:%Y-%m-%d %H:%M:%S}",
                    row.kind,
                    row.about,
                    row.actor_id,
                    row.cause_id,
                    row.data,
                )
            )
        )
    Console().print(table)


@command.command()
def pending() -> None:
    """Show deliveries that are due or wait for another try."""
    _show("due")


@command.command()
def dead() -> None:
    """Show the dead letters: deliveries that failed too often."""
    _show("dead")


def _show(state: str) -> None:
    from terrace.kernel.models import Delivery

    rows = Delivery.objects.filter(state=state).select_related("event").order_by("id")
    table = Table("id", "event", "listener", "tries", "due", "error")
    for row in rows[:200]:
        last = row.error.strip().splitlines()[-1:] or [""]
        table.add_row(
            str(row.pk),
            f"{row.event.kind} {row.event.about}",
            row.listener,
            str(row.attempts),
            f"{row.due_at:%Y-%m-%d %H:%M:%S}",
            last[0],
        )
    Console().print(table)
    print(f"{rows.count()} in all")


@command.command()
@click.argument("ids", nargs=-1, type=int)
@click.option("--all", "every", is_flag=True, help="Every dead letter.")
def replay(ids: tuple[int, ...], every: bool) -> None:
    """Make dead letters due again."""
    from terrace.kernel import clock, deliveries
    from terrace.kernel.models import Delivery

    if not ids and not every:
        raise click.UsageError("Name the deliveries, or use --all.")
    wanted = list(Delivery.objects.filter(state=Delivery.DEAD).values_list("pk", flat=True)) if every else list(ids)
    print(f"{deliveries.replay(wanted, clock.now())} made due again")


@command.command()
def drain() -> None:
    """Make every due delivery now, without a running server."""
    from terrace.kernel import clock, deliveries

    made = 0
    while tried := deliveries.drain(clock.now()):
        made += tried
    print(f"{made} delivered or tried")
