"""Flagging a post, the public log, and an author's appeal."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from terrace.forum import policies as forum_policies
from terrace.forum import queries as forum
from terrace.kernel import tags
from terrace.kernel.errors import Invalid, Missing
from terrace.kernel.request import Request
from terrace.moderation import actions, policies, queries
from terrace.moderation.forms import AppealForm, FlagForm


def _tell(form: Any, refused: Invalid) -> None:
    form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def post_flag(request: Request, post_id: int) -> HttpResponse:
    """Ask what is wrong with a post, and flag it."""
    if request.member is None:
        back = request.get_full_path() if request.method != "POST" else reverse("forum:post_open", args=[post_id])
        return redirect_to_login(back)
    post = forum.find_post(post_id)
    if post is None:
        raise Missing
    access = forum_policies.access(request.member, request.now)
    by = policies.check_flag(access, post.topic, post, request.now)
    back = reverse("forum:post_open", args=[post.pk])
    if queries.flag_of(post.pk, by.pk) is not None:
        if request.method == "POST":
            return HttpResponseRedirect(back)
        return render(request, "moderation/post_flag.html", {"form": None, "post": post, "close_url": back})
    form = FlagForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.flag(post, by=by, now=request.now, **form.cleaned_data)
        except Invalid as refused:
            _tell(form, refused)
        else:
            messages.success(request, _("Thank you. A moderator reads it, and you will hear what came of it."))
            return HttpResponseRedirect(_after_flag(access, post.pk))
    context = {"form": form, "post": post, "close_url": back, "action": request.path}
    return render(request, "moderation/post_flag.html", context, status=422 if form.is_bound else 200)


def _after_flag(access: forum_policies.Access, post_id: int) -> str:
    """Return where to go on: at the post, at its topic where the flag has hidden it, at the board where both are gone."""
    post = forum.find_post(post_id)
    if post is None:
        raise Missing
    if forum_policies.can_see_post(access, post.topic, post):
        return reverse("forum:post_open", args=[post.pk])
    if post.topic.state == "published":
        return forum.topic_address(post.topic)
    return reverse("forum:board_open", args=[post.topic.board.slug])


@require_safe
def log(request: Request) -> HttpResponse:
    """Show what moderators have done, without naming anybody."""
    tags.tag(request, "moderation")
    boards = queries.readable_boards(request.member, request.now)
    page = queries.log_page(boards, cursor=request.GET.get("after", "")[:200])
    older = f"{reverse('moderation:log')}?after={page.next}" if page.next else ""
    return render(request, "moderation/log.html", {"rows": page.rows, "pager": {"older_url": older, "newer_url": ""}})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def appeal(request: Request, decision_id: int) -> HttpResponse:
    """Show an author what was decided about their post, and let them ask, once, for a second look."""
    if request.member is None:
        return redirect_to_login(request.get_full_path())
    decision = queries.decision_of_author(decision_id, request.member.pk)
    if decision is None:
        raise Missing
    earlier = queries.has_appealed(decision.case_id)
    may = policies.can_appeal(decision, request.member, request.now, earlier=earlier is not None)
    form = AppealForm(request.POST or None) if may else None
    if request.method == "POST" and (form is None or form.is_valid()):
        text = form.cleaned_data["text"] if form is not None else "-"
        actions.appeal(decision, by=request.member, text=text, now=request.now)
        messages.success(request, _("Sent. Another look is taken at it, and you will hear what came of it."))
        return HttpResponseRedirect(request.path)
    context = {
        "decision": decision,
        "what": queries.verdict_in_words(decision.verdict),
        "category": queries.category_in_words(decision.category),
        "post": decision.case.post,
        "post_url": reverse("forum:post_open", args=[decision.case.post_id]),
        "earlier": earlier,
        "form": form,
    }
    return render(request, "moderation/appeal.html", context, status=422 if form is not None and form.is_bound else 200)
