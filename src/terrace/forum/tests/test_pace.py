"""The numbers of the front page, and how it shows them."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from terrace.forum import actions, policies, queries
from terrace.kernel import clock

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def counted_anew():
    cache.clear()
    yield
    cache.clear()


def seen(now):
    return queries.pace(policies.access(None, now), now)


def test_pace_counts_what_everybody_may_read(board, make_topic, make_reply, now):
    quick, slow = (make_topic(f"t{n}", at=now - timedelta(days=1)) for n in range(2))
    make_reply(quick, at=quick.created_at + timedelta(minutes=10))
    make_reply(slow, at=slow.created_at + timedelta(minutes=30))
    make_topic("long ago", at=now - timedelta(days=40))
    assert seen(now) == queries.Pace(talked=2, solved=0, first_reply=20 * 60)
    cache.clear()
    actions.set_rule(board, "read", audience="members", level=8, now=now)
    policies.forget_tree()
    assert seen(now) == queries.Pace(talked=0, solved=0, first_reply=None)


def test_ones_own_reply_is_no_answer(make_topic, make_reply, lin, now):
    topic = make_topic("t", at=now - timedelta(hours=2))
    make_reply(topic, author=lin, at=now - timedelta(hours=1))
    assert seen(now).first_reply is None


def test_pace_is_counted_once_in_a_while(make_topic, now):
    make_topic("t")
    seen(now)
    with CaptureQueriesContext(connection) as captured:
        seen(now)
    assert len(captured) == 0


@pytest.fixture
def thanked(make_topic, make_reply, wen, person):
    """Three members who were thanked today: the pages have the clock of this machine."""
    today = clock.now()
    topic = make_topic("t", at=today)
    for number in range(3):
        post = make_reply(topic, f"r{number}", author=person(f"成员{number}"), at=today)
        actions.react(post, "thanks", by=wen, now=today)


def test_home_says_how_far_the_next_level_is_and_whom_to_follow(browse, thanked, wen):
    home = HTMLParser(browse(wen).get("/").text)
    assert "growth to go" in home.css_first(".today a.tile b").text()
    assert [each.text() for each in home.css(".head .seg a")] == ["Hot", "Latest", "Following"]
    button = home.css_first("#people button[formaction]")
    assert (button.attributes["value"], button.attributes["aria-pressed"]) == ("/#people", "false")
    answer = browse(wen).get("/?list=following")
    assert answer.status_code == 200
    stranger = HTMLParser(browse().get("/").text)
    assert stranger.css_first("#people button") is None
    assert [each.text() for each in stranger.css(".head .seg a")] == ["Hot", "Latest", "New"]
    assert browse().get("/?list=following").status_code == 404


def test_home_with_people_to_follow_keeps_its_budget(browse, thanked, wen):
    client = browse(wen)
    client.get("/")
    with CaptureQueriesContext(connection) as captured:
        client.get("/")
    assert len(captured) <= 8, "\n".join(query["sql"][:150] for query in captured.captured_queries)
