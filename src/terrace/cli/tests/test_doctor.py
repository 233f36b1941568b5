"""What `terrace doctor` says of uploads and their files."""

import pytest

from terrace.cli import doctor
from terrace.media import actions, queries
from terrace.media.actions import files
from terrace.media.tests.pictures import picture

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


def stray(number):
    queries.folder(f"{number:024x}").mkdir(parents=True)


def test_uploads_and_files_that_fit_together(now):
    assert doctor.uploads() == doctor.Finding("uploads", True, "0, all with their files")
    actions.keep_image(picture(), member_id=7, now=now)
    stray(1)
    seen = "1, all with their files, 1 folders without one are swept away within a day"
    assert doctor.uploads() == doctor.Finding("uploads", True, seen)


def test_uploads_without_files(now):
    lost = actions.keep_image(picture(), member_id=7, now=now)
    files.delete(lost.key)
    finding = doctor.uploads()
    assert (finding.well, finding.seen) == (False, f"1 of 1 have lost their files, such as {lost.key}")


def test_files_of_another_database(now):
    actions.keep_image(picture(), member_id=7, now=now)
    for number in range(30):
        stray(number)
    assert doctor.uploads().well is False
