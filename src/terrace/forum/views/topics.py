"""Topics: read, opened, answered."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from terrace.forum import actions, policies, queries
from terrace.forum.actions.writing import LONGEST
from terrace.forum.forms import ReplyForm
from terrace.forum.models import Topic
from terrace.forum.policies import Access
from terrace.forum.queries import topic as topic_queries
from terrace.forum.queries.lists import address, go_on
from terrace.forum.queries.parts import REACTIONS
from terrace.forum.views import drawing
from terrace.forum.views.composing import form_key, preview_of, sent_key, taken, tell
from terrace.forum.views.parts import (
    back_to,
    member_only,
    panel,
    readable_post,
    readable_topic,
)
from terrace.kernel import live
from terrace.kernel.addresses import address as address_of
from terrace.kernel.errors import Invalid, Missing, Refused
from terrace.kernel.request import Request


@require_safe
def topic_open(request: Request, topic_id: int, slug: str = "") -> HttpResponse:
    """Show a topic, at the page that holds the post asked for by `at`; `to` leads to the post itself ("last": the latest)."""
    topic, reader = readable_topic(request, topic_id)
    canonical = address(topic)
    if request.path != canonical:
        query = request.META.get("QUERY_STRING", "")
        return HttpResponseRedirect(f"{canonical}?{query}" if query else canonical, status=301)
    wanted = request.GET.get("to", "")
    if wanted:
        number = int(wanted) if wanted.isdigit() and len(wanted) < 10 else topic.last_number
        number = max(1, min(number, topic.last_number))
        return HttpResponseRedirect(f"{canonical}?at={number}#p{number}")
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
        "reply_most": LONGEST,
        "draft_seen": (getattr(topic, "draft", None) or {}).get("at", 0),
        "reply_to": _aimed_at(request, topic, form),
        "live_url": f"/live?{_stream(topic, request)}",
        "live_renew": f"/live/renew?topic={topic.pk}" if member else "",
        "description": topic.excerpt,
        "canonical": settings.TERRACE_BASE_URL + address(topic),
        "structured": drawing.structured(topic, shown, reader) if member is None else None,
        "picture_url": drawing.picture(topic, reader),
        "once": form_key(request) if member else "",
        "go_on": _go_on(request, topic),
    }


def _go_on(request: Request, topic: Topic) -> dict[str, Any] | None:
    """Return where a member goes on who opened a topic at its top and has read further, or None."""
    number = (getattr(topic, "read_to", None) or 0) + 1
    if request.method != "GET" or "at" in request.GET or number <= 2:
        return None
    url = go_on(topic)
    return {"url": url, "number": number} if url else None


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
    kept = ("fresh" not in request.GET and getattr(topic, "draft", None)) or {}
    body, at = kept.get("body", ""), kept.get("at")
    quoted = request.GET.get("quote", "")
    if quoted.isdigit():
        # With words from elsewhere in it, it is no longer what was kept.
        body, at = _quotation(request, int(quoted)) + body, None
    initial = {"body": body, "reply_to": request.GET.get("reply_to"), "at": at}
    return ReplyForm(initial=initial) if body else None


def _quotation(request: Request, post_id: int) -> str:
    try:
        return queries.quotation(readable_post(request, post_id)[0])
    except Refused:
        return ""


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


@require_POST
@member_only
def topic_reply(request: Request, topic_id: int) -> HttpResponse:
    """Answer a topic."""
    topic, reader = readable_topic(request, topic_id)
    form = ReplyForm(request.POST)
    try:
        policies.check_reply(reader, topic, request.now)
    except Refused as refused:
        return _again(request, topic, reader, form, refused.status)
    if "preview" in request.POST:
        return _again(request, topic, reader, form, 200)
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
            once=sent_key(request),
        )
    except Refused as refused:
        tell(form, refused)
        return _again(request, topic, reader, form, refused.status)
    return taken(f"{address(topic)}?at={post.number}#p{post.number}", f"reply:{topic.pk}")


def _again(request: Request, topic: Topic, reader: Access, form: ReplyForm, status: int) -> HttpResponse:
    context = topic_context(request, topic, reader, form=form, at="last")
    if "preview" in request.POST:
        context["preview"] = preview_of(form.data.get("body", ""))
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
