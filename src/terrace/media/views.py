"""Sending a picture: for the editor's script, and as a plain form."""

from django.contrib.auth.views import redirect_to_login
from django.core.cache import cache
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from terrace.kernel.errors import Invalid, Refused, TooMany
from terrace.kernel.request import Request
from terrace.media import actions, policies, queries
from terrace.media.actions import pictures
from terrace.media.forms import UploadForm

ENVELOPE = 64 * 1024  # bytes of a multipart body beside its file
PER_MINUTE = 30  # tries of one member, failed ones too


@never_cache
@csrf_exempt  # the length is looked at before anything is read; then `_receive` asks for the token
@require_http_methods(["GET", "POST"])
def upload_new(request: Request) -> HttpResponse:
    """Keep a picture and answer its address and Markdown, as JSON for a script and as a page for a plain form."""
    if request.member is None and request.method == "GET":
        return redirect_to_login(request.get_full_path())
    try:
        policies.check_upload(request.member, request.now)
        if request.method == "GET":
            return _page(request, UploadForm())
        _check_pace(request)
        _check_length(request)
        return _receive(request)
    except Refused as refused:
        return _refuse(request, refused)


def _check_pace(request: Request) -> None:
    key = f"media:tries:{request.member.pk}:{int(request.now.timestamp()) // 60}"
    cache.add(key, 0, timeout=120)
    if cache.incr(key) > PER_MINUTE:
        raise TooMany(_("Take a breath: you can add pictures again in a minute."), retry_after=60)


def _check_length(request: Request) -> None:
    length = request.META.get("CONTENT_LENGTH") or "0"
    size = int(length) if length.isdigit() else 0
    if size > pictures.MAX_BYTES + ENVELOPE:
        raise Invalid(pictures.too_large(size - ENVELOPE), field="file")


@csrf_protect
def _receive(request: Request) -> HttpResponse:
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        raise Invalid(_("Choose a picture first."), field="file")
    sent = form.cleaned_data["file"]
    if sent.size > pictures.MAX_BYTES:
        raise Invalid(pictures.too_large(sent.size), field="file")
    upload = actions.keep_image(sent.read(), member_id=request.member.pk, name=sent.name or "", now=request.now)
    size = queries.size_at(upload)
    answer = {
        "url": queries.address(upload.key),
        "markdown": queries.markdown(upload),
        "width": size.width,
        "height": size.height,
    }
    if _wants_json(request):
        return JsonResponse(answer, status=201)
    return _page(request, UploadForm(), kept=answer)


def _wants_json(request: Request) -> bool:
    return "application/json" in request.headers.get("Accept", "")


def _refuse(request: Request, refused: Refused) -> HttpResponse:
    if _wants_json(request):
        response: HttpResponse = JsonResponse({"sentence": refused.sentence}, status=refused.status)
    elif request.member is None:
        raise refused
    else:
        form = UploadForm({})
        form.errors.clear()
        form.add_error("file", refused.sentence)
        response = _page(request, form, status=refused.status)
    if isinstance(refused, TooMany):
        response.headers["Retry-After"] = str(refused.retry_after)
    return response


def _page(request: Request, form: UploadForm, *, status: int = 200, kept: dict | None = None) -> HttpResponse:
    return render(request, "media/upload_new.html", {"form": form, "kept": kept}, status=status)
