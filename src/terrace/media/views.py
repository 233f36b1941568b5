"""Sending a picture, a video or a sound: for the editor's script, and as a plain form."""

from typing import Any

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
from terrace.media.actions import clips, pictures
from terrace.media.forms import UploadForm

ENVELOPE = 64 * 1024  # bytes of a multipart body beside its files
POSTER = 2 * 1024 * 1024  # bytes
PER_MINUTE = 60  # tries of one member, failed ones too


@never_cache
@csrf_exempt  # the length is looked at before anything is read; then `_receive` asks for the token
@require_http_methods(["GET", "POST"])
def upload_new(request: Request) -> HttpResponse:
    """Keep a file and answer its address and Markdown, as JSON for a script and as a page for a plain form."""
    if request.member is None and request.method == "GET":
        return redirect_to_login(request.get_full_path())
    try:
        policies.check_upload(request.member, request.now)
        limits = policies.limits_of(request.member)
        if request.method == "GET":
            return _page(request, UploadForm(), limits)
        _check_pace(request)
        _check_length(request, limits)
        return _receive(request, limits)
    except Refused as refused:
        return _refuse(request, refused)


def _check_pace(request: Request) -> None:
    key = f"media:tries:{request.member.pk}:{int(request.now.timestamp()) // 60}"
    cache.add(key, 0, timeout=120)
    if cache.incr(key) > PER_MINUTE:
        raise TooMany(_("Take a breath: you can add pictures again in a minute."), retry_after=60)


def _check_length(request: Request, limits: policies.Limits) -> None:
    length = request.META.get("CONTENT_LENGTH") or "0"
    size = int(length) if length.isascii() and length.isdigit() else 0
    policies.check_file_size(size - ENVELOPE - POSTER, max(pictures.MAX_BYTES, _most_of_clips(limits)))


def _most_of_clips(limits: policies.Limits) -> int:
    return max(limits.video_mb, limits.audio_mb) * policies.MB


@csrf_protect
def _receive(request: Request, limits: policies.Limits) -> HttpResponse:
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        raise Invalid(_("Choose a file first."), field="file")
    sent, poster = form.cleaned_data["file"], form.cleaned_data["poster"]
    more: dict[str, Any] = {"member_id": request.member.pk, "name": sent.name or "", "now": request.now}
    head = sent.read(256)
    sent.seek(0)
    is_clip = pictures.format_of(head) is None and bool(clips.kind_of(head))
    if not is_clip and sent.size and pictures.format_of(head) is None:
        sentence = _(
            "We cannot read this file. Pictures (JPEG, PNG, WebP, GIF, AVIF, HEIC), videos (MP4, WebM) and sounds (M4A, MP3, Ogg, WAV) work."
        )
        raise Invalid(sentence, field="file", status=415)
    if is_clip:
        policies.check_file_size(sent.size, _most_of_clips(limits))
        cover = poster.read() if poster and poster.size <= POSTER else b""
        upload = actions.keep_clip(sent.read(), poster=cover, limits=limits, **more)
    else:
        if sent.size > pictures.MAX_BYTES:
            raise pictures.too_large(sent.size)
        upload = actions.keep_image(sent.read(), limits=limits, again=form.cleaned_data["again"], **more)
    if _wants_json(request):
        return JsonResponse(_answer(upload), status=201)
    return _page(request, UploadForm(), limits, kept=_answer(upload))


def _answer(upload: Any) -> dict[str, Any]:
    width, height = queries.size_at(upload)
    return {
        "kind": upload.kind,
        "url": queries.address_of(upload),
        "markdown": queries.markdown(upload),
        "name": queries.words_of(upload),
        "thumb": queries.address(upload.key, 320) if upload.widths else "",
        "width": width,
        "height": height,
    }


def _wants_json(request: Request) -> bool:
    return "application/json" in request.headers.get("Accept", "")


def _refuse(request: Request, refused: Refused) -> HttpResponse:
    earlier = _answer(refused.upload) if isinstance(refused, policies.SentBefore) else None
    if _wants_json(request):
        told = {"sentence": refused.sentence} | ({"earlier": earlier} if earlier else {})
        response: HttpResponse = JsonResponse(told, status=refused.status)
    elif request.member is None:
        raise refused
    else:
        form = UploadForm({})
        form.errors.clear()
        form.add_error("file", refused.sentence)
        limits = policies.limits_of(request.member)
        response = _page(request, form, limits, status=refused.status, kept=earlier, again=earlier is not None)
    if isinstance(refused, TooMany):
        response.headers["Retry-After"] = str(refused.retry_after)
    return response


def _page(
    request: Request,
    form: UploadForm,
    limits: policies.Limits,
    *,
    status: int = 200,
    kept: dict | None = None,
    again: bool = False,
) -> HttpResponse:
    told = {"form": form, "kept": kept, "again": again, "limits": limits, "most": pictures.MAX_BYTES // policies.MB}
    return render(request, "media/upload_new.html", told, status=status)
