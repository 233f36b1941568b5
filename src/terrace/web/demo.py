"""The demo's own pages: become anybody with one click, read what was mailed. Nowhere to be found outside the demo."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from terrace.kernel.errors import Missing
from terrace.kernel.models import OutboxMessage
from terrace.kernel.request import Request
from terrace.members import policies as members
from terrace.members import queries as member_queries
from terrace.members.models import Role


def _check_demo() -> None:
    if not settings.TERRACE_DEMO:
        raise Missing


@never_cache
@require_safe
def people(request: Request) -> HttpResponse:
    """Show one of each kind of person, each with a button to become them."""
    _check_demo()
    from terrace.cli.demo import one_of_each

    lines = {
        "administrator": _("hosts it: everything, and who may do what"),
        "operator": _("runs the community: boards, brand, members"),
        "moderator": _("keeps order: the queue, flags, decisions"),
        "engineer": _("builds the products and answers for a team"),
        "member": _("has been here for a while"),
        "newcomer": _("signed up yesterday"),
    }
    # By their addresses: a visitor may have changed what they are called.
    found = [(kind, member_queries.by_contact("email", email)) for kind, _handle, email in one_of_each()]
    rows = [
        {"kind": kind, "line": lines[kind], "person": member_queries.person(member)}
        for kind, member in found
        if member is not None and members.is_of_demo(member.pk)
    ]
    return render(request, "web/demo.html", {"rows": rows})


@never_cache
@require_safe
def outbox(request: Request) -> HttpResponse:
    """Show the newest messages that would have been sent."""
    _check_demo()
    members.check_staff(request.member, Role.ADMINISTRATOR)
    return render(request, "web/outbox.html", {"letters": OutboxMessage.objects.order_by("-id")[:50]})


@never_cache
@require_safe
def letter(request: Request, number: int) -> HttpResponse:
    """Show one letter as a mail reader would: on its own, with no script and nothing loaded."""
    _check_demo()
    members.check_staff(request.member, Role.ADMINISTRATOR)
    found = OutboxMessage.objects.filter(pk=number).exclude(html="").first()
    if found is None:
        raise Missing
    response = HttpResponse(found.html)
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'"
    )
    return response
