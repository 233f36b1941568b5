"""Importing and exporting threads, on lines of our own and on real conversations."""

import json
import os
import secrets
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from terrace.cli import imports
from terrace.cli.main import main
from terrace.forum import policies, queries
from terrace.forum.models import ImportedThread, Post, Topic
from terrace.kernel.models import Delivery, EventRow
from terrace.members.models import Member

pytestmark = pytest.mark.django_db
SOURCE = Path(__file__).parents[3]
SPAN = (datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 6, 30, tzinfo=UTC))


def line(name="a1", **changes):
    posts = [
        {"n": 0, "author": "u0", "reply_to": None, "text": "电池能用多久？我这台一天两充。"},
        {"n": 1, "author": "u1", "reply_to": 0, "text": "一天半"},
        {"n": 2, "author": "u0", "reply_to": 1, "text": "羡慕"},
    ]
    return json.dumps({"id": name, "posts": posts} | changes, ensure_ascii=False)


@pytest.fixture
def run(tmp_path):
    """Return a function that imports lines and gives (exit status, output)."""

    def call(lines, *options, name="file.jsonl"):
        policies.forget_tree()
        file = tmp_path / name
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
        result = CliRunner().invoke(main, ["import", "threads", str(file), *options], catch_exceptions=False)
        return result.exit_code, result.output

    return call


def test_a_thread_becomes_a_topic_of_unclaimed_members(run):
    status, told = run(
        [line(split="train", opinions=[{"target": "电池"}])], "--since", "2026-01-01", "--until", "2026-06-30"
    )
    assert status == 0, told
    assert "1 threads read: 1 added with 3 posts, 0 here already, 0 failed." in told
    topic = Topic.objects.get()
    posts = list(Post.objects.order_by("number").select_related("author", "reply_to"))
    assert (topic.title, topic.replies, topic.last_number) == ("电池能用多久", 2, 3)
    assert [post.text for post in posts] == ["电池能用多久？我这台一天两充。", "一天半", "羡慕"]
    assert [post.reply_to and post.reply_to.number for post in posts] == [None, 1, 2]
    assert posts[0].author == posts[2].author != posts[1].author
    assert not Member.objects.filter(claimed=True).exists()
    assert [post.created_at for post in posts] == sorted(post.created_at for post in posts)
    assert SPAN[0] <= posts[0].created_at < posts[2].created_at <= SPAN[1] + timedelta(days=1)
    assert EventRow.objects.filter(kind="forum.ThreadImported").count() == 1
    assert not EventRow.objects.filter(
        kind__in=["forum.PostPublished", "forum.TopicOpened", "members.MemberJoined"]
    ).exists()
    assert not Delivery.objects.exclude(state="done").exists()


def test_the_same_pseudonym_in_another_thread_is_another_member(run):
    run([line("a1"), line("a2")])
    assert Member.objects.count() == 4


def test_a_second_run_adds_nothing(run):
    run([line("a1"), line("a2")])
    before = (Topic.objects.count(), Post.objects.count(), Member.objects.count(), EventRow.objects.count())
    status, told = run([line("a1"), line("a2")])
    assert status == 0
    assert "0 added with 0 posts, 2 here already" in told
    assert (Topic.objects.count(), Post.objects.count(), Member.objects.count(), EventRow.objects.count()) == before


def test_a_dry_run_writes_nothing(run):
    status, told = run([line("a1"), "{"], "--dry-run")
    assert status == 1
    assert "1 would be added with 3 posts" in told
    assert not Topic.objects.exists()
    assert not Member.objects.exists()


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ("{not json", "this is not JSON"),
        ("[]", "a thread is a JSON object"),
        ("[" * 100_000, "this is not JSON"),
        (line(7), "id must be a text"),
        (line(""), "id must be a text"),
        (line(posts=[]), "at least one post"),
        (line(posts="x"), "posts must be a list"),
        (line(posts=[{"n": 0, "author": "u0", "text": "x", "reply_to": 5}]), "not an earlier post"),
        (
            line(posts=[{"n": 0, "author": "u0", "text": "x"}, {"n": 0, "author": "u0", "text": "y"}]),
            "n must be a whole number",
        ),
        (line(posts=[{"n": 0, "author": "", "text": "x"}]), "author must be a text"),
        (line(posts=[{"n": 0, "author": "u0", "text": "  "}]), "text must be 1 to"),
        (line(posts=[{"n": 0, "author": "u0", "text": "a\u0000b"}]), "text must be 1 to"),
        (line(posts=[{"n": 0, "author": "u0", "text": "x" * 100_001}]), "text must be 1 to"),
        (line(posts=[7]), "post 0 is not an object"),
        ("\xff", "this is not JSON"),
    ],
)
def test_a_bad_line_is_told_with_number_and_reason_while_the_rest_goes_in(run, bad, reason):
    status, told = run([line("a1"), bad, "", line("a2")])
    assert status == 1
    assert "line 2: " in told
    assert reason in told
    assert "3 threads read: 2 added with 6 posts, 0 here already, 1 failed." in told
    assert Topic.objects.count() == 2


