"""What a kind of topic adds: the fields that make it and the panel over its first post."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from markupsafe import Markup

from terrace.forum import queries
from terrace.forum.actions.answers import make_question
from terrace.forum.actions.polls import make_poll
from terrace.forum.forms import PollForm
from terrace.forum.models import Choice, Poll, Question, Topic, Vote
from terrace.forum.policies import Access, access
from terrace.kernel.errors import Invalid
from terrace.members import queries as members

LONGEST_POLL = timedelta(days=365)
Complete = Callable[[Topic], None]
Panel = tuple[str, dict[str, Any]]


@dataclass(frozen=True)
class Card:
    """One kind of topic. `panel` gives a template and its context, or None for nothing to show."""

    kind: str
    label: Any
    icon: str
    form: type[forms.Form] | None
    complete: Callable[[dict[str, Any], datetime], Complete | None]
    panel: Callable[[Topic, Access, datetime], Panel | None]


_cards: dict[str, Card] = {}


def register(card: Card) -> None:
    """Add a kind of topic."""
    _cards[card.kind] = card


def cards() -> dict[str, Card]:
    """Return every kind of topic, in the order of registration."""
    return dict(_cards)


def card_of(kind: str) -> Card:
    """Return the card of a kind; an unknown kind is shown as a discussion."""
    return _cards.get(kind) or _cards["discussion"]


def _make_question(cleaned: dict[str, Any], now: datetime) -> Complete:
    def complete(topic: Topic) -> None:
        make_question(topic)

    return complete


def _question_panel(topic: Topic, access: Access, now: datetime) -> Panel | None:
    if not topic.solved:
        return None
    question = Question.objects.select_related("accepted__author", "accepted_by").filter(topic_id=topic.pk).first()
    if question is None or question.accepted is None or question.accepted.state != Topic.PUBLISHED:
        return None
    answer = question.accepted
    return "forum/_answer.html", {
        "answer": answer,
        "author": members.person(answer.author),
        "excerpt": answer.text[:200] + ("…" if len(answer.text) > 200 else ""),
        "by": members.person(question.accepted_by) if question.accepted_by else None,
        "at": question.accepted_at,
    }


def _make_poll(cleaned: dict[str, Any], now: datetime) -> Complete:
    closes_at = _poll_end(cleaned["days"], cleaned["until"], now)

    def complete(topic: Topic) -> None:
        make_poll(topic, choices=cleaned["choices"], most=cleaned["most"], closes_at=closes_at)

    return complete


def _poll_end(days: timedelta | str | None, until: date | None, now: datetime) -> datetime | None:
    """Return when a poll closes: after `days`, or with the end of the day `until`. Raises Invalid for a day that is no use."""
    if isinstance(days, timedelta):
        return now + days
    if not days or until is None:
        return None
    today = timezone.localdate(now)
    if not today <= until <= today + LONGEST_POLL:
        raise Invalid(gettext("A poll ends today at the earliest, and within a year."))
    return timezone.make_aware(datetime.combine(until, time.max))


def poll_context(topic: Topic, access: Access, now: datetime) -> dict[str, Any]:
    """Return what the panel of a poll shows."""
    poll = Poll.objects.get(topic_id=topic.pk)
    choices = list(Choice.objects.filter(poll=poll))
    own: set[int] = set()
    if access.member is not None:
        own = set(Vote.objects.filter(poll=poll, member=access.member).values_list("choice_id", flat=True))
    closed = poll.closes_at is not None and poll.closes_at <= now
    most = max((choice.votes for choice in choices), default=0)
    return {
        "topic_id": topic.pk,
        "poll": poll,
        "closed": closed,
        "voted": bool(own),
        "can_vote": access.member is not None and not own and not closed and access.may(topic.board_id, "reply"),
        "choices": [
            {
                "id": choice.pk,
                "text": choice.text,
                "votes": choice.votes,
                "share": round(100 * choice.votes / poll.voters) if poll.voters else 0,
                "own": choice.pk in own,
                "leads": bool(most) and choice.votes == most,
            }
            for choice in choices
        ],
    }


register(
    Card(
        "discussion",
        _("Discussion"),
        "messages-square",
        None,
        lambda cleaned, now: None,
        lambda topic, access, now: None,
    )
)
register(Card("question", _("Question"), "message-circle-question-mark", None, _make_question, _question_panel))
register(
    Card(
        "poll",
        _("Poll"),
        "list-checks",
        PollForm,
        _make_poll,
        lambda topic, access, now: ("forum/_poll.html", poll_context(topic, access, now)),
    )
)


def profile_lists(member_id: int, viewer: Any, key: str, now: datetime) -> list[dict[str, Any]]:
    """Answer the lists on a profile: what a member wrote, first the answers that were chosen. Only the one asked for is drawn."""
    reader = access(viewer, now)
    answers = queries.replies_of(reader, member_id, accepted=True)
    lists = [("answers", gettext("Answers"))] if answers else []
    lists += [("said", gettext("Topics")), ("replies", gettext("Replies"))]
    wanted = key or lists[0][0]
    drawn = {
        "answers": lambda: _drawn_posts(answers, now),
        "said": lambda: _drawn_topics(queries.by_author(reader, member_id).rows, now),
        "replies": lambda: _drawn_posts(queries.replies_of(reader, member_id), now),
    }
    return [
        {"key": each, "label": label, "count": None, "html": drawn[each]() if each == wanted else ""}
        for each, label in lists
    ]


def _drawn_topics(rows: list[Any], now: datetime) -> Markup:
    empty = {"empty_head": gettext("No topics yet"), "empty_line": gettext("What they write will stand here.")}
    context = {"topics": rows, "pager": None, "now": now, "row_level": 2, **empty}
    return Markup(render_to_string("forum/_topics.html", context))  # noqa: S704  an autoescaped template


def _drawn_posts(kept: list[Any], now: datetime) -> Markup:
    return Markup(render_to_string("forum/_kept.html", {"kept": kept, "now": now}))  # noqa: S704  an autoescaped template


def product_panel(slug: str, names: list[str], viewer: Any, now: datetime) -> tuple[str, str, Markup] | None:
    """Answer what stands on a product's page: the newest topics of the board at the same address, else under a tag of its name."""
    reader = access(viewer, now)
    found = queries.topics_about(slug, names, reader, now=now)
    if found is None:
        return None
    rows, address = found
    context = {"topics": rows, "pager": None, "now": now}
    html = render_to_string("forum/_topics.html", context)
    return gettext("What people say"), address, Markup(html)  # noqa: S704  an autoescaped template
