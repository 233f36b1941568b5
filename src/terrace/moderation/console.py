"""The queue, and the operator's lists."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from terrace.kernel.errors import Conflict, Invalid, Missing, Refused
from terrace.kernel.request import Request
from terrace.members import policies as members
from terrace.members.models import Role
from terrace.moderation import actions, policies, queries
from terrace.moderation.forms import DecisionForm, DomainForm, TryForm, WordForm
from terrace.screening import actions as screening
from terrace.screening import queries as screening_queries

OPERATORS = (Role.OPERATOR, Role.ADMINISTRATOR)


def _number(text: str) -> int | None:
    return int(text) if text.isdigit() and len(text) < 19 else None


@never_cache
@require_safe
def queue(request: Request) -> HttpResponse:
    """Show what waits for this moderator, and one case of it."""
    boards = policies.check_queue(request.member)
    return _queue(
        request, boards, chosen=_number(request.GET.get("case", "")), done=_number(request.GET.get("done", ""))
    )


def _queue(
    request: Request,
    boards: list[int] | None,
    *,
    chosen: int | None = None,
    done: int | None = None,
    refused: str = "",
    typed: str | None = None,
    status: int = 200,
) -> HttpResponse:
    jobs, count, case = queries.queue_page(boards, by=request.member, chosen=chosen, now=request.now)
    context = {
        "jobs": jobs,
        "count": count,
        "case": case,
        "typed": typed if typed is not None and case is not None and case.id == chosen else None,
        "refused": refused,
        "done": _done(request, done, boards),
    }
    return render(request, "moderation/queue.html", context, status=status)


def _done(request: Request, decision_id: int | None, boards: list[int] | None) -> dict[str, Any] | None:
    """Return what was decided a moment ago, with the way to take it back."""
    decision = queries.find_decision(decision_id) if decision_id else None
    if decision is None or not policies.decides(boards, decision.case.post.topic.board_id):
        return None
    undone = decision.undone_at is not None
    if not undone and not policies.can_undo(decision, request.member, request.now):
        return None
    return {
        "what": queries.verdict_in_words(decision.verdict),
        "title": decision.case.post.topic.title,
        "undone": undone,
        "undo_url": "" if undone else reverse("moderation:undo", args=[decision.pk]),
    }


@never_cache
@require_POST
def decide(request: Request, case_id: int) -> HttpResponse:
    """Decide a case and go on to the next one."""
    boards = policies.check_queue(request.member)
    case = queries.find_case(case_id, boards)
    if case is None:
        raise Missing
    form = DecisionForm(request.POST)
    try:
        if not form.is_valid():
            raise Invalid(str(next(iter(form.errors.values()))[0]))
        given = form.cleaned_data
        decision = actions.decide(
            case,
            given["verdict"],
            by=request.member,
            message=given["message"],
            category=given["category"],
            now=request.now,
        )
    except (Invalid, Conflict, Refused) as refused:
        typed = request.POST.get("message", "")[:1000]
        return _queue(request, boards, chosen=case_id, refused=refused.sentence, typed=typed, status=refused.status)
    return HttpResponseRedirect(f"{reverse('moderation:queue')}?done={decision.pk}")


@never_cache
@require_POST
def undo(request: Request, decision_id: int) -> HttpResponse:
    """Take a decision back."""
    boards = policies.check_queue(request.member)
    decision = queries.find_decision(decision_id)
    if decision is None or not policies.decides(boards, decision.case.post.topic.board_id):
        raise Missing
    try:
        actions.undo(decision, by=request.member, now=request.now)
    except (Conflict, Refused) as refused:
        return _queue(request, boards, refused=refused.sentence, status=refused.status)
    where = f"{reverse('moderation:queue')}?case={decision.case_id}&done={decision.pk}"
    return HttpResponseRedirect(where)


# Words and domains.


def _lists(request: Request, *, status: int = 200, **context: Any) -> HttpResponse:
    text = request.GET.get("q", "")[:60]
    forms = {
        "word_form": WordForm(auto_id="word_%s"),
        "domain_form": DomainForm(auto_id="domain_%s"),
        "try_form": TryForm(auto_id="try_%s"),
    }
    shown = {
        "q": text,
        "words": screening_queries.listed_words(text),
        "domains": screening_queries.listed_domains(),
        "tried": None,
    }
    return render(request, "moderation/console_words.html", {**forms, **shown, **context}, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def console_words(request: Request) -> HttpResponse:
    """List the operator's words and domains; add a word."""
    members.check_staff(request.member, *OPERATORS)
    if request.method != "POST":
        return _lists(request)
    form = WordForm(request.POST, auto_id="word_%s")
    if form.is_valid():
        try:
            screening.list_word(now=request.now, by=request.member.pk, **form.cleaned_data)
        except Invalid as refused:
            form.add_error(refused.field, refused.sentence)
    return _saved(request) if form.is_valid() else _lists(request, status=422, word_form=form)


@never_cache
@require_POST
def console_word_remove(request: Request, word_id: int) -> HttpResponse:
    """Take a word off the lists."""
    members.check_staff(request.member, *OPERATORS)
    screening.unlist_word(word_id, now=request.now, by=request.member.pk)
    return _saved(request)


@never_cache
@require_POST
def console_domain_add(request: Request) -> HttpResponse:
    """Put a domain on a list."""
    members.check_staff(request.member, *OPERATORS)
    form = DomainForm(request.POST, auto_id="domain_%s")
    if form.is_valid():
        try:
            screening.list_domain(now=request.now, by=request.member.pk, **form.cleaned_data)
        except Invalid as refused:
            form.add_error(refused.field, refused.sentence)
    return _saved(request) if form.is_valid() else _lists(request, status=422, domain_form=form)


@never_cache
@require_POST
def console_domain_remove(request: Request, domain_id: int) -> HttpResponse:
    """Take a domain off the lists."""
    members.check_staff(request.member, *OPERATORS)
    screening.unlist_domain(domain_id, now=request.now, by=request.member.pk)
    return _saved(request)


def _saved(request: Request) -> HttpResponse:
    messages.success(request, _("Saved. It holds from now on."))
    return HttpResponseRedirect(reverse("moderation:console_words"))


@never_cache
@require_POST
def console_words_try(request: Request) -> HttpResponse:
    """Show what the lists and rules say to a text, as if a new member had written it. Nothing is kept."""
    members.check_staff(request.member, *OPERATORS)
    form = TryForm(request.POST, auto_id="try_%s")
    if not form.is_valid():
        return _lists(request, status=422, try_form=form)
    text = form.cleaned_data["text"]
    writing = screening.Writing(
        member_id=0, level=1, joined_at=request.now, is_staff=False, posts_before=0, text=text, editing=True
    )
    verdict = screening.judge(writing, now=request.now, traced=False)
    tried = {
        "outcome": verdict.outcome,
        "reasons": [screening_queries.reason_in_words(each) for each in verdict.reasons],
        "pieces": screening_queries.marked(text),
        "replaced": verdict.replaced.get("text", ""),
    }
    return _lists(request, try_form=form, tried=tried)
