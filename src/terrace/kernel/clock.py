"""The one place that asks what time it is; everything below a view, task or command is handed `now`."""

from datetime import UTC, datetime


def now() -> datetime:
    """Return the present moment, aware, in UTC."""
    return datetime.now(UTC)  # noqa: TID251  the one place
