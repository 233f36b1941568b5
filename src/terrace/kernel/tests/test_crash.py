"""kill -9 loses nothing: a local effect is there exactly once, an outside one is repeated with the same key."""

import os
import secrets
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

SOURCE = Path(__file__).parents[3]


@pytest.fixture
def run(tmp_path, django_db_blocker):
    """Return a function that runs crash.py on a fresh database of the engine under test."""
    environment = {
        **os.environ,
        "TERRACE_DATA": str(tmp_path),
        "PYTHONPATH": str(SOURCE),
        "DJANGO_SETTINGS_MODULE": "terrace.web.settings",
    }
    environment["TERRACE_SECRET_KEY"] = secrets.token_hex(32)
    name = f"crash_{secrets.token_hex(4)}"
    if connection.vendor == "postgresql":
        import psycopg

        base = os.environ["TERRACE_DATABASE_URL"].rpartition("/")[0]
        with psycopg.connect(f"{base}/postgres", autocommit=True) as server:
            server.execute(f"CREATE DATABASE {name}")
        environment["TERRACE_DATABASE_URL"] = f"{base}/{name}"
    else:
        environment.pop("TERRACE_DATABASE_URL", None)

    def call(*arguments):
        command = [sys.executable, *arguments]
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)

    made = call("-m", "django", "migrate", "kernel", "-v0")
    assert made.returncode == 0, made.stderr
    # Imported, not run with -m: the name of an event comes from its module.
    yield lambda *words: call("-c", "import terrace.kernel.tests.crash", *words)
    if connection.vendor == "postgresql":
        with psycopg.connect(f"{base}/postgres", autocommit=True) as server:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def keys(result):
    return [line.split()[1] for line in result.stdout.splitlines() if line.startswith("called")]


def effects(result):
    assert result.returncode == 0, result.stderr
    return int(result.stdout.splitlines()[-1].split()[1])


@pytest.mark.slow
def test_killed_between_commit_and_delivery(run):
    assert run("record", "die-after-commit").returncode == -9
    after = run("drain")
    assert effects(after) == 1
    assert len(keys(after)) == 1
    again = run("drain")
    assert effects(again) == 1
    assert keys(again) == []


@pytest.mark.slow
def test_killed_inside_a_local_listener(run):
    assert run("record", "drain-local", "die-in-local").returncode == -9
    assert effects(run("drain")) == 1


@pytest.mark.slow
def test_killed_inside_an_outside_call(run):
    first = run("record", "drain-local", "drain", "die-in-outside")
    assert first.returncode == -9
    assert len(keys(first)) == 1
    assert keys(run("drain")) == [], "somebody may still be calling"
    second = run("drain-later")
    assert keys(second) == keys(first), "the service is told again, with the key it knows"
    assert effects(second) == 1
    assert keys(run("drain-later")) == []
