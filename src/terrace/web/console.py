"""The desk: what waits for whoever runs the place, and the operator's choices."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from terrace.forum import actions as forum
from terrace.forum import policies as forum_policies
from terrace.forum import queries as forum_queries
from terrace.kernel import slots
from terrace.kernel.errors import Invalid, Missing
from terrace.kernel.request import Request
from terrace.members import policies as members
from terrace.members.models import Role
from terrace.web.forms import BoardForm
from terrace.web.navigation import WAITING

OPERATORS = (Role.OPERATOR, Role.ADMINISTRATOR)


@require_safe
def desk(request: Request) -> HttpResponse:
    """Greet whoever runs the place with how many things wait."""
    members.check_staff(request.member)
    waiting = sum(slots.ask(WAITING, request.member))
    return render(request, "web/desk.html", {"waiting": waiting, "today": timezone.localdate()})


@require_safe
def boards(request: Request) -> HttpResponse:
    """List every board with its rules."""
    members.check_staff(request.member, *OPERATORS)
    reader = forum_policies.access(request.member, request.now)
    return render(request, "web/console_boards.html", {"rows": forum_queries.board_desk(reader)})


@require_http_methods(["GET", "POST"])
def board_new(request: Request) -> HttpResponse:
    """Make a board."""
    members.check_staff(request.member, *OPERATORS)
    return _board_form(request, None)


@require_http_methods(["GET", "POST"])
def board_edit(request: Request, slug: str) -> HttpResponse:
    """Change a board, its place, its rules and its moderators."""
    members.check_staff(request.member, *OPERATORS)
    board = forum_queries.find_board(slug)
    if board is None:
        raise Missing
    return _board_form(request, board)


def _board_form(request: Request, board: Any) -> HttpResponse:
    reader = forum_policies.access(request.member, request.now)
    choices = forum_queries.board_form_choices(reader, board)
    initial = forum_queries.board_form_initial(board) if board else {}
    form = BoardForm(request.POST or None, initial=initial, **choices)
    if request.method == "POST" and form.is_valid():
        try:
            saved = forum.save_board(board, form.cleaned_data, by=request.member, now=request.now)
        except Invalid as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)
        else:
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(reverse("web:console_board", args=[saved.slug]))
    context = {"form": form, "board": board, "acts": form.acts()}
    return render(request, "web/console_board.html", context, status=422 if form.is_bound else 200)
