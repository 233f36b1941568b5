"""Pages made of several rooms, and the pages for what goes wrong."""

from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from terrace.forum import policies as forum_policies
from terrace.forum import queries as forum
from terrace.kernel import live, tags
from terrace.kernel.errors import Missing
from terrace.kernel.request import Request
from terrace.media import queries as media
from terrace.members import actions as member_actions
from terrace.members import queries as members
from terrace.members.queries import Person
from terrace.web import brand, contour, share_card, static, words
from terrace.web.middleware import say

ROWS = 12
MAP_SIZE = 5000  # addresses in one file of the sitemap; the protocol allows 50,000


@require_safe
def home(request: Request) -> HttpResponse:
    """Show the front page."""
    key = request.GET.get("list", "hot")
    if key not in {"hot", "latest", "new"} and not (key == "following" and request.member):
        raise Missing
    tags.tag(request, "home", "topics", "brand")
    return render(request, "web/home.html", home_parts(request, key))


def home_parts(request: Request, key: str) -> dict[str, Any]:
    """Return what the front page shows, with the list called `key` in it. Blocks that are off are not asked for."""
    reader = forum_policies.access(request.member, request.now)
    chosen = brand.values_for(request)
    blocks = brand.blocks(chosen)
    featured = forum.topic_list(reader, "featured", now=request.now, size=9).rows if "stories" in blocks else []
    thanked = forum.most_helpful(request.now) if "people" in blocks else []
    lists = ["hot", "latest", "following" if request.member else "new"]
    labels = {each: label for each, label, _members_only in forum.LISTS}
    return {
        "hero": {**_hero(chosen), **_thanks([who for who, _number in thanked])},
        "blocks": blocks,
        "facts": _facts(request),
        "ways": _ways(forum.board_groups(reader)) if "ways" in blocks else [],
        "stories": [
            _story(row) for row in sorted(featured, key=lambda row: not row.thumb)[:3]
        ],  # those with a picture first
        "sorts": [
            {"label": labels[each], "url": f"/?list={each}" if each != "hot" else "/", "current": each == key}
            for each in lists
        ],
        "topics": forum.topic_list(reader, key, now=request.now, size=ROWS).rows,
        "more_url": reverse("forum:topic_list") + ("" if key == "latest" else f"?list={key}"),
        "people": _thanked(request, chosen, thanked) if thanked else None,
        "shots": None,
        "description": brand.said(chosen["line"], brand.language()),
    }


def _hero(chosen: brand.Values) -> dict[str, Any]:
    """Return picture, sentences and buttons; what the operator has not said is said by the product."""
    hero, language = chosen["hero"], brand.language()
    picture = hero["picture"]
    return {
        "eyebrow": brand.said(hero["eyebrow"], language),
        "title": brand.said(hero["title"], language) or brand.said(chosen["line"], language),
        "say": brand.said(hero["say"], language),
        "image": media.address(picture, 1920) if picture else static.url("img/hero.webp"),
        "image_small": media.address(picture, 960) if picture else static.url("img/hero-720.webp"),
        "image_alt": brand.said(hero["alt"], language) if picture else _("Rice terraces in the morning mist"),
        "action": _button(hero["first"], _("Look around"), "forum:board_list"),
        "second": _button(hero["second"], _("Newest topics"), "forum:topic_list"),
    }


def _thanks(people: list[Person]) -> dict[str, Any]:
    """Return the faces below the sentence, and who they are."""
    if len(people) < 3:
        return {"thanks": [], "thanks_text": ""}
    first, second, more = people[0].handle, people[1].handle, len(people) - 2
    said = ngettext(
        "Thank you, %(first)s, %(second)s and %(n)s more", "Thank you, %(first)s, %(second)s and %(n)s more", more
    )
    return {"thanks": people[:4], "thanks_text": said % {"first": first, "second": second, "n": more}}


