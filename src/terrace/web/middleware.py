"""What is true of every answer: headers, language, the member, and errors that are said in words."""

import logging
import secrets
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.contrib.auth.middleware import get_user
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from terrace.kernel import clock, tags
from terrace.kernel.errors import Missing, Refused, TooMany
from terrace.kernel.request import Request
from terrace.members import actions as member_actions
from terrace.members import policies as member_policies
from terrace.members import queries as member_queries
from terrace.web import brand

log = logging.getLogger(__name__)
Answer = Callable[[Request], HttpResponse]

POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "media-src 'self' blob:",  # a video that is being sent is drawn from, for its poster
        "manifest-src 'self'",
        "worker-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
    "X-Frame-Options": "DENY",
}
SEEN = timedelta(minutes=5)


def headers(get_response: Answer) -> Answer:
    """Set the security headers, and keep pages made for somebody out of every shared cache."""

    def middleware(request: Request) -> HttpResponse:
        request.now = clock.now()
        response = get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if settings.SESSION_COOKIE_SECURE:
            response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        reader = getattr(request, "member", None)
        if reader is not None:
            # The service worker keeps pages of one reader only (web/static/js/worker.js).
            response.headers["Terrace-Reader"] = salted_hmac("terrace.web.reader", str(reader.pk)).hexdigest()[:16]
        shown = tags.tags_of(request)
        if not response.has_header("Cache-Control"):
            # What does not say what it shows could never be thrown away in time, so it is not kept at all.
            kept = shown and reader is None
            response.headers["Cache-Control"] = "no-cache" if kept else "no-store"
        if shown and reader is None:
            response.headers["Terrace-Tags"] = " ".join(sorted(shown))
        return response

    return middleware


def language(get_response: Answer) -> Answer:
    """Speak the member's language, else the one chosen on this browser, else the browser's own."""
    known = {code for code, _name in settings.LANGUAGES}

    def middleware(request: Request) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        code = chosen if chosen in known else _accepted(request)
        with translation.override(code):
            request.LANGUAGE_CODE = code
            response = get_response(request)
            response.headers.setdefault("Content-Language", translation.get_language() or code)
            return response

    return middleware


def _accepted(request: Request) -> str:
    """Return the first of the browser's languages that Terrace speaks (RFC 9110, 12.5.4), or the installation's."""
    wanted = []
    for part in request.headers.get("Accept-Language", "")[:200].split(","):
        name, _sep, weight = part.strip().partition(";q=")
        try:
            wanted.append((-float(weight or 1), name.lower()))
        except ValueError:
            continue
    for _weight, name in sorted(wanted, key=lambda pair: pair[0]):
        if name.startswith("zh"):
            return "zh-hans"
        if name.startswith("en"):
            return "en"
    return settings.LANGUAGE_CODE


def member(get_response: Answer) -> Answer:
    """Give the request its member (or None), send away who may not act, and note that they were here."""

    def middleware(request: Request) -> HttpResponse:
        user = get_user(request)  # the member itself; `request.user` is a wrapper that makes every look at it dear
        request.member = user if user.is_authenticated else None
        here = request.member
        if here is None:
            return get_response(request)
        here.second_factor = member_policies.second_factor_of(here, request.session)
        if here.language and here.language != translation.get_language():
            translation.activate(here.language)
        if here.last_seen_at is None or request.now - here.last_seen_at > SEEN:
            member_actions.note_seen(here, now=request.now)
        return get_response(request)

    return middleware


def errors(get_response: Answer) -> Answer:
    """Turn what cannot be done into a page (or, for htmx, a fragment) with a sentence and the right status."""

    def middleware(request: Request) -> HttpResponse:
        response = get_response(request)
        if response.status_code == 404 and not response.content:
            return say(request, 404, "")
        if response.status_code == 405 and not response.content:
            return _not_a_page(request, response)
        return response

    def process_view(request: Request, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        if request.resolver_match is not None and brand.is_off(request.resolver_match.view_name):
            return say(request, 404, "")
        return None

    def process_exception(request: Request, error: Exception) -> HttpResponse | None:
        if isinstance(error, member_policies.SecondFactorNeeded):
            return HttpResponseRedirect(
                f"{reverse(member_queries.second_factor_page(request.member))}?next={quote(request.path)}"
            )
        if isinstance(error, Refused):
            return refuse(request, error)
        if isinstance(error, Http404):
            return say(request, 404, "")
        if isinstance(error, PermissionDenied):
            return say(request, 403, str(error))
        number = secrets.token_hex(2).upper()
        log.error("page failed", exc_info=error, extra={"reference": number, "path": request.path})
        return say(
            request, 500, _("Something broke on our side. What you wrote is safe. Reference %(n)s.") % {"n": number}
        )

    middleware.process_view = process_view  # type: ignore[attr-defined]
    middleware.process_exception = process_exception  # type: ignore[attr-defined]
    return middleware


def refuse(request: Request, error: Refused) -> HttpResponse:
    """Return the page for a refusal."""
    if isinstance(error, Missing):
        return say(request, 404, error.sentence)
    response = say(request, error.status, error.sentence)
    if isinstance(error, TooMany):
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def _not_a_page(request: Request, refused: HttpResponse) -> HttpResponse:
    """Return the page for an address that only takes forms, with a way back to what it belongs to."""
    at = request.resolver_match.kwargs if request.resolver_match is not None else {}
    back = None
    if "topic_id" in at:
        back = {"url": reverse("forum:topic_short", args=[at["topic_id"]]), "label": _("Back to the topic")}
    elif "post_id" in at:
        back = {"url": reverse("forum:post_open", args=[at["post_id"]]), "label": _("Back to the post")}
    sentence = _("This address takes what a form sends; there is nothing to read here.")
    response = say(request, 405, sentence, back=back)
    response.headers["Allow"] = refused.headers["Allow"]
    return response


def say(request: Request, status: int, sentence: str, back: dict[str, str] | None = None) -> HttpResponse:
    """Return the error page, or its fragment for htmx. `back` {url, label} is the way on, else it is the front page."""
    if not sentence and status == 404:
        sentence = _("This page is gone. Its author took it back, or the address is cut short.")
    if not hasattr(request, "member"):
        request.member = None
    template = "_error.html" if request.headers.get("HX-Request") else "error.html"
    response = render(request, template, {"status": status, "sentence": sentence, "back": back}, status=status)
    if request.headers.get("HX-Request"):
        response.headers["HX-Retarget"] = "#said"
        response.headers["HX-Reswap"] = "innerHTML"
    return response
