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
    founded = founding.found(plan(team=["lin@example.com"], registration="invitation", off=["members"]), now=now)
    administrator = founded.administrator
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
    assert [each.address for each in founded.unsent] == ["lin@example.com"], "the outbox is not a mail server"
    assert founded.unsent[0].link in letter.body and founded.unsent[0].link in letter.html
    assert letter.subject == "一起运营山岚" and "若溪邀请你一起运营山岚" in letter.html, "the name that was just given"


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
    assert (answer.status_code, answer.headers["Location"]) == (302, "/accounts/2fa/totp/activate/")
    assert client.get(answer.headers["Location"]).status_code == 200, "the password is not asked for again"
    assert members.has_administrator()
    assert client.get(f"/setup/?token={token}").status_code == 404
    assert queries.find_board("talk").name == "Talk"


@pytest.mark.django_db(transaction=True)
def test_setup_on_the_command_line_refuses_a_second_time(now):
    arguments = ["setup", "--name", "山岚", "--language", "zh-hans", "--boards", "small", "--registration", "open"]
    arguments += ["--handle", "若溪", "--email", "ruoxi@example.com", "--password", PASSWORD]
    first = CliRunner().invoke(main, arguments)
    assert first.exit_code == 0, first.output
    assert "山岚建好了" in first.output and "is ready" not in first.output, "one language throughout"
    second = CliRunner().invoke(main, ["setup"])
    assert second.exit_code == 1
    assert second.output == "This community has an administrator already. Change things at the desk: /console/.\n"
    assert "已经有管理员" in CliRunner().invoke(main, arguments).output


@pytest.mark.django_db(transaction=True)
def test_setup_asks_in_the_language_that_was_chosen_and_gives_links_where_there_is_no_mail(settings):
    settings.EMAIL_BACKEND = "terrace.kernel.mail.OutboxBackend"
    typed = [
        "fr",
        "zh-hans",
        "山岚",
        "many",
        "small",
        "open",
        "",
        "",
        "若溪",
        "ruoxi@example.com",
        PASSWORD,
        "x",
        PASSWORD,
        PASSWORD,
    ]
    told = CliRunner().invoke(main, ["setup", "--invite", "lin@example.com"], input="\n".join(typed) + "\n")
    assert told.exit_code == 0, told.output
    english, chinese = told.output[: told.output.index("品牌名称")], told.output[told.output.index("品牌名称") :]
    assert "First language (zh-hans, en)" in english and "Type one of these: zh-hans, en." in english
    for words in (
        "请输入其中一个：hardware, small, empty。",
        "两次输入的密码不一样",
        "还没有设置邮件服务器",
        "/accounts/signup/?invitation=",
    ):
        assert words in chinese
    assert "Error" not in told.output and "password" not in told.output
    assert "邀请已发给" not in told.output


def test_setup_says_what_is_wrong_in_one_language():
    arguments = ["setup", "--name", "山岚", "--language", "zh-hans", "--boards", "small", "--registration", "open"]
    arguments += ["--handle", "若溪", "--email", "ruoxi@example.com", "--password", "12345678"]
    told = CliRunner().invoke(main, arguments)
    assert told.exit_code == 1 and "密码" in told.output and "Error" not in told.output


