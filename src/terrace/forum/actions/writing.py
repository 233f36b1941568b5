"""From what was typed to what is kept: screened, rendered, counted."""

import math
import re
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import F, Q
from django.db.models.functions import Greatest
from django.urls import reverse
from django.utils.translation import gettext

from terrace.forum.models import Board, Post, Topic
from terrace.kernel import markup, words
from terrace.kernel.errors import Invalid, TooMany
from terrace.media import queries as media
from terrace.members import queries as members
from terrace.members.models import Member
from terrace.screening import actions as screening
from terrace.screening.policies import breath

LONGEST = 50_000  # characters in one post, as people see them
EXCERPT = 200
QUOTED = 20  # posts that one text may quote and be told to their authors
HALF = 12.0  # hours that one doubling of activity is worth
_QUOTES = re.compile(r" {0,3}> ?(?! {0,3}>).*?\(/p/(\d{1,18})/\)")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")


@dataclass(frozen=True)
class Written:
    """A text that may be kept, with what was found in it."""

    source: str
    html: str
    text: str
    held: bool
    reasons: tuple[str, ...]
    mentioned: tuple[int, ...]
    tags: tuple[str, ...]
    picture: str
    uploads: tuple[int, ...]
    title: str = ""


def heat(created_at: datetime, replies: int, likes: int, *, featured: bool = False) -> float:
    """Return the place in the hot list: each doubling of activity is worth 12 hours of age.

    heat = hours since 2020 / 12 + log2(1 + replies + 2 x reactions), plus 2 for a featured topic. It needs no clock, so
    it is written with the topic and read from an index; a topic falls only because newer ones start higher.
    """
    hours = (created_at - datetime(2020, 1, 1, tzinfo=UTC)).total_seconds() / 3600
    return hours / HALF + math.log2(1 + replies + 2 * likes) + (2 if featured else 0)


def write(
    source: str,
    author: Member,
    *,
    now: datetime,
    title: str = "",
    prefix: str = "",
    screened: bool = True,
    editing: bool = False,
) -> Written:
    """Screen and render a text. Raises Invalid when it is empty, too long, or refused by screening."""
    source = source.replace("\r\n", "\n").strip()
    _check_length(source)
    held = False
    reasons: tuple[str, ...] = ()
    if screened:
        source, title, held, reasons = _screen(source, title, author, now, editing)
    rendered = render(source, prefix=prefix)
    if not rendered.text.strip() and not rendered.images:
        raise Invalid(gettext("Write something first: this would be an empty post."), field="source")
    uploads = media.uploads_in(rendered.images)
    return Written(
        source=source,
        html=rendered.html,
        text=rendered.text,
        held=held,
        reasons=tuple(reasons),
        mentioned=tuple(rendered.mentions),
        tags=tuple(rendered.tags),
        picture=media.thumb_of(rendered.images),
        uploads=tuple(uploads),
        title=title,
    )


def render(source: str, *, prefix: str = "") -> markup.Rendered:
    """Render Markdown with the mentions and pictures that exist now."""
    return markup.render(
        source, mentions=mentions_in(source), shown=media.shown_in(source), prefix=prefix, tag_url=tag_address
    )


def tag_address(name: str) -> str:
    """Return the address of the page of a tag."""
    return reverse("forum:tag_open", args=[clean_tag(name)])


def clean_tag(name: str) -> str:
    """Return the name of a tag as it is kept: on one line, without a slash, which an address would take for its own."""
    return " ".join(name.replace("/", " ").split()).strip("#")[:30]


def mentions_in(source: str) -> dict[str, markup.Mention]:
    """Return the members whose handles may stand after an @ in a text, with one query (none without an @)."""
    candidates = {words.skeleton(each) for each in markup.mention_candidates(source)}
    if not candidates:
        return {}
    return {
        skeleton: markup.Mention(id=who.id, handle=who.handle, url=reverse("members:profile", args=[who.handle]))
        for skeleton, who in members.by_handles(candidates).items()
    }


