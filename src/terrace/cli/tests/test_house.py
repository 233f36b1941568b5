"""Setting up, the doctor, the token of the first-run page, and refusing what cannot work."""

import json
import os
import secrets
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.test import Client

from terrace.cli import doctor, founding
from terrace.cli.main import COMMANDS, main
from terrace.forum import policies, queries
from terrace.kernel import clock, config, options
from terrace.kernel.errors import Invalid
from terrace.kernel.models import Delivery, EventRow, Heartbeat, OutboxMessage
from terrace.members import queries as members
from terrace.members.models import Member, Role

pytestmark = pytest.mark.django_db
SOURCE = Path(__file__).parents[3]
PASSWORD = "rice terraces in the morning"


@pytest.fixture(autouse=True)
def _no_remembered_boards():
    policies.forget_tree()
    yield
    policies.forget_tree()


def plan(**changes):
    values = {
        "name": "山岚",
        "handle": "若溪",
        "email": "ruoxi@example.com",
        "password": PASSWORD,
        "template": "hardware",
    }
    return founding.Plan(**values | changes)


@pytest.mark.django_db(transaction=True)
def test_founding_makes_an_administrator_boards_and_invitations(now, settings):
    settings.EMAIL_BACKEND = "terrace.kernel.mail.OutboxBackend"
    administrator = founding.found(plan(team=["lin@example.com"], registration="invitation", off=["members"]), now=now)
    policies.forget_tree()
    assert (administrator.role, administrator.handle) == (Role.ADMINISTRATOR, "若溪")
    assert administrator.check_password(PASSWORD)
    assert options.get("brand.name") == {"zh": "山岚", "en": "山岚"}
    assert options.get("members.registration") == "invitation"
    assert options.get("brand.sections") == ["members"]
    access = policies.access(None, now)
    assert len(access.ids("read")) == 9
    assert not policies.access(Member(level=5), now).may(queries.find_board("news").pk, "open")
    letter = OutboxMessage.objects.get()
    assert letter.to == "lin@example.com"
    assert "/accounts/signup/?invitation=" in letter.body


@pytest.mark.parametrize("wrong", [{"password": "12345678"}, {"handle": "x"}, {"team": ["not an address"]}])
def test_a_founding_that_fails_leaves_nothing(wrong, now):
    with pytest.raises(Invalid):
        founding.found(plan(**wrong), now=now)
    assert not Member.objects.exists()
    assert queries.find_board("news") is None
    assert not EventRow.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_first_run_page_opens_once_with_the_newest_token():
    client = Client(headers={"accept-language": "en"})
    old, token = founding.new_token(), founding.new_token()
    assert client.get("/setup/").status_code == 403
    assert client.get(f"/setup/?token={old}").status_code == 403
    assert client.get(f"/setup/?token={token}").status_code == 200
    form = {
        "token": token, "name": "山岚", "language": "en", "template": "small", "registration": "open", "sections": ["forum"],
        "handle": "若溪", "email": "ruoxi@example.com", "password": "short", "team": "",
    }  # fmt: skip
    refused = client.post("/setup/", form)
    assert refused.status_code == 422
    assert "ruoxi@example.com" in refused.content.decode(), "nothing typed is lost"
    answer = client.post("/setup/", form | {"password": PASSWORD})
    assert answer.status_code == 302
    assert members.has_administrator()
    assert client.get(f"/setup/?token={token}").status_code == 404
    assert queries.find_board("talk").name == "Talk"


@pytest.mark.django_db(transaction=True)
def test_setup_on_the_command_line_refuses_a_second_time(now):
    arguments = ["setup", "--name", "山岚", "--language", "zh-hans", "--boards", "small", "--registration", "open"]
    arguments += ["--handle", "若溪", "--email", "ruoxi@example.com", "--password", PASSWORD]
    first = CliRunner().invoke(main, arguments)
    assert first.exit_code == 0, first.output
    second = CliRunner().invoke(main, arguments)
    assert second.exit_code == 1
    assert "has an administrator already" in second.output


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_that_is_told_of_is_there(name):
    result = CliRunner().invoke(main, [name, "--help"])
    assert result.exit_code == 0 or name == "manage", result.output


def findings():
    return {finding.name: finding for finding in doctor.examine()}


def test_the_doctor_of_an_empty_house(settings):
    found = findings()
    assert found["database"].well
    assert found["tables"].well
    assert found["administrator"].well is False
    assert "terrace setup" in found["administrator"].mend
    assert found["worker"].well is None


