"""What `terrace doctor` says of the database, of what stands in the way of posting, and of uploads and their files."""

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from terrace.cli import doctor
from terrace.kernel import options
from terrace.media import actions, queries
from terrace.media.actions import files
from terrace.media.tests.pictures import picture
from terrace.members import policies as members

pytestmark = pytest.mark.django_db
GATEWAY = {
    "backend": "aliyun", "access_key": "a", "secret": "b", "sign_name": "c", "templates": dict.fromkeys(members.TEXTS, "SMS_1")
}  # fmt: skip


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


@pytest.mark.parametrize(
    ("asked", "backend", "well"),
    [(False, "console", True), (True, "console", False), (True, "aliyun", True), (True, "aliyn", False)],
)
def test_a_phone_that_nobody_can_verify_is_a_problem(asked, backend, well, settings, now):
    settings.TERRACE_SMS = GATEWAY | {"backend": backend}
    options.put("members.phone_before_post", asked, now)
    options.forget()
    finding = doctor.posting()
    assert finding.well is well
    assert ("nobody new can post" in finding.seen, "TERRACE_SMS" in finding.mend) == (not well, not well)


@pytest.mark.parametrize(
    ("changed", "well", "seen"),
    [
        ({}, True, "aliyun"),
        ({"backend": "tencent", "app_id": "1400000000"}, True, "tencent"),
        ({"backend": "aliyn"}, False, "unknown gateway “aliyn”, one of console, aliyun, tencent"),
        ({"secret": "", "sign_name": ""}, False, "aliyun lacks secret, sign_name"),
        ({"backend": "tencent"}, False, "tencent lacks app_id"),
        ({"templates": {**GATEWAY["templates"], "reset": ""}}, False, "aliyun lacks templates.reset"),
        ({"backend": "console"}, None, "no gateway: nobody can sign up or take a new password by phone"),
    ],
)
def test_a_gateway_that_cannot_send_is_not_well(settings, changed, well, seen):
    settings.TERRACE_SMS = GATEWAY | changed
    finding = doctor.sms()
    assert (finding.name, finding.well, finding.seen) == ("text messages", well, seen)
    assert ("TERRACE_SMS" in finding.mend) == (well is not True)
    assert members.can_verify_phones() == (well is True)


KEY = "abcdefghijklmnopqrstuvwxyz0123456789abcdef"
READING = ("tables", "posting", "notifications", "worker", "deliveries", "administrator", "uploads")


def run(folder, *arguments, **environment):
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("TERRACE_", "DJANGO_"))}
    clean |= {"PYTHONPATH": str(Path(__file__).parents[3]), "TERRACE_DATA": str(folder), "TERRACE_SECRET_KEY": KEY}
    return subprocess.run(
        [sys.executable, "-m", "terrace", *arguments],
        env=clean | environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        cwd=folder.parent,
    )


def told(folder, **environment):
    """Return the findings in a folder by name; what the check left there is a failure."""
    before = sorted(folder.rglob("*"))
    result = run(folder, "doctor", "--json", **environment)
    assert (result.returncode, result.stderr) == (1, "")
    assert sorted(folder.rglob("*")) == before
    return {each["name"]: each for each in json.loads(result.stdout)}


def left_out(found):
    """Return the checks that were not made because the database was needed."""
    return {name for name, each in found.items() if each["seen"] == "not checked: needs the database"}


@pytest.mark.slow
def test_a_check_of_an_empty_folder_leaves_nothing(tmp_path):
    folder = tmp_path / "data"
    found = told(folder)
    assert not folder.exists()
    assert found["storage"]["well"] is True
    assert found["database"]["seen"] == f"there is none at {folder}/terrace.sqlite3"
    assert "terrace setup" in found["database"]["mend"] and "TERRACE_DATABASE_URL" not in found["database"]["mend"]
    assert left_out(found) == set(READING)
    folder.mkdir()
    assert told(folder)["database"] == found["database"]


@pytest.mark.slow
def test_a_damaged_file_is_called_damaged(tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    file = folder / "terrace.sqlite3"
    file.write_bytes(os.urandom(5000))
    found = told(folder)
    assert found["database"]["seen"] == f"{file} is damaged"
    assert "newest backup" in found["database"]["mend"] and "TERRACE_DATABASE_URL" not in found["database"]["mend"]
    assert left_out(found) == set(READING)
    for command in (["serve", "--port", "0"], ["setup"]):
        refused = run(folder, *command)
        assert refused.returncode == 1
        assert refused.stderr.startswith(f"Error: {file} is damaged. Stop the server, put the newest backup")


@pytest.mark.slow
def test_a_file_that_was_torn_in_the_middle_is_damaged_too(tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    file = folder / "terrace.sqlite3"
    with sqlite3.connect(file) as made:
        made.execute("CREATE TABLE t (x TEXT)")
        made.executemany("INSERT INTO t VALUES (?)", [("x" * 500,)] * 200)
    made.close()
    whole = file.read_bytes()
    assert told(folder)["database"]["well"] is True
    file.write_bytes(whole[:8192] + os.urandom(4096) + whole[12288:])
    assert told(folder)["database"]["seen"] == f"{file} is damaged"


@pytest.mark.slow
def test_a_file_that_cannot_be_opened_has_no_server(tmp_path):
    folder = tmp_path / "data"
    (folder / "terrace.sqlite3").mkdir(parents=True)
    found = told(folder)
    assert "unable to open database file" in found["database"]["seen"]
    assert "the user that runs Terrace" in found["database"]["mend"]
    assert left_out(found) == set(READING)


@pytest.mark.slow
@pytest.mark.parametrize("shut", [".", "terrace.sqlite3"])
def test_a_file_or_folder_of_another_user(tmp_path, shut):
    folder = tmp_path / "data"
    folder.mkdir()
    sqlite3.connect(folder / "terrace.sqlite3").execute("PRAGMA journal_mode=WAL").connection.close()
    (folder / shut).chmod(0o555)
    try:
        if os.access(folder / shut, os.W_OK):
            pytest.skip("this user may write everywhere: run the tests as another than root")
        found = told(folder)
        refused = run(folder, "serve", "--port", "0")
    finally:
        folder.chmod(0o755)
    assert found["database"]["seen"] == f"{folder / shut} cannot be written"
    assert "the user that runs Terrace" in found["database"]["mend"]
    assert refused.stderr.startswith(f"Error: {folder / shut} cannot be written. Give the user")


@pytest.mark.slow
def test_a_folder_that_cannot_be_written(tmp_path):
    (tmp_path / "file").write_text("in the way")
    folder = tmp_path / "file" / "data"
    result = run(tmp_path / "file", "serve", "--port", "0", TERRACE_DATA=str(folder))
    assert result.returncode == 1
    assert result.stderr.startswith(f"Error: {folder} cannot be written: Not a directory. Give the user")


@pytest.mark.slow
def test_a_dead_postgresql_is_said_once(tmp_path):
    found = told(tmp_path, TERRACE_DATABASE_URL="postgresql://terrace:secret@127.0.0.1:1/terrace")
    assert found["database"]["seen"] == "no connection to PostgreSQL at 127.0.0.1:1: Connection refused"
    assert "TERRACE_DATABASE_URL" in found["database"]["mend"]
    assert sum("refused" in each["seen"] for each in found.values()) == 1
    assert left_out(found) == {*READING, "clock"}