def _facts(request: Request) -> list[dict[str, Any]]:
    """Return the three facts: the way to the reader's next level, or what was solved; where people talk; how soon they answer."""
    pace = forum.pace(forum_policies.access(None, request.now), request.now)
    topics = reverse("forum:topic_list")
    first = members.person(request.member)
    facts: list[dict[str, Any]] = []
    if first is not None and not first.is_staff_role:
        ladder = members.ladder()
        if first.level < len(ladder):
            short = ladder[first.level]["growth"] - first.growth
            label = _("To “%(title)s”") % {"title": members.title_of(first.level + 1)}
            value = ngettext("%(n)s growth to go", "%(n)s growth to go", short) % {"n": words.count(short)}
        else:
            label, value = (
                _("Your level"),
                _("Lv.%(level)s %(title)s") % {"level": first.level, "title": first.level_title},
            )
        facts.append({"label": label, "value": value, "url": first.url, "person": first})
    elif pace.solved:
        label = ngettext("%(n)s question", "%(n)s questions", pace.solved) % {"n": words.count(pace.solved)}
        facts.append({"label": _("Solved in 30 days"), "value": label, "url": "", "icon": "circle-check"})
    if pace.talked:
        label = ngettext("%(c)s topic", "%(c)s topics", pace.talked) % {"c": words.count(pace.talked)}
        facts.append({"label": _("Talked in this week"), "value": label, "url": topics, "icon": "messages-square"})
    if pace.first_reply is not None:
        label = words.span(pace.first_reply)
        facts.append({"label": _("First reply, median"), "value": label, "url": "", "icon": "clock"})
    return facts


def _button(said: dict[str, str], label: str, view: str) -> dict[str, str]:
    return {"label": brand.said(said, brand.language()) or label, "url": said["url"] or reverse(view)}


def _ways(groups: list[Any]) -> list[dict[str, str]]:
    boards = [board for group in groups for board in group.boards if not board.closed]
    return [{"name": each.name, "url": each.url, "icon": each.icon, "note": each.note} for each in boards[:8]]


def _story(row: Any) -> dict[str, str]:
    return {
        "title": row.title,
        "url": row.url,
        "kind": row.board.name if row.board else "",
        "note": row.author.handle if row.author else "",
        "line": ngettext("%(c)s reply", "%(c)s replies", row.replies) % {"c": words.count(row.replies)},
        "image": row.thumb.replace("/320.", "/960.") or f"/t/{row.id}/card.png",
        "image_alt": "",
    }


def _thanked(request: Request, chosen: brand.Values, thanked: list[tuple[Person, int]]) -> dict[str, Any]:
    fans = brand.said(chosen["fans"], brand.language())
    head = _("%(fans)s thanked this week") % {"fans": fans} if fans else _("Thanked this week")
    mine = request.member
    followed = members.following_ids(mine.pk) if mine else set()
    rows = [
        {
            "person": who,
            "note": _("%(n)s thanks this week") % {"n": words.count(number)},
            "follow": {
                "url": reverse("members:follow", args=[who.handle]),
                "on": who.id in followed,
                "next": "/#people",
            }
            if mine and mine.pk != who.id
            else None,
        }
        for who, number in thanked
    ]
    return {"head": head, "rows": rows}


@never_cache
@require_http_methods(["GET", "POST"])
def language(request: Request, code: str) -> HttpResponse:
    """Speak another language on this browser and, for a member, everywhere. Asks first when it is opened as a page."""
    if code not in dict(settings.LANGUAGES):
        raise Missing
    after = here_or((request.POST or request.GET).get("next", ""), "/")
    if request.method == "GET":
        return render(request, "web/language.html", {"code": code, "next": after})
    if request.member is not None:
        member_actions.choose_language(request.member, code)
    response = HttpResponseRedirect(after)
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME, code, max_age=31_536_000, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )
    return response


def here_or(address: str, other: str) -> str:
    """Return an address if it stays on this site, else the other one."""
    stays = url_has_allowed_host_and_scheme(address, allowed_hosts=None)
    return address if stays and address.startswith("/") else other


@require_safe
def live_renew(request: Request) -> HttpResponse:
    """Answer a new address for the page's stream, when its token has grown old."""
    if request.member is None:
        raise Missing
    channels = {f"member:{request.member.pk}"}
    topic_id = request.GET.get("topic", "")
    if topic_id.isdigit() and len(topic_id) < 19:
        topic = forum.find_topic(int(topic_id))
        if topic is not None:
            forum_policies.check_read(forum_policies.access(request.member, request.now), topic)
            channels.add(f"topic:{topic.pk}")
    return HttpResponse(f"/live?token={live.token(channels)}", content_type="text/plain")


