"""Opening the house for a command: settings, catalogues, Django, wiring."""

import os
import secrets
import sys
from pathlib import Path

import click

OWN_FOLDER = "Give the user that runs Terrace this folder and what is in it, or set TERRACE_DATA."


def settings_or_exit() -> dict:
    """Return Terrace's settings, or end with a sentence when they cannot be understood."""
    from terrace.kernel import config

    try:
        return config.load()
    except config.BadConfig as error:
        raise click.ClickException(str(error)) from error


def open_house(*, demo: bool = False) -> None:
    """Set Django up and wire the rooms, for a command that works on the community."""
    if demo:
        os.environ["TERRACE_DEMO"] = "1"
        os.environ.setdefault("TERRACE_DATA", "data/demo")
    ensure_secret(settings_or_exit())
    from terrace.kernel import catalogues

    catalogues.compile_stale()
    import django

    django.setup()  # `web` is among the apps and wires the house when it is ready


def ensure_secret(config: dict) -> None:
    """Write a secret key of this installation's own into its data folder, readable by nobody else, if it has none."""
    if config["secret_key"]:
        return
    file = Path(config["data"]) / "terrace.toml"
    if file.exists() or os.environ.get("TERRACE_CONFIG") or Path("terrace.toml").is_file():
        raise click.ClickException(
            'secret_key is missing. Set TERRACE_SECRET_KEY, or write secret_key = "..." (50 random characters) into terrace.toml.'
        )
    key = secrets.token_urlsafe(50)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise click.ClickException(f"{unwritable(file.parent, error)}. {OWN_FOLDER}") from error
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        out.write(
            f'# Written at the first start. Keep it: sessions and links are signed with it.\nsecret_key = "{key}"\n'
        )
    print(f"A secret key was written to {file}.", file=sys.stderr)


def check_database() -> None:
    """Open the database, in a folder made for it on SQLite; end with a sentence when it cannot be used."""
    from django.db import DatabaseError, connection

    file = database_file()
    if file is not None:
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise click.ClickException(f"{unwritable(file.parent, error)}. {OWN_FOLDER}") from error
        if path := locked(file):
            raise click.ClickException(f"{path} cannot be written. {OWN_FOLDER}")
    try:
        connection.ensure_connection()
    except DatabaseError as error:
        raise click.ClickException("{}. {}".format(*database_trouble(error))) from error


def migrate() -> None:
    """Bring the database to the present tables. Ends with a sentence when it cannot be used."""
    check_database()
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)


def unwritable(folder: Path, error: OSError) -> str:
    """Say that a folder cannot be written, and why."""
    return f"{folder} cannot be written: {error.strerror}"


def database_file() -> Path | None:
    """Return the file of a SQLite database, None for PostgreSQL."""
    from django.db import connection

    return Path(connection.settings_dict["NAME"]) if connection.vendor == "sqlite" else None


def locked(file: Path) -> Path | None:
    """Return what of a SQLite file and its folder cannot be written, None if both can: SQLite writes beside its file."""
    return next(
        (each for each in (file.parent, file) if os.access(each, os.F_OK) and not os.access(each, os.W_OK)), None
    )


def damaged(file: Path) -> tuple[str, str]:
    """Say that a SQLite file is damaged, and what to do."""
    return (
        f"{file} is damaged",
        f"Stop the server, put the newest backup in its place, and delete {file.name}-wal and {file.name}-shm"
        " (docs/operations.md, Backup and restore).",
    )


def database_trouble(error: Exception) -> tuple[str, str]:
    """Return what keeps the database from answering, and how to mend it."""
    from django.db import connection

    why = str(error).strip().partition("\n")[0]
    file = database_file()
    if file is None:
        known = connection.settings_dict
        where = f"{known['HOST'] or 'this machine'}:{known['PORT'] or 5432}"
        # psycopg tells every step of the way; the last is the reason.
        reason = why.rpartition("failed: ")[2].removeprefix("FATAL:").strip()
        return (
            f"no connection to PostgreSQL at {where}: {reason}",
            "Check TERRACE_DATABASE_URL and that the server runs.",
        )
    if "not a database" in why or "malformed" in why:
        return damaged(file)
    return f"SQLite cannot use {file}: {why}", OWN_FOLDER


def lacking_for_several() -> tuple[str, str]:
    """Return what keeps several processes from serving one community and how to mend it; two empty texts if nothing does."""
    from django.conf import settings
    from django.db import connection

    missing = [] if connection.vendor == "postgresql" else ["PostgreSQL"]
    missing += [] if settings.TERRACE_REDIS_URL else ["Redis"]
    if missing:
        return (
            f"several processes need PostgreSQL and Redis; not set here: {' and '.join(missing)}",
            "Set TERRACE_DATABASE_URL and TERRACE_REDIS_URL, or run `terrace serve` without --role.",
        )
    refusal = redis_refusal(settings.TERRACE_REDIS_URL)
    return (refusal, "Check TERRACE_REDIS_URL and that the server runs.") if refusal else ("", "")


def redis_refusal(url: str) -> str:
    """Return why the Redis server at `url` does not answer; empty if it does."""
    import redis
    from redis.backoff import NoBackoff
    from redis.retry import Retry

    try:
        limits = {"socket_timeout": 2, "socket_connect_timeout": 2}
        with redis.Redis.from_url(url, retry=Retry(NoBackoff(), 0), **limits) as client:
            client.ping()
    except (redis.RedisError, ValueError) as error:
        return f"Redis does not answer: {str(error).rstrip('.')}"
    return ""


def unapplied() -> list[str]:
    """Return the migrations that the database has not seen."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]
