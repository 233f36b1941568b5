"""Reading without a network: the service worker and the page it shows for what was not kept."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from terrace.kernel import tags
from terrace.kernel.request import Request
from terrace.web import brand, static


@require_safe
def worker(request: Request) -> HttpResponse:
    """Answer the service worker, at the root because it may only serve what lies below its own address."""
    body = (static.ROOT / "js" / "worker.js").read_text("utf-8")
    said = {
        "VERSION": static.version(),
        "OFFLINE": reverse("web:offline"),
        "PREFERENCES": reverse("notifications:preferences"),
        "JOIN": reverse("notifications:device_join"),
        "SIGN_OUT": reverse("members:sign_out"),
        "ICON": reverse("web:brand_icon", args=[brand.current().icons, "icon-192.png"]),
    }
    for name, value in said.items():
        body = body.replace(f'"{name}"', f'"{value}"')
    tags.tag(request, "offline", "brand")
    return HttpResponse(body, content_type="text/javascript; charset=utf-8")


@require_safe
def offline(request: Request) -> HttpResponse:
    """Show what can be read without a network."""
    tags.tag(request, "offline")
    return render(request, "web/offline.html")
