"""Addresses of named pages, remembered: a page names hundreds of them."""

import functools
from typing import Any

from django.urls import reverse


@functools.lru_cache(maxsize=16_384)
def address(name: str, *args: Any) -> str:
    """Return the address of a named page. Raises NoReverseMatch."""
    return reverse(name, args=args or None)
