"""Keeping order: lock, pin, feature, move, tag, hide."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from terrace.forum import actions, policies, queries
from terrace.forum.forms import MoveForm, ReasonForm, TagsForm
from terrace.forum.queries.lists import address
from terrace.forum.views.parts import member_only, readable_post, readable_topic
from terrace.kernel.errors import Missing
from terrace.kernel.request import Request


def _confirm(request: Request, **context: Any) -> HttpResponse:
    status = context.pop("status", 200)
    return render(request, "forum/confirm.html", {"action": request.path, **context}, status=status)


def _switch(
    request: Request, topic_id: int, field: str, do: Callable[..., None], on: tuple[str, str], off: tuple[str, str]
) -> HttpResponse:
    """Ask, then switch one of the topic's marks on or off."""
    topic, reader = readable_topic(request, topic_id)
    by = policies.check_moderate(reader, topic)
    is_on, to = getattr(topic, field) is not None, _wanted(request)
    if to is not None:
        if is_on == to:
            _say_done(request)
        do(topic, to, by=by, now=request.now)
        return HttpResponseRedirect(address(topic))
    heading, verb = off if is_on else on
    to_state = "off" if is_on else "on"
    return _confirm(request, heading=heading, verb=verb, sentence=topic.title, close_url=address(topic), to=to_state)


def _wanted(request: Request) -> bool | None:
    """Return the state that the form asks for, or None where nothing was sent yet.

    The form carries it, since what the topic is now may have changed after the question was read.
    """
    return {"on": True, "off": False}.get(request.POST.get("to", ""))


def _say_done(request: Request) -> None:
    messages.info(request, _("Somebody has done this already."))


@require_http_methods(["GET", "POST"])
@member_only
def topic_lock(request: Request, topic_id: int) -> HttpResponse:
    """Lock a topic, or unlock it."""
    on, off = (_("Lock this topic?"), _("Lock")), (_("Unlock this topic?"), _("Unlock"))
    return _switch(request, topic_id, "locked_at", actions.lock_topic, on, off)


@require_http_methods(["GET", "POST"])
@member_only
def topic_pin(request: Request, topic_id: int) -> HttpResponse:
    """Pin a topic, or unpin it."""
    on, off = (_("Keep this topic on top of its board?"), _("Pin")), (_("Let this topic go from the top?"), _("Unpin"))
    return _switch(request, topic_id, "pinned_at", actions.pin_topic, on, off)


@require_http_methods(["GET", "POST"])
@member_only
def topic_feature(request: Request, topic_id: int) -> HttpResponse:
    """Feature a topic, or take that back."""
    on = (_("Feature this topic?"), _("Feature"))
    off = (_("Take this topic out of the featured ones?"), _("No longer featured"))
    return _switch(request, topic_id, "featured_at", actions.feature_topic, on, off)


@require_http_methods(["GET", "POST"])
@member_only
def topic_move(request: Request, topic_id: int) -> HttpResponse:
    """Move a topic to another board that its moderator keeps too."""
    topic, reader = readable_topic(request, topic_id)
    by = policies.check_moderate(reader, topic)
    form = MoveForm(request.POST or None, boards=queries.board_choices(reader), initial={"board": ""})
    if request.method == "POST" and form.is_valid():
        board = queries.find_board(form.cleaned_data["board"])
        if board is None or not reader.may(board.pk, "open"):
            raise Missing
        actions.move_topic(topic, board, by=by, now=request.now)
        return HttpResponseRedirect(address(topic))
    heading = _("Move “%(title)s” to another board") % {"title": topic.title}
    status = 422 if form.is_bound else 200
    return _confirm(request, heading=heading, verb=_("Move"), form=form, close_url=address(topic), status=status)


@require_http_methods(["GET", "POST"])
@member_only
def topic_tags(request: Request, topic_id: int) -> HttpResponse:
    """Gather a topic under other tags."""
    topic, reader = readable_topic(request, topic_id)
    by = policies.check_moderate(reader, topic)
    names = ", ".join(queries.tags_of_topic(topic.pk))
    form = TagsForm(request.POST or None, initial={"tags": names})
    if request.method == "POST" and form.is_valid():
        actions.retag_topic(topic, form.cleaned_data["tags"], by=by, now=request.now)
        return HttpResponseRedirect(address(topic))
    return _confirm(request, heading=_("Tags of this topic"), verb=_("Save"), form=form, close_url=address(topic))


@require_http_methods(["GET", "POST"])
@member_only
def post_hide(request: Request, post_id: int) -> HttpResponse:
    """Take a post away with a reason, or put it back; what its author took back, only the author."""
    post, reader = readable_post(request, post_id)
    back = reverse("forum:post_open", args=[post.pk])
    to = _wanted(request)
    if to is False or (to is None and post.state == "hidden"):
        by = policies.check_restore(reader, post.topic, post, request.now)
        if to is None:
            return _confirm(request, heading=_("Show this post again?"), verb=_("Show again"), close_url=back, to="off")
        if not actions.restore_post(post, by=by, now=request.now):
            _say_done(request)
        return HttpResponseRedirect(back)
    by = policies.check_moderate(reader, post.topic)
    form = ReasonForm(request.POST if to else None)
    if to and form.is_valid():
        if not actions.hide_post(post, by=by, reason=form.cleaned_data["reason"], now=request.now):
            _say_done(request)
        return HttpResponseRedirect(back)
    status = 422 if form.is_bound else 200
    question = {"heading": _("Hide this post?"), "verb": _("Hide"), "danger": True, "to": "on"}
    return _confirm(request, **question, form=form, close_url=back, status=status)
