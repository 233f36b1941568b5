"""A topic's page: one query for its posts, however long it is."""

from dataclasses import dataclass
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from django.db.models import BigAutoField, CharField, Exists, JSONField, OuterRef, QuerySet, Subquery
from django.utils.translation import get_language, gettext

from terrace.forum.models import Bookmark, Draft, Position, Post, Question, Topic, TopicFollow
from terrace.forum.policies import Access
from terrace.forum.queries import boards
from terrace.forum.queries.lists import address
from terrace.forum.queries.parts import post_parts, posts_of
from terrace.forum.queries.stamps import SIZE, Stamp, stamps
from terrace.kernel.addresses import address as address_of
from terrace.kernel.prepared import Given, Prepared
from terrace.members import queries as members

LONG = 20  # posts from which a topic has a scrubber
_FIELDS = [field.attname for field in Topic._meta.concrete_fields]
_MARKS = ["read_to", "draft", "follow_kind", "kept", "accepted"]


@dataclass(frozen=True)
class TopicPage:
    """Everything that a topic's page shows; the words of its posts are read only where they have to be drawn."""

    topic: Any
    stamps: list[Stamp]
    pager: Any
    position: Any
    first: int
    fresh_url: str
    _source: tuple[Topic, Access, datetime]

    def rows(self, ids: list[int]) -> list[Post]:
        """Return these of its posts, with their words."""
        topic, access, _now = self._source
        return list(posts_of(topic.pk, access).filter(pk__in=ids))

    def parts(self, ids: list[int]) -> list[Any]:
        """Return these of its posts as their template takes them."""
        topic, access, now = self._source
        mine = {stamp.id: stamp.mine for stamp in self.stamps}
        return post_parts(self.rows(ids), topic, access, now, mine=mine, first_reply=self.first_reply)

    @property
    def first_reply(self) -> int | None:
        """The id of the first post by staff that answers somebody else, where it stands on the topic's first page."""
        if not self.stamps or self.stamps[0].number != 1 or self.stamps[0].by_staff:
            return None
        return next((stamp.id for stamp in self.stamps if stamp.by_staff and stamp.state == Post.PUBLISHED), None)

    @property
    def posts(self) -> list[Any]:
        """All its posts as their template takes them."""
        return self.parts([stamp.id for stamp in self.stamps])


def _marked(member: bool) -> QuerySet:
    rows = Topic.objects.filter(pk=Given("topic", BigAutoField()))
    me = Given("member", BigAutoField())
    own: dict[str, Any] = {"topic": OuterRef("pk"), "member_id": me}
    marks: dict[str, Any] = {
        "accepted": Subquery(Question.objects.filter(topic=OuterRef("pk")).values("accepted_id")[:1])
    }
    if member:
        draft = Draft.objects.filter(place=Given("place", CharField()), member_id=me).values("data")[:1]
        first = Bookmark.objects.filter(post__topic=OuterRef("pk"), post__number=1, member_id=me)
        marks |= {
            "read_to": Subquery(Position.objects.filter(**own).values("number")[:1]),
            "draft": Subquery(draft, output_field=JSONField()),
            "follow_kind": Subquery(TopicFollow.objects.filter(**own).values("kind")[:1], output_field=CharField()),
            "kept": Exists(first),
        }
    author = [f"author__{name}" for name in members.BESIDE]
    return rows.annotate(**marks).values_list(*_FIELDS, *author, *(mark for mark in _MARKS if mark in marks))


_load = Prepared(_marked)


def load(topic_id: int, access: Access) -> Topic | None:
    """Return the topic with its author and the reader's own marks on it, in one query."""
    me = access.member.pk if access.member is not None else None
    found = _load(me is not None, topic=topic_id, member=me, place=f"reply:{topic_id}")
    if not found:
        return None
    row, here, there = found[0], len(_FIELDS), len(_FIELDS) + len(members.BESIDE)
    topic = Topic.from_db(None, _FIELDS, row[:here])
    topic.author = members.beside(row[here:there])
    marks = _MARKS if me is not None else ["accepted"]
    for name, value in zip(marks, row[there:], strict=True):
        setattr(topic, name, value)
    return topic


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
    return _page(topic, access, first, first + SIZE, now, here=max(read_to or 1, 1))


