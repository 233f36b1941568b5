"""Sending a picture: by script, by plain form, by nobody."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from terrace.media.models import Upload
from terrace.media.tests.clips import clip
from terrace.media.tests.pictures import picture, saved, scene
from terrace.members import actions as members

pytestmark = pytest.mark.django_db
JSON = {"accept": "application/json"}


@pytest.fixture(autouse=True)
def _folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def member(now):
    return members.create_member("拍照的人", now=now)


def sent(data: bytes | None = None, name: str = "a b.png", kind: str = "image/png"):
    return {"file": SimpleUploadedFile(name, picture() if data is None else data, kind)}


def test_a_script_gets_json(client, member):
    client.force_login(member)
    answer = client.post("/uploads", sent(), headers=JSON)
    assert answer.status_code == 201
    upload = Upload.objects.get()
    url = f"/media/{upload.key}/960.webp"
    assert answer.json() == {
        "kind": "image",
        "url": url,
        "markdown": f"![a b]({url})",
        "name": "a b",
        "thumb": f"/media/{upload.key}/320.webp",
        "width": 400,
        "height": 300,
    }


def test_a_plain_form_gets_a_page(client, member):
    client.force_login(member)
    assert b'enctype="multipart/form-data"' in client.get("/uploads").content
    page = client.post("/uploads", sent()).content.decode()
    assert f"![a b](/media/{Upload.objects.get().key}/960.webp)" in page


def test_videos_and_sounds_are_sent_the_same_way(client, member):
    client.force_login(member)
    poster = {"poster": SimpleUploadedFile("poster.jpg", picture("JPEG", (700, 394)), "image/jpeg")}
    answer = client.post("/uploads", {**sent(clip("plain.mp4"), "夜市.mp4", "video/mp4"), **poster}, headers=JSON)
    film = Upload.objects.get()
    assert answer.status_code == 201
    told = {key: answer.json()[key] for key in ("kind", "url", "thumb", "width")}
    url = f"/media/{film.key}/clip.mp4"
    assert told == {"kind": "video", "url": url, "thumb": f"/media/{film.key}/320.webp", "width": 64}
    sound = client.post("/uploads", sent(clip("opus.ogg"), "x.png", "image/png"), headers=JSON).json()
    assert (sound["kind"], sound["thumb"]) == ("audio", ""), "what a browser calls it does not matter"
    page = client.post("/uploads", sent(clip("plain.webm"), "a.webm", "video/webm")).content.decode()
    assert "<video" in page
    assert "/clip.webm)" in page
    no_poster = {"poster": SimpleUploadedFile("poster.jpg", b"<svg>", "image/jpeg")}
    assert client.post("/uploads", {**sent(clip("pieces.mp4")), **no_poster}, headers=JSON).status_code == 415


def test_the_page_says_what_the_level_allows(client, member):
    client.force_login(member)
    assert b"20 MB and 15 s at your level" in client.get("/uploads").content
    member.level = 5
    member.save()
    assert b"100 MB and 180 s at your level" in client.get("/uploads").content


def test_refusals_are_said_in_both_forms(client, member):
    client.force_login(member)
    told = client.post("/uploads", sent(b"<svg/>", "x.svg", "image/svg+xml"), headers=JSON)
    assert told.status_code == 415
    assert "We cannot read this file" in told.json()["sentence"]
    page = client.post("/uploads", sent(b"<svg/>"))
    assert page.status_code == 415
    assert b"We cannot read this file" in page.content
    assert client.post("/uploads", {}, headers=JSON).status_code == 422
    large = client.post("/uploads", sent(clip("plain.mp4") + b"\0\0\0\x08free" * 2_700_000), headers=JSON)
    assert (large.status_code, large.json()["sentence"][:32]) == (413, "This file is 21 MB; the limit is")
    refused = client.post("/uploads", sent(picture()[:60]), headers={**JSON, "accept-language": "zh-CN"})
    assert refused.json()["sentence"] == "这张图坏了，读不出来。重新存一份再传。"


def test_a_picture_sent_before_is_offered(client, member):
    client.force_login(member)
    first = client.post("/uploads", sent(saved(scene(1), quality=95)), headers=JSON).json()
    again = client.post("/uploads", sent(saved(scene(1), quality=50)), headers=JSON)
    assert again.status_code == 409
    assert again.json()["earlier"] == first
    assert "sent this picture before" in again.json()["sentence"]
    page = client.post("/uploads", sent(saved(scene(1), quality=50)))
    assert page.status_code == 409
    assert first["markdown"] in page.content.decode()
    assert 'name="again"' in page.content.decode()
    assert client.post("/uploads", {**sent(saved(scene(1), quality=50)), "again": "1"}, headers=JSON).status_code == 201
    stranger = Client(headers={"accept-language": "en"})
    stranger.force_login(members.create_member("other", now=member.joined_at))
    told = stranger.post("/uploads", sent(saved(scene(1), quality=60)), headers=JSON)
    assert told.status_code == 201, "what others have sent is nobody's business"


def test_too_long_a_body_is_refused_before_it_is_read(client, member):
    client.force_login(member)
    answer = client.generic(
        "POST",
        "/uploads",
        b"x",
        content_type="multipart/form-data; boundary=y",
        CONTENT_LENGTH="31457280",
        HTTP_ACCEPT="application/json",
    )
    assert answer.status_code == 413
    assert "28 MB" in answer.json()["sentence"]


def test_strangers(client):
    assert client.get("/uploads").status_code == 302
    assert client.post("/uploads", sent(), headers=JSON).status_code == 401
    assert not Upload.objects.exists()


def test_the_suspended_may_not(client, member, now):
    member.suspended_until = now + timedelta(days=9999)
    member.save()
    client.force_login(member)
    assert client.post("/uploads", sent(), headers=JSON).status_code == 403


def test_the_token_is_asked_for(member):
    client = Client(enforce_csrf_checks=True)
    client.force_login(member)
    assert client.post("/uploads", sent(), headers=JSON).status_code == 403
    assert not Upload.objects.exists()


def test_tries_are_counted(client, member):
    client.force_login(member)
    for _each in range(61):
        answer = client.post("/uploads", sent(b"nothing"), headers=JSON)
    assert answer.status_code in {415, 429}  # 415 only where the minute turned meanwhile
    answers = [client.post("/uploads", sent(b"nothing"), headers=JSON) for _each in range(61)]
    assert answers[-1].status_code == 429
    assert answers[-1]["Retry-After"] == "60"
