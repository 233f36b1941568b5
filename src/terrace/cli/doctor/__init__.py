"""`terrace doctor`: what is wrong, in plain words, and how to mend it. A check leaves nothing behind."""

import json
import os
import secrets
import sys
from collections.abc import Callable

import click

from terrace.cli import house
from terrace.cli.doctor.ground import Finding, database, hosts, processes, secret, storage, tables
from terrace.cli.doctor.running import (
    administrator,
    clock,
    deliveries,
    mail,
    notifications,
    posting,
    sms,
    uploads,
    worker,
)

__all__ = [
    "Finding",
    "administrator",
    "clock",
    "command",
    "database",
    "deliveries",
    "examine",
    "hosts",
    "mail",
    "notifications",
    "posting",
    "processes",
    "secret",
    "sms",
    "storage",
    "tables",
    "uploads",
    "worker",
]
CHECKS: list[Callable[[], Finding]] = [
    database,
    tables,
    processes,
    mail,
    sms,
    posting,
    notifications,
    clock,
    worker,
    deliveries,
    administrator,
    uploads,
]
# Those that read the community's rows.
READING = {tables, posting, notifications, worker, deliveries, administrator, uploads}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Write the findings as JSON.")
def command(as_json: bool) -> None:
    """Check everything and say in plain words what is wrong. Exit status 1 if anything is."""
    findings = examine()
    if as_json:
        print(json.dumps([finding._asdict() for finding in findings], ensure_ascii=False))
    else:
        for finding in findings:
            mark = {True: "ok   ", False: "WRONG", None: "note "}[finding.well]
            print(f"{mark}  {finding.name}: {finding.seen}")
            if finding.mend:
                print(f"       {finding.mend}")
    if any(finding.well is False for finding in findings):
        sys.exit(1)


def examine() -> list[Finding]:
    """Return every finding. A check that breaks is a finding too, and the rest go on; those that need what is not there are left out."""
    config = house.settings_or_exit()
    findings = [secret(config), hosts(config), storage(config)]
    _set_up(config)
    lacking = ""
    for check in CHECKS:
        asks = check is clock and lacking == "database" and house.database_file() is None  # PostgreSQL for the time
        if asks or (lacking and check in READING):
            findings.append(Finding(check.__name__, None, f"not checked: needs the {lacking}"))
            continue
        try:
            findings.append(check())
        except Exception as error:
            findings.append(
                Finding(check.__name__, False, f"could not be checked: {error}", "Mend what is above first.")
            )
        if check in (database, tables) and not findings[-1].well:
            lacking = check.__name__
    return findings


def _set_up(config: dict) -> None:
    """Set Django up. Without a key of the installation's own one is made for this check alone: nothing is signed in it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "terrace.web.settings")
    if not config["secret_key"]:
        os.environ["TERRACE_SECRET_KEY"] = secrets.token_urlsafe(50)
    import django

    django.setup()
    if not config["secret_key"]:
        del os.environ["TERRACE_SECRET_KEY"]
