"""The desk: what waits for whoever runs the place, and the operator's choices."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from terrace.forum import actions as forum
from terrace.forum import policies as forum_policies
from terrace.forum import queries as forum_queries
from terrace.kernel import options, slots
from terrace.kernel.errors import Invalid, Missing
from terrace.kernel.request import Request
from terrace.members import policies as members
from terrace.members.models import Role
from terrace.web import brand as brand_of
from terrace.web.forms import BoardForm, BrandForm

OPERATORS = (Role.OPERATOR, Role.ADMINISTRATOR)
WAITING = slots.declare("web.waiting", "(member) -> how many things wait for this member at the desk")


def desk_rooms(request: Request) -> list[dict[str, Any]]:
    """Return the desk's navigation for this member: what they may open."""
    waiting = sum(slots.ask(WAITING, request.member))
    operator = members.is_operator(request.member)
    work = [
        _room(request, _("Desk"), "web:desk", "house"),
        _room(request, _("To decide"), "moderation:queue", "flag", count=waiting),
        _room(request, _("Members"), "members:console_members", "users"),
        _room(request, _("Audit log"), "members:console_audit", "scroll-text"),
    ]
    house = [
        _room(request, _("Boards"), "web:console_boards", "layers"),
        _room(request, _("Brand"), "web:console_brand", "settings"),
        _room(request, _("Words"), "moderation:console_words", "shield"),
    ]
    groups = [{"name": "", "items": [each for each in work if each]}]
    if operator:
        groups.append({"name": _("House"), "items": [each for each in house if each]})
    return groups


def _room(request: Request, name: str, view: str, icon: str, count: int = 0) -> dict[str, Any] | None:
    try:
        url = reverse(view)
    except NoReverseMatch:
        return None
    current = request.path == url if view == "web:desk" else request.path.startswith(url)
    return {"name": name, "url": url, "icon": icon, "count": count, "due": bool(count), "current": current}


@require_safe
def desk(request: Request) -> HttpResponse:
    """Greet whoever runs the place with how many things wait."""
    members.check_staff(request.member)
    waiting = sum(slots.ask(WAITING, request.member))
    return render(request, "web/desk.html", {"waiting": waiting, "today": timezone.localdate()})


@require_http_methods(["GET", "POST"])
def brand(request: Request) -> HttpResponse:
    """Name the brand and choose the sections."""
    members.check_staff(request.member, *OPERATORS)
    names, lines = options.get("brand.name"), options.get("brand.line")
    off = set(options.get("brand.sections"))
    initial = {
        "name_zh": names.get("zh", ""),
        "name_en": names.get("en", ""),
        "line_zh": lines.get("zh", ""),
        "line_en": lines.get("en", ""),
        "sections": [key for key, _name, _view in brand_of.SECTIONS if key not in off],
    }
    form = BrandForm(request.POST or None, request.FILES or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            brand_of.save(form.cleaned_data, member_id=request.member.pk, now=request.now)
        except Invalid as refused:
            form.add_error("logo", refused.sentence)
        else:
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(request.path)
    return render(request, "web/console_brand.html", {"form": form}, status=422 if form.is_bound else 200)


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