def test_the_doctor_sees_a_worker_that_stopped_and_deliveries_that_wait(now):
    moment = clock.now()
    Heartbeat.objects.create(name="worker", at=moment - timedelta(minutes=10))
    row = EventRow.objects.create(kind="k", about="x:1", data={}, at=now)
    late = Delivery.objects.create(event=row, listener="a.b", due_at=moment - timedelta(minutes=6))
    found = findings()
    assert found["worker"].well is False
    assert "10 minutes ago" in found["worker"].seen
    assert found["deliveries"].well is False
    Heartbeat.objects.update(at=moment)
    Delivery.objects.filter(pk=late.pk).update(state="dead")
    found = findings()
    assert found["worker"].well
    assert "given up" in found["deliveries"].seen
    Delivery.objects.filter(pk=late.pk).update(state="done")
    assert findings()["deliveries"].well


@pytest.mark.parametrize(
    ("check", "settings", "well", "words"),
    [
        (doctor.secret, {"secret_key": ""}, False, "there is none"),
        (doctor.secret, {"secret_key": "a" * 50}, False, "easy to guess"),
        (doctor.secret, {"secret_key": secrets.token_hex(30)}, True, "set"),
        (doctor.hosts, {"hosts": ["*"], "base_url": "https://a.example"}, False, "every host"),
        (doctor.hosts, {"hosts": ["b.example"], "base_url": "https://a.example"}, False, "not in hosts"),
        (doctor.hosts, {"hosts": [".example"], "base_url": "https://a.example"}, True, "https"),
        (doctor.hosts, {"hosts": ["a.example"], "base_url": "http://a.example"}, False, "not https"),
        (doctor.storage, {"data": Path("/proc/terrace")}, False, "cannot be written"),
    ],
)
def test_single_checks(check, settings, well, words):
    finding = check(settings)
    assert (finding.well, words in finding.seen) == (well, True), finding


def run(folder, *arguments, **environment):
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("TERRACE_", "DJANGO_"))}
    clean |= {"PYTHONPATH": str(SOURCE), "TERRACE_DATA": str(folder)} | environment
    return subprocess.run(
        [sys.executable, "-m", "terrace", *arguments],
        env=clean,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        cwd=folder,
    )


@pytest.mark.slow
def test_a_first_start_writes_a_key_that_only_its_owner_reads(tmp_path):
    result = run(tmp_path, "manage", "check")
    assert result.returncode == 0, result.stderr
    file = tmp_path / "terrace.toml"
    assert file.stat().st_mode & 0o077 == 0
    assert len(file.read_text().split('"')[1]) > 60
    told = json.loads(run(tmp_path, "doctor", "--json").stdout)
    assert {each["name"]: each["well"] for each in told}["secret key"] is True


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "environment", "words"),
    [
        (["serve", "--role", "web"], {}, "PostgreSQL and Redis"),
        (["serve", "--role", "worker"], {"TERRACE_REDIS_URL": "redis://127.0.0.1:1/0"}, "PostgreSQL and Redis"),
        (["doctor"], {"TERRACE_DATABASE_URL": "mysql://x"}, "TERRACE_DATABASE_URL begins with mysql"),
        (["doctor"], {"TERRACE_THREADS": "many"}, "must be a whole number"),
        (["doctor"], {"TERRACE_SMS": "{"}, "must be JSON"),
    ],
)
def test_what_cannot_work_is_refused_with_a_sentence(tmp_path, arguments, environment, words):
    result = run(tmp_path, *arguments, **environment)
    assert result.returncode != 0
    assert words in result.stdout + result.stderr
    assert "Traceback" not in result.stderr


def test_settings_come_from_the_environment_then_the_file(tmp_path, monkeypatch):
    for name in list(os.environ):
        if name.startswith("TERRACE_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("TERRACE_DATA", str(tmp_path))
    (tmp_path / "terrace.toml").write_text(
        'language = "en"\nthreads = 3\nhosts = ["a.example"]\n[sms]\nbackend = "aliyun"\n'
    )
    monkeypatch.setenv("TERRACE_THREADS", "5")
    found = config.load()
    assert (found["language"], found["threads"], found["hosts"], found["sms"]) == (
        "en",
        5,
        ["a.example"],
        {"backend": "aliyun"},
    )
    (tmp_path / "terrace.toml").write_text('langauge = "en"\n')
    with pytest.raises(config.BadConfig, match="langauge"):
        config.load()
