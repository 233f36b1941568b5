"""Who may have which file, and what Markdown needs to know of it."""

import pytest
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

from terrace.kernel import markup, slots
from terrace.media import actions, queries
from terrace.media.tests.pictures import picture
from terrace.members import actions as members

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def shown(monkeypatch):
    """Let a test say who may read which upload, as the forum would."""
    answers: dict[int, set[int | None]] = {}

    def may_read(upload_id, member):
        return True if (member.pk if member else None) in answers.get(upload_id, ()) else None

    monkeypatch.setitem(slots._fillers, queries.MAY_READ, [may_read])
    return answers


def session_of(member, settings, **changes):
    store = SessionStore()
    store[SESSION_KEY] = str(member.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = member.get_session_auth_hash()
    store.update(changes)
    store.save()
    return store.session_key


def upload_by(member, now, **how):
    return actions.keep_image(picture(), member_id=member.pk, name="夜景.jpg", now=now, **how)


def test_who_may_have_a_file(now, settings, shown):
    owner, reader = members.create_member("owner", now=now), members.create_member("reader", now=now)
    upload = upload_by(owner, now)
    path = queries.address(upload.key)
    mine, theirs = session_of(owner, settings), session_of(reader, settings)
    file, kind, is_open = queries.file_at(path, session_key=mine)
    assert (file.is_file(), kind, is_open) == (True, "image/webp", False)
    assert queries.file_at(path, session_key=theirs) is None
    assert queries.file_at(path, session_key="") is None
    assert queries.file_at(path, session_key="made-up") is None
    shown[upload.pk] = {reader.pk}
    assert queries.file_at(path, session_key=theirs)[2] is False
    assert queries.file_at(path, session_key="") is None
    shown[upload.pk] = {None}
    assert queries.file_at(path, session_key="")[2] is False  # may change when the post goes: never cached for all


def test_a_session_of_an_old_password_is_nobody(now, settings, shown):
    owner = members.create_member("owner", now=now)
    path = queries.address(upload_by(owner, now).key)
    assert queries.file_at(path, session_key=session_of(owner, settings, **{HASH_SESSION_KEY: "old"})) is None


@pytest.mark.parametrize(
    "tail",
    [
        "{key}/961.webp",
        "{key}/960.jpg",
        "{key}/../960.webp",
        "{key}/960.webp/",
        "%2e%2e/960.webp",
        "{key}/0960.webp",
        "X/960.webp",
    ],
)
def test_other_addresses_lead_nowhere(tail, now, settings, shown):
    owner = members.create_member("owner", now=now)
    upload = upload_by(owner, now)
    path = f"/media/{tail.format(key=upload.key)}"
    assert queries.file_at(path, session_key=session_of(owner, settings)) is None


def test_queries_for_a_file(now, settings, shown, django_assert_num_queries):
    owner = members.create_member("owner", now=now)
    path, face = queries.address(upload_by(owner, now).key), upload_by(owner, now, kind="avatar")
    key = session_of(owner, settings)
    with django_assert_num_queries(3):  # upload, session, member
        queries.file_at(path, session_key=key)
    with django_assert_num_queries(1):
        queries.file_at(f"/media/{face.key}/64.webp", session_key=key)


def test_what_markdown_asks(now):
    owner = members.create_member("owner", now=now)
    upload = upload_by(owner, now)
    text = queries.markdown(upload)
    assert text == f"![夜景](/media/{upload.key}/960.webp)"
    source = f"看这张\n\n{text}\n\n![别处](/media/{'0' * 24}/960.webp)"
    sizes = queries.sizes_in(source)
    assert sizes == {queries.address(upload.key): markup.ImageSize(400, 300)}
    rendered = markup.render(source, images=sizes)
    assert 'width="400" height="300"' in rendered.html
    assert queries.uploads_in(rendered.images) == [upload.pk]
    assert queries.uploads_in(["https://elsewhere/x.png"]) == []
    assert queries.thumbs([upload.pk, 999]) == {upload.pk: f"/media/{upload.key}/320.webp"}
    assert actions.sizes_in is queries.sizes_in


def test_srcset_names_each_rendition_once():
    assert (
        queries.srcset("k", [320, 960, 1200])
        == "/media/k/320.webp 320w, /media/k/960.webp 960w, /media/k/1920.webp 1200w"
    )
    assert queries.srcset("k", [200]) == "/media/k/320.webp 200w"


def test_export(now):
    owner = members.create_member("owner", now=now)
    upload_by(owner, now)
    assert [each["name"] for each in queries.export_member(owner.pk)["uploads"]] == ["夜景"]
    assert queries.export_member(owner.pk + 1) == {"uploads": []}
