"""`terrace events`: what happened, and what could not be delivered."""

import difflib
import json
import re

import click

from terrace.cli import house

# What Python writes between an exception and the one that it led to.
CHAINED = re.compile(r"\n\n(?:The above exception was|During handling of the above exception,) .+:\n\n")


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
    from terrace.kernel import events
    from terrace.kernel.models import EventRow

    rows = EventRow.objects.order_by("-id")
    rows = rows.filter(kind=kind) if kind else rows
    rows = rows.filter(about=about) if about else rows
    shown = list(rows[:limit])
    for row in shown:
        print(f"{row.pk:>7}  {row.at:%Y-%m-%d %H:%M:%S}  {row.kind}  {row.about}")
        by = f"by member {row.actor_id}" if row.actor_id else "by nobody"
        because = f", because of {row.cause_id}" if row.cause_id else ""
        print(f"         {by}{because}, {json.dumps(row.data, ensure_ascii=False)}")
    if shown:
        return
    if kind and kind not in events.kinds() and not EventRow.objects.filter(kind=kind).exists():
        near = difflib.get_close_matches(kind, events.kinds(), n=3)
        hint = f" Did you mean {' or '.join(near)}?" if near else " A kind is called such as forum.PostPublished."
        raise click.ClickException(f"There is no kind of event called {kind}.{hint}")
    print("No event of this kind or about this object is here." if kind or about else "Nothing has happened yet.")


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
    for row in rows[:200]:
        print(f"{row.pk:>7}  {row.event.kind}  {row.event.about}  for {row.listener}")
        last, *causes = _said(row.error)
        print(f"         {row.attempts} tries, due {row.due_at:%Y-%m-%d %H:%M:%S}, {last}")
        for cause in causes:
            print(f"         from {cause}")
    print(f"{rows.count()} in all")


def _said(error: str) -> list[str]:
    """Return the last line of a kept traceback, then those of the exceptions that it came from, back to the first."""
    parts = [part.strip().splitlines()[-1] for part in CHAINED.split(error) if part.strip()]
    return parts[::-1] or ["no error"]


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
    made = deliveries.replay(wanted, clock.now())
    if not made:
        raise click.ClickException(
            "There are no dead letters." if every else "None of these is a dead letter. See `terrace events dead`."
        )
    print(f"{made} made due again")


@command.command()
def drain() -> None:
    """Make every due delivery now, without a running server."""
    from terrace.kernel import clock, deliveries

    made = 0
    while tried := deliveries.drain(clock.now()):
        made += tried
    print(f"{made} delivered or tried")
