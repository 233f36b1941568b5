"""A topic's page: one query for its posts, however long it is."""

import html as html_entities
import re
from dataclasses import dataclass, field
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from django.db.models import CharField, Exists, JSONField, OuterRef, Subquery
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from markupsafe import Markup

from terrace.forum import policies
from terrace.forum.models import Bookmark, Draft, Position, Post, Question, Reaction, Topic, TopicFollow
from terrace.forum.policies import Access
from terrace.forum.queries import boards
from terrace.forum.queries.lists import address
from terrace.members import queries as members

SIZE = 20
SLICES = 48
LONG = 20  # posts from which a topic has a scrubber
REACTIONS = [
    (Reaction.LIKE, _("Like"), "thumbs-up"),
    (Reaction.INSIGHT, _("Insightful"), "lightbulb"),
    (Reaction.THANKS, _("Thanks"), "hand-heart"),
]
_HEADING = re.compile(r'<h([23]) id="([^"]+)">(.*?)</h\1>', re.S)
_TAG = re.compile(r"<[^>]+>")


@dataclass(frozen=True)
class TopicPage:
    """Everything that a topic's page shows."""

    topic: Any
    posts: list[Any]
    pager: Any
    position: Any
    toc: list[dict[str, Any]]
    scrub: Any
    fresh_url: str
    rows: list[Post] = field(default_factory=list)


def load(topic_id: int, access: Access) -> Topic | None:
    """Return the topic with its author and the reader's own marks on it, in one query."""
    rows = Topic.objects.select_related("author").filter(pk=topic_id)
    if access.member is not None:
        own = {"topic": OuterRef("pk"), "member": access.member}
        rows = rows.annotate(
            read_to=Subquery(Position.objects.filter(**own).values("number")[:1]),
            draft=Subquery(
                Draft.objects.filter(place=f"reply:{topic_id}", member=access.member).values("data")[:1],
                output_field=JSONField(),
            ),
            follow_kind=Subquery(TopicFollow.objects.filter(**own).values("kind")[:1], output_field=CharField()),
            kept=Exists(Bookmark.objects.filter(post__topic=OuterRef("pk"), post__number=1, member=access.member)),
        )
    return rows.first()


def posts_of(topic_id: int, access: Access) -> Any:
    """Return the topic's posts as they are read: with author, what they answer, and whether the reader avoids who wrote."""
    rows = (
        Post.objects.filter(topic_id=topic_id)
        .select_related("author", "reply_to", "reply_to__author", "hidden_by")
        .defer("source", "reply_to__html", "reply_to__source")
        .order_by("number")
    )
    if access.member is None:
        return rows
    avoided = members.avoided_rows(access.member.pk).filter(avoided_id=OuterRef("author_id"))
    return rows.annotate(avoided=Exists(avoided))


def first_number(topic: Topic, at: str, read_to: int | None) -> int:
    """Return the number of the first post of the page that `at` asks for: a number, "last", "unread", or the top."""
    if at == "last":
        wanted = topic.last_number
    elif at == "unread" and read_to:
        wanted = min(read_to + 1, topic.last_number)
    else:
        wanted = int(at) if at.isdigit() and len(at) < 10 else 1
    wanted = max(1, min(wanted, topic.last_number))
    return (wanted - 1) // SIZE * SIZE + 1


def topic_page(topic: Topic, access: Access, *, at: str, now: datetime) -> TopicPage:
    """Return the page of a topic (from `load`) that holds the post asked for."""
    read_to = getattr(topic, "read_to", None)
    first = first_number(topic, at, read_to)
    rows = list(posts_of(topic.pk, access).filter(number__gte=first, number__lt=first + SIZE))
    posts = post_parts(rows, topic, access, now)
    return TopicPage(
        topic=head(topic, access),
        posts=posts,
        pager=_pager(topic, first),
        position=SimpleNamespace(
            here=max(read_to or 1, 1), url=f"/t/{topic.pk}/position" if access.member is not None else ""
        ),
        toc=_contents(rows),
        scrub=_scrubber(topic, first) if topic.last_number > LONG else None,
        fresh_url=f"/t/{topic.pk}/fresh?after={rows[-1].number if rows else 0}",
        rows=rows,
    )


def posts_after(topic: Topic, access: Access, number: int, *, now: datetime, most: int = 50) -> list[Any]:
    """Return the posts after a number, as parts of the page."""
    rows = list(posts_of(topic.pk, access).filter(number__gt=number)[:most])
    return post_parts(rows, topic, access, now)


