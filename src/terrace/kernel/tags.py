"""What a page shows, so that a cached copy can be thrown away when one of those things changes."""

from django.http import HttpRequest


def tag(request: HttpRequest, *names: str) -> None:
    """Say that the page being made shows `names`, such as `topic:12` and `board:3`."""
    request.__dict__.setdefault("shown", set()).update(names)


def tags_of(request: HttpRequest) -> set[str]:
    """Return what the page said that it shows."""
    return set(getattr(request, "shown", ()))
