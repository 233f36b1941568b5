"""Boards and lists of topics."""

from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from terrace.forum import actions, policies, queries
from terrace.forum.models import Board
from terrace.forum.policies import Access
from terrace.forum.queries.lists import address
from terrace.forum.views.parts import access_of, back_to, member_only, readable_board
from terrace.kernel import tags
from terrace.kernel.errors import Missing, Refused
from terrace.kernel.pages import Page
from terrace.kernel.request import Request


def _sorts(base: str, reader: Access, key: str) -> list[dict]:
    return [
        {"label": name, "url": base if each == "latest" else f"{base}?list={each}", "current": each == key}
        for each, name, members_only in queries.LISTS
        if reader.member is not None or not members_only
    ]


def _key(request: Request, reader: Access) -> str:
    key = request.GET.get("list", "latest")
    known = {each for each, _name, members_only in queries.LISTS if reader.member is not None or not members_only}
    if key not in known:
        raise Missing
    return key


def _pager(base: str, page: Page, **params: str) -> dict:
    query = {name: value for name, value in {**params, "after": page.next}.items() if value}
    return {"older_url": f"{base}?{urlencode(query)}" if page.next else "", "newer_url": ""}


def _pager_with_top(request: Request, base: str, page: Page, **params: str) -> dict:
    pager = _pager(base, page, **params)
    if request.GET.get("after"):
        kept = urlencode({name: value for name, value in params.items() if value})
        pager["newer_url"] = f"{base}?{kept}" if kept else base
    return pager


@require_safe
def board_list(request: Request) -> HttpResponse:
    """Show every board that the reader may see."""
    reader = access_of(request)
    tags.tag(request, "boards", *(f"board:{each}" for each in reader.ids("see")))
    return render(
        request,
        "forum/board_list.html",
        {"groups": queries.board_groups(reader), "newest": queries.newest_by_board(reader)},
    )


@require_safe
def topic_list(request: Request) -> HttpResponse:
    """Show topics from all boards in one of the orders; what is a member's own asks a stranger to sign in."""
    reader = access_of(request)
    own = {each for each, _name, members_only in queries.LISTS if members_only}
    if reader.member is None and request.GET.get("list") in own:
        return HttpResponseRedirect(f"{reverse('account_login')}?{urlencode({'next': request.get_full_path()})}")
    key = _key(request, reader)
    base = reverse("forum:topic_list")
    page = queries.topic_list(reader, key, now=request.now, cursor=request.GET.get("after", ""))
    tags.tag(request, "topics")
    return render(
        request,
        "forum/topic_list.html",
        {
            "topics": page.rows,
            "sorts": _sorts(base, reader, key),
            "pager": _pager_with_top(request, base, page, list="" if key == "latest" else key),
            "empty_line": _("Nothing new for you. Look into another list."),
        },
    )


def _refusal(reader: Access, board: Board, request: Request) -> str:
    try:
        policies.check_open(reader, board.pk, request.now)
    except Refused as refused:
        return refused.sentence or " "
    return ""


@require_safe
def board_open(request: Request, slug: str) -> HttpResponse:
    """Show a board: those below it, and its topics."""
    board, reader = readable_board(request, slug)
    reader.check(board.pk, "read")
    key = _key(request, reader)
    base = reverse("forum:board_open", args=[slug])
    cursor = request.GET.get("after", "")
    page, pinned, following = queries.board_topics(reader, key, board.pk, now=request.now, cursor=cursor)
    refusal = _refusal(reader, board, request)
    shown = queries.board_page(board, reader, write_refusal=refusal, following=following)
    beside = queries.beside(board.pk, reader, request.now)
    return render(
        request,
        "forum/board_open.html",
        {
            "board": shown,
            "pinned": pinned,
            "topics": page.rows,
            "sorts": _sorts(base, reader, key),
            "pager": _pager_with_top(request, base, page, list="" if key == "latest" else key),
            "feed": {"url": reverse("forum:board_feed", args=[slug]), "title": shown.name},
            "description": shown.line,
            "beside": beside,
        },
    )


@require_safe
def tag_open(request: Request, name: str) -> HttpResponse:
    """Show the topics under a tag; a word that gathers none leads to what was said with it."""
    reader = access_of(request)
    tag = queries.find_tag(name)
    elsewhere = HttpResponseRedirect(f"{reverse('search:results')}?{urlencode({'q': name})}")
    if tag is None:
        return elsewhere
    base = reverse("forum:tag_open", args=[tag.name])
    page = queries.topic_list(reader, "latest", now=request.now, tag_id=tag.pk, cursor=request.GET.get("after", ""))
    if not page.rows and "after" not in request.GET:
        return elsewhere  # whether a board that is closed to this reader uses the word is not for them to know
    tags.tag(request, f"tag:{tag.pk}")
    return render(
        request,
        "forum/topic_list.html",
        {"heading": f"#{tag.name}", "topics": page.rows, "sorts": [], "pager": _pager_with_top(request, base, page)},
    )


@require_POST
@member_only
def board_follow(request: Request, slug: str) -> HttpResponse:
    """Follow a board, or stop following it."""
    board, reader = readable_board(request, slug)
    reader.check(board.pk, "read")
    if queries.is_following(board.pk, reader):
        actions.unfollow_board(board, by=request.member)
    else:
        actions.follow_board(board, by=request.member, now=request.now)
    return back_to(request, reverse("forum:board_open", args=[slug]))


@require_safe
def board_feed(request: Request, slug: str) -> HttpResponse:
    """Answer the newest topics of a board as an Atom feed, as strangers see them."""
    stranger = policies.access(None, request.now)
    board = queries.find_board(slug)
    if board is None or not stranger.may(board.pk, "read"):
        raise Missing
    tags.tag(request, f"board:{board.pk}")
    language = get_language() or "zh"
    feed = Atom1Feed(
        title=board.named(language),
        link=request.build_absolute_uri(reverse("forum:board_open", args=[slug])),
        description=board.lined(language),
        feed_url=request.build_absolute_uri(),
        language=language,
    )
    for topic in queries.feed_topics(stranger, list(stranger.boards.below(board.pk))):
        link = request.build_absolute_uri(address(topic))
        feed.add_item(
            title=topic.title,
            link=link,
            description=topic.excerpt,
            author_name=topic.author.handle,
            pubdate=topic.created_at,
            updateddate=topic.last_post_at,
            unique_id=request.build_absolute_uri(f"/t/{topic.pk}/"),
        )
    return HttpResponse(feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")
