"""How long the product takes to its first page, and what memory it holds."""

import http.client
import re
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table


@click.command()
@click.option("--runs", default=5, show_default=True, help="Times that the product is started.")
def start(runs: int) -> None:
    """Print how long the embedded product takes to its first page, and its memory at rest (PSS), on this installation's data."""
    taken, memory = zip(*(_started() for _each in range(runs)), strict=True)
    table = Table("what", "median", "largest", title=f"{runs} starts")
    table.add_row("start to the first page", f"{statistics.median(taken):.2f} s", f"{max(taken):.2f} s")
    table.add_row("memory after 20 pages", f"{statistics.median(memory):.0f} MB", f"{max(memory):.0f} MB")
    Console().print(table)


def _started() -> tuple[float, float]:
    began = time.perf_counter()
    with served() as (process, port):
        taken = time.perf_counter() - began
        for _each in range(20):
            _page(port, patience=5)
        time.sleep(2)
        return taken, _pss(process.pid)


@contextmanager
def served() -> Iterator[tuple[subprocess.Popen, int]]:
    """Serve this installation on a free port until the end of the block; yield the process and the port after the first page."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "terrace", "serve", "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603  our own command
    try:
        _page(port, patience=60)
        yield process, port
    finally:
        process.terminate()
        process.wait(20)


def _page(port: int, patience: float) -> None:
    until = time.perf_counter() + patience
    while True:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=patience)
            connection.request("GET", "/")
            answer = connection.getresponse()
            answer.read()
            if answer.status == 200:
                return
            raise click.ClickException(f"The front page answered {answer.status}.")
        except OSError:
            if time.perf_counter() > until:
                raise click.ClickException("The product did not start.") from None
            time.sleep(0.02)


def _pss(pid: int) -> float:
    """Return the memory of a process and its children in MB, what is shared counted in parts (Linux only)."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()
    own = re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{pid}/smaps_rollup").read_text("ascii"), re.M)
    return (int(own[1]) / 1024 if own else 0) + sum(_pss(int(child)) for child in children)
