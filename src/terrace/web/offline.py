"""Reading without a network: the service worker and the page it shows for what was not kept."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from terrace.kernel import tags
from terrace.kernel.request import Request
from terrace.web import static


@require_safe
def worker(request: Request) -> HttpResponse:
    """Answer the service worker, at the root because it may only serve what lies below its own address."""
    body = (static.ROOT / "js" / "worker.js").read_text("utf-8")
    for name, value in (("VERSION", static.version()), ("OFFLINE", reverse("web:offline"))):
        body = body.replace(f'"{name}"', f'"{value}"')
    tags.tag(request, "offline")
    return HttpResponse(body, content_type="text/javascript; charset=utf-8")


@require_safe
def offline(request: Request) -> HttpResponse:
    """Show what can be read without a network."""
    tags.tag(request, "offline")
    return render(request, "web/offline.html")
