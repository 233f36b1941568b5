"""Growth is what stands, counted again each time."""

from datetime import timedelta

import pytest

from terrace.forum import actions as forum
from terrace.forum.models import Post, Question
from terrace.forum.queries.standing import Standing
from terrace.members import actions as members
from terrace.rewards import actions, policies, queries
from terrace.rewards.models import Growth
from terrace.screening import actions as screening

pytestmark = pytest.mark.django_db


def first(topic):
    return Post.objects.get(topic=topic, number=1)


@pytest.mark.parametrize(
    ("standing", "growth"),
    [
        (Standing(0, 0, 0, 0, 0, 0), 0),
        (Standing(1, 0, 0, 0, 0, 1), 8),
        (Standing(2, 10, 7, 1, 1, 3), 10 + 20 + 7 + 15 + 30 + 9),
    ],
)
def test_formula(standing, growth):
    assert policies.growth_of(standing) == growth


def test_topics_replies_days(make_topic, make_reply, heard, growth, lin, wen, now):
    topic = make_topic()
    heard()
    assert growth(lin) == 5 + 3
    make_reply(topic, "一")
    make_reply(topic, "二", at=now + timedelta(days=1))
    heard()
    assert growth(wen) == 2 * 2 + 2 * 3


def test_replies_of_one_day_count_to_ten(make_topic, make_reply, heard, growth, wen):
    topic = make_topic()
    for number in range(13):
        make_reply(topic, f"第{number}句")
    heard()
    assert growth(wen) == 10 * 2 + 3


def test_thanks_come_and_go(make_topic, make_reply, heard, growth, lin, wen, moderator, now):
    topic = make_topic("怎么拆", kind="question", complete=lambda made: Question.objects.create(topic=made) and None)
    post = make_reply(topic, "先加热")
    forum.react(post, "like", by=lin, now=now)
    forum.accept_answer(post, by=lin, now=now)
    forum.feature_topic(topic, True, by=moderator, now=now)
    heard()
    assert (growth(lin), growth(wen)) == (5 + 3 + 30, 2 + 3 + 1 + 15)
    forum.react(post, None, by=lin, now=now)
    forum.withdraw_answer(topic, by=lin, now=now)
    forum.feature_topic(topic, False, by=moderator, now=now)
    heard()
    assert (growth(lin), growth(wen)) == (5 + 3, 2 + 3)


def test_what_is_taken_away_takes_its_growth(make_topic, make_reply, heard, growth, lin, wen, moderator, now):
    topic = make_topic()
    post = make_reply(topic)
    forum.react(post, "like", by=lin, now=now)
    heard()
    forum.hide_post(post, by=moderator, reason="离题", now=now)
    heard()
    assert growth(wen) == 0
    forum.restore_post(post, by=moderator, now=now)
    heard()
    assert growth(wen) == 2 + 3 + 1
    forum.hide_post(first(topic), by=moderator, reason="离题", now=now)
    heard()
    assert growth(lin) == 0


def test_an_edit_that_was_held_for_a_while_brings_nothing_more(
    make_topic, make_reply, heard, growth, wen, moderator, now, monkeypatch
):
    post = make_reply(make_topic(), "早先的一句")
    heard()
    assert growth(wen) == 2 + 3
    monkeypatch.setattr(screening, "judge", lambda writing, now: screening.Verdict("hold", ("links",)))
    forum.edit_post(post, by=wen, source="换了几个字", now=now)
    heard()
    assert growth(wen) == 0
    forum.approve_post(post, by=moderator, now=now)
    heard()
    assert growth(wen) == 2 + 3


def test_counting_twice_is_counting_once(make_topic, heard, growth, lin, now):
    make_topic()
    heard()
    before = list(Growth.objects.values())
    actions.count_growth(lin.pk, now=now + timedelta(hours=1))
    assert list(Growth.objects.values()) == before
    assert growth(lin) == 8


def test_what_somebody_brought_is_kept(make_topic, heard, growth, now):
    old = members.create_member("老朋友", growth=600, now=now)
    make_topic(author=old)
    heard()
    assert growth(old) == 600
    assert queries.export_member(old.pk) == {"brought": 592, "counted": 8, "at": now}
    make_topic(author=old)
    heard()
    assert growth(old) == 605


def test_a_level_is_reached(make_topic, make_reply, heard, lin, wen, now):
    topic = make_topic()
    for day in range(4):
        make_reply(topic, "一", at=now + timedelta(days=day))
    heard()
    wen.refresh_from_db()
    assert (wen.growth, wen.level) == (20, 2)


def test_unclaimed_and_departed_authors_do_not_grow(board, heard, growth, lin, now):
    posts = [forum.ThreadPost(n, "u0", None, "你好", now) for n in range(3)]
    topic = forum.import_thread(forum.Thread("x:1", "来自别处", posts), board, now=now)
    heard()
    assert not Growth.objects.filter(member=topic.author_id).exists()
    forum.react(first(topic), "like", by=lin, now=now)
    heard()
    assert growth(topic.author) == 0
    actions.count_growth(10**9, now=now)
    actions.count_author(10**9, now=now)
    assert not Growth.objects.filter(member=topic.author_id).exists()


def test_a_departed_member_is_forgotten(make_topic, heard, lin, now):
    make_topic()
    heard()
    members.delete_account(lin, now=now)
    heard()
    assert not Growth.objects.filter(pk=lin.pk).exists()
    assert queries.export_member(lin.pk) == {}


def test_a_count_costs_the_same_queries_however_much_there_is(
    make_topic, make_reply, lin, wen, now, django_assert_max_num_queries
):
    topic = make_topic()
    for number in range(12):
        make_reply(topic, f"第{number}句", at=now + timedelta(days=number))
    with django_assert_max_num_queries(20):
        actions.count_growth(wen.pk, now=now)
