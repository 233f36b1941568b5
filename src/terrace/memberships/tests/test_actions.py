"""Groups are made, named and deleted; members come in, until when and why, and go out. Every act is an event."""

from datetime import UTC, datetime, timedelta

import pytest

from terrace.forum import actions as forum
from terrace.kernel import slots
from terrace.kernel.errors import Conflict, Invalid
from terrace.kernel.models import EventRow
from terrace.members import queries as members
from terrace.memberships import actions, queries
from terrace.memberships.models import Entitlement, Group


def acts(kind):
    """Return (actor, data) of every event of a kind."""
    return list(EventRow.objects.filter(kind=f"memberships.{kind}").order_by("pk").values_list("actor_id", "data"))


def test_making_a_group(boss, now):
    group = actions.make_group("  内测   Ridge 5 组 ", by=boss.pk, now=now)
    assert (group.key, group.name) == ("neice-ridge-5-zu", "内测 Ridge 5 组")
    assert acts("GroupMade") == [(boss.pk, {"group_id": group.pk, "name": "内测 Ridge 5 组"})]
    assert actions.make_group("★", by=boss.pk, now=now).key == "group"


@pytest.mark.parametrize("name", ["", " \n ", "x" * 61, "内测组", "beta testers"])
def test_a_name_that_cannot_be(group, boss, now, name):
    actions.make_group("Beta Testers", by=boss.pk, now=now)
    with pytest.raises(Invalid) as refused:
        actions.make_group(name, by=boss.pk, now=now)
    assert refused.value.field == "name"
    assert Group.objects.count() == 2


def test_a_key_that_is_taken_names_the_group_that_has_it(group, boss, now):
    with pytest.raises(Invalid, match=r"内测组.*neice-zu") as refused:
        actions.make_group("内侧组", by=boss.pk, now=now)
    assert refused.value.field == "name"


def test_renaming(group, boss, now):
    other = actions.make_group("Beta", by=boss.pk, now=now)
    for _twice in range(2):
        actions.rename_group(group, "Alpha", by=boss.pk, now=now)
    group.refresh_from_db()
    assert (group.name, group.key) == ("Alpha", "neice-zu")
    assert acts("GroupRenamed") == [(boss.pk, {"group_id": group.pk, "name": "Alpha", "before": "内测组"})]
    actions.rename_group(group, "alpha", by=boss.pk, now=now)
    with pytest.raises(Invalid):
        actions.rename_group(other, "ALPHA", by=boss.pk, now=now)


def test_deleting_takes_its_members_along(group, boss, lin, now):
    actions.give(group, lin.pk, reason="tests", by=boss.pk, now=now)
    actions.delete_group(group, by=boss.pk, now=now)
    assert not Group.objects.exists()
    assert not Entitlement.objects.exists()
    assert acts("GroupDeleted") == [(boss.pk, {"group_id": group.pk, "name": "内测组", "members": 1})]
    for act in (
        lambda: actions.delete_group(group, by=boss.pk, now=now),
        lambda: actions.rename_group(group, "x", by=boss.pk, now=now),
        lambda: actions.give(group, lin.pk, reason="x", by=boss.pk, now=now),
        lambda: actions.end(group, lin.pk, reason="x", by=boss.pk, now=now),
    ):
        with pytest.raises(Conflict, match="deleted"):
            act()


def test_a_group_that_opens_a_board_stays(group, boss, now):
    board = forum.create_board("内测", slug="inside", now=now)
    forum.set_rule(board, "read", audience="members", group_id=group.pk, now=now)
    with pytest.raises(Conflict, match="内测 use"):
        actions.delete_group(group, by=boss.pk, now=now)
    forum.set_rule(board, "read", audience=None, now=now)
    actions.delete_group(group, by=boss.pk, now=now)
    assert not Group.objects.exists()


def test_a_rule_that_came_after_the_question_keeps_the_group_too(group, boss, now, monkeypatch):
    board = forum.create_board("内测", slug="inside", now=now)
    forum.set_rule(board, "read", audience="members", group_id=group.pk, now=now)
    monkeypatch.setitem(slots._fillers, "memberships.group_used", [])  # as it was asked before the rule was there
    with pytest.raises(Conflict, match="a moment ago"):
        actions.delete_group(group, by=boss.pk, now=now)
    assert Group.objects.exists()
    assert acts("GroupDeleted") == []


