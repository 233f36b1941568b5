"""Where settings come from: `TERRACE_*` variables, then one `terrace.toml`, then the defaults here.

A name such as `secret_key` is `TERRACE_SECRET_KEY` in the environment and `secret_key = "..."` in the file. Tables of
the file (`[sms]`) are JSON in the environment (`TERRACE_SMS='{"backend": "console"}'`).
"""

import json
import os
import tomllib
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit
from zoneinfo import ZoneInfo

DEFAULTS: dict[str, Any] = {
    "data": "data",
    "demo": False,
    "secret_key": "",
    "hosts": ["127.0.0.1", "localhost", "[::1]"],
    "base_url": "http://127.0.0.1:8000",
    "database_url": "",
    "redis_url": "",
    "language": "zh-hans",
    "time_zone": "Asia/Shanghai",
    "mail_url": "",
    "mail_from": "",
    "sms": {"backend": "console"},
    "trusted_proxies": 0,
    "workers": 2,
    "threads": 8,
}


class BadConfig(Exception):
    """A setting cannot be understood; the text says which and how to mend it."""


def _from_environment(name: str, default: Any) -> Any:
    raw = os.environ.get(f"TERRACE_{name.upper()}")
    if raw is None:
        return None
    if isinstance(default, bool):
        return raw.strip().lower() in {"1", "true", "yes", "on"}
    if isinstance(default, int):
        if not raw.strip().lstrip("-").isdigit():
            raise BadConfig(f"TERRACE_{name.upper()} must be a whole number, not {raw!r}.")
        return int(raw)
    if isinstance(default, list):
        return [part.strip() for part in raw.split(",") if part.strip()]
    if isinstance(default, dict):
        try:
            return json.loads(raw)
        except ValueError as error:
            raise BadConfig(f"TERRACE_{name.upper()} must be JSON: {error}.") from error
    return raw


def config_file(data: Path) -> Path | None:
    """Return the file that settings are read from: `TERRACE_CONFIG`, `./terrace.toml`, or the one in the data folder."""
    named = os.environ.get("TERRACE_CONFIG")
    if named:
        return Path(named)
    return next((path for path in (Path("terrace.toml"), data / "terrace.toml") if path.is_file()), None)


def load() -> dict[str, Any]:
    """Return every setting. Raises BadConfig with a sentence when one cannot be understood."""
    data = Path(os.environ.get("TERRACE_DATA") or DEFAULTS["data"])
    file = config_file(data)
    written: dict[str, Any] = {}
    if file is not None:
        try:
            written = tomllib.loads(file.read_text("utf-8"))
        except (OSError, tomllib.TOMLDecodeError) as error:
            raise BadConfig(f"{file} cannot be read: {error}.") from error
        unknown = set(written) - set(DEFAULTS)
        if unknown:
            raise BadConfig(f"{file} has names Terrace does not know: {', '.join(sorted(unknown))}.")
    found = dict(DEFAULTS)
    for name, default in DEFAULTS.items():
        value = _from_environment(name, default)
        if value is None:
            value = written.get(name)
        if value is not None:
            found[name] = value
    found["data"] = Path(found["data"]).absolute()
    # What cannot be understood is said here, before Django is half set up.
    database(found["database_url"], found["data"])
    if found["mail_url"]:
        mail(found["mail_url"])
    _check_base_url(found["base_url"])
    _check_time_zone(found["time_zone"])
    return found


def _check_base_url(url: str) -> None:
    try:
        parts = urlsplit(url)
        whole = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        whole = False
    if not whole:
        raise BadConfig(f"TERRACE_BASE_URL must be a whole address such as https://community.example.com, not {url!r}.")


def _check_time_zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (ValueError, KeyError, OSError, TypeError) as error:
        raise BadConfig(f"TERRACE_TIME_ZONE must be a name such as Asia/Shanghai or UTC, not {name!r}.") from error


def database(url: str, data: Path) -> dict[str, Any]:
    """Return Django's database entry for `url`: `postgresql://…`, `sqlite:///path`, or empty for SQLite in `data`."""
    parts = urlsplit(url)
    if parts.scheme in {"", "sqlite"}:
        name = (
            unquote(parts.path[1:] if parts.path.startswith("//") else parts.path) if url else data / "terrace.sqlite3"
        )
        return {
            "ENGINE": "terrace.kernel.sqlite",
            "NAME": name,
            "CONN_MAX_AGE": None,
            "TEST": {"NAME": data / "test.sqlite3"},
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
                " PRAGMA temp_store=MEMORY; PRAGMA mmap_size=134217728; PRAGMA cache_size=-16000;",
            },
        }
    if parts.scheme in {"postgres", "postgresql"}:
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.lstrip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": parts.hostname or dict(parse_qsl(parts.query)).get("host", ""),
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": None,
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": {key: value for key, value in parse_qsl(parts.query) if key != "host"},
        }
    raise BadConfig(f"TERRACE_DATABASE_URL begins with {parts.scheme}://; Terrace knows sqlite:// and postgresql://.")


def mail(url: str) -> dict[str, Any]:
    """Return Django's e-mail settings for `smtp://user:password@host:port` (`smtps://` for TLS from the first byte)."""
    parts = urlsplit(url)
    if parts.scheme not in {"smtp", "smtps", "smtp+tls"}:
        raise BadConfig(f"TERRACE_MAIL_URL begins with {parts.scheme}://; use smtp://, smtp+tls:// or smtps://.")
    return {
        "EMAIL_HOST": parts.hostname or "localhost",
        "EMAIL_PORT": parts.port or {"smtp": 25, "smtp+tls": 587, "smtps": 465}[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_TIMEOUT": 20,
    }
