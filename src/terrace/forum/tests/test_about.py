"""What is said about something: the board at its address first, else a tag of its name, for each reader what they may read."""

import pytest

from terrace.forum import actions, policies, queries

pytestmark = pytest.mark.django_db


def titles(found):
    return [row.title for row in found[0]] if found else None


def test_the_board_at_the_address_goes_before_the_tag(board, make_topic, wen, now, django_assert_num_queries):
    tagged = make_topic(title="Tagged", where=actions.create_board("Tea", slug="tea", now=now), tags=["Ridge 5"])
    reader = policies.access(wen, now)
    assert queries.topics_about("nothing", ["Other"], reader, now=now) is None
    with django_assert_num_queries(4):
        found = queries.topics_about("photo", ["ridge 5", "Other"], reader, now=now)
    assert (titles(found), found[1]) == (["Tagged"], "/tags/Ridge%205/"), "an empty board has nothing to say"
    make_topic(title="In the board", where=board)
    found = queries.topics_about("photo", ["Ridge 5"], reader, now=now)
    assert (titles(found), found[1]) == (["In the board"], "/b/photo/")
    actions.set_rule(tagged.board, "read", audience="staff", now=now)
    actions.set_rule(board, "read", audience="staff", now=now)
    policies.forget_tree()
    assert queries.topics_about("photo", ["Ridge 5"], policies.access(wen, now), now=now) is None
