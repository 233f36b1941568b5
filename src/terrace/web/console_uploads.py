"""Uploads at the desk: what members may send, by level, and what lies on the disk."""

from typing import Any

from django.contrib import messages
from django.forms import BaseFormSet, formset_factory
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from terrace.kernel.request import Request
from terrace.media import actions as media
from terrace.media import policies as media_policies
from terrace.media import queries as media_queries
from terrace.members import policies as members
from terrace.web.console import OPERATORS
from terrace.web.forms import UploadStepForm

Steps = formset_factory(UploadStepForm, extra=1, max_num=8, absolute_max=8)


@require_http_methods(["GET", "POST"])
def uploads(request: Request) -> HttpResponse:
    """Show and change the limits; a row without a level goes."""
    members.check_staff(request.member, *OPERATORS)
    if request.method == "GET":
        return _page(request, Steps(initial=[vars(step) for step in media_policies.steps()]))
    typed: Any = Steps(request.POST)
    if not typed.is_valid():
        return _page(request, typed, status=422)
    rows = [row for row in typed.cleaned_data if row.get("level")]
    try:
        media.set_limits(rows, actor_id=request.member.pk, now=request.now)
    except ValueError:
        return _page(request, typed, refused=_("The first row is for level 1, and no level stands twice."), status=422)
    messages.success(request, _("Saved."))
    return HttpResponseRedirect(request.path)


def _page(request: Request, rows: BaseFormSet, *, refused: str = "", status: int = 200) -> HttpResponse:
    context = {"rows": rows, "refused": refused, "kept": media_queries.totals()}
    return render(request, "web/console_uploads.html", context, status=status)
