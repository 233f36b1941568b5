"""Boards are found by any of the words of their names, as written or as they sound."""

import pytest

from terrace.forum import actions as forum
from terrace.forum import policies as forum_policies
from terrace.search.queries import names

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("ridge", 1),
        ("手机", 1),
        ("shouji", 1),
        ("sj", 1),
        ("ridgeshou", 1),
        ("ＲＩＤＧＥ", 1),
        ("ouji", 0),
        ("平板", 0),
    ],
)
def test_a_board_is_meant_by_any_of_its_words(now, typed, found):
    forum.create_board("Ridge 手机", slug="ridge", now=now)
    forum_policies.forget_tree()
    assert len(names.boards(typed, forum_policies.access(None, now))) == found
