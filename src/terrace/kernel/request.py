"""The request as our middleware has made it ready."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest


class Request(HttpRequest):
    """A request with the moment that it came in, and who made it: a member, or None for a stranger."""

    now: datetime
    member: Any