def head(topic: Topic, access: Access, *, last: int | None = None) -> Any:
    """Return what stands over a topic and on its buttons; `last` is the number of the last post that was shown."""
    language = get_language() or "zh"
    board = access.boards.boards[topic.board_id]
    return SimpleNamespace(
        id=topic.pk,
        kind=topic.kind,
        state=topic.state,
        title=topic.title,
        title_words=None,
        lang=topic.language,
        url=address(topic),
        act=f"/t/{topic.pk}/",
        board=SimpleNamespace(id=board.pk, name=board.named(language), url=boards.address(board)),
        crumbs=boards.crumbs_of(topic.board_id, access, own=True),
        facts=[],
        tags=[SimpleNamespace(name=name, url=reverse("forum:tag_open", args=[name])) for name in topic.tags],
        views=topic.views,
        replies=topic.replies,
        last=topic.last_number if last is None else last,
        author=members.person(topic.author),
        excerpt=topic.excerpt,
        created_at=topic.created_at,
        featured=topic.featured_at is not None,
        solved=topic.solved,
        pinned=topic.pinned_at is not None,
        locked=topic.locked_at is not None,
        following=getattr(topic, "follow_kind", None) == TopicFollow.FOLLOW,
        bookmarked=bool(getattr(topic, "kept", False)),
        notes=_notes(topic),
        tools=_tools(topic) if access.moderates(topic.board_id) else [],
    )


def _notes(topic: Topic) -> list[Any]:
    notes = []
    if topic.state == Topic.HELD:
        text = gettext("A moderator reads this before everybody can. You will be told.")
        notes.append(SimpleNamespace(icon="clock", text=text, by=None, at=None, bad=False))
    if topic.state == Topic.HIDDEN:
        notes.append(
            SimpleNamespace(icon="eye-off", text=gettext("This topic was taken away."), by=None, at=None, bad=True)
        )
    if topic.locked_at is not None:
        text = gettext("Locked: it can be read, and nothing can be added.")
        notes.append(SimpleNamespace(icon="lock", text=text, by=None, at=topic.locked_at, bad=False))
    return notes


def _tools(topic: Topic) -> list[Any]:
    def tool(key: str, icon: str, label: str) -> Any:
        return SimpleNamespace(url=f"/t/{topic.pk}/{key}", icon=icon, label=label, danger=False)

    return [
        tool("lock", "lock", gettext("Unlock") if topic.locked_at else gettext("Lock")),
        tool("pin", "pin", gettext("Unpin") if topic.pinned_at else gettext("Pin")),
        tool("feature", "award", gettext("No longer featured") if topic.featured_at else gettext("Feature")),
        tool("move", "corner-up-right", gettext("Move")),
        tool("tags", "hash", gettext("Tags")),
    ]


def post_parts(rows: list[Post], topic: Topic, access: Access, now: datetime) -> list[Any]:
    """Return posts as the page shows them to this reader."""
    ids = [row.pk for row in rows]
    mine: dict[int, str] = {}
    accepted = None
    if access.member is not None:
        mine = dict(Reaction.objects.filter(post_id__in=ids, member=access.member).values_list("post_id", "kind"))
    if topic.kind == "question" and topic.solved:
        accepted = Question.objects.filter(topic_id=topic.pk).values_list("accepted_id", flat=True).first()
    return [_part(row, topic, access, now, mine.get(row.pk), row.pk == accepted) for row in rows]


def _part(
    post: Post,
    topic: Topic,
    access: Access,
    now: datetime,
    mine: str | None,
    accepted: bool,
) -> Any:
    shown = policies.can_see_post(access, topic, post)
    author = members.person(post.author)
    avoided = getattr(post, "avoided", False)
    return SimpleNamespace(
        id=post.pk,
        number=post.number,
        url=reverse("forum:post_open", args=[post.pk]),
        act=f"/posts/{post.pk}/",
        author=author,
        html=Markup(post.html) if shown and not avoided else None,  # noqa: S704  sanitised at write
        text_start=post.text[:200] if shown and post.state == Post.PUBLISHED else "",
        at=post.created_at,
        place="",
        note=gettext("from somebody you avoid") if avoided else "",
        edited_at=post.edited_at,
        reply_to=_answered(post, topic, access) if shown else None,
        reactions=reactions_of(post, mine),
        is_accepted=accepted,
        is_staff_post=post.by_staff,
        hidden=post.state == Post.HIDDEN,
        held=post.state == Post.HELD,
        hidden_reason=post.hidden_reason,
        hidden_by=members.person(post.hidden_by)
        if post.hidden_by is not None and post.hidden_by.is_staff_role
        else None,
        can=_abilities(post, topic, access, now, shown),
        gap=None,
        poll=None,
    )


