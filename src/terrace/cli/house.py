"""Opening the house for a command: settings, catalogues, Django, wiring."""

import os
import secrets
import sys
from pathlib import Path

import click


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
    Path(config["data"]).mkdir(parents=True, exist_ok=True)
    file = Path(config["data"]) / "terrace.toml"
    if file.exists() or os.environ.get("TERRACE_CONFIG") or Path("terrace.toml").is_file():
        raise click.ClickException(
            'secret_key is missing. Set TERRACE_SECRET_KEY, or write secret_key = "..." (50 random characters) into terrace.toml.'
        )
    key = secrets.token_urlsafe(50)
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        out.write(
            f'# Written at the first start. Keep it: sessions and links are signed with it.\nsecret_key = "{key}"\n'
        )
    print(f"A secret key was written to {file}.", file=sys.stderr)


def migrate() -> None:
    """Bring the database to the present tables."""
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)


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
