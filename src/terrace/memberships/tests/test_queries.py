"""Who is in which group at which moment, and the pages of the desk."""

from datetime import timedelta

import pytest

from terrace.forum import actions as forum
from terrace.kernel.errors import Missing
from terrace.memberships import actions, queries
from terrace.memberships.models import Entitlement

DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("starts", "ends", "inside"),
    [
        (-DAY, None, True),
        (timedelta(0), None, True),
        (DAY, None, False),
        (timedelta(seconds=1), 2 * DAY, False),
        (-DAY, timedelta(seconds=1), True),
        (-DAY, timedelta(0), False),
        (-2 * DAY, -DAY, False),
    ],
)
def test_ends_and_beginnings_hold(group, lin, now, starts, ends, inside):
    Entitlement.objects.create(
        group=group, member=lin, starts_at=now + starts, ends_at=None if ends is None else now + ends, reason="x"
    )
    assert queries.groups_of(lin.pk, now) == (frozenset({group.pk}) if inside else frozenset())
    assert queries.member_count(group.pk, now) == int(inside)
    assert queries.group_list(now)[0].members == int(inside)


def test_the_list_costs_the_same_however_long_it_is(group, boss, lin, now, django_assert_num_queries):
    board = forum.create_board("内测", slug="inside", now=now)
    for number in range(6):
        other = actions.make_group(f"Group {number}", by=boss.pk, now=now)
        actions.give(other, lin.pk, reason="x", by=boss.pk, now=now)
        forum.set_rule(board, "read", audience="members", group_id=other.pk, now=now)
    forum.set_rule(board, "see", audience="members", group_id=other.pk, now=now)
    with django_assert_num_queries(3):
        rows = queries.group_list(now)
    assert [row.name for row in rows] == [*(f"Group {number}" for number in range(6)), "内测组"]
    assert [(place.name, place.url) for place in rows[5].opens] == [("内测", "/console/boards/inside/")]
    assert [len(row.opens) for row in rows] == [0, 0, 0, 0, 0, 1, 0]


def test_pages_of_members_by_keyset(group, boss, person, now, django_assert_num_queries):
    for number in range(queries.PAGE + 3):
        actions.give(group, person(f"成员{number}").pk, reason=f"{number}", by=boss.pk, now=now)
    with django_assert_num_queries(2):
        first = queries.member_page(group.pk, "", now)
    second = queries.member_page(group.pk, first.next, now)
    assert (len(first.rows), len(second.rows), second.next) == (queries.PAGE, 3, "")
    assert first.rows[0].person.handle == f"成员{queries.PAGE + 2}"
    assert not {row.person.id for row in first.rows} & {row.person.id for row in second.rows}
    assert queries.member_page(group.pk, "nonsense", now).rows == first.rows


def test_a_line_says_why_since_when_and_until_when(group, boss, lin, now):
    actions.give(group, lin.pk, reason="new phone", until=now + DAY, by=boss.pk, now=now)
    row = queries.member_page(group.pk, "", now).rows[0]
    assert (row.reason, row.since, row.over) == ("new phone", now, False)
    assert row.until == now + DAY - timedelta(seconds=1)
    assert queries.member_page(group.pk, "", now + DAY).rows[0].over is True


def test_finding_somebody(lin, person):
    person("路人", claimed=False)
    assert queries.find_member(" 林間 ") == lin
    assert queries.find_member("LIN@example.com ") == lin
    for nobody in ("nobody", "路人", "x@example.com", "@", "", "x" * 200):
        assert queries.find_member(nobody) is None


def test_who_is_not_inside_is_not_found(group, boss, lin, now):
    with pytest.raises(Missing):
        queries.find_inside(group.pk, lin.pk)
    actions.give(group, lin.pk, reason="x", by=boss.pk, now=now)
    assert queries.find_inside(group.pk, lin.pk).handle == "林间"
    with pytest.raises(Missing):
        queries.find_group("nothing")


def test_export(group, boss, lin, now):
    actions.give(group, lin.pk, reason="x", until=now + DAY, by=boss.pk, now=now)
    kept = {"group": "neice-zu", "since": now, "until": now + DAY, "reason": "x"}
    assert queries.export_member(lin.pk) == {"groups": [kept]}
