"""Topics: read, opened, answered."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from markupsafe import Markup

from terrace.forum import actions, policies, queries
from terrace.forum.cards import card_of, cards
from terrace.forum.forms import ReplyForm, TopicForm
from terrace.forum.models import Topic
from terrace.forum.policies import Access
from terrace.forum.queries import topic as topic_queries
from terrace.forum.queries.lists import address
from terrace.forum.queries.parts import REACTIONS
from terrace.forum.views import drawing
from terrace.forum.views.parts import (
    access_of,
    back_to,
    member_only,
    panel,
    readable_post,
    readable_topic,
)
from terrace.kernel import live
from terrace.kernel.addresses import address as address_of
from terrace.kernel.errors import Conflict, Invalid, Missing, Refused, TooMany
from terrace.kernel.request import Request


@require_safe
def topic_open(request: Request, topic_id: int, slug: str = "") -> HttpResponse:
    """Show a topic, at the page that holds the post asked for."""
    topic, reader = readable_topic(request, topic_id)
    canonical = address(topic)
    if request.path != canonical:
        query = request.META.get("QUERY_STRING", "")
        return HttpResponseRedirect(f"{canonical}?{query}" if query else canonical, status=301)
    actions.note_view(topic.pk)
    return render(request, "forum/topic_open.html", topic_context(request, topic, reader))


def topic_context(
    request: Request, topic: Topic, reader: Access, *, form: ReplyForm | None = None, at: str | None = None
) -> dict[str, Any]:
    """Return what the page of a topic shows."""
    shown = topic_queries.topic_page(topic, reader, at=at or request.GET.get("at", ""), now=request.now)
    refusal = _reply_refusal(reader, topic, request)
    member = request.member
    context = _post_context(request, topic, shown, refusal)
    return {
        **context,
        "card": panel(request, topic, reader),
        "posts": drawing.posts(request, topic, reader, shown, context),
        "like": REACTIONS[0],
        "pager": shown.pager,
        "position": shown.position,
        "toc": drawing.table_of_contents(topic, shown),
        "scrub": drawing.scrub(topic, shown),
        "fresh_url": shown.fresh_url,
        "reply_refusal": refusal,
        "reply_form": form or _reply_form(request, topic),
        "reply_to": _aimed_at(request, topic, form),
        "live_url": f"/live?{_stream(topic, request)}",
        "live_renew": f"/live/renew?topic={topic.pk}" if member else "",
        "description": topic.excerpt,
        "canonical": settings.TERRACE_BASE_URL + address(topic),
        "structured": drawing.structured(topic, shown) if member is None else None,
        "picture_url": f"{settings.TERRACE_BASE_URL}/t/{topic.pk}/card.png",
    }


def _post_context(request: Request, topic: Topic, shown: topic_queries.TopicPage, refusal: str) -> dict[str, Any]:
    """Return what the template of a post reads beside the post."""
    return {
        "topic": shown.topic,
        "can_reply": not refusal,
        "sign_in_url": f"{address_of('account_login')}?next={address(topic)}",
        "now": request.now,
    }


def _stream(topic: Topic, request: Request) -> str:
    if request.member is None:
        return f"channel=topic:{topic.pk}"
    return f"token={live.token({f'topic:{topic.pk}', f'member:{request.member.pk}'})}"


def _reply_refusal(reader: Access, topic: Topic, request: Request) -> str:
    try:
        policies.check_reply(reader, topic, request.now)
    except Refused as refused:
        return refused.sentence or " "
    return ""


def _reply_form(request: Request, topic: Topic) -> ReplyForm | None:
    """Return the reply as it was left or begun, or None while nothing is typed."""
    if request.member is None:
        return None
    body = (getattr(topic, "draft", None) or {}).get("body", "")
    quoted = request.GET.get("quote", "")
    if quoted.isdigit():
        body = _quotation(request, int(quoted)) + body
    return ReplyForm(initial={"body": body, "reply_to": request.GET.get("reply_to")}) if body else None


def _quotation(request: Request, post_id: int) -> str:
    """Return a post as a Markdown quotation that names its author and number."""
    try:
        post, _reader = readable_post(request, post_id)
    except Refused:
        return ""
    lines = post.source.splitlines()[:12]
    head = f"> **{post.author.handle}** [#{post.number}]({reverse('forum:post_open', args=[post.pk])})"
    return "\n".join([head, ">", *(f"> {line}" for line in lines)]) + "\n\n"


def _aimed_at(request: Request, topic: Topic, form: ReplyForm | None) -> Any:
    wanted = str(form["reply_to"].value() or "") if form else request.GET.get("reply_to", "")
    if not wanted.isdigit() or len(wanted) > 18:
        return None
    post = queries.find_post(int(wanted))
    return post if post is not None and post.topic_id == topic.pk else None


@require_safe
def topic_fresh(request: Request, topic_id: int) -> HttpResponse:
    """Answer the posts after the last one shown, as a fragment."""
    topic, reader = readable_topic(request, topic_id)
    after = request.GET.get("after", "0")
    number = int(after) if after.isdigit() and len(after) < 10 else 0
    shown = topic_queries.posts_after(topic, reader, number, now=request.now)
    last = shown.stamps[-1].number if shown.stamps else number
    context = _post_context(request, topic, shown, _reply_refusal(reader, topic, request))
    context["posts"] = drawing.posts(request, topic, reader, shown, context)
    context |= {"fresh_url": shown.fresh_url, "last": last}
    return render(request, "forum/_fresh.html", context)


@require_http_methods(["GET", "POST"])
@member_only
def topic_new(request: Request) -> HttpResponse:
    """Write a new topic."""
    reader = access_of(request)
    boards = queries.board_choices(reader)
    kind = (request.POST or request.GET).get("kind", "discussion")
    card = card_of(kind)
    if request.method == "GET":
        chosen = request.GET.get("board", "")
        kept = queries.draft_of(request.member.pk, "new") or {}
        form = TopicForm(boards=boards, initial={**kept, "board": chosen or kept.get("board", "")})
        extra = card.form() if card.form else None
        return _composer(request, form, card.kind, extra)
    form = TopicForm(request.POST, boards=boards)
    extra = card.form(request.POST) if card.form else None
    if "preview" in request.POST:
        return _composer(request, form, card.kind, extra, preview=_preview(form.data.get("body", "")))
    if not form.is_valid() or (extra is not None and not extra.is_valid()):
        return _composer(request, form, card.kind, extra, status=422)
    try:
        topic = _open(request, reader, form.cleaned_data, card, extra.cleaned_data if extra else {})
    except (Invalid, TooMany) as refused:
        _tell(form, refused)
        return _composer(request, form, card.kind, extra, status=refused.status)
    return HttpResponseRedirect(address(topic))


def _open(request: Request, reader: Access, typed: dict[str, Any], card: Any, more: dict[str, Any]) -> Topic:
    board = queries.find_board(typed["board"])
    if board is None:
        raise Missing
    policies.check_open(reader, board.pk, request.now)
    if board.kinds and card.kind not in board.kinds:
        raise Invalid(_("This board does not take this kind of topic."), field="board")
    topic = actions.open_topic(
        request.member,
        board,
        kind=card.kind,
        title=typed["title"],
        source=typed["body"],
        tags=typed["tags"],
        now=request.now,
        held=board.premoderated and not reader.moderates(board.pk),
        complete=card.complete(more, request.now),
    )
    actions.drop_draft("new", by=request.member)
    return topic


def _tell(form: Any, refused: Refused) -> None:
    """Put a refusal where the person typed."""
    field = {"source": "body"}.get(getattr(refused, "field", "") or "", getattr(refused, "field", None))
    form.is_valid()
    form.add_error(field if field in form.fields else None, refused.sentence)


def _preview(source: str) -> Markup | None:
    from terrace.forum.actions import writing

    if not source.strip() or len(source) > writing.LONGEST:
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
        "similar_url": reverse("search:similar"),
        "preview": preview,
        "preview_url": reverse("forum:preview"),
    }
    return render(request, "forum/topic_new.html", context, status=status)


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
def topic_reply(request: Request, topic_id: int) -> HttpResponse:
    """Answer a topic."""
    topic, reader = readable_topic(request, topic_id)
    policies.check_reply(reader, topic, request.now)
    form = ReplyForm(request.POST)
    if not form.is_valid():
        return _again(request, topic, reader, form, 422)
    board = reader.boards.boards[topic.board_id]
    keeps = reader.moderates(topic.board_id)
    aim = queries.find_post(form.cleaned_data["reply_to"] or 0)
    try:
        post = actions.reply(
            request.member,
            topic,
            source=form.cleaned_data["body"],
            now=request.now,
            reply_to=aim,
            held=board.premoderated and not keeps,
            slow_seconds=0 if keeps else board.slow_seconds,
        )
    except (Invalid, TooMany, Conflict) as refused:
        _tell(form, refused)
        return _again(request, topic, reader, form, refused.status)
    return HttpResponseRedirect(f"{address(topic)}?at={post.number}#p{post.number}")


def _again(request: Request, topic: Topic, reader: Access, form: ReplyForm, status: int) -> HttpResponse:
    context = topic_context(request, topic, reader, form=form, at="last")
    return render(request, "forum/topic_open.html", context, status=status)


@require_POST
@member_only
def topic_vote(request: Request, topic_id: int) -> HttpResponse:
    """Vote in a poll."""
    topic, reader = readable_topic(request, topic_id)
    reader.check(topic.board_id, "reply")
    poll = queries.find_poll(topic.pk)
    if poll is None:
        raise Missing
    chosen = [int(each) for each in request.POST.getlist("choice") if each.isdigit() and len(each) < 18]
    actions.vote(poll, chosen, by=request.member, now=request.now)
    if request.headers.get("HX-Request"):
        return HttpResponse(panel(request, topic, reader))
    return HttpResponseRedirect(address(topic))


@require_POST
@member_only
def topic_follow(request: Request, topic_id: int) -> HttpResponse:
    """Follow a topic, or stop following it."""
    topic, _reader = readable_topic(request, topic_id)
    if getattr(topic, "follow_kind", None) == "follow":
        actions.unfollow_topic(topic, by=request.member)
    else:
        actions.follow_topic(topic, by=request.member, now=request.now)
    return _after(request, topic_id)


@require_POST
@member_only
def topic_bookmark(request: Request, topic_id: int) -> HttpResponse:
    """Save a topic, or let it go."""
    topic, _reader = readable_topic(request, topic_id)
    first = queries.first_post(topic.pk)
    if getattr(topic, "kept", False):
        actions.remove_bookmark(first, by=request.member)
    else:
        actions.bookmark(first, by=request.member, now=request.now)
    return _after(request, topic_id)


def _after(request: Request, topic_id: int) -> HttpResponse:
    topic, reader = readable_topic(request, topic_id)
    if request.headers.get("HX-Request"):
        return render(request, "forum/_after.html", {"topic": topic_queries.head(topic, reader)})
    return back_to(request, address(topic))


@require_POST
@member_only
def topic_position(request: Request, topic_id: int) -> HttpResponse:
    """Keep how far the reader has come."""
    topic, _reader = readable_topic(request, topic_id)
    number = request.POST.get("number", "")
    if not number.isdigit() or len(number) > 9:
        raise Invalid(_("This is not the number of a post."))
    actions.keep_position(topic, int(number), by=request.member, now=request.now)
    return HttpResponse(status=204)


@require_POST
@member_only
def draft_keep(request: Request) -> HttpResponse:
    """Keep what is half written; an empty text drops it."""
    place = request.POST.get("place", "")
    name, _colon, number = place.partition(":")
    if (
        name not in {"new", "reply", "edit"}
        or not (number.isdigit() or (name == "new" and not number))
        or len(place) > 30
    ):
        raise Invalid(_("A draft belongs to a new topic, a reply or an edit."))
    data = {key: request.POST.get(key, "")[:60_000] for key in ("title", "body", "board", "tags")}
    if data["title"].strip() or data["body"].strip():
        actions.keep_draft(place, data, by=request.member, now=request.now)
    else:
        actions.drop_draft(place, by=request.member)
    return HttpResponse(status=204)
