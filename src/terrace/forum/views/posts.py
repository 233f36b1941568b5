"""Single posts: found, reacted to, edited, taken back, kept."""

from datetime import datetime
from typing import Any

from django.forms import Form
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from terrace.forum import actions, policies, queries
from terrace.forum.forms import EditForm, TopicForm
from terrace.forum.models import Post
from terrace.forum.queries.lists import address
from terrace.forum.views.composing import draft_seen, preview_of, remedy, taken, tell
from terrace.forum.views.parts import access_of, back_to, member_only, readable_post
from terrace.kernel import tags
from terrace.kernel.errors import Missing, Refused
from terrace.kernel.request import Request


@require_safe
def post_open(request: Request, post_id: int) -> HttpResponse:
    """Lead to a post where it stands now, wherever its topic was moved."""
    post, _reader = readable_post(request, post_id)
    tags.tag(request, f"topic:{post.topic_id}")
    place = address(post.topic)
    return HttpResponseRedirect(place if post.number == 1 else f"{place}?at={post.number}#p{post.number}")


@require_POST
@member_only
def post_react(request: Request, post_id: int) -> HttpResponse:
    """React to a post; the same reaction again takes it back."""
    post, reader = readable_post(request, post_id)
    if not policies.can_react(reader, post.topic, post):
        raise Refused(_("This is your own post; others can react to it."))
    key = request.POST.get("key", "")
    before = next((each.key for each in queries.react_part(post, reader).reactions if each.mine), None)
    actions.react(post, None if key == before else key, by=request.member, now=request.now)
    if request.headers.get("HX-Request"):
        post.refresh_from_db(fields=["reactions"])
        context = {"p": queries.react_part(post, reader), "topic": {"url": address(post.topic)}, "can_reply": True}
        return render(request, "forum/_react.html", context)
    return back_to(request, reverse("forum:post_open", args=[post.pk]))


@require_POST
@member_only
def post_bookmark(request: Request, post_id: int) -> HttpResponse:
    """Keep a post for later, or let it go."""
    post, _reader = readable_post(request, post_id)
    if not actions.bookmark(post, by=request.member, now=request.now):
        actions.remove_bookmark(post, by=request.member)
    return back_to(request, reverse("forum:post_open", args=[post.pk]))


@require_POST
@member_only
def post_accept(request: Request, post_id: int) -> HttpResponse:
    """Say that a reply was the answer, or no longer."""
    post, reader = readable_post(request, post_id)
    policies.check_accept(reader, post.topic, post)
    if not actions.accept_answer(post, by=request.member, now=request.now):
        actions.withdraw_answer(post.topic, by=request.member, now=request.now)
    return HttpResponseRedirect(reverse("forum:post_open", args=[post.pk]))


@require_http_methods(["GET", "POST"])
@member_only
def post_edit(request: Request, post_id: int) -> HttpResponse:
    """Change the words of a post."""
    post, reader = readable_post(request, post_id)
    first = post.number == 1
    shape = TopicForm if first else EditForm
    initial = {"body": post.source, "title": post.topic.title, **_kept(request, post)}
    form = shape(request.POST or None, initial=initial)
    if first:
        del form.fields["tags"]
    try:
        policies.check_edit(reader, post.topic, post, request.now)
    except Refused as refused:
        if isinstance(refused, Missing) or request.method == "GET" or post.author_id != request.member.pk:
            raise
        tell(form, refused)
        return _editor(request, post, form, status=refused.status)
    if request.method == "GET" or "preview" in request.POST:
        shown = preview_of(request.POST.get("body", "")) if request.POST else None
        return _editor(request, post, form, preview=shown)
    if not form.is_valid():
        return _editor(request, post, form, status=422)
    try:
        actions.edit_post(
            post,
            by=request.member,
            source=form.cleaned_data["body"],
            title=form.cleaned_data.get("title") if first else None,
            reason=request.POST.get("reason", "")[:200],
            seen_edit=_moment(request.POST.get("seen", "")),
            now=request.now,
        )
    except Refused as refused:
        tell(form, refused)
        return _editor(request, post, form, status=refused.status)
    return taken(reverse("forum:post_open", args=[post.pk]), f"edit:{post.pk}")