def test_an_id_that_stands_twice_is_told(run):
    status, told = run([line("a1"), line("a1")])
    assert status == 1
    assert "line 2: the id 'a1' stands on an earlier line too" in told


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("电池能用多久？我这台一天两充。", "电池能用多久"),
        ("。。。好吧", "。。。好吧"),
        ("line one\nline two", "line one"),
        ("\n\n  spaced   out  \n", "spaced out"),
        ("很" * 30 + "，" + "长" * 60, "很" * 30 + "…"),
        ("x" * 200, "x" * 59 + "…"),
    ],
)
def test_a_title_is_made_from_the_first_sentence(text, title):
    assert imports.title_of(text) == title
    assert len(imports.title_of(text)) <= imports.TITLE + 1


def test_export_is_what_was_imported(run, capsys):
    lines = [line("a1", split="train", opinions=[{"a": 1}]), line("a2")]
    run(lines)
    assert [json.dumps(each, ensure_ascii=False) for each in queries.exported_threads("file:")] == [
        json.dumps(json.loads(each), ensure_ascii=False) for each in lines
    ] or list(queries.exported_threads("file:")) == [json.loads(each) for each in lines]
    assert list(queries.exported_threads("other:")) == []


@pytest.mark.slow
def test_real_conversations_come_in_and_go_out_unchanged(run, test_data):
    lines = test_data("phone_threads_zh.jsonl").read_text("utf-8").splitlines()[:60]
    status, told = run(lines, name="phone_threads_zh.jsonl")
    assert status == 0, told
    assert [json.loads(each) for each in lines] == list(queries.exported_threads("phone_threads_zh:"))
    assert ImportedThread.objects.count() == 60
    for topic in Topic.objects.all():
        posts = list(Post.objects.filter(topic=topic).order_by("number"))
        assert [post.number for post in posts] == list(range(1, len(posts) + 1))
        assert topic.replies == len(posts) - 1
        assert (topic.last_post_at, topic.last_author_id) == (posts[-1].created_at, posts[-1].author_id)


@pytest.mark.slow
@pytest.mark.skipif(
    "os.environ.get('TERRACE_DATABASE_URL')", reason="the killed process has a database of its own, on SQLite"
)
def test_an_import_killed_with_9_is_finished_by_the_next(tmp_path, django_db_blocker):
    file = tmp_path / "many.jsonl"
    file.write_text("\n".join(line(f"t{number}") for number in range(400)), encoding="utf-8")
    environment = {
        **os.environ,
        "TERRACE_DATA": str(tmp_path),
        "PYTHONPATH": str(SOURCE),
        "TERRACE_SECRET_KEY": secrets.token_hex(32),
    }
    command = [sys.executable, "-m", "terrace", "import", "threads", str(file)]
    subprocess.run(
        [sys.executable, "-m", "terrace", "manage", "migrate", "-v0"], env=environment, check=True, timeout=120
    )
    first = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    database = tmp_path / "terrace.sqlite3"
    deadline = time.monotonic() + 60
    while _count(database) < 20 and time.monotonic() < deadline:
        time.sleep(0.02)
    first.send_signal(signal.SIGKILL)
    first.wait(10)
    there = _count(database)
    assert 20 <= there < 400, "it was killed in the middle"
    second = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert second.returncode == 0, second.stderr
    assert f"{400 - there} added" in second.stdout
    assert f"{there} here already" in second.stdout
    assert _count(database) == 400


def _count(database: Path) -> int:
    import sqlite3

    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as reader:
        return reader.execute("SELECT count(*) FROM forum_importedthread").fetchone()[0]


@pytest.mark.parametrize("text", ["half \\ud83d", "half \\uDE00 of it"])
def test_half_of_a_character_is_said_in_words(run, text):
    status, told = run([line("a1").replace("一天半", text), line("a2")])
    assert status == 1
    assert "line 1: it holds half of a character" in told
    assert "codec" not in told and "surrogate" not in told
    assert "1 added" in told


def test_a_whole_pair_of_escapes_is_a_character(run):
    status, told = run([line("a1").replace("一天半", "whole \\ud83d\\ude00")])
    assert status == 0, told
    assert Post.objects.filter(source__contains="😀").exists() or Post.objects.filter(text__contains="😀").exists()


def test_a_line_that_is_not_utf_8_is_said_in_words():
    with pytest.raises(ValueError, match="this is not UTF-8"):
        imports.read_thread(b'{"id": "\xff"}', "s", 0.0, SPAN)


def test_indexing_knows_how_much_there_is(run, monkeypatch):
    seen = []
    real = imports.Progress.update

    def update(self, task, **fields):
        seen.append((fields.get("completed"), fields.get("total")))
        return real(self, task, **fields)

    monkeypatch.setattr(imports.Progress, "update", update)
    run([line(f"a{number}") for number in range(3)])
    assert seen and all(total is not None and done <= total for done, total in seen)
    assert seen[-1][0] == seen[-1][1]
