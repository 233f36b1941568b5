"""What the forum's views share: loading with permission, and going back."""

from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme
from markupsafe import Markup

from terrace.forum import policies, queries
from terrace.forum.cards import card_of
from terrace.forum.models import Board, Post, Topic
from terrace.forum.policies import Access
from terrace.forum.queries import topic as topic_queries
from terrace.kernel import tags
from terrace.kernel.errors import Missing
from terrace.kernel.request import Request
from terrace.members.models import Member


def access_of(request: Request) -> Access:
    """Return what this reader may do, asked once a request."""
    kept = request.__dict__.setdefault("_forum_access", None)
    if kept is None:
        kept = request.__dict__["_forum_access"] = policies.access(request.member, request.now)
    return kept


def readable_topic(request: Request, topic_id: int) -> tuple[Topic, Access]:
    """Return a topic that the reader may read. Raises Missing or Refused."""
    reader = access_of(request)
    topic = topic_queries.load(topic_id, reader)
    if topic is None:
        raise Missing
    policies.check_read(reader, topic)
    tags.tag(request, f"topic:{topic.pk}", f"board:{topic.board_id}")
    return topic, reader


def readable_post(request: Request, post_id: int) -> tuple[Post, Access]:
    """Return a post that the reader may see, with its topic. Raises Missing or Refused."""
    reader = access_of(request)
    post = queries.find_post(post_id)
    if post is None:
        raise Missing
    policies.check_read(reader, post.topic)
    if not policies.can_see_post(reader, post.topic, post):
        raise Missing
    return post, reader


def readable_board(request: Request, slug: str) -> tuple[Board, Access]:
    """Return a board that the reader may at least see. Raises Missing."""
    reader = access_of(request)
    board = reader.boards.at(slug)
    if board is None or not reader.may(board.pk, "see"):
        raise Missing
    tags.tag(request, f"board:{board.pk}")
    return board, reader


def signed_in(request: Request) -> Member | None:
    """Return the member, or None for a stranger, who is then led to the sign-in page."""
    return request.member


def to_sign_in(request: Request, back: str = "") -> HttpResponse:
    """Lead a stranger to the sign-in page and back; htmx is told to go there with the whole page."""
    response = redirect_to_login(back or request.get_full_path())
    if request.headers.get("HX-Request"):
        answer = HttpResponse(status=204)
        answer.headers["HX-Redirect"] = response.url
        return answer
    return response


def back_to(request: Request, otherwise: str) -> HttpResponseRedirect:
    """Return to the page that a form was on, if it was one of ours."""
    came_from = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(came_from, allowed_hosts={request.get_host()}):
        return HttpResponseRedirect(came_from)
    return HttpResponseRedirect(otherwise)


def panel(request: Request, topic: Topic, reader: Access) -> Markup | None:
    """Return the drawn panel of the topic's kind."""
    found = card_of(topic.kind).panel(topic, reader, request.now)
    if found is None:
        return None
    template, context = found
    return Markup(render_to_string(template, context, request=request))  # noqa: S704  an autoescaped template


def _signed_out(request: Request) -> HttpResponse:
    """Give back what somebody typed whose session ended meanwhile, and the way to sign in."""
    back = request.headers.get("Referer", "")
    stays = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()})
    context = {"body": request.POST["body"], "title": request.POST.get("title", ""), "back": back if stays else "/"}
    return render(request, "forum/signed_out.html", context, status=403)


def member_only(view: Any) -> Any:
    """Lead strangers to the sign-in page."""

    def guarded(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        if signed_in(request) is None and request.POST.get("body", "").strip():
            return _signed_out(request)
        if signed_in(request) is None:
            back = request.get_full_path() if request.method == "GET" else request.headers.get("Referer", "/")
            stays = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()})
            return to_sign_in(request, back if stays else "/")
        return view(request, *args, **kwargs)

    guarded.__name__, guarded.__doc__ = view.__name__, view.__doc__
    return guarded