def _abilities(post: Post, topic: Topic, access: Access, now: datetime, shown: bool) -> Any:
    signed_in = access.member is not None
    own = access.member is not None and post.author_id == access.member.pk
    keeps = access.moderates(topic.board_id)
    stands = post.state == Post.PUBLISHED
    return SimpleNamespace(
        edit=shown and policies.can_edit(access, topic, post, now),
        delete=stands and own and not keeps and policies.can_delete(access, topic, post),
        flag=signed_in and not own and stands,
        accept=policies.can_accept(access, topic, post),
        hide=keeps,
        history=shown and post.edited_at is not None,
    )


def _answered(post: Post, topic: Topic, access: Access) -> Any:
    before = post.reply_to
    # The post right above needs no quotation, and neither does the topic itself.
    if before is None or before.number in {1, post.number - 1} or "<blockquote" in post.html[:400]:
        return None
    if before.state != Post.PUBLISHED:
        return None
    return SimpleNamespace(
        number=before.number,
        author=before.author.handle,
        excerpt=before.text[:90] + ("…" if len(before.text) > 90 else ""),
        url=reverse("forum:post_open", args=[before.pk]),
    )


def reactions_of(post: Post, mine: str | None) -> list[Any]:
    """Return the named reactions with their counts."""
    return [
        SimpleNamespace(key=key, icon=icon, label=str(label), count=post.reactions.get(key, 0), mine=key == mine)
        for key, label, icon in REACTIONS
    ]


def react_part(post: Post, access: Access) -> Any:
    """Return what the reaction bar of one post shows."""
    mine = Reaction.objects.filter(post=post, member=access.member).values_list("kind", flat=True).first()
    return SimpleNamespace(id=post.pk, number=post.number, act=f"/posts/{post.pk}/", reactions=reactions_of(post, mine))


def _pager(topic: Topic, first: int) -> Any:
    base = address(topic)
    last = first + SIZE - 1
    return SimpleNamespace(
        older_url=f"{base}?at={first - SIZE}" if first > SIZE + 1 else (base if first > 1 else ""),
        newer_url=f"{base}?at={first + SIZE}" if last < topic.last_number else "",
        here=f"#{first} – #{min(last, topic.last_number)}",
    )


def _contents(rows: list[Post]) -> list[dict[str, Any]]:
    """Return the headings of a long first post."""
    if not rows or rows[0].number != 1 or rows[0].state != Post.PUBLISHED:
        return []
    found = [
        {"id": anchor, "text": html_entities.unescape(_TAG.sub("", text)), "current": False}
        for _level, anchor, text in _HEADING.findall(rows[0].html)
    ]
    return found if len(found) > 1 else []


def _scrubber(topic: Topic, first: int) -> Any:
    """Return the topic's course in 48 slices of its numbers, each as long as the posts that came that fast."""
    times = list(
        Post.objects.filter(topic_id=topic.pk).order_by("number").values_list("number", "created_at", "by_staff")[:5000]
    )
    start, end = times[0][1], times[-1][1]
    span = max((end - start).total_seconds(), 1.0)
    slices: list[list[tuple[int, bool]]] = [[] for _each in range(SLICES)]
    for number, at, staff in times:
        slices[min(int((at - start).total_seconds() / span * SLICES), SLICES - 1)].append((number, staff))
    most = max(len(each) for each in slices)
    base, here, last = address(topic), first, 1
    drawn = []
    for each in slices:
        last = each[0][0] if each else last
        drawn.append(
            SimpleNamespace(
                width=round(4 + 52 * len(each) / most, 1) if each else 2,
                url=f"{base}?at={last}#p{last}",
                here=any(here <= number < here + SIZE for number, _staff in each),
                official=any(staff for number, staff in each if number > 1),
            )
        )
    return SimpleNamespace(
        slices=drawn,
        top=SimpleNamespace(url=base, at=start),
        bottom=SimpleNamespace(url=f"{base}?at=last#p{topic.last_number}", at=end),
        at=SimpleNamespace(number=first, text=f"/ {topic.last_number}"),
        jump_url=f"{base}?at=",
    )
