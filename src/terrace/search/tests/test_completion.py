"""What is offered while somebody writes: nothing that they may not see, and nobody whom they cannot speak to."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client

from terrace.forum import actions as forum
from terrace.forum import policies as forum_policies
from terrace.forum.tests.conftest import browse  # noqa: F401
from terrace.kernel.errors import TooMany
from terrace.members import actions as members
from terrace.search import policies

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_limits():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def offered(browse):  # noqa: F811
    """Return a function giving the names that a member is offered: `offered(lin, "@we")`."""

    def ask(member, word, topic=""):
        answer = browse(member).get("/search/complete", {"sign": word[:1], "q": word[1:], "topic": topic})
        assert answer.status_code == 200
        return [row["name"] for row in answer.json()["rows"]]

    return ask


def test_a_stranger_is_offered_nothing(db):
    assert Client().get("/search/complete", {"sign": "@", "q": "lin"}).status_code == 404


@pytest.mark.parametrize("word", ["@晴", "@qingchuan", "@qc", "@QING", "@晴川"])
def test_members_by_name_and_sound(offered, person, wen, heard, word):
    person("晴川")
    heard()
    assert offered(wen, word) == ["晴川"]


def test_a_row_says_what_is_put_into_the_text(browse, person, wen, heard):  # noqa: F811
    person("晴川", level=3)
    heard()
    answer = browse(wen).get("/search/complete", {"sign": "@", "q": "qc"})
    (row,) = answer.json()["rows"]
    assert row["put"] == "@晴川 "
    assert row["note"] == "Tiller"
    assert row["picture"].startswith("/avatar/")
    assert "no-store" in answer.headers["Cache-Control"] or "no-cache" in answer.headers["Cache-Control"]


def test_not_oneself_nor_who_is_suspended_blocked_or_blocks(offered, person, wen, moderator, heard, now):
    names = {each: person(each) for each in ("Rain", "Rainy", "Raindrop", "Rainbow", "Rainfall")}
    me = person("Rainer")
    members.suspend(moderator, names["Rain"], reason="刷屏", until=now + timedelta(days=9), now=now)
    members.block(names["Rainy"], me, now=now)
    members.block(me, names["Raindrop"], now=now)
    members.mute(me, names["Rainbow"], now=now)
    heard()
    assert offered(me, "@rain") == ["Rainfall"]
    assert set(offered(wen, "@rain")) == {"Rainy", "Raindrop", "Rainbow", "Rainfall", "Rainer"}


def test_people_of_the_topic_come_first(offered, make_topic, make_reply, person, lin, wen, heard):
    linda, late = person("Linda"), person("Lindau")
    topic = make_topic(author=wen)
    make_reply(topic, author=late)
    heard()
    assert offered(lin, "@lind", topic.pk) == ["Lindau", "Linda"]
    assert offered(lin, "@", topic.pk) == ["Lindau", "Wen"]
    assert offered(linda, "@l", topic.pk) == ["Lindau"], "one letter is enough for them, and only for them"
    assert offered(lin, "@") == []


def test_the_people_of_a_topic_that_one_may_not_read_stay_unknown(offered, make_topic, closed, person, lin, heard):
    engineer = person("陈澈", role="engineer")
    topic = make_topic(author=engineer, where=closed)
    heard()
    assert offered(lin, "@", topic.pk) == []
    assert offered(engineer, "@", topic.pk) == []
    assert offered(lin, "@", 10**12) == []
    assert offered(lin, "@", "x") == []


def test_who_only_spoke_in_a_hidden_post_is_not_one_of_them(
    offered, make_topic, make_reply, person, lin, wen, moderator, now
):
    topic = make_topic(author=wen)
    post = make_reply(topic, author=person("Mute"))
    forum.hide_post(post, by=moderator, reason="x", now=now)
    assert offered(lin, "@", topic.pk) == ["Wen"]


def test_tags_the_most_used_first_and_none_of_closed_boards(offered, make_topic, closed, person, lin):
    engineer = person("陈澈", role="engineer")
    for number in range(2):
        make_topic(f"夜里 {number}", tags=["夜景"])
    make_topic("再来", tags=["夜间模式", "Night"])
    make_topic("内测", tags=["夜莺"], where=closed, author=engineer)
    forum_policies.forget_tree()
    assert offered(lin, "#夜") == ["夜景", "夜间模式"]
    assert offered(engineer, "#夜") == ["夜景", "夜间模式", "夜莺"]
    assert offered(lin, "#NIGHT") == ["Night"]
    assert offered(lin, "#") == []


def test_a_tag_of_several_words_is_closed(browse, make_topic, lin):  # noqa: F811
    make_topic("一", tags=["夜间 模式"])
    assert browse(lin).get("/search/complete", {"sign": "#", "q": "夜"}).json()["rows"][0]["put"] == "#夜间 模式# "


def test_emoji(browse, lin):  # noqa: F811
    rows = browse(lin).get("/search/complete", {"sign": ":", "q": "tada"}).json()["rows"]
    assert rows == [{"put": "🎉", "name": "tada", "note": "", "sign": "🎉"}]
    chinese = browse(lin, **{"accept-language": "zh-CN"}).get("/search/complete", {"sign": ":", "q": "sahua"})
    assert chinese.json()["rows"][0]["name"] == "撒花"


@pytest.mark.parametrize("word", ["", "x", "@\0", "#\0", "@%", "@_", "#%", ":", "@'\"<", "#" + "夜" * 300])
def test_whatever_is_asked(offered, lin, word):
    assert offered(lin, word) == []


def test_six_at_most_and_few_questions(browse, django_assert_max_num_queries, make_topic, person, lin, heard):  # noqa: F811
    topic = make_topic(author=lin)
    for number in range(9):
        person(f"Rain{number}")
    heard()
    client = browse(lin)
    client.get("/")
    with django_assert_max_num_queries(14):
        rows = client.get("/search/complete", {"sign": "@", "q": "rain", "topic": topic.pk}).json()["rows"]
    assert len(rows) == 6


def test_too_many_questions_are_refused_for_a_minute(lin, wen, now, monkeypatch):
    monkeypatch.setattr(policies, "PACE", 2)
    for _each in range(2):
        policies.check_pace(lin, now)
    with pytest.raises(TooMany):
        policies.check_pace(lin, now)
    policies.check_pace(wen, now)
    policies.check_pace(lin, now + timedelta(minutes=1))