@require_safe
def avatar(request: Request, member_id: int) -> HttpResponse:
    """Answer the drawn picture of somebody who has chosen none: bands of earth, from the id alone."""
    tags.tag(request, "avatar")
    response = HttpResponse(contour.bands_svg(member_id % 2**32, 64, 64, 6), content_type="image/svg+xml")
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'none'; sandbox"
    return response


@require_safe
def topic_card(request: Request, topic_id: int) -> HttpResponse:
    """Answer the picture that stands for a topic where its address is shared; only for topics open to all."""
    topic = forum.find_topic(topic_id)
    if topic is None or not forum.is_open_to_all(topic_id, request.now):
        raise Missing
    tags.tag(request, f"topic:{topic.pk}")
    response = HttpResponse(share_card.draw(topic.pk), content_type="image/png")
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response


@require_safe
def robots(request: Request) -> HttpResponse:
    """Tell crawlers what to leave alone."""
    tags.tag(request, "robots")
    closed = [
        "/console/",
        "/accounts/",
        "/settings/",
        "/notices/",
        "/search/",
        "/new/",
        "/posts/",
        "/live",
        "/demo/",
        "/setup/",
    ]
    lines = [
        "User-agent: *",
        *(f"Disallow: {each}" for each in closed),
        f"Sitemap: {settings.TERRACE_BASE_URL}/sitemap.xml",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@require_safe
def sitemap_index(request: Request) -> HttpResponse:
    """List the files of the sitemap: each begins after a topic's id, so that none is ever renumbered."""
    reader = forum_policies.access(None, request.now)
    tags.tag(request, "sitemap")
    starts, after = [0], 0
    while rows := forum.sitemap_topics(reader, after, most=MAP_SIZE):
        after = rows[-1].pk
        if len(rows) < MAP_SIZE:
            break
        starts.append(after)
    places = "".join(f"<sitemap><loc>{settings.TERRACE_BASE_URL}/sitemap-{each}.xml</loc></sitemap>" for each in starts)
    return _xml(f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{places}</sitemapindex>')


@require_safe
def sitemap(request: Request, after: int) -> HttpResponse:
    """Answer one file of the sitemap (sitemaps.org protocol 0.9)."""
    if after >= 2**63:
        raise Missing
    reader = forum_policies.access(None, request.now)
    tags.tag(request, "sitemap")
    base = settings.TERRACE_BASE_URL
    topics = "".join(
        f"<url><loc>{base}{reverse('forum:topic_open', args=[each.pk, each.slug or '-'])}</loc>"
        f"<lastmod>{words.iso(each.last_post_at)}</lastmod></url>"
        for each in forum.sitemap_topics(reader, after, most=MAP_SIZE)
    )
    boards = (
        ""
        if after
        else "".join(
            f"<url><loc>{base}{reverse('forum:board_open', args=[each.slug])}</loc></url>"
            for each in forum.boards_by_id(reader, "read").values()
        )
    )
    return _xml(f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{boards}{topics}</urlset>')


def _xml(body: str) -> HttpResponse:
    return HttpResponse(f'<?xml version="1.0" encoding="UTF-8"?>{body}', content_type="application/xml; charset=utf-8")


@require_safe
def health(request: Request) -> HttpResponse:
    """Answer a load balancer: the process answers and its database too."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    response = HttpResponse("ok", content_type="text/plain")
    response.headers["Cache-Control"] = "no-store"
    return response


def bad_request(request: Request, exception: Exception) -> HttpResponse:
    """Answer what cannot be read at all."""
    return say(request, 400, _("We could not read this request. Go back and try again."))


def forbidden(request: Request, exception: Exception) -> HttpResponse:
    """Answer what is not allowed."""
    return say(request, 403, _("You may not do this here."))


def not_found(request: Request, exception: Exception) -> HttpResponse:
    """Answer an address that leads nowhere."""
    return say(request, 404, "")


def failed(request: Request) -> HttpResponse:
    """Answer when something broke outside of a view."""
    return say(request, 500, _("Something broke on our side. What you wrote is safe."))


def csrf_failed(request: Request, reason: str = "") -> HttpResponse:
    """Answer a form that did not come from one of our pages, or from one that was open for too long."""
    sentence = _("This page was open for too long. Reload it and send again; your text is kept.")
    came_from = request.headers.get("Referer", "")
    ours = url_has_allowed_host_and_scheme(came_from, allowed_hosts={request.get_host()})
    return say(request, 403, sentence, {"url": came_from, "label": _("Back to what you wrote")} if ours else None)
