"""Who may have which file, and what Markdown needs to know of it."""

import pytest
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

from terrace.kernel import markup, slots
from terrace.media import actions, policies, queries
from terrace.media.tests.clips import clip
from terrace.media.tests.pictures import picture, saved, scene
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
    file = queries.file_at(path, session_key=mine)
    assert (file.path.is_file(), file.type, file.open, file.varies) == (True, "image/webp", False, True)
    assert queries.file_at(path, session_key=theirs) is None
    assert queries.file_at(path, session_key="") is None
    assert queries.file_at(path, session_key="made-up") is None
    shown[upload.pk] = {reader.pk}
    assert queries.file_at(path, session_key=theirs).open is False
    assert queries.file_at(path, session_key="") is None
    shown[upload.pk] = {None}
    assert queries.file_at(path, session_key="").open is False  # may change when the post goes: never cached for all


def test_a_session_of_an_old_password_is_nobody(now, settings, shown):
    owner = members.create_member("owner", now=now)
    path = queries.address(upload_by(owner, now).key)
    assert queries.file_at(path, session_key=session_of(owner, settings, **{HASH_SESSION_KEY: "old"})) is None


@pytest.mark.parametrize(
    "tail",
    [
        "{key}/961.webp",
        "{key}/960.avif",
        "{key}/clip.mp4",
        "{key}/source.webp",
        "{key}/.960.webp",
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
    shown = queries.shown_in(source)
    full = f"/media/{upload.key}/640.webp"
    srcset = f"/media/{upload.key}/320.webp 320w, {full} 400w"
    assert shown == {queries.address(upload.key): markup.Shown(400, 300, srcset=srcset, full=full, blur=upload.blur)}
    rendered = markup.render(source, shown=shown)
    assert 'width="400" height="300"' in rendered.html
    assert f'srcset="{srcset}"' in rendered.html
    assert queries.uploads_in(rendered.images) == [upload.pk]
    assert queries.uploads_in(["https://elsewhere/x.png"]) == []
    assert queries.thumbs([upload.pk, 999]) == {upload.pk: f"/media/{upload.key}/320.webp"}
    assert actions.shown_in is queries.shown_in


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("IMG_2034.HEIC", ""),
        ("mmexport1700000000.jpg", ""),
        ("Screenshot 2026-07-18 at 09.30.00.png", ""),
        ("PXL_20260718_0930.HDR.jpg", ""),
        ("微信图片_20260718.jpg", ""),
        ("12345.jpg", ""),
        ("夜景.jpg", "夜景"),
        ("image of the lamp.png", "image of the lamp"),
        ("Videothek.png", "Videothek"),
    ],
)
def test_a_name_that_nobody_chose_is_no_description(name, words, now):
    upload = actions.keep_image(picture(), member_id=7, name=name, now=now)
    assert queries.markdown(upload).startswith(f"![{words}](")


def film_by(member, now, name="plain.mp4", **how):
    return actions.keep_clip(
        clip(name), member_id=member.pk, name="夜市.mp4", now=now, limits=policies.limits_at(5), **how
    )


def test_what_markdown_asks_of_videos_and_sounds(now):
    owner = members.create_member("owner", now=now)
    film, sound = film_by(owner, now, poster=picture("JPEG", (700, 394))), film_by(owner, now, "opus.ogg")
    text = f"{queries.markdown(film)}\n{queries.markdown(sound)}"
    assert text == f"![夜市](/media/{film.key}/clip.mp4)\n![夜市](/media/{sound.key}/clip.ogg)"
    shown = queries.shown_in(text + f" ![](/media/{sound.key}/960.webp) ![](/media/{film.key}/clip.webm)")
    assert shown == {
        f"/media/{film.key}/clip.mp4": markup.Shown(64, 36, kind="video", poster=f"/media/{film.key}/960.webp"),
        f"/media/{sound.key}/clip.ogg": markup.Shown(0, 0, kind="audio"),
    }
    html = markup.render(text, shown=shown).html
    assert f'<video src="/media/{film.key}/clip.mp4"' in html
    addresses = [f"/media/{sound.key}/clip.ogg", f"/media/{film.key}/clip.mp4"]
    assert queries.thumb_of(addresses) == f"/media/{film.key}/320.webp", "the poster; a sound has none"
    assert queries.uploads_in(addresses) == [sound.pk, film.pk]


