"""What stands beside the topics of a board, in the list of boards, and after a topic."""

from datetime import timedelta

import pytest
from django.core.cache import cache

from terrace.forum import actions, policies, queries
from terrace.members import actions as members


@pytest.fixture(autouse=True)
def _nothing_counted_before():
    cache.clear()


@pytest.fixture
def closed(board, now):
    made = actions.create_board("内测", slug="inside", parent=board, now=now)
    actions.set_rule(made, "see", audience="staff", now=now)
    policies.forget_tree()
    return made


def test_people_and_words_of_a_board(board, make_topic, make_reply, lin, wen, moderator, person, now):
    actions.appoint_moderator(board, moderator, now=now)
    policies.forget_tree()
    topic = make_topic("一", tags=["夜景", "三脚架"])
    make_topic("二", tags=["夜景"])
    reply = make_reply(topic)
    actions.react(reply, "thanks", by=lin, now=now)
    actions.react(reply, "thanks", by=person("阿禾"), now=now)
    shown = queries.beside(board.pk, policies.access(None, now), now)
    assert [each.handle for each in shown.keepers] == ["板桥"]
    assert [(who.handle, number) for who, number in shown.thanked] == [("Wen", 2)]
    assert shown.tags == [("夜景", 2), ("三脚架", 1)]
    cache.clear()
    later = now + timedelta(days=40)
    assert queries.beside(board.pk, policies.access(None, later), later).thanked == []


def test_a_closed_board_below_adds_nothing_for_strangers(board, closed, make_topic, make_reply, lin, moderator, now):
    secret = make_topic("折叠屏", where=closed, author=moderator, tags=["折叠屏"])
    actions.react(make_reply(secret, author=moderator), "thanks", by=lin, now=now)
    stranger = queries.beside(board.pk, policies.access(None, now), now)
    assert (stranger.thanked, stranger.tags) == ([], [])
    assert queries.beside(board.pk, policies.access(moderator, now), now).tags == [("折叠屏", 1)]


def test_the_list_of_boards_names_what_was_answered_last(
    board, closed, make_topic, make_reply, lin, wen, moderator, now
):
    older, newer = make_topic("早"), make_topic("晚", at=now + timedelta(minutes=1), author=wen)
    secret = make_topic("内测", where=closed, author=moderator, at=now + timedelta(hours=1))
    newest = lambda who: {key: row.id for key, row in queries.newest_by_board(policies.access(who, now)).items()}  # noqa: E731
    assert newest(None) == {board.pk: newer.pk}
    assert newest(moderator) == {board.pk: secret.pk, closed.pk: secret.pk}
    members.mute(lin, wen, now=now)
    assert newest(lin) == {board.pk: older.pk}


def test_the_list_of_boards_costs_the_same_with_more_boards(
    browse, board, make_topic, now, django_assert_max_num_queries
):
    boards = [actions.create_board(f"板{number}", slug=f"b{number}", now=now) for number in range(6)]
    topics = [make_topic(f"{number}", where=each) for number, each in enumerate(boards)]
    policies.forget_tree()
    client = browse()
    client.get("/forum/")
    with django_assert_max_num_queries(3):
        page = client.get("/forum/").content.decode()
    assert all(f"/t/{topic.pk}/" in page for topic in topics)


def test_after_a_topic_come_those_under_its_rarest_tags(make_topic, closed, moderator, now):
    here = make_topic("三脚架推荐", tags=["夜景", "三脚架"])
    common = [make_topic(f"夜景{number}", tags=["夜景"]) for number in range(3)]
    rare = make_topic("云台", tags=["三脚架"])
    make_topic("内部三脚架", where=closed, author=moderator, tags=["三脚架"])
    found = queries.under_same_tags(here.pk, policies.access(None, now), leave_out=[here.pk, common[0].pk], most=3)
    assert [row.id for row in found] == [rare.pk, common[2].pk, common[1].pk]
    assert queries.under_same_tags(here.pk, policies.access(None, now), leave_out=[], most=0) == []
