"""What goes again: unused uploads with all their files, and what crashes leave behind."""

import os
from datetime import timedelta

import pytest

from terrace.media import actions, policies, queries, tasks
from terrace.media.actions import files, sweeping
from terrace.media.models import Look, Upload
from terrace.media.tests.clips import clip
from terrace.media.tests.pictures import picture, saved, scene

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


def keep(data, now, **how):
    return actions.keep_image(data, **{"member_id": 7, "name": "a.png", "now": now, **how})


def aged(path, moment):
    os.utime(path, (moment.timestamp(), moment.timestamp()))


def test_orphans_go_after_a_day_with_their_files(now, django_capture_on_commit_callbacks):
    used, orphan, young = (keep(picture(colour=(each, 9, 9)), now) for each in range(3))
    Upload.objects.filter(pk=young.pk).update(created_at=now + timedelta(hours=20))
    actions.keep([used.pk], place="post:1")
    with django_capture_on_commit_callbacks(execute=True):
        assert actions.delete_orphans(now + timedelta(hours=25)) == 1
    with django_capture_on_commit_callbacks(execute=True):
        assert actions.delete_orphans(now + timedelta(hours=25)) == 0
    assert set(Upload.objects.values_list("pk", flat=True)) == {used.pk, young.pk}
    assert not queries.folder(orphan.key).exists()
    assert queries.folder(used.key).exists()


def test_an_orphan_that_comes_in_again_counts_as_new(now):
    orphan = keep(picture(), now)
    again = keep(picture(), now + timedelta(hours=30))
    assert again.pk == orphan.pk
    assert actions.delete_orphans(now + timedelta(hours=31)) == 0


def test_all_files_of_an_orphan_go(now, django_capture_on_commit_callbacks):
    """Original, renditions, lighter ones, poster, look."""
    shot = keep(saved(scene(4, (900, 700)), quality=95), now)
    actions.draw_lighter(shot.pk)
    limits = policies.limits_at(5)
    film = actions.keep_clip(clip("plain.mp4"), member_id=7, now=now, limits=limits, poster=saved(scene(5, (640, 360))))
    assert {file.name for file in queries.folder(film.key).iterdir()} == {"clip.mp4", "320.webp", "640.webp"}
    assert Look.objects.count() == 4
    with django_capture_on_commit_callbacks(execute=True):
        tasks.sweep(now + timedelta(hours=25))
    assert not Upload.objects.exists()
    assert not Look.objects.exists()
    assert [path for path in queries.root().rglob("*") if path.is_file()] == []


class Crash(BaseException):
    """The process ends here: nothing is tidied up."""


def test_a_crash_between_file_and_row_leaves_nothing_for_ever(now, monkeypatch):
    monkeypatch.setattr(Upload, "save", lambda *_args, **_how: (_ for _ in ()).throw(Crash))
    monkeypatch.setattr(files, "delete", lambda key: None)
    with pytest.raises(Crash):
        keep(picture(), now)
    (stray,) = queries.strays()
    aged(stray, now - timedelta(hours=23))
    assert sweeping.delete_strays(now) == 0, "it may be an upload that is just being written"
    aged(stray, now - timedelta(hours=25))
    assert sweeping.delete_strays(now) == 1
    assert queries.strays() == []


def test_a_crash_while_files_are_written_leaves_no_half_upload(now, monkeypatch):
    written = []

    def write_down(path, data):
        if written:
            raise Crash
        written.append(path)
        path.write_bytes(data)

    monkeypatch.setattr(files, "_write_down", write_down)
    monkeypatch.setattr(files.shutil, "rmtree", lambda *_args, **_how: None)
    with pytest.raises(Crash):
        keep(picture(), now)
    monkeypatch.undo()
    assert not Upload.objects.exists()
    (stray,) = queries.strays()
    assert stray.name.startswith(".")
    aged(stray, now - timedelta(hours=25))
    assert sweeping.delete_strays(now) == 1


def test_a_crash_between_row_and_files_at_the_end_leaves_nothing_for_ever(now, django_capture_on_commit_callbacks):
    gone = keep(picture(), now)
    with django_capture_on_commit_callbacks(execute=False):  # the process ends right after the commit
        assert actions.delete_orphans(now + timedelta(hours=25)) == 1
    assert queries.folder(gone.key).is_dir()
    aged(queries.folder(gone.key), now)
    assert sweeping.sweep(now + timedelta(hours=50)).strays == 1
    assert not queries.folder(gone.key).exists()


def test_leftovers_inside_of_folders_go(now):
    shown = keep(saved(scene(1)), now)
    actions.keep([shown.pk], place="post:1")
    folder = queries.folder(shown.key)
    (folder / ".640.avif").write_bytes(b"half")
    for name in (".640.avif", files.SOURCE):
        aged(folder / name, now - timedelta(hours=23))
    assert sweeping.delete_leftovers(now) == 0
    for name in (".640.avif", files.SOURCE):
        aged(folder / name, now - timedelta(hours=25))
    assert sweeping.delete_leftovers(now) == 2
    assert {file.name for file in folder.iterdir()} == {"320.webp", "640.webp", "800.webp"}


def test_what_is_not_ours_is_left_alone(now):
    for name in ("lost+found", "ab/readme.txt", "ab/backup"):
        (queries.root() / name).mkdir(parents=True)
    assert queries.strays() == []


def test_a_wrong_database_deletes_nothing(now):
    for each in range(25):
        place = queries.folder(f"{each:024x}")
        place.mkdir(parents=True)
        aged(place, now - timedelta(days=9))
    assert sweeping.delete_strays(now) == 0
    assert len(queries.store().strays) == 25


def test_what_the_store_says(now):
    lost, _well = keep(picture(), now), keep(picture(colour=(1, 2, 3)), now)
    files.delete(lost.key)
    store = queries.store()
    assert (store.uploads, store.missing, store.strays) == (2, [lost.key], [])
