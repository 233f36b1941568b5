"""`terrace serve`: the whole product in one process, or one role of several."""

import asyncio
import fcntl
import os
import signal
import socket
import sys
import threading
from pathlib import Path
from typing import IO

import click

from terrace.cli import house
from terrace.kernel import config, memory

GRACE = 4.0  # seconds that open requests have after SIGTERM


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, help="Port to listen on.")
@click.option(
    "--demo", is_flag=True, help="Fill a demo community if there is none, and let anybody sign in as anybody in it."
)
@click.option(
    "--role",
    type=click.Choice(["all", "web", "worker"]),
    default="all",
    show_default=True,
    help="What this process does.",
)
def command(host: str, port: int, demo: bool, role: str) -> None:
    """Serve the community."""
    memory.stay_small()
    os.environ["TERRACE_ROLE"] = role
    if port:
        # Links lead to the port that is served, unless a setting says where.
        config.DEFAULTS["base_url"] = _address(host, port)
    if demo:
        os.environ.setdefault("TERRACE_BASE_URL", _address(host, port))
        if host not in {"127.0.0.1", "localhost"}:
            os.environ.setdefault("TERRACE_HOSTS", f"{host},127.0.0.1,localhost")
    if role != "worker":
        _refuse_taken(host, port)
    house.open_house(demo=demo)
    _check_role(role)
    house.check_database()
    lock = _hold_folder()
    _prepare_database()
    _check_demo()
    if demo:
        _fill_demo()
    if role == "worker":
        _work()
        return
    _welcome(host, port, demo)
    asyncio.run(_serve(host, port))
    if lock is not None:
        lock.close()


def _address(host: str, port: int) -> str:
    """Return the address at which a browser on this machine finds what listens there."""
    name = "127.0.0.1" if host in {"0.0.0.0", "::"} else host  # noqa: S104  compared, not bound
    return f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"


def _refuse_taken(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise click.ClickException(
                f"Cannot listen on {host}:{port}: {error.strerror}. Choose another with --port."
            ) from error


def _check_role(role: str) -> None:
    """Refuse several processes where one database file and one memory cannot serve them."""
    lacking, mend = house.lacking_for_several() if role != "all" else ("", "")
    if lacking:
        raise click.ClickException(f"--role {role} is refused: {lacking}. {mend}")


def _hold_folder() -> IO[str] | None:
    """Keep other servers from a SQLite database; return the lock, which the system drops when this process ends, however it ends."""
    from django.db import connection

    if connection.vendor != "sqlite":
        return None
    file = Path(connection.settings_dict["NAME"])
    lock = file.with_name(f"{file.name}.lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise click.ClickException(
            f"Another `terrace serve` runs on {file.parent}, and on SQLite there is one at a time."
            " Stop it first, or choose another folder with TERRACE_DATA."
        ) from error
    return lock


def _prepare_database() -> None:
    from django.db import connection

    missing = house.unapplied()
    if not missing:
        return
    if connection.vendor == "postgresql" and os.environ.get("TERRACE_MIGRATE") != "1":
        raise click.ClickException(
            f"The database lacks {len(missing)} migrations. Run `terrace manage migrate` once, or start with TERRACE_MIGRATE=1."
        )
    print("Preparing the database ...", file=sys.stderr)
    house.migrate()


def _check_demo() -> None:
    """Keep the demo from a community of its own, and say when the demo's data are served as if they were one."""
    from django.conf import settings

    from terrace.cli import demo as demo_module
    from terrace.kernel.errors import Refused

    if settings.TERRACE_DEMO:
        try:
            demo_module.check_free()
        except Refused as refused:
            raise click.ClickException(refused.sentence) from refused
    elif demo_module.is_marked():
        print(
            "Warning: these are the demo's data, served without --demo. Nobody can sign in as its people."
            " For a community of your own choose an empty folder with TERRACE_DATA.",
            file=sys.stderr,
        )


def _fill_demo() -> None:
    from terrace.cli import demo

    demo.fill(progress=True, deliver=False)


def _warn_of_texts() -> None:
    """Say when a gateway was written down that cannot send: pages offer no phone then."""
    from django.conf import settings

    from terrace.cli.doctor.running import MEND_TEXTS
    from terrace.members import policies as members

    why = members.why_no_texts()
    if why and settings.TERRACE_SMS.get("backend", "console") != "console":
        print(f"Warning: text messages do not go out: {why}. {MEND_TEXTS}", file=sys.stderr, flush=True)


def _welcome(host: str, port: int, demo: bool) -> None:
    from terrace.members import queries as members

    address = _address(host, port)
    _warn_of_texts()
    print(f"\nTerrace is at {address}\n", flush=True)
    if demo:
        from terrace.cli import demo as demo_module

        print(demo_module.how_to_sign_in(address), flush=True)
    elif not members.has_administrator():
        from terrace.cli import founding

        print(
            "Nobody runs this community yet. Set it up in the browser with this one-time address:\n"
            f"  {address}/setup/?token={founding.new_token()}\n"
            "or on the command line with `terrace setup`.\n",
            flush=True,
        )


async def _serve(host: str, port: int) -> None:
    from django.conf import settings
    from django.utils.module_loading import import_string
    from granian.constants import Interfaces
    from granian.server.embed import Server

    from terrace.kernel import live

    server = Server(
        import_string(settings.ASGI_APPLICATION),
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        websockets=False,
        log_enabled=False,
        backlog=1024,
    )
    loop = asyncio.get_running_loop()

    def stop() -> None:
        # Open streams would keep the server waiting for its readers.
        live.hub.close_all()
        loop.call_later(0.1, server.stop)
        loop.call_later(GRACE + 0.8, os._exit, 0)

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop)
    await server.serve()


def _work() -> None:
    """Run only the worker's threads until the process is asked to end."""
    from django.conf import settings

    from terrace.kernel.worker import Worker

    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_args: ended.set())
    worker = Worker(outside=settings.TERRACE_WORKERS)
    worker.start()
    print("The worker runs. Stop it with Ctrl+C.", flush=True)
    ended.wait()
    worker.stop(GRACE)
