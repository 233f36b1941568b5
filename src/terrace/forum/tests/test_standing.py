"""What a member has given that stands, and what it costs to count it."""

from datetime import timedelta

import pytest
from django.db import connection

from terrace.forum import actions
from terrace.forum.queries import standing

pytestmark = pytest.mark.django_db


def test_replies_of_each_day(topic, make_reply, wen, lin, moderator, now):
    for hours in (0, 1, 24):
        make_reply(topic, at=now + timedelta(hours=hours))
    hidden = make_reply(topic, at=now + timedelta(days=3))
    actions.hide_post(hidden, by=moderator, reason="离题", now=now)
    assert sorted(number for _day, number in standing.replies_by_day(wen.pk)) == [1, 2]
    assert [number for _day, number in standing.replies_by_day(lin.pk)] == [0], "a first post makes a day, and no reply"
    found = standing.standing_of(wen.pk, replies_a_day=1)
    assert (found.topics, found.replies, found.days) == (0, 2, 2)


def test_days_are_counted_from_an_index_alone(topic, make_reply, wen):
    make_reply(topic)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # A table of two rows is read as a whole, whatever indexes it has.
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL enable_bitmapscan = off")
    plan = standing.replies_by_day(wen.pk).explain()
    words = {"postgresql": "Index Only Scan using post_author_days", "sqlite": "USING COVERING INDEX post_author_days"}
    assert words[connection.vendor] in plan, plan
