"""Lists as they are shown, and reasons in words."""

import pytest

from terrace.screening import actions, policies, queries

pytestmark = pytest.mark.django_db


def test_words_are_found_in_the_list_however_written(now):
    actions.list_word("霧燈", kind="hold", now=now, by=None)
    actions.list_word("别的", kind="hold", now=now, by=None)
    assert [each.pattern for each in queries.listed_words("雾·灯")] == ["霧燈"]
    assert len(queries.listed_words()) == 2


def test_a_text_in_pieces(now):
    actions.list_word("雾灯", kind="replace", replacement="灯", now=now, by=None)
    policies.forget_lists()
    assert queries.marked("看雾.灯，百家乐") == [("看", ""), ("雾.灯", "replace"), ("，", ""), ("百家乐", "hold")]


@pytest.mark.parametrize(
    "reason", ["word:x", "sign:x", "domain:x", "host:x", "links:3", "repeat:1", "reach", "phone", "scraped", "stuffed"]
)
def test_every_reason_has_words(reason):
    assert queries.reason_in_words(reason) != reason


def test_an_unknown_reason_stands_as_it_is():
    assert queries.reason_in_words("100%:s") == "100%:s"
    assert "100%" in queries.reason_in_words("word:100%")


def test_export(now):
    actions.note(3, "早上好", now=now)
    assert queries.export_member(3) == {"traces": [{"at": now.isoformat(), "signs": 3}]}
