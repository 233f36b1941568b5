"""What two can do at once, on two real connections."""

import threading

import pytest

from terrace.kernel.errors import TooMany
from terrace.kernel.tests.together import at_once
from terrace.media import actions, policies, queries
from terrace.media.actions import files, sweeping
from terrace.media.models import Upload
from terrace.media.tests.pictures import picture

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


def test_two_uploads_do_not_pass_the_daily_limit_together(now, monkeypatch):
    """Both have passed the first look at the limit when they come to their rows."""
    both, real = threading.Barrier(2, timeout=30), files.write

    def write(key, named):
        real(key, named)
        both.wait()

    monkeypatch.setattr(files, "write", write)
    one = policies.Limits(level=1, per_day=1, video_mb=0, video_seconds=0, audio_mb=0, audio_seconds=0)

    def send(colour):
        return lambda: actions.keep_image(picture(colour=(colour, 9, 9)), member_id=7, now=now, limits=one)

    found = at_once(send(10), send(20))
    assert sorted(type(each).__name__ for each in found) == ["TooMany", "Upload"]
    assert Upload.objects.count() == 1
    assert queries.strays() == [], "the files of the refused one are gone"
    assert isinstance(next(each for each in found if not isinstance(each, Upload)), TooMany)


def test_the_same_file_twice_at_once_is_kept_once(now, monkeypatch):
    both, real = threading.Barrier(2, timeout=30), files.write

    def write(key, named):
        real(key, named)
        both.wait()

    monkeypatch.setattr(files, "write", write)
    data = picture()
    one, other = at_once(*[lambda: actions.keep_image(data, member_id=7, now=now)] * 2)
    assert one.pk == other.pk
    assert queries.strays() == []


def test_a_picture_that_is_used_in_the_moment_of_the_sweep_stays_or_was_never_used(now):
    upload = actions.keep_image(picture(), member_id=7, now=now - 2 * sweeping.ORPHAN)
    at_once(lambda: actions.delete_orphans(now), lambda: actions.keep([upload.pk], place="post:1"))
    stays = Upload.objects.filter(pk=upload.pk).exists()
    assert bool(queries.places_of(upload.pk)) == stays
    assert queries.folder(upload.key).is_dir() == stays
