"""The queue of cases and one case with all that is needed to decide it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import get_language, gettext, ngettext
from markupsafe import Markup

from terrace.forum import policies as forum_policies
from terrace.forum import queries as forum
from terrace.members import queries as members
from terrace.members.models import Member
from terrace.moderation import policies
from terrace.moderation.models import Appeal, Case, Decision, Flag
from terrace.moderation.queries.records import leading_reason, verdict_in_words
from terrace.moderation.queries.wording import CATEGORY_WORDS, category_in_words, prefills
from terrace.screening import queries as screening

SHOWN = 100  # cases in the list; the count beside it is of all
BEFORE = 2  # posts shown above the one in question


@dataclass(frozen=True)
class Job:
    """One line of the queue."""

    id: int
    url: str
    icon: str
    title: str
    line: str
    left: str
    late: bool
    current: bool


@dataclass(frozen=True)
class CaseView:
    """One case, as a moderator reads it."""

    id: int
    kind: str
    title: str
    topic_url: str
    post_url: str
    board: str
    number: int
    state: str
    author: Any
    facts: list[str]
    html: Markup
    before: list[Any]
    why: list[tuple[str, str]]
    chip: str
    appeal: str
    history: list[Any]
    message: str
    messages: dict[str, str]
    category: str
    categories: list[tuple[str, str]]
    acts: list[Any] = field(default_factory=list)
    why_not: str = ""


def open_cases(boards: Iterable[int] | None) -> QuerySet:
    """Return the open cases of these boards (None: of all), in the order of the queue."""
    rows = Case.objects.filter(state=Case.OPEN)
    if boards is not None:
        rows = rows.filter(post__topic__board_id__in=list(boards))
    return rows.order_by("due_at", "pk")


def waiting_count(member: Member | None) -> int:
    """Return how many cases wait for this member to decide. Fills `web.waiting`."""
    boards = policies.boards_of(member)
    return open_cases(boards).count() if boards != [] else 0


def decides(member: Member | None) -> bool:
    """Return whether this member has a queue. Fills `web.decides`."""
    return policies.boards_of(member) != []


def find_case(case_id: int, boards: Iterable[int] | None) -> Case | None:
    """Return a case, open or closed, if it stands in one of these boards."""
    rows = Case.objects.select_related("post__topic", "author").filter(pk=case_id)
    case = rows.first()
    return case if case is not None and policies.decides(boards, case.post.topic.board_id) else None


def queue_page(
    boards: Iterable[int] | None, *, by: Member, chosen: int | None, now: datetime
) -> tuple[list[Job], int, CaseView | None]:
    """Return the list, how many cases wait in all, and the chosen case (or the first one)."""
    rows = list(open_cases(boards).select_related("post__topic", "author")[:SHOWN])
    case = next((row for row in rows if row.pk == chosen), None)
    if case is None and chosen is not None:
        case = find_case(chosen, boards)
        case = case if case is not None and case.state == Case.OPEN else None
    if case is None and rows:
        case = rows[0]
    count = len(rows) if len(rows) < SHOWN else open_cases(boards).count()
    jobs = [_job(row, now, current=case is not None and row.pk == case.pk) for row in rows]
    return jobs, count, _view(case, by, now) if case is not None else None


def _job(case: Case, now: datetime, *, current: bool) -> Job:
    left = int((case.due_at - now).total_seconds())
    return Job(
        id=case.pk,
        url=f"{reverse('moderation:queue')}?case={case.pk}",
        icon="gavel" if case.appealed else "flag" if case.flag_count else "shield-check",
        title=case.post.topic.title,
        line=_line(case),
        left=_left(left),
        late=left < 1800,
        current=current,
    )


def _line(case: Case) -> str:
    if case.appealed:
        return gettext("%(who)s asks for a second look") % {"who": case.author.handle}
    if case.flag_count:
        return ngettext("%(n)s member flagged it", "%(n)s members flagged it", case.flag_count) % {"n": case.flag_count}
    if case.reasons:
        return screening.reason_in_words(case.reasons[0])
    return gettext("The board asks to read it first")


def _left(seconds: int) -> str:
    if seconds <= 0:
        return gettext("Overdue")
    minutes = -(-seconds // 60)
    if minutes < 90:
        return ngettext("%(n)s min left", "%(n)s min left", minutes) % {"n": minutes}
    hours = round(minutes / 60)
    return ngettext("%(n)s h left", "%(n)s h left", hours) % {"n": hours}


def _view(case: Case, by: Member, now: datetime) -> CaseView:
    post: Any = forum.find_post(case.post_id)
    topic, language = post.topic, get_language() or "zh"
    flags = list(Flag.objects.filter(case=case, answer=Flag.WAITING).select_related("member").order_by("-weight", "pk"))
    appeal = Appeal.objects.filter(case=case, outcome=Appeal.WAITING).first() if case.appealed else None
    category = leading_reason(case)
    messages = prefills(topic.board.named(case.author.language or language), case.author.language)
    return CaseView(
        id=case.pk,
        kind="appeal" if case.appealed else "flags" if flags else "held",
        title=topic.title,
        topic_url=reverse("forum:topic_open", args=[topic.pk, topic.slug or "-"]),
        post_url=reverse("forum:post_open", args=[post.pk]),
        board=topic.board.named(language),
        number=post.number,
        state=post.state,
        author=members.person(case.author),
        facts=_facts(case, now),
        html=Markup(post.html),  # noqa: S704  sanitised at write
        before=[_earlier(each) for each in forum.posts_before(post, BEFORE)],
        why=_why(case, flags) + _shown_before(post, by, now),
        chip=_chip(case, flags),
        appeal=appeal.text if appeal else "",
        history=_history(case),
        message=messages[category],
        messages=messages,
        category=category,
        categories=[(key, str(words)) for key, words in CATEGORY_WORDS.items()],
        acts=_acts(case, by, bool(flags) or bool(appeal)),
        why_not=_why_not(case, by),
    )


def _facts(case: Case, now: datetime) -> list[str]:
    """Return what is known of the author, each as a short phrase."""
    days = max(0, (now - case.author.joined_at).days)
    facts = [ngettext("joined %(n)s day ago", "joined %(n)s days ago", days) % {"n": days}]
    facts += [f"{label} {number}" for label, number, _url in forum.said_counts(case.author_id)[:2]]
    # An appeal that was refused is not a second post.
    verdicts = (Decision.HIDE, Decision.SUSPEND)
    against = Decision.objects.filter(case__author_id=case.author_id, undone_at=None, verdict__in=verdicts)
    number = against.count()
    facts.append(ngettext("%(n)s earlier post taken away", "%(n)s earlier posts taken away", number) % {"n": number})
    return facts


def _earlier(post: Any) -> Any:
    shown = post.state == "published"
    text = post.text[:280] + ("…" if len(post.text) > 280 else "")
    return {"number": post.number, "author": post.author.handle, "text": text if shown else "", "hidden": not shown}


def _why(case: Case, flags: list[Flag]) -> list[tuple[str, str]]:
    """Return (icon, sentence) for each reason why this waits."""
    why = [("shield-check", screening.reason_in_words(reason)) for reason in (case.reasons if case.held else [])]
    if case.held and not case.reasons:
        why.append(("shield-check", gettext("The board asks to read it first")))
    grouped: dict[str, list[Flag]] = {}
    for each in flags:
        grouped.setdefault(each.reason, []).append(each)
    for reason, group in grouped.items():
        names = "、".join(each.member.handle for each in group[:5])
        sentence = gettext("%(what)s: %(who)s") % {"what": category_in_words(reason), "who": names}
        why.append(("flag", sentence))
        why += [("message-square-quote", f"{each.member.handle}: {each.text}") for each in group if each.text][:10]
    return why


def _shown_before(post: Any, by: Member, now: datetime) -> list[tuple[str, str]]:
    """Return a mark for each post in which somebody else showed a picture of this one before."""
    if "/media/" not in post.html:
        return []
    link = Markup('<a href="{}">{}</a>')
    words = Markup(gettext("%(who)s showed a picture of this post before: %(where)s"))  # noqa: S704  our own sentence
    return [
        (
            "image",
            words
            % {
                "who": each.author.handle,
                "where": link.format(reverse("forum:post_open", args=[each.pk]), each.topic.title),
            },
        )
        for each in forum.pictures_before(post, by, now)[:3]
    ]


def _chip(case: Case, flags: list[Flag]) -> str:
    if case.appealed:
        return gettext("Appeal")
    if flags:
        return ngettext("%(n)s flag", "%(n)s flags", len(flags)) % {"n": len(flags)}
    return gettext("First posts") if case.first else gettext("Held")


def _history(case: Case) -> list[Any]:
    """Return what was decided about this post before, newest first."""
    rows = Decision.objects.filter(case=case).select_related("by").order_by("-pk")[:5]
    return [
        {
            "what": verdict_in_words(row.verdict),
            "who": row.by.handle if row.by else "",
            "at": row.at,
            "message": row.message,
            "undone": row.undone_at is not None,
        }
        for row in rows
    ]


def _acts(case: Case, by: Member, accused: bool) -> list[Any]:
    """Return the numbered actions; one of them is the filled button."""
    if _why_not(case, by):
        return []
    asked = case.held or case.appealed
    stand = gettext("Let it stand, and say so")
    if asked:
        stand = gettext("Let it be read") if case.held else gettext("Show it again, and say so")
    acts = [(Decision.STAND, stand), (Decision.HIDE, gettext("Hide and tell"))]
    if policies.can_suspend(by, case.author):
        acts.append((Decision.SUSPEND, gettext("Hide, no writing for 3 days")))
    if not asked:
        # Whose post was held or who asked for a second look hears of the answer in any case.
        acts.append((Decision.DISMISS, gettext("No problem")))
    main = Decision.HIDE if accused else Decision.STAND
    return [
        {"verdict": verdict, "label": label, "key": number, "main": verdict == main}
        for number, (verdict, label) in enumerate(acts, 1)
    ]


def _why_not(case: Case, by: Member) -> str:
    """Return why somebody may not decide this case; empty when they may."""
    if case.author_id == by.pk:
        return gettext("This is your own post. Somebody else decides about it.")
    if policies.is_own_judge(case, by):
        return gettext("You took this post away yourself. Somebody else answers the appeal.")
    return ""


def readable_boards(member: Member | None, now: datetime) -> dict[int, str]:
    """Return the names of the boards that somebody may read, by id."""
    language = get_language() or "zh"
    access = forum_policies.access(member, now)
    return {board_id: board.named(language) for board_id, board in forum.boards_by_id(access, "read").items()}
