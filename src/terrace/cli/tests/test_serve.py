"""What `serve` refuses: roles (the doctor says the same), a second server, the demo on a community of its own."""

import contextlib
import http.cookiejar
import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request

import pytest

from terrace.cli.tests.test_house import SOURCE, run

pytestmark = pytest.mark.slow
POSTGRES = {"TERRACE_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing"}
REDIS = {"TERRACE_REDIS_URL": "redis://127.0.0.1:1/0"}
NEED = "several processes need PostgreSQL and Redis; not set here: "


@pytest.mark.parametrize("role", ["web", "worker"])
@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({}, f"{NEED}PostgreSQL and Redis"),
        (REDIS, f"{NEED}PostgreSQL"),
        (POSTGRES, f"{NEED}Redis"),
        (POSTGRES | REDIS, "Redis does not answer: Error 111 connecting to 127.0.0.1:1. Connection refused"),
    ],
    ids=["sqlite", "sqlite and redis", "postgresql alone", "redis away"],
)
def test_several_processes_are_refused_with_a_sentence(tmp_path, role, environment, sentence):
    refused = run(tmp_path, "serve", "--role", role, TERRACE_SECRET_KEY="k" * 50, **environment)
    assert refused.returncode == 1
    assert refused.stderr.startswith(f"Error: --role {role} is refused: {sentence}. ")
    assert "Traceback" not in refused.stderr
    if role == "web":
        told = json.loads(run(tmp_path, "doctor", "--json", TERRACE_SECRET_KEY="k" * 50, **environment).stdout)
        finding = next(each for each in told if each["name"] == "processes")
        away = "TERRACE_REDIS_URL" in environment
        assert (finding["well"], sentence in finding["seen"] or away) == (not away, True), finding
        assert ("Redis does not answer" in finding["seen"]) == away


def test_a_database_that_is_away_is_said_in_a_sentence(tmp_path):
    refused = run(tmp_path, "serve", TERRACE_SECRET_KEY="k" * 50, **POSTGRES)
    assert refused.returncode == 1
    assert refused.stderr.startswith("Error: no connection to PostgreSQL at 127.0.0.1:1: Connection refused. ")
    assert "TERRACE_DATABASE_URL" in refused.stderr
    assert "Traceback" not in refused.stderr


def port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


@contextlib.contextmanager
def serving(folder, *arguments):
    """Run `terrace serve` until it answers; give the process and what it has said."""
    number = port()
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("TERRACE_", "DJANGO_"))}
    clean |= {"PYTHONPATH": str(SOURCE), "TERRACE_DATA": str(folder), "TERRACE_SECRET_KEY": "k" * 50}
    command = [sys.executable, "-m", "terrace", "serve", "--port", number, *arguments]
    process = subprocess.Popen(
        command, env=clean, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=folder
    )
    said = []
    try:
        for line in process.stdout:
            said.append(line)
            if f"Terrace is at http://127.0.0.1:{number}" in line:
                break
        else:
            raise AssertionError("".join(said))
        yield process, "".join(said)
    finally:
        process.kill()
        process.communicate(timeout=30)


def test_one_server_at_a_time_on_sqlite_and_a_killed_one_holds_nothing(tmp_path):
    setup = ["--name", "A", "--language", "en", "--boards", "empty", "--registration", "open"]
    setup += ["--handle", "Host", "--email", "host@example.com", "--password", "rice terraces in the morning"]
    with serving(tmp_path):
        second = run(tmp_path, "serve", "--port", port(), TERRACE_SECRET_KEY="k" * 50)
        assert second.returncode == 1
        assert second.stderr.startswith(f"Error: Another `terrace serve` runs on {tmp_path}, ")
        wrote = run(tmp_path, "setup", *setup, TERRACE_SECRET_KEY="k" * 50)
        assert wrote.returncode == 0, "a command that writes is let through"
    with serving(tmp_path):  # the first was killed
        pass


def wait_for(home):
    """Wait until somebody listens there."""
    host, _colon, number = home.removeprefix("http://").partition(":")
    for _try in range(200):
        with contextlib.suppress(OSError), socket.create_connection((host, int(number))):
            return
        time.sleep(0.1)
    raise AssertionError(f"nobody listens at {home}")


SMS = """
[sms]
backend = "aliyn"
"""


def test_links_of_the_first_run_page_lead_to_the_port_that_is_served(tmp_path):
    (tmp_path / "terrace.toml").write_text(SMS)
    jar = http.cookiejar.CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar), urllib.request.ProxyHandler({}))
    with serving(tmp_path) as (process, said):
        assert "Warning: text messages do not go out: unknown gateway “aliyn”, one of console, aliyun, tencent." in said
        setup = next(line.strip() for line in process.stdout if "/setup/?token=" in line)
        home = setup.partition("/setup/")[0]
        wait_for(home)
        page = browser.open(setup).read().decode()
        typed = {
            "csrfmiddlewaretoken": re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1],
            "token": setup.partition("token=")[2], "name": "A", "language": "en", "template": "empty",
            "registration": "open", "handle": "Host", "email": "host@example.com", "team": "lin@example.com",
            "password": "rice terraces in the morning",
        }  # fmt: skip
        shown = browser.open(f"{home}/setup/", urllib.parse.urlencode(typed).encode()).read().decode()
    links = re.findall(r"http://127[^\s<\"]+/accounts/signup/[^\s<\"]+", shown)
    assert links and all(link.startswith(f"{home}/accounts/signup/?invitation=") for link in links)


def test_the_demo_is_refused_on_a_community_and_its_data_are_told_of(tmp_path):
    own, demo = tmp_path / "own", tmp_path / "demo"
    own.mkdir()
    demo.mkdir()
    setup = ["--name", "A", "--language", "en", "--boards", "empty", "--registration", "open"]
    setup += ["--handle", "Host", "--email", "host@example.com", "--password", "rice terraces in the morning"]
    run(own, "setup", *setup, TERRACE_SECRET_KEY="k" * 50)
    for arguments, environment in ([["serve", "--demo"], {}], [["serve"], {"TERRACE_DEMO": "1"}], [["demo"], {}]):
        more = ["--port", port()] if arguments[0] == "serve" else []
        refused = run(own, *arguments, *more, TERRACE_SECRET_KEY="k" * 50, **environment)
        assert refused.returncode == 1, arguments
        assert "This database holds a community of its own" in refused.stderr
    marked = "from terrace.kernel import clock, options; options.put('members.demo', [], clock.now())"
    run(demo, "manage", "migrate", TERRACE_SECRET_KEY="k" * 50)
    run(demo, "manage", "shell", "-c", marked, TERRACE_SECRET_KEY="k" * 50)
    with serving(demo) as (_process, said):
        assert "Warning: these are the demo's data, served without --demo." in said