def test_giving_and_giving_again(group, boss, lin, now):
    later = now + timedelta(days=7)
    for _twice in range(2):
        actions.give(group, lin.pk, reason=" new\nphone ", until=later, by=boss.pk, now=now)
    row = Entitlement.objects.get()
    assert (row.starts_at, row.ends_at, row.reason) == (now, later, "new phone")
    assert len(acts("EntitlementGiven")) == 1
    actions.give(group, lin.pk, reason="longer", by=boss.pk, now=now + timedelta(days=1))
    row.refresh_from_db()
    assert (row.starts_at, row.ends_at, row.reason) == (now, None, "longer")
    assert [data["until"] for _actor, data in acts("EntitlementGiven")] == ["2026-07-25", ""]


def test_who_comes_back_after_the_end_begins_anew(group, boss, lin, now):
    actions.give(group, lin.pk, reason="a week", until=now + timedelta(days=7), by=boss.pk, now=now)
    back = now + timedelta(days=30)
    actions.give(group, lin.pk, reason="again", by=boss.pk, now=back)
    assert Entitlement.objects.get().starts_at == back


def test_the_last_day_is_the_one_that_people_here_see(group, boss, lin, now, settings):
    settings.TIME_ZONE = "America/New_York"
    midnight = datetime(2026, 8, 2, 4, tzinfo=UTC)  # 1 August ends in New York
    actions.give(group, lin.pk, reason="July", until=midnight, by=boss.pk, now=now)
    assert acts("EntitlementGiven")[0][1]["until"] == "2026-08-01"


@pytest.mark.parametrize(
    ("fields", "field"),
    [({"reason": " "}, "reason"), ({"reason": "x" * 121}, "reason"), ({"until": timedelta(0)}, "until")],
)
def test_what_cannot_be_given(group, boss, lin, now, fields, field):
    until = now + fields["until"] if "until" in fields else None
    with pytest.raises(Invalid) as refused:
        actions.give(group, lin.pk, reason=fields.get("reason", "x"), until=until, by=boss.pk, now=now)
    assert refused.value.field == field
    assert not Entitlement.objects.exists()


def test_taking_out(group, boss, lin, now):
    actions.give(group, lin.pk, reason="tests", by=boss.pk, now=now)
    with pytest.raises(Invalid):
        actions.end(group, lin.pk, reason="", by=boss.pk, now=now)
    assert actions.end(group, lin.pk, reason="over", by=boss.pk, now=now) is True
    assert actions.end(group, lin.pk, reason="over", by=boss.pk, now=now) is False
    told = {"member_id": lin.pk, "group_id": group.pk, "reason": "over", "group": "内测组", "own": False}
    assert acts("EntitlementEnded") == [(boss.pk, told)]
    assert queries.groups_of(lin.pk, now) == frozenset()


def test_the_audit_log_says_what_staff_did_in_words(group, boss, lin, now):
    actions.give(group, lin.pk, reason="new phone", until=now + timedelta(days=7), by=boss.pk, now=now)
    actions.give(group, lin.pk, reason="for good", by=boss.pk, now=now)
    actions.end(group, lin.pk, reason="asked", by=boss.pk, now=now)
    actions.rename_group(group, "Alpha", by=boss.pk, now=now)
    actions.delete_group(group, by=boss.pk, now=now)
    rows = members.audit_page().rows
    assert [row.sentence for row in reversed(rows)] == [
        "made the group “内测组”",
        "put them into the group “内测组” (last day: 2026-07-25): new phone",
        "put them into the group “内测组” (last day: none): for good",
        "took them out of the group “内测组”: asked",
        "renamed the group “内测组” to “Alpha”",
        "deleted the group “Alpha” (members: 0)",
    ]
    assert {row.actor.handle for row in rows} == {"若溪"}
    assert [row.about.handle for row in rows if row.about] == ["林间"] * 3
    assert len(members.audit_page(about=f"member:{lin.pk}").rows) == 3


def test_what_nobody_of_the_staff_did_is_not_in_the_audit_log(lin, now):
    group = actions.ensure_group("bought", "Bought")
    actions.give(group, lin.pk, reason="bought", now=now)
    actions.end(group, lin.pk, reason="sent back", now=now)
    assert members.audit_page().rows == []
    assert EventRow.objects.filter(kind__startswith="memberships.Entitlement").count() == 2


def test_ensuring_twice_is_once(db):
    first = actions.ensure_group("beta", "内测组")
    assert actions.ensure_group("beta", "another name") == first
    assert Group.objects.get().name == "内测组"