@pytest.mark.django_db(transaction=True)
def test_until_it_is_founded_strangers_read_that_it_is_being_set_up():
    client = Client(headers={"accept-language": "en"})
    setup = f"/setup/?token={founding.new_token()}"
    for address in ("/", "/accounts/signup/", "/b/", "/nothing/"):
        answer = client.get(address)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "600")
        assert "being set up" in answer.content.decode() and "/accounts/" not in answer.content.decode()
        assert answer.headers["Cache-Control"] == "no-store"
    assert [client.get(address).status_code for address in (setup, "/health", "/worker.js", "/offline/")] == [200] * 4
    founding.found(plan(), now=clock.now())
    options.forget()
    assert client.get("/").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_the_first_run_page_says_everything_that_is_wrong_at_once_and_shows_links(settings):
    settings.EMAIL_BACKEND = "terrace.kernel.mail.OutboxBackend"
    client = Client(headers={"accept-language": "en"})
    token = founding.new_token()
    form = {
        "token": token, "name": "山岚", "language": "en", "template": "small", "registration": "open", "sections": ["forum"],
        "handle": "-", "email": "ruoxi", "password": "short", "team": "nobody",
    }  # fmt: skip
    refused = client.post("/setup/", form)
    assert refused.status_code == 422
    for field in ("handle", "email", "password", "team"):
        assert f'id="id_{field}_error"' in refused.content.decode(), field
    right = {"handle": "若溪", "email": "ruoxi@example.com", "password": PASSWORD, "team": "lin@example.com"}
    page = client.post("/setup/", form | right).content.decode()
    assert "TERRACE_MAIL_URL" in page
    assert "/accounts/signup/?invitation=" in page
    assert client.get("/accounts/2fa/totp/activate/").status_code == 200


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_that_is_told_of_is_there(name):
    result = CliRunner().invoke(main, [name, "--help"])
    assert result.exit_code == 0 or name == "manage", result.output


@pytest.mark.slow
@pytest.mark.parametrize("arguments", [[], ["events"]])
def test_help_calls_the_command_as_it_is_typed(tmp_path, arguments):
    usage = run(tmp_path, *arguments, "--help").stdout.partition("\n")[0]
    assert usage.startswith(" ".join(["Usage: terrace", *arguments, "[OPTIONS]"]))


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


@pytest.mark.django_db
def test_notifications_need_https_and_the_key_they_were_turned_on_with(settings, now):
    from terrace.kernel import push
    from terrace.members.actions import create_member
    from terrace.notifications.models import Device

    assert doctor.notifications().well is None
    settings.TERRACE_BASE_URL = "https://community.example.com"
    member = create_member("林间", now=now)
    Device.objects.create(member=member, endpoint_hash="a", key=push.application_key(), created_at=now)
    assert (doctor.notifications().well, doctor.notifications().seen) == (True, "devices: 1")
    settings.SECRET_KEY = "another" * 8
    assert doctor.notifications().well is False and "another secret key" in doctor.notifications().seen


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
        cwd=folder if folder.exists() else folder.parent,
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
        (["doctor"], {"TERRACE_BASE_URL": "nonsense"}, "TERRACE_BASE_URL must be a whole address"),
        (["serve"], {"TERRACE_BASE_URL": "https://[x"}, "TERRACE_BASE_URL must be a whole address"),
        (["doctor"], {"TERRACE_TIME_ZONE": "Mars/One"}, "TERRACE_TIME_ZONE must be a name"),
        (["events", "dead"], {"TERRACE_TIME_ZONE": "../x"}, "TERRACE_TIME_ZONE must be a name"),
    ],
)
def test_what_cannot_work_is_refused_with_a_sentence(tmp_path, arguments, environment, words):
    result = run(tmp_path, *arguments, **environment)
    assert result.returncode != 0
    assert words in result.stdout + result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.slow
def test_the_doctor_without_a_key_makes_every_other_check(tmp_path):
    with_key = json.loads(run(tmp_path / "a", "doctor", "--json", TERRACE_SECRET_KEY=secrets.token_hex(30)).stdout)
    without = json.loads(run(tmp_path / "b", "doctor", "--json").stdout)
    assert [each["name"] for each in without] == [each["name"] for each in with_key]
    found = {each["name"]: each for each in without}
    assert found["secret key"]["well"] is False and "there is none at" in found["database"]["seen"]
    assert "nobody can sign up" in found["mail"]["seen"]
    assert not (tmp_path / "a").exists() and not (tmp_path / "b").exists(), "a check leaves nothing"


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
