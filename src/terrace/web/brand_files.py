"""What browsers fetch of the brand: its style sheet, its icons, and the manifest of the installed app."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from terrace.kernel import tags
from terrace.kernel.errors import Missing
from terrace.kernel.request import Request
from terrace.web import brand as brand_of
from terrace.web import brand_sheet, icons

FOREVER = "public, max-age=31536000, immutable"
SOON = "public, max-age=60"


@require_safe
def sheet(request: Request, version: str) -> HttpResponse:
    """Answer the brand's tokens. An old version gets the present ones and a short life, as static files do."""
    look = brand_of.look(brand_of.values())
    tags.tag(request, "brand")
    response = HttpResponse(brand_sheet.sheet(look), content_type="text/css; charset=utf-8")
    response.headers["Cache-Control"] = FOREVER if version == brand_sheet.version(look) else SOON
    return response


@require_safe
def icon(request: Request, version: str, name: str) -> HttpResponse:
    """Answer one icon. An old version gets the present one and a short life."""
    chosen = brand_of.values()
    look, source = chosen["look"], brand_of.icon_source(chosen)
    if name not in icons.SIZES and name != "favicon.svg":
        raise Missing
    tags.tag(request, "brand")
    if name == "favicon.svg":
        response = HttpResponse(icons.mark_svg(look["accent"], look["paper"]), content_type="image/svg+xml")
        response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    else:
        body = icons.draw(name, source, look["accent"], look["paper"])
        response = HttpResponse(body, content_type="image/png")
    response.headers["Cache-Control"] = FOREVER if version == brand_of.icons_version(chosen) else SOON
    return response


@require_safe
def manifest(request: Request) -> HttpResponse:
    """Answer what a phone needs to install the community as an app (W3C Web App Manifest).

    Browsers ask for it without cookies, so the page that links to it says the language in the address.
    """
    asked = request.GET.get("lang", "")
    code = asked if asked in dict(settings.LANGUAGES) else translation.get_language() or settings.LANGUAGE_CODE
    tags.tag(request, "brand")
    with translation.override(code):
        response = JsonResponse(_manifest(brand_of.current(), code), json_dumps_params={"ensure_ascii": False})
    response.headers["Content-Type"] = "application/manifest+json"
    return response


def _manifest(shown: brand_of.Brand, code: str) -> dict[str, Any]:
    def of(name: str, purpose: str) -> dict[str, str]:
        side = icons.SIZES[name][0]
        return {
            "src": f"/icons/{shown.icons}/{name}",
            "sizes": f"{side}x{side}",
            "type": "image/png",
            "purpose": purpose,
        }

    shortcuts = [
        (gettext("Post"), "forum:topic_new"),
        (gettext("Notices"), "notifications:notice_list"),
        (gettext("Boards"), "forum:board_list"),
        (gettext("Search"), "search:results"),
    ]
    return {
        "id": "/",
        "name": shown.name,
        "short_name": shown.name,
        "description": shown.line,
        "lang": "en" if code == "en" else "zh-Hans",
        "dir": "ltr",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": shown.page,
        "theme_color": shown.page,
        "icons": [
            of("icon-192.png", "any"),
            of("icon-512.png", "any"),
            of("maskable-192.png", "maskable"),
            of("maskable-512.png", "maskable"),
        ],
        "shortcuts": [{"name": name, "url": reverse(view)} for name, view in shortcuts],
    }