def posts_after(topic: Topic, access: Access, number: int, *, now: datetime, most: int = 50) -> TopicPage:
    """Return the posts after a number, at most `most`."""
    return _page(topic, access, number + 1, number + 1 + most, now, here=number)


def _page(topic: Topic, access: Access, first: int, end: int, now: datetime, *, here: int) -> TopicPage:
    found = stamps(topic, access, first, end)
    last = found[-1].number if found else first - 1
    return TopicPage(
        topic=head(topic, access),
        stamps=found,
        pager=_pager(topic, first),
        position=SimpleNamespace(here=here, url=f"/t/{topic.pk}/position" if access.member is not None else ""),
        first=first,
        fresh_url=f"/t/{topic.pk}/fresh?after={last}",
        _source=(topic, access, now),
    )


def head(topic: Topic, access: Access, *, last: int | None = None) -> Any:
    """Return what stands over a topic and on its buttons; `last` is the number of the last post that was shown."""
    language = get_language() or "zh"
    board = access.boards.boards[topic.board_id]
    crumbs = boards.crumbs_of(topic.board_id, access, own=True)
    notes = _notes(topic)
    shown = SimpleNamespace(
        id=topic.pk,
        kind=topic.kind,
        state=topic.state,
        title=topic.title,
        title_words=None,
        lang=topic.language,
        url=address(topic),
        act=f"/t/{topic.pk}/",
        board=SimpleNamespace(id=board.pk, name=board.named(language), url=boards.address(board)),
        crumbs=crumbs,
        facts=[gettext("Question")] if topic.kind == "question" and not topic.solved else [],
        tags=[SimpleNamespace(name=name, url=address_of("forum:tag_open", name)) for name in topic.tags],
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
        notes=notes,
        tools=_tools(topic) if access.moderates(topic.board_id) else [],
    )
    shown.key = _top_key(shown)
    return shown


def _top_key(shown: Any) -> tuple[Any, ...]:
    """Return all that the part above the first post shows, so that it is drawn once."""
    return (
        shown.url,
        shown.title,
        shown.lang,
        tuple((each["name"], each["url"]) for each in shown.crumbs),
        tuple(each.name for each in shown.tags),
        shown.views,
        shown.replies,
        shown.solved,
        shown.featured,
        tuple((each.icon, each.text, each.at) for each in shown.notes),
    )


def _notes(topic: Topic) -> list[Any]:
    notes = []
    if topic.state == Topic.HELD:
        text = gettext("A moderator reads this before everybody can. You will be told.")
        notes.append(SimpleNamespace(icon="clock", text=text, by=None, at=None, bad=False))
    if topic.state == Topic.HIDDEN:
        notes.append(SimpleNamespace(icon="eye-off", text=_who_took(topic), by=None, at=None, bad=True))
    if topic.locked_at is not None:
        text = gettext("Locked: it can be read, and nothing can be added.")
        notes.append(SimpleNamespace(icon="lock", text=text, by=None, at=topic.locked_at, bad=False))
    return notes


def _who_took(topic: Topic) -> str:
    by = Post.objects.filter(topic=topic, number=1).values_list("hidden_by_id", flat=True).first()
    if by is None:
        return gettext("Members flagged this topic. It is hidden until a moderator has read it.")
    if by == topic.author_id:
        return gettext("The author took this topic back.")
    return gettext("A moderator took this topic away.")


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


def _pager(topic: Topic, first: int) -> Any:
    base = address(topic)
    last = first + SIZE - 1
    return SimpleNamespace(
        earlier=SimpleNamespace(first=max(first - SIZE, 1), last=first - 1),
        later=SimpleNamespace(
            first=last + 1, last=min(last + SIZE, topic.last_number), count=max(topic.last_number - last, 0)
        ),
        last_url=f"{base}?to=last",
        older_url=f"{base}?at={first - SIZE}" if first > SIZE + 1 else (base if first > 1 else ""),
        newer_url=f"{base}?at={first + SIZE}" if last < topic.last_number else "",
        here=f"#{first} – #{min(last, topic.last_number)}",
    )
