"""Pages of search."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from terrace.forum import policies as forum_policies
from terrace.forum import queries as forum
from terrace.forum.cards import cards
from terrace.forum.policies import Access
from terrace.kernel import markup, tags
from terrace.kernel.errors import Missing
from terrace.kernel.request import Request
from terrace.members import queries as members
from terrace.search import policies, queries
from terrace.search.forms import SearchForm

OFFERED = 6  # rows while somebody writes
FIELDS = ("q", "board", "author", "tag", "kind", "from", "to", "solved", "sort")


def _access(request: Request) -> Access:
    return forum_policies.access(request.member, request.now)


def _form(request: Request, reader: Access) -> SearchForm:
    language = get_language() or "zh"
    boards = [(board.slug, board.named(language)) for board in forum.boards_by_id(reader, "read").values()]
    return SearchForm(request.GET, boards=boards, kinds=[(card.kind, card.label) for card in cards().values()])


def _narrowed(typed: dict[str, Any], reader: Access) -> dict[str, Any]:
    """Return the filters as ids. What names nobody or nothing finds nothing."""
    narrowed: dict[str, Any] = {name: typed[name] for name in ("since", "until", "kind") if typed.get(name)}
    narrowed["solved"] = bool(typed.get("solved"))
    narrowed["sort"] = typed.get("sort") or queries.RELEVANCE
    if typed.get("board"):
        board = next(pk for pk, board in reader.boards.boards.items() if board.slug == typed["board"])
        narrowed["within"] = tuple(reader.boards.below(board))
    if typed.get("author"):
        try:
            narrowed["author_id"] = members.by_handle(typed["author"]).pk
        except Missing:
            narrowed["within"] = ()
    if typed.get("tag"):
        tag = forum.find_tag(typed["tag"].strip().lstrip("#"))
        narrowed |= {"tag_id": tag.pk} if tag else {"within": ()}
    return narrowed


@require_safe
def results(request: Request) -> HttpResponse:
    """Show what was found: members and boards of that name, then topics, each by its best post."""
    reader = _access(request)
    form = _form(request, reader)
    form.is_valid()
    typed = form.cleaned_data
    text = typed.get("q", "")
    asked = queries.ask(reader, text, **_narrowed(typed, reader))
    page = request.GET.get("page", "")
    number = int(page) if page.isascii() and page.isdigit() and len(page) < 5 else 1
    found = queries.find(reader, asked, text, now=request.now, page=number)
    tags.tag(request, "search")
    kept = {name: request.GET[name][:200] for name in FIELDS if request.GET.get(name)}
    context = {
        "form": form,
        "text": text,
        "found": found,
        "asked": not asked.is_empty,
        "narrowed": any(kept.get(name) for name in FIELDS if name not in {"q", "sort"}),
        "sorts": _sorts(kept, asked.sort),
        "pager": _pager(kept, found),
        "ask_url": reverse("forum:topic_new"),
    }
    template = "search/_results.html" if request.headers.get("HX-Request") else "search/results.html"
    return render(request, template, context)


def _address(kept: dict[str, str], **changes: str) -> str:
    query = {name: value for name, value in {**kept, **changes}.items() if value}
    return f"{reverse('search:results')}?{urlencode(query)}"


def _sorts(kept: dict[str, str], current: str) -> list[dict[str, Any]]:
    return [
        {"label": _("Most relevant"), "url": _address(kept, sort=""), "current": current == queries.RELEVANCE},
        {"label": _("Newest"), "url": _address(kept, sort=queries.LATEST), "current": current == queries.LATEST},
    ]


def _pager(kept: dict[str, str], found: queries.Found) -> dict[str, str]:
    before = "" if found.page <= 2 else str(found.page - 1)
    return {
        "newer_url": _address(kept, page=before) if found.page > 1 else "",
        "older_url": _address(kept, page=str(found.page + 1)) if found.page < found.pages else "",
        "here": f"{found.page} / {found.pages}" if found.pages > 1 else "",
    }


@never_cache
@require_safe
def similar(request: Request) -> HttpResponse:
    """Answer the topics that resemble a title being written, as a fragment; at most three."""
    title = request.GET.get("title", "").replace("\0", "")[:200]
    return render(request, "forum/_similar.html", {"topics": queries.similar(_access(request), title)})


@require_safe
def related(request: Request, topic_id: int) -> HttpResponse:
    """Answer the topics to read after this one, as a fragment that a topic's page asks for when it comes into view."""
    tags.tag(request, f"topic:{topic_id}", "topics")
    return render(request, "search/_related.html", {"topics": queries.related(_access(request), topic_id)})


@never_cache
@require_safe
def complete(request: Request) -> JsonResponse:
    """Answer what a word that a member is writing may become, after its sign: @ a member, # a tag, : an emoji.

    Each row has what is put into the text (`put`), its name and a note beside it. Raises Missing for strangers, and
    TooMany.
    """
    if request.member is None:
        raise Missing
    policies.check_pace(request.member, request.now)
    sign, typed = request.GET.get("sign", ""), request.GET.get("q", "").replace("\0", "")[:40]
    offer = {"@": _people_offered, "#": _tags_offered, ":": _emoji_offered}.get(sign)
    return JsonResponse({"rows": offer(request, typed) if offer else []})


def _people_offered(request: Request, typed: str) -> list[dict[str, str]]:
    reader = _access(request)
    number = request.GET.get("topic", "")
    topic = int(number) if number.isascii() and number.isdigit() and len(number) < 18 else 0
    found = queries.to_mention(typed, reader, forum.readable_topic_id(topic, reader), most=OFFERED)
    return [
        {
            "put": f"@{each.handle} ",
            "name": each.handle,
            "note": each.team or each.level_title,
            "picture": each.avatar_url,
        }
        for each in found
    ]


def _tags_offered(request: Request, typed: str) -> list[dict[str, str]]:
    found = forum.tags_beginning(typed, _access(request), most=OFFERED)
    return [{"put": _tag_typed(name), "name": name, "note": ""} for name in found]


def _tag_typed(name: str) -> str:
    """Return a tag as it is written in a text: one of several words is closed by a second sign."""
    return f"#{name} " if all(char.isalnum() or char in "_-" for char in name) else f"#{name}# "


def _emoji_offered(request: Request, typed: str) -> list[dict[str, str]]:
    chinese = (get_language() or "zh").startswith("zh")
    found = markup.find_emoji(typed, chinese=chinese, most=OFFERED)
    return [{"put": sign, "name": name, "note": "", "sign": sign} for sign, name in found]
