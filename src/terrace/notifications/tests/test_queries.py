"""The bell, the list, and where a notice leads."""

from datetime import timedelta

import pytest
from django.utils import translation

from terrace.forum import actions as forum
from terrace.forum import policies as forum_policies
from terrace.forum.models import Post
from terrace.members.models import Member
from terrace.notifications import actions, queries
from terrace.notifications.models import Notice

pytestmark = pytest.mark.django_db


@pytest.fixture
def many(person, lin, now):
    """Forty notices of Lin's, a minute apart."""
    for number in range(40):
        actions.tell_of_flag(
            lin.pk, number, answer="stands", event_id=number, at=now + timedelta(minutes=number), now=now
        )
    return Notice.objects.filter(member=lin)


def test_the_bell_is_one_query(many, lin, wen, now, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert queries.unseen_count(lin.pk) == 40
    with django_assert_num_queries(1):
        assert queries.unseen_counts([lin.pk, wen.pk]) == {lin.pk: 40, wen.pk: 0}


def test_pages_follow_each_other(many, lin, now):
    reader = forum_policies.access(lin, now)
    one = queries.notice_page(reader)
    two = queries.notice_page(reader, cursor=one.next)
    assert (len(one.rows), len(two.rows), two.next) == (30, 10, "")
    assert [row.at for row in [*one.rows, *two.rows]] == sorted((row.updated_at for row in many), reverse=True)
    assert queries.notice_page(reader, cursor="rubbish").rows == one.rows
    assert queries.notice_page(forum_policies.access(None, now)).rows == []


def test_a_list_costs_the_same_whatever_it_holds(
    make_topic, make_reply, person, heard, lin, now, django_assert_max_num_queries
):
    for number in range(12):
        topic = make_topic(f"第{number}个")
        make_reply(topic, "好", author=person(f"某人{number}"))
    heard()
    reader = forum_policies.access(lin, now)
    queries.notice_page(reader)  # options are remembered from here on
    with django_assert_max_num_queries(7):
        assert len(queries.notice_page(reader).rows) >= 12


def test_a_notice_leads_to_what_can_be_read(make_topic, make_reply, heard, lin, moderator, now):
    post = make_reply(make_topic(), "好")
    heard()
    notice = Notice.objects.get(member=lin, kind="topic")
    reader = forum_policies.access(lin, now)
    assert queries.target(notice, reader) == f"/p/{post.pk}/"
    forum.hide_post(post, by=moderator, reason="离题", now=now)
    assert queries.target(notice, reader) is None
    assert queries.notice_page(reader).rows == [] or all(
        "wrote in" not in row.text for row in queries.notice_page(reader).rows
    )


def test_a_verdict_leads_to_the_appeal(make_topic, lin, now):
    topic = make_topic()
    post = Post.objects.get(topic=topic)
    actions.tell_of_verdict(
        lin.pk, 5, post_id=post.pk, topic_id=topic.pk, verdict="hide", message="x", event_id=1, at=now, now=now
    )
    notice = Notice.objects.get(kind="verdict")
    assert queries.target(notice, forum_policies.access(lin, now)) == "/moderation/appeals/5"
    notice.data["verdict"] = "stand"
    assert queries.target(notice, forum_policies.access(lin, now)) == f"/p/{post.pk}/"


@pytest.mark.parametrize(
    ("count", "english", "chinese"),
    [
        (1, "A", "A"),
        (2, "A and B", "A和B"),
        (3, "A and 2 others", "A和另外\u00a02\u00a0人"),
        (9, "A and 8 others", "A和另外\u00a08\u00a0人"),
    ],
)
def test_names(count, english, chinese):
    people = [type("P", (), {"handle": chr(65 + n)})() for n in range(count)]
    with translation.override("en"):
        assert queries.names(people) == english
    with translation.override("zh-hans"):
        assert queries.names(people) == chinese


def test_every_kind_has_a_sentence_in_both_languages(now):
    from terrace.notifications.models import KINDS

    for language in ("en", "zh-hans"):
        with translation.override(language):
            for kind, _label in KINDS:
                notice = Notice(kind=kind, data={"level": 3, "until": "2026-07-21T09:30:00+00:00"})
                said = queries.sentence(notice, [None], "100%")
                assert said
                assert "%(" not in said


def test_export(many, lin, now):
    actions.choose_kinds(lin.pk, [])
    held = queries.export_member(lin.pk)
    assert len(held["notices"]) == 40
    assert "follow" in held["declined"]
    nobody = Member.objects.order_by("-pk").first().pk + 1
    assert queries.export_member(nobody) == {"notices": [], "declined": [], "devices": []}