def _kept(request: Request, post: Post) -> dict[str, Any]:
    """Return the draft of an edit, unless the post was edited after it was kept."""
    if request.method != "GET" or "fresh" in request.GET:
        return {}
    kept = queries.draft_of(request.member.pk, f"edit:{post.pk}") or {}
    edited = int(post.edited_at.timestamp() * 1000) if post.edited_at else 0
    if not kept.get("body", "").strip() or kept.get("at", 0) < edited:
        return {}
    return {name: kept[name] for name in ("title", "body", "at") if kept.get(name)}


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text) if text else None
    except ValueError:
        return None


def _editor(request: Request, post: Post, form: Form, *, preview=None, status: int = 200) -> HttpResponse:
    post.refresh_from_db(fields=["edited_at"])
    context = {
        "form": form,
        "post": post,
        "first": post.number == 1,
        "seen": post.edited_at.isoformat() if post.edited_at else "",
        "action": f"/posts/{post.pk}/edit",
        "close_url": reverse("forum:post_open", args=[post.pk]),
        "draft_key": f"edit:{post.pk}",
        "kept_at": form.initial.get("at") if not form.is_bound else None,
        "draft_seen": draft_seen(request, f"edit:{post.pk}"),
        "over_url": f"/posts/{post.pk}/edit?fresh=1",
        "remedy": remedy(request),
        "preview": preview,
        "preview_url": reverse("forum:preview"),
    }
    return render(request, "forum/post_edit.html", context, status=status)


@require_safe
def post_history(request: Request, post_id: int) -> HttpResponse:
    """Show what a post said before."""
    post, _reader = readable_post(request, post_id)
    tags.tag(request, f"topic:{post.topic_id}")
    return render(
        request,
        "forum/post_history.html",
        {"post": post, "revisions": queries.revisions(post), "post_url": reverse("forum:post_open", args=[post.pk])},
    )


@require_safe
def post_quote(request: Request, post_id: int) -> HttpResponse:
    """Answer a post as a quotation in Markdown, as plain text, for the reply that is being written."""
    post, _reader = readable_post(request, post_id)
    tags.tag(request, f"topic:{post.topic_id}")
    return HttpResponse(queries.quotation(post), content_type="text/plain; charset=utf-8")


@require_http_methods(["GET", "POST"])
@member_only
def post_delete(request: Request, post_id: int) -> HttpResponse:
    """Take back an own post."""
    post, reader = readable_post(request, post_id)
    if post.author_id != request.member.pk:
        raise Missing
    if post.state == Post.HIDDEN:
        return HttpResponseRedirect(reverse("forum:post_open", args=[post.pk]))
    policies.check_delete(reader, post.topic, post)
    if request.method == "POST":
        actions.hide_post(post, by=request.member, reason=_("taken back by its author"), now=request.now)
        where = post.topic.board.slug
        return HttpResponseRedirect(
            reverse("forum:board_open", args=[where]) if post.number == 1 else address(post.topic)
        )
    return render(
        request,
        "forum/confirm.html",
        {
            "heading": _("Take this post back?"),
            "sentence": _("Its words disappear for everybody else. You can show it again."),
            "verb": _("Take back"),
            "danger": True,
            "action": request.path,
            "close_url": reverse("forum:post_open", args=[post.pk]),
        },
    )


@require_safe
@member_only
def bookmark_list(request: Request) -> HttpResponse:
    """Show the posts that the reader keeps."""
    page = queries.bookmarks(access_of(request), cursor=request.GET.get("after", ""))
    base = reverse("forum:bookmark_list")
    pager = {"older_url": f"{base}?after={page.next}" if page.next else "", "newer_url": ""}
    return render(request, "forum/bookmark_list.html", {"kept": page.rows, "pager": pager})


@require_POST
@member_only
def preview(request: Request) -> HttpResponse:
    """Answer what a text will look like, as a fragment."""
    return render(request, "forum/_preview.html", {"preview": preview_of(request.POST.get("body", ""))})