def quoted_in(source: str) -> tuple[int, ...]:
    """Return the authors of the posts that a text quotes, with one query (none without a quotation).

    A quotation names its post in its first line, by a link to `/p/<id>/`; what is quoted within it, or in code, is not
    quoted by this text.
    """
    ids: list[str] = []
    inside, fence = False, ""
    for line in source.splitlines():
        mark = _FENCE.match(line)
        if mark and (not fence or mark[1].startswith(fence)):
            fence = "" if fence else mark[1]
        first = None if fence or inside else _QUOTES.match(line)
        ids += [first[1]] if first else []
        inside = not fence and line.lstrip(" ").startswith(">")
    if not ids:
        return ()
    rows = Post.objects.filter(pk__in=ids[:QUOTED], state=Post.PUBLISHED, topic__state=Topic.PUBLISHED)
    return tuple(sorted(set(rows.values_list("author_id", flat=True))))


def _check_length(source: str) -> None:
    if not source:
        raise Invalid(gettext("Write something first: this would be an empty post."), field="source")
    if len(source) <= LONGEST:
        return
    # What is made of many parts, as some emoji are, counts once; what could not be rendered does not pass.
    count = words.signs(source) if len(source) <= markup.MAX_SOURCE else len(source)
    if count > LONGEST:
        raise Invalid(
            gettext("This is %(n)s characters long; the limit is %(most)s. Split it into two posts.")
            % {"n": f"{count:,}", "most": f"{LONGEST:,}"},
            field="source",
        )


def _screen(
    source: str, title: str, author: Member, now: datetime, editing: bool
) -> tuple[str, str, bool, tuple[str, ...]]:
    verdict = screening.judge(
        screening.Writing(
            member_id=author.pk,
            level=author.level,
            joined_at=author.joined_at,
            is_staff=author.is_staff_role,
            posts_before=Post.objects.filter(author=author, state=Post.PUBLISHED)[:20].count(),
            text=source,
            title=title,
            editing=editing,
        ),
        now=now,
    )
    if verdict.outcome == "refuse":
        raise Invalid(verdict.sentence, field="source")
    return (
        verdict.replaced.get("text", source),
        verdict.replaced.get("title", title),
        verdict.outcome == "hold",
        verdict.reasons,
    )


def check_slow(last: datetime | None, slow_seconds: int, now: datetime) -> None:
    """Raise TooMany for who wrote less than a board's slow mode ago."""
    left = slow_seconds - int((now - last).total_seconds()) if last is not None else 0
    if left > 0:
        raise TooMany(breath(left), retry_after=left)


def excerpt_of(text: str) -> str:
    """Return the beginning of a text for lists."""
    return markup.excerpt(text, EXCERPT)


def language_of(text: str) -> str:
    """Return "zh" or "en" for a text, by its letters: one Chinese sign weighs as much as three Latin ones."""
    chinese = sum("\u4e00" <= sign <= "\u9fff" for sign in text[:2000])
    latin = sum(sign.isascii() and sign.isalpha() for sign in text[:2000])
    if not chinese and not latin:
        return ""
    return "zh" if chinese * 3 >= latin else "en"


def warm(topic: Topic) -> None:
    """Write the topic's place in the hot list from its present counters."""
    topic.refresh_from_db(fields=["replies", "likes", "featured_at"])
    value = heat(topic.created_at, topic.replies, topic.likes, featured=topic.featured_at is not None)
    Topic.objects.filter(pk=topic.pk).update(heat=value)


def count_in_board(board_id: int, *, topics: int = 0, posts: int = 0) -> None:
    """Add to a board's counters."""
    Board.objects.filter(pk=board_id).update(
        topic_count=Greatest(F("topic_count") + topics, 0), post_count=Greatest(F("post_count") + posts, 0)
    )


def refresh_last(topic: Topic) -> None:
    """Write the topic's last post and reply count, and its board's last topic, from the posts that stand."""
    shown = Post.objects.filter(topic=topic, state=Post.PUBLISHED)
    last = shown.order_by("-number").first()
    if last is not None:
        Topic.objects.filter(pk=topic.pk).update(
            replies=shown.filter(number__gt=1).count(),
            last_post_at=last.created_at,
            last_author_id=last.author_id,
            staff_replied=shown.filter(by_staff=True).filter(~Q(author_id=topic.author_id)).exists(),
        )
    refresh_board(topic.board_id)


def refresh_board(board_id: int) -> None:
    """Write the board's last topic from the topics that stand."""
    last = Topic.objects.filter(board_id=board_id, state=Topic.PUBLISHED).order_by("-last_post_at", "-id").first()
    Board.objects.filter(pk=board_id).update(last_topic=last, last_post_at=last.last_post_at if last else None)
