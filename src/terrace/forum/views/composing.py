"""Writing: a new topic, what is half written, and what a form keeps when it is refused."""

import hashlib
import json
import secrets
from typing import Any

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from markupsafe import Markup

from terrace.forum import actions, policies, queries
from terrace.forum.actions import writing
from terrace.forum.cards import card_of, cards
from terrace.forum.forms import TopicForm
from terrace.forum.models import Topic
from terrace.forum.policies import Access
from terrace.forum.queries.lists import address
from terrace.forum.views.parts import access_of, member_only
from terrace.kernel import markup
from terrace.kernel.errors import Invalid, Missing, Refused
from terrace.kernel.request import Request
from terrace.members import policies as members


def form_key(request: Request) -> str:
    """Return the one-time key for a form that is drawn now; one that is drawn again keeps its own."""
    return request.POST.get("once", "")[:64] or secrets.token_hex(32)


def taken(url: str, place: str) -> HttpResponse:
    """Lead on after a form was taken, and tell draft.js so: only then may what the browser kept of it go."""
    response = HttpResponseRedirect(url)
    response.set_cookie("taken", place, max_age=120, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)
    return response


def sent_key(request: Request) -> str:
    """Return what tells this submission from every other: the form's one-time key with all that was typed.

    So a form that the browser brings back from its history and that is sent with other words is a new one.
    """
    if not request.POST.get("once"):
        return ""
    typed = {name: request.POST.getlist(name) for name in sorted(request.POST) if name != "csrfmiddlewaretoken"}
    return hashlib.sha256(json.dumps([request.path, typed]).encode()).hexdigest()


def tell(form: Any, refused: Refused) -> None:
    """Put a refusal where the person typed."""
    field = {"source": "body"}.get(getattr(refused, "field", "") or "", getattr(refused, "field", None))
    form.is_valid()
    form.add_error(field if field in form.fields else None, refused.sentence)


def remedy(request: Request) -> dict[str, str] | None:
    """Return the page (url, label) that mends or explains why the member may not write, or None where none does."""
    member = request.member
    if members.can_write(member, request.now):
        return None
    if member.is_suspended(request.now):
        return {"url": reverse("members:suspended"), "label": _("About the suspension")}
    if member.phone_verified_at is None:
        return {"url": reverse("members:contact"), "label": _("Add a phone number")}
    return None


@require_http_methods(["GET", "POST"])
@member_only
def topic_new(request: Request) -> HttpResponse:
    """Write a new topic."""
    reader = access_of(request)
    boards = queries.board_choices(reader)
    kind = (request.POST or request.GET).get("kind", "discussion")
    card = card_of(kind)
    if request.method == "GET":
        if not members.can_write(request.member, request.now):
            return _closed(request)
        chosen = request.GET.get("board", "")
        if chosen and chosen not in dict(boards):
            return _not_there(request, reader, chosen)
        kept = {} if "fresh" in request.GET else queries.draft_of(request.member.pk, "new") or {}
        form = TopicForm(boards=boards, initial={**kept, "board": chosen or kept.get("board", "")})
        extra = card.form() if card.form else None
        return _composer(request, form, card.kind, extra)
    if "fields" in request.POST:
        # Without script: the fields of the kind that was chosen, with what was typed so far; nothing is judged yet.
        typed = request.POST.dict()
        extra = card.form(initial=typed) if card.form else None
        return _composer(request, TopicForm(boards=boards, initial={**typed, "at": None}), card.kind, extra)
    form = TopicForm(request.POST, boards=boards)
    extra = card.form(request.POST) if card.form else None
    if "preview" in request.POST:
        return _composer(request, form, card.kind, extra, preview=preview_of(form.data.get("body", "")))
    if not form.is_valid() or (extra is not None and not extra.is_valid()):
        return _composer(request, form, card.kind, extra, status=422)
    try:
        topic = _open(request, reader, form.cleaned_data, card, extra.cleaned_data if extra else {})
    except Missing:
        raise
    except Refused as refused:
        tell(form, refused)
        return _composer(request, form, card.kind, extra, status=refused.status)
    return taken(address(topic), "new")