def test_the_files_of_videos_and_sounds(now, settings, shown):
    owner = members.create_member("owner", now=now)
    key = session_of(owner, settings)
    kinds = {"plain.mp4": "video/mp4", "plain.webm": "video/webm", "plain.m4a": "audio/mp4", "plain.mp3": "audio/mpeg"}
    for name, kind in kinds.items():
        film = film_by(owner, now, name)
        file = queries.file_at(queries.address_of(film), session_key=key, avif=True)
        assert (file.path.is_file(), file.type, file.open, file.varies) == (True, kind, False, False)
        assert queries.file_at(queries.address_of(film), session_key="") is None
        assert queries.file_at(f"/media/{film.key}/960.webp", session_key=key) is None, "there is no poster"


def test_a_browser_that_takes_avif_gets_the_lighter_rendition(now, settings, shown):
    owner = members.create_member("owner", now=now)
    upload = actions.keep_image(saved(scene(2, (1300, 900)), quality=97), member_id=owner.pk, now=now)
    key, path = session_of(owner, settings), queries.address(upload.key, 640)
    assert queries.file_at(path, session_key=key, avif=True).type == "image/webp", "not drawn yet"
    assert actions.draw_lighter(upload.pk)
    lighter, plain = queries.file_at(path, session_key=key, avif=True), queries.file_at(path, session_key=key)
    assert (lighter.type, lighter.path.name, lighter.varies) == ("image/avif", "640.avif", True)
    assert (plain.type, plain.path.name, plain.varies) == ("image/webp", "640.webp", True)


def test_who_posted_a_picture_before(now, django_assert_max_num_queries):
    """For staff: other people's places only, earlier only, and nothing of what stands nowhere."""
    first, second, third = (members.create_member(name, now=now) for name in ("one", "two", "three"))
    original = actions.keep_image(saved(scene(1), quality=95), member_id=first.pk, now=now)
    private = actions.keep_image(saved(scene(1), quality=80), member_id=second.pk, now=now)
    copy = actions.keep_image(saved(scene(1), quality=50), member_id=third.pk, now=now)
    own = actions.keep_image(saved(scene(1), quality=40), member_id=third.pk, now=now, again=True)
    other = actions.keep_image(saved(scene(2)), member_id=third.pk, now=now)
    actions.keep([original.pk], place="post:1")
    actions.keep([own.pk], place="post:7")
    actions.keep([copy.pk, other.pk], place="post:9")
    with django_assert_max_num_queries(7):
        assert queries.posted_before("post:9") == [(copy.pk, "post:1")]
    actions.keep([private.pk], place="message:4")
    assert queries.posted_before("post:9") == [(copy.pk, "post:1"), (copy.pk, "message:4")], "the room above leaves out"
    assert queries.posted_before("post:1") == []


def test_srcset_names_each_rendition_once():
    assert (
        queries.srcset("k", [320, 960, 1200])
        == "/media/k/320.webp 320w, /media/k/960.webp 960w, /media/k/1920.webp 1200w"
    )
    assert queries.srcset("k", [200]) == "/media/k/320.webp 200w"
    assert queries.srcset("k", [320, 640, 960, 1920]).count(",") == 3


def test_export(now):
    owner = members.create_member("owner", now=now)
    upload_by(owner, now)
    assert [each["name"] for each in queries.export_member(owner.pk)["uploads"]] == ["夜景"]
    assert queries.export_member(owner.pk + 1) == {"uploads": []}
