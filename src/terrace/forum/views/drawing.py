"""Pieces of a topic's page that are drawn once and found again."""

from collections.abc import Hashable
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.template.loader import get_template, render_to_string
from django.utils.translation import get_language
from markupsafe import Markup

from terrace.forum import policies
from terrace.forum.models import Topic
from terrace.forum.policies import Access
from terrace.forum.queries.contents import contents
from terrace.forum.queries.lists import address
from terrace.forum.queries.scrubber import scrubber
from terrace.forum.queries.stamps import Stamp, piece_keys
from terrace.forum.queries.topic import LONG, TopicPage
from terrace.kernel import remembered
from terrace.kernel.request import Request
from terrace.kernel.script import json_in_page

SHARED = 1920  # pixels: the width of a picture that stands for its topic elsewhere, or the widest that there is


def posts(request: Request, topic: Topic, reader: Access, shown: TopicPage, context: dict[str, Any]) -> list[Any]:
    """Return the drawn posts: number, id, author_id and html of each. `context` is what `forum/_post.html` reads."""
    look = _look(topic, reader, context["can_reply"])
    marked = getattr(topic, "accepted", None), shown.first_reply
    looks = zip(shown.stamps, piece_keys(shown.stamps, request.now), strict=True)
    keys = [
        ("post", look, _own(stamp, topic, reader, request), each, *(stamp.id == one for one in marked))
        for stamp, each in looks
    ]
    found = {stamp.id: remembered.get(key) for stamp, key in zip(shown.stamps, keys, strict=True)}
    missing = [post_id for post_id, piece in found.items() if piece is None]
    if missing:
        template: Any = get_template("forum/_post.html")
        macros = template.template.make_module({**context, "member": request.member})
        drawn = {part.id: str(macros.post(part)) for part in shown.parts(missing)}
        found |= drawn
        for stamp, key in zip(shown.stamps, keys, strict=True):
            if stamp.id in drawn:
                remembered.put(key, drawn[stamp.id])
    return [
        SimpleNamespace(
            id=stamp.id,
            number=stamp.number,
            author_id=stamp.author_id,
            mine=stamp.mine,
            html=Markup(found[stamp.id] or ""),  # noqa: S704  drawn by an autoescaped template
        )
        for stamp in shown.stamps
    ]


def _look(topic: Topic, reader: Access, can_reply: bool) -> Hashable:
    """Return what decides the look of every post of this page for this kind of reader."""
    member = reader.member
    return (
        get_language(),
        address(topic),
        topic.kind,
        topic.state,
        member is not None,
        member is not None and member.pk == topic.author_id,
        reader.moderates(topic.board_id),
        can_reply,
    )


def _own(stamp: Stamp, topic: Topic, reader: Access, request: Request) -> Hashable:
    """Return what the reader may do with a post of their own, which changes with the minutes."""
    if reader.member is None or reader.member.pk != stamp.author_id:
        return None
    return policies.can_edit(reader, topic, stamp, request.now), policies.can_delete(reader, topic, stamp)


def table_of_contents(topic: Topic, shown: TopicPage) -> Markup:
    """Return the drawn headings of a long first post, or nothing."""
    if not shown.stamps or shown.stamps[0].number != 1 or shown.stamps[0].state != Topic.PUBLISHED:
        return Markup("")
    key = ("toc", get_language(), shown.stamps[0].id, shown.stamps[0].edited_at)
    return Markup(remembered.piece(key, lambda: _toc(shown)))  # noqa: S704  an autoescaped template


def _toc(shown: TopicPage) -> str:
    headings = [each for row in shown.rows([shown.stamps[0].id]) for each in contents(row.html)]
    return render_to_string("forum/_toc.html", {"toc": headings}) if headings else ""


def scrub(topic: Topic, shown: TopicPage) -> Markup | None:
    """Return the drawn course of a long topic."""
    if topic.last_number <= LONG:
        return None
    key = ("scrub", get_language(), address(topic), topic.last_number, topic.last_post_at, shown.first)

    def draw() -> str:
        on_page = [(stamp.number, stamp.created_at) for stamp in shown.stamps]
        context = {"scrub": scrubber(topic, shown.first, on_page), "topic": shown.topic}
        return render_to_string("forum/_scrub.html", context)

    return Markup(remembered.piece(key, draw))  # noqa: S704  an autoescaped template


def picture(topic: Topic, reader: Access) -> str:
    """Return the address of the picture that stands for a topic where it is shared.

    It is the topic's own where everybody may see it, else the card.
    """
    own = _own_picture(topic, reader)
    return settings.TERRACE_BASE_URL + (own or f"/t/{topic.pk}/card.png")


def _own_picture(topic: Topic, reader: Access) -> str:
    everybody = policies.Access(None, frozenset(), reader.boards)
    if topic.state != Topic.PUBLISHED or not everybody.may(topic.board_id, "read"):
        return ""
    return topic.picture.replace("/320.webp", f"/{SHARED}.webp")


def structured(topic: Topic, shown: TopicPage, reader: Access) -> Markup:
    """Return the page as a schema.org DiscussionForumPosting, for search engines."""
    image = _own_picture(topic, reader)
    looks = tuple((stamp.id, stamp.state, stamp.edited_at, stamp.handle, stamp.deleted_at) for stamp in shown.stamps)
    key = ("structured", address(topic), topic.title, topic.excerpt, topic.replies, topic.likes, image, looks)
    return Markup(remembered.piece(key, lambda: _structured(topic, shown, image)))  # noqa: S704  escaped for a script


def _structured(topic: Topic, shown: TopicPage, image: str) -> Markup:
    base = settings.TERRACE_BASE_URL
    author = shown.topic.author
    comments = [
        {
            "@type": "Comment",
            "text": post.text_start,
            "datePublished": post.at.isoformat(),
            "url": base + post.url,
            "author": {"@type": "Person", "name": post.author.handle, "url": base + post.author.url},
        }
        for post in shown.posts
        if post.number > 1 and post.html and post.text_start and post.author
    ]
    posting = {
        "@context": "https://schema.org",
        "@type": "DiscussionForumPosting",
        "headline": topic.title,
        "text": topic.excerpt,
        "url": base + address(topic),
        "datePublished": topic.created_at.isoformat(),
        "dateModified": topic.last_post_at.isoformat(),
        "author": {"@type": "Person", "name": author.handle, "url": base + author.url} if author else None,
        "interactionStatistic": [
            {
                "@type": "InteractionCounter",
                "interactionType": f"https://schema.org/{kind}",
                "userInteractionCount": number,
            }
            for kind, number in (("CommentAction", topic.replies), ("LikeAction", topic.likes))
        ],
        "comment": comments,
    }
    if image:
        posting["image"] = base + image
    return json_in_page(posting)
