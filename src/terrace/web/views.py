"""Pages made of several rooms, and the pages for what goes wrong."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from terrace.kernel import tags
from terrace.kernel.errors import Missing
from terrace.members import actions as member_actions
from terrace.web.middleware import say


def home(request: HttpRequest) -> HttpResponse:
    """Show the front page."""
    tags.tag(request, "home")
    return render(request, "web/home.html", {})


@require_POST
def language(request: HttpRequest, code: str) -> HttpResponse:
    """Speak another language on this browser and, for a member, everywhere."""
    if code not in dict(settings.LANGUAGES):
        raise Missing
    if request.member is not None:
        member_actions.choose_language(request.member, code)
    response = HttpResponseRedirect(here_or(request.POST.get("next", ""), "/"))
    response.set_cookie(settings.LANGUAGE_COOKIE_NAME, code, max_age=31_536_000, samesite="Lax")
    return response


def here_or(address: str, other: str) -> str:
    """Return an address if it stays on this site, else the other one."""
    stays = url_has_allowed_host_and_scheme(address, allowed_hosts=None)
    return address if stays and address.startswith("/") else other


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what cannot be read at all."""
    return say(request, 400, _("We could not read this request. Go back and try again."))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what is not allowed."""
    return say(request, 403, _("You may not do this here."))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer an address that leads nowhere."""
    return say(request, 404, "")


def failed(request: HttpRequest) -> HttpResponse:
    """Answer when something broke outside of a view."""
    return say(request, 500, _("Something broke on our side. What you wrote is safe."))


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form that did not come from one of our pages, or from one that was open for too long."""
    return say(request, 403, _("This page was open for too long. Reload it and send again; your text is kept."))
