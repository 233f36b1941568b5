"""The token that forms carry against forged requests: Django's, masked anew for every page, but in one go."""

import secrets

from django.middleware import csrf

from terrace.kernel.request import Request

_CHARS = csrf.CSRF_ALLOWED_CHARS
_PLACE = {char: at for at, char in enumerate(_CHARS)}
_BASE = len(_CHARS)
_LENGTH = csrf.CSRF_SECRET_LENGTH


def token_of(request: Request) -> str:
    """Return the token for the forms of this page. The same as Django's `get_token`, which draws each of 32 signs singly."""
    secret = request.META.get("CSRF_COOKIE")
    if secret is None:
        return csrf.get_token(request)
    request.META["CSRF_COOKIE_NEEDS_UPDATE"] = True
    drawn = secrets.randbelow(_BASE**_LENGTH)
    mask, cipher = [], []
    for char in secret:
        drawn, digit = divmod(drawn, _BASE)
        mask.append(_CHARS[digit])
        cipher.append(_CHARS[(_PLACE[char] + digit) % _BASE])
    return "".join(mask + cipher)
