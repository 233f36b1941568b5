"""What an installation stands on: its settings, its folder, its database, and what several processes need."""

import os
import shutil
from pathlib import Path
from typing import NamedTuple

from terrace.cli import house

ROOM = 1_000_000_000  # bytes that should be free


class Finding(NamedTuple):
    """One check: whether it is well, what was seen, and what to do."""

    name: str
    well: bool | None
    seen: str
    mend: str = ""


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
    """Check that the data folder can be written and has room. What had to be made for that goes again."""
    folder = Path(config["data"])
    made = [each for each in (folder, *folder.parents) if not os.path.lexists(each)]
    probe = folder / ".doctor"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.write_bytes(b"ok")
        probe.unlink()
        free = shutil.disk_usage(folder).free
    except OSError as error:
        return Finding("storage", False, house.unwritable(folder, error), house.OWN_FOLDER)
    finally:
        for each in made:
            if each.is_dir():
                each.rmdir()
    if free < ROOM:
        return Finding(
            "storage",
            False,
            f"{free // 1_000_000} MB are free on {folder}",
            "Make room; uploads and the database grow.",
        )
    return Finding("storage", True, f"{folder}, {free // 1_000_000_000} GB free")


def database() -> Finding:
    """Check that the database is there, whole, and as durable as it should be. A SQLite file is not made by looking for it."""
    from django.db import DatabaseError, connection

    file = house.database_file()
    if file is not None and not os.access(file, os.F_OK):
        return Finding(
            "database",
            False,
            f"there is none at {file}",
            "The first `terrace serve` or `terrace setup` makes it. If there was one: is TERRACE_DATA right, and its disk mounted?",
        )
    if file is not None and (path := house.locked(file)):
        return Finding("database", False, f"{path} cannot be written", house.OWN_FOLDER)
    try:
        with connection.cursor() as cursor:
            if file is None:
                cursor.execute("SHOW server_version")
                return Finding("database", True, f"PostgreSQL {cursor.fetchone()[0]}")
            cursor.execute("PRAGMA journal_mode")
            mode = cursor.fetchone()[0]
            cursor.execute("PRAGMA quick_check(1)")
            torn = cursor.fetchone()[0] != "ok"
    except DatabaseError as error:
        return Finding("database", False, *house.database_trouble(error))
    if torn:
        return Finding("database", False, *house.damaged(file))
    if mode != "wal":
        return Finding(
            "database",
            False,
            f"SQLite journals by {mode}",
            "The folder may be on a network share; SQLite needs a local disk.",
        )
    return Finding("database", True, f"SQLite at {file}")


def tables() -> Finding:
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
