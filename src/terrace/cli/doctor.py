"""`terrace doctor`: what is wrong, in plain words, and how to mend it."""

import json
import os
import secrets
import shutil
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import click

from terrace.cli import house

LATE = timedelta(minutes=5)  # how old a due delivery may be
ALIVE = timedelta(minutes=2)  # how old the worker's heartbeat may be
ROOM = 1_000_000_000  # bytes that should be free


class Finding(NamedTuple):
    """One check: whether it is well, what was seen, and what to do."""

    name: str
    well: bool | None
    seen: str
    mend: str = ""


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
    """Return every finding. A check that breaks is a finding too, and the rest go on."""
    config = house.settings_or_exit()
    findings = [secret(config), hosts(config), storage(config)]
    _set_up(config)
    checks: list[Callable[[], Finding]] = [
        database,
        migrations,
        processes,
        mail,
        sms,
        notifications,
        clock,
        worker,
        deliveries,
        administrator,
        uploads,
    ]
    for check in checks:
        try:
            findings.append(check())
        except Exception as error:
            findings.append(
                Finding(check.__name__, False, f"could not be checked: {error}", "Mend what is above first.")
            )
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


def secret(config: dict) -> Finding:
    """Check that there is a secret key of this installation's own."""
    key = config["secret_key"]
    if not key:
        mend = "Run `terrace serve` or `terrace setup` once (it writes one), or set TERRACE_SECRET_KEY to 50 random characters."
        return Finding("secret key", False, "there is none", mend)
    if len(key) < 32 or len(set(key)) < 10:
        return Finding(
            "secret key",
            False,
            "it is easy to guess",
            "Set TERRACE_SECRET_KEY to 50 random characters; everybody signs in again.",
        )
    return Finding("secret key", True, "set")


def hosts(config: dict) -> Finding:
    """Check that the address in letters and links is one that is answered."""
    from urllib.parse import urlsplit

    base = urlsplit(config["base_url"])
    known = config["hosts"]
    if "*" in known:
        return Finding(
            "hosts", False, "every host name is answered", "Name your own in TERRACE_HOSTS, with commas between them."
        )
    name = base.hostname or ""
    if not any(name == host or (host.startswith(".") and name.endswith(host)) for host in known):
        return Finding(
            "hosts",
            False,
            f"base_url is {config['base_url']}, but {name} is not in hosts",
            f"Add {name} to TERRACE_HOSTS.",
        )
    if base.scheme != "https" and name not in {"127.0.0.1", "localhost"}:
        return Finding(
            "hosts",
            False,
            f"{config['base_url']} is not https",
            "Put a proxy with a certificate in front and set TERRACE_BASE_URL to https://…",
        )
    return Finding("hosts", True, config["base_url"])


def storage(config: dict) -> Finding:
    """Check that the data folder can be written and has room."""
    folder = Path(config["data"])
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".doctor"
        probe.write_bytes(b"ok")
        probe.unlink()
    except OSError as error:
        return Finding(
            "storage",
            False,
            f"{folder} cannot be written: {error.strerror}",
            "Give the user that runs Terrace this folder, or set TERRACE_DATA.",
        )
    free = shutil.disk_usage(folder).free
    if free < ROOM:
        return Finding(
            "storage",
            False,
            f"{free // 1_000_000} MB are free on {folder}",
            "Make room; uploads and the database grow.",
        )
    return Finding("storage", True, f"{folder}, {free // 1_000_000_000} GB free")


def database() -> Finding:
    """Check that the database answers and is as durable as it should be."""
    from django.db import connection

    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            if connection.vendor == "sqlite":
                cursor.execute("PRAGMA journal_mode")
                mode = cursor.fetchone()[0]
                if mode != "wal":
                    return Finding(
                        "database",
                        False,
                        f"SQLite journals by {mode}",
                        "The folder may be on a network share; SQLite needs a local disk.",
                    )
                return Finding("database", True, f"SQLite at {connection.settings_dict['NAME']}")
            cursor.execute("SHOW server_version")
            return Finding("database", True, f"PostgreSQL {cursor.fetchone()[0]}")
    except Exception as error:
        return Finding(
            "database",
            False,
            f"does not answer: {error}".strip(),
            "Check TERRACE_DATABASE_URL and that the server runs.",
        )


def migrations() -> Finding:
    """Check that the database has the present tables."""
    missing = house.unapplied()
    if missing:
        return Finding("tables", False, f"{len(missing)} migrations are missing", "Run `terrace manage migrate`.")
    return Finding("tables", True, "up to date")


def processes() -> Finding:
    """Check that what several processes need is there together, in the words of `serve --role`."""
    from django.conf import settings

    refusal = house.redis_refusal(settings.TERRACE_REDIS_URL) if settings.TERRACE_REDIS_URL else ""
    if refusal:
        return Finding("processes", False, refusal, "Check TERRACE_REDIS_URL and that the server runs.")
    lacking, _mend = house.lacking_for_several()
    if lacking:
        return Finding("processes", True, f"one, `terrace serve`; {lacking}")
    return Finding("processes", True, "PostgreSQL and Redis: any number of web and worker processes")


