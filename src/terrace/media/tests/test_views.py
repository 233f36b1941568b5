"""Sending a picture: by script, by plain form, by nobody."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from terrace.media.models import Upload
from terrace.media.tests.pictures import picture
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
    assert answer.json() == {"url": url, "markdown": f"![a b]({url})", "width": 400, "height": 300}


def test_a_plain_form_gets_a_page(client, member):
    client.force_login(member)
    assert b'enctype="multipart/form-data"' in client.get("/uploads").content
    page = client.post("/uploads", sent()).content.decode()
    assert f"![a b](/media/{Upload.objects.get().key}/960.webp)" in page


def test_refusals_are_said_in_both_forms(client, member):
    client.force_login(member)
    told = client.post("/uploads", sent(b"<svg/>", "x.svg", "image/svg+xml"), headers=JSON)
    assert told.status_code == 422
    assert "not a picture" in told.json()["sentence"]
    page = client.post("/uploads", sent(b"<svg/>"))
    assert page.status_code == 422
    assert b"not a picture" in page.content
    assert client.post("/uploads", {}, headers=JSON).status_code == 422


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
    assert answer.status_code == 422
    assert "30 MB" in answer.json()["sentence"]


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
    for _each in range(31):
        answer = client.post("/uploads", sent(b"nothing"), headers=JSON)
    assert answer.status_code in {422, 429}  # 422 only where the minute turned meanwhile
    answers = [client.post("/uploads", sent(b"nothing"), headers=JSON) for _each in range(31)]
    assert answers[-1].status_code == 429
    assert answers[-1]["Retry-After"] == "60"