def _open(request: Request, reader: Access, typed: dict[str, Any], card: Any, more: dict[str, Any]) -> Topic:
    board = queries.find_board(typed["board"])
    if board is None:
        raise Missing
    policies.check_open(reader, board.pk, request.now)
    if board.kinds and card.kind not in board.kinds:
        raise Invalid(_("This board does not take this kind of topic."), field="board")
    return actions.open_topic(
        request.member,
        board,
        kind=card.kind,
        title=typed["title"],
        source=typed["body"],
        tags=typed["tags"],
        now=request.now,
        held=board.premoderated and not reader.moderates(board.pk),
        complete=card.complete(more, request.now),
        slow_seconds=0 if reader.moderates(board.pk) else board.slow_seconds,
        once=sent_key(request),
    )


def _closed(request: Request) -> HttpResponse:
    """Say why the member may not write, before anything is typed."""
    try:
        members.check_may_write(request.member, request.now)
    except Refused as refused:
        context = {"status": refused.status, "sentence": refused.sentence, "back": remedy(request)}
        return render(request, "error.html", context, status=refused.status)
    raise Missing


def _not_there(request: Request, reader: Access, slug: str) -> HttpResponse:
    """Say why no topic may be opened in the board that was asked for. Raises Missing where the member may not know of it."""
    board = reader.boards.at(slug)
    if board is None or not reader.may(board.pk, "see"):
        raise Missing
    back = {"url": reverse("forum:topic_new"), "label": _("Choose another board")}
    context = {"status": 403, "sentence": reader.what_is_missing(board.pk, "open"), "back": back}
    return render(request, "error.html", context, status=403)


def preview_of(source: str) -> Markup | None:
    if not source.strip() or len(source) > markup.MAX_SOURCE:
        return None
    return Markup(writing.render(source, prefix="preview-").html)  # noqa: S704  sanitised


def _composer(
    request: Request,
    form: TopicForm,
    kind: str,
    extra: Any,
    *,
    preview: Markup | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "form": form,
        "kinds": [{"key": card.kind, "label": card.label, "current": card.kind == kind} for card in cards().values()],
        "fields_url": reverse("forum:topic_fields"),
        "extra": _extra(request, extra),
        "heading": _("New topic"),
        "verb": _("Publish"),
        "action": reverse("forum:topic_new"),
        "close_url": reverse("forum:board_list"),
        "draft_key": "new",
        "kept_at": form.initial.get("at"),
        "draft_seen": draft_seen(request, "new"),
        "over_url": f"{reverse('forum:topic_new')}?fresh=1",
        "once": form_key(request),
        "remedy": remedy(request),
        "similar_url": reverse("search:similar"),
        "preview": preview,
        "preview_url": reverse("forum:preview"),
    }
    return render(request, "forum/topic_new.html", context, status=status)


def draft_seen(request: Request, place: str) -> int:
    """Return the version of a draft that a page begins with, shown or not (see `actions.keep_draft`)."""
    return (queries.draft_of(request.member.pk, place) or {}).get("at", 0)


def _extra(request: Request, form: Any) -> Markup:
    if form is None:
        return Markup("")
    return Markup(render_to_string("forum/_fields.html", {"extra": form}, request=request))  # noqa: S704


@require_safe
@member_only
def topic_fields(request: Request) -> HttpResponse:
    """Answer the fields of another kind of topic, as a fragment."""
    reader = access_of(request)
    card = card_of(request.GET.get("kind", ""))
    form = TopicForm(boards=queries.board_choices(reader), initial={"board": request.GET.get("board", "")})
    context = {"extra": card.form() if card.form else None, "form": form}
    return render(request, "forum/_kind_fields.html", context)


@require_POST
@member_only
def draft_keep(request: Request) -> HttpResponse:
    """Keep what is half written, and answer its version; an empty text drops it. 409 where another device has other words."""
    place = request.POST.get("place", "")
    name, _colon, number = place.partition(":")
    if (
        name not in {"new", "reply", "edit"}
        or not (number.isdigit() or (name == "new" and not number))
        or len(place) > 30
    ):
        raise Invalid(_("A draft belongs to a new topic, a reply or an edit."))
    data: dict[str, Any] = {key: request.POST.get(key, "")[:60_000] for key in ("title", "body", "board", "tags")}
    data["at"] = int(request.now.timestamp() * 1000)
    data["page"] = request.POST.get("page", "")[:40]
    seen = request.POST.get("seen", "")
    if data["page"] or data["title"].strip() or data["body"].strip():
        known = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 16 else 0
        actions.keep_draft(place, data, by=request.member, now=request.now, seen=known)
    else:
        actions.drop_draft(place, by=request.member)
    return JsonResponse({"at": data["at"]})