def mail() -> Finding:
    """Check that the mail server takes our greeting."""
    from django.conf import settings

    if settings.EMAIL_BACKEND.endswith("OutboxBackend"):
        if settings.TERRACE_DEMO:
            return Finding("mail", None, "no server: letters are only kept in the outbox")
        return Finding(
            "mail",
            False,
            "no server: nobody gets a letter, so nobody can sign up, be invited or take a new password by e-mail",
            "Set TERRACE_MAIL_URL=smtp+tls://user:password@host:587 and start the server again.",
        )
    from django.core.mail import get_connection

    connection = get_connection(fail_silently=False)
    try:
        connection.open()
        connection.close()
    except (TimeoutError, OSError) as error:
        return Finding(
            "mail",
            False,
            f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT} does not answer: {error}",
            "Check TERRACE_MAIL_URL.",
        )
    return Finding("mail", True, f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}")


def sms() -> Finding:
    """Say whether text messages go anywhere."""
    from django.conf import settings

    backend = settings.TERRACE_SMS.get("backend", "console")
    if backend == "console":
        return Finding(
            "text messages",
            None,
            "no gateway: nobody can sign up or take a new password by phone",
            "Set TERRACE_SMS for Aliyun or Tencent Cloud if you want that.",
        )
    lacking = [name for name in ("access_key", "secret", "sign_name") if not settings.TERRACE_SMS.get(name)]
    if lacking:
        return Finding("text messages", False, f"{backend} lacks {', '.join(lacking)}", "Add them to TERRACE_SMS.")
    return Finding("text messages", True, backend)


def notifications() -> Finding:
    """Check that devices can be told, and that those who wanted it still can be."""
    from django.conf import settings

    from terrace.notifications import queries

    if not house.settings_or_exit()["secret_key"]:
        return Finding("notifications", False, "their key is made from the secret key, and there is none", "See above.")
    lost = queries.lost_devices()
    if lost:
        return Finding(
            "notifications",
            False,
            f"{lost} devices were turned on under another secret key, and nothing reaches them",
            "Put the old TERRACE_SECRET_KEY back, or let their owners turn them on again in Settings, Notices.",
        )
    if not settings.TERRACE_BASE_URL.startswith("https://"):
        return Finding("notifications", None, "browsers allow them on https only", "Set TERRACE_BASE_URL to https://…")
    return Finding("notifications", True, f"devices: {queries.device_count()}")


def clock() -> Finding:
    """Compare this machine's clock with the database's, or with the file system's where both are one machine."""
    from django.db import connection

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT extract(epoch FROM clock_timestamp())")
            away = abs(float(cursor.fetchone()[0]) - time.time())
        if away > 5:
            return Finding(
                "clock",
                False,
                f"{away:.0f} s apart from the database's",
                "Run a time service (chrony) on both machines.",
            )
        return Finding("clock", True, "the same as the database's")
    year = time.gmtime().tm_year
    if year < 2026:
        return Finding(
            "clock", False, f"it is {year} here", "Run a time service (chrony); codes and sessions depend on the time."
        )
    return Finding("clock", True, time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime()))


def worker() -> Finding:
    """Check that a worker has said that it is alive."""
    from terrace.kernel import clock as kernel_clock
    from terrace.kernel.models import Heartbeat

    beat = Heartbeat.objects.filter(name="worker").first()
    if beat is None:
        return Finding("worker", None, "has never run", "It runs with `terrace serve`.")
    age = kernel_clock.now() - beat.at
    if age > ALIVE:
        return Finding(
            "worker",
            False,
            f"was last seen {int(age.total_seconds() // 60)} minutes ago",
            "Start `terrace serve` (or `--role worker`).",
        )
    return Finding("worker", True, "alive")


def deliveries() -> Finding:
    """Check that nothing waits too long and nothing was given up."""
    from terrace.kernel import clock as kernel_clock
    from terrace.kernel.models import Delivery

    dead = Delivery.objects.filter(state=Delivery.DEAD).count()
    oldest = Delivery.objects.filter(state=Delivery.DUE).order_by("due_at").first()
    if dead:
        return Finding(
            "deliveries",
            False,
            f"{dead} were given up",
            "See `terrace events dead`, mend the cause, then `terrace events replay --all`.",
        )
    if oldest is not None and kernel_clock.now() - oldest.due_at > LATE:
        return Finding(
            "deliveries",
            False,
            f"the oldest waits since {oldest.due_at:%Y-%m-%d %H:%M} UTC",
            "Is the worker running? See `terrace events pending`.",
        )
    return Finding("deliveries", True, "nothing waits too long")


def administrator() -> Finding:
    """Check that somebody hosts the community."""
    from terrace.members import queries as members

    if members.has_administrator():
        return Finding("administrator", True, "there is one")
    return Finding(
        "administrator",
        False,
        "nobody hosts this community",
        "Run `terrace setup`, or `terrace serve` and open the address it prints.",
    )


def uploads() -> Finding:
    """Check that every upload has its files, and that no files lie there without one."""
    from terrace.media import queries as media

    store = media.store()
    if store.missing:
        return Finding(
            "uploads",
            False,
            f"{len(store.missing)} of {store.uploads} have lost their files, such as {store.missing[0]}",
            "Bring the folder media back from a backup of the same day as the database.",
        )
    if len(store.strays) > max(media.FEW, store.uploads):
        return Finding(
            "uploads",
            False,
            f"{len(store.strays)} folders belong to no upload, more than the {store.uploads} that do",
            "Is this the right database? Nothing is swept away until it is.",
        )
    rest = f", {len(store.strays)} folders without one are swept away within a day" if store.strays else ""
    return Finding("uploads", True, f"{store.uploads}, all with their files{rest}")
