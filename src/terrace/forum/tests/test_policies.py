"""Who may do what: a table of people and acts."""

from datetime import timedelta

import pytest

from terrace.forum import actions, policies, queries
from terrace.forum.models import Topic
from terrace.kernel import options
from terrace.kernel.errors import Missing, Refused
from terrace.members import actions as members
from terrace.memberships import actions as memberships

pytestmark = pytest.mark.django_db
ACTS = ("see", "read", "open", "reply")


@pytest.fixture
def people(person, board, now):
    """One of each kind: stranger, newcomer, member, somebody in the group, board moderator, moderator, engineer."""
    group = memberships.ensure_group("beta", "内测组")
    found = {
        "stranger": None,
        "newcomer": person("新来的", level=1),
        "member": person("阿木", level=5),
        "in the group": person("内测员", level=2),
        "board moderator": person("小版主", level=3),
        "moderator": person("板桥", role="moderator"),
        "engineer": person("陈澈", role="engineer"),
    }
    memberships.give(group, found["in the group"].pk, reason="test", now=now)
    actions.appoint_moderator(board, found["board moderator"], now=now)
    found["group"] = group
    return found


def table(people, board, now):
    """Return which acts each person may do, as a string such as "srop"."""
    policies.forget_tree()
    rows = {}
    for name, who in people.items():
        if name == "group":
            continue
        access = policies.access(who, now)
        rows[name] = "".join(act[0] if access.may(board.pk, act) else "-" for act in ACTS)
    return rows


def test_without_rules_everybody_reads_and_members_write(people, board, now):
    assert table(people, board, now) == {
        "stranger": "sr--", "newcomer": "sror", "member": "sror", "in the group": "sror",
        "board moderator": "sror", "moderator": "sror", "engineer": "sror",
    }  # fmt: skip


def test_levels(people, board, now):
    actions.set_rule(board, "open", audience="members", level=4, now=now)
    actions.set_rule(board, "reply", audience="members", level=2, now=now)
    assert table(people, board, now) == {
        "stranger": "sr--", "newcomer": "sr--", "member": "sror", "in the group": "sr-r",
        "board moderator": "sror", "moderator": "sror", "engineer": "sr--",
    } | {"engineer": "sror"}  # fmt: skip


def test_a_group_of_its_own(people, board, now):
    actions.set_rule(board, "see", audience="members", group_id=people["group"].pk, now=now)
    assert table(people, board, now) == {
        "stranger": "----", "newcomer": "----", "member": "----", "in the group": "sror",
        "board moderator": "sror", "moderator": "sror", "engineer": "----",
    }  # fmt: skip
    memberships.end(people["group"], people["in the group"].pk, reason="over", now=now)
    assert table(people, board, now)["in the group"] == "----"


def test_an_entitlement_ends_by_itself(people, board, now):
    actions.set_rule(board, "read", audience="members", group_id=people["group"].pk, now=now)
    memberships.give(people["group"], people["member"].pk, reason="trial", until=now + timedelta(days=7), now=now)
    policies.forget_tree()
    assert policies.access(people["member"], now + timedelta(days=6)).may(board.pk, "read")
    assert not policies.access(people["member"], now + timedelta(days=8)).may(board.pk, "read")


def test_for_staff_only(people, board, now):
    actions.set_rule(board, "see", audience="staff", now=now)
    assert table(people, board, now) == {
        "stranger": "----", "newcomer": "----", "member": "----", "in the group": "----",
        "board moderator": "sror", "moderator": "sror", "engineer": "sror",
    }  # fmt: skip


def test_nobody_but_moderators(people, board, now):
    actions.set_rule(board, "open", audience="nobody", now=now)
    rows = table(people, board, now)
    assert {name for name, row in rows.items() if "o" in row} == {"board moderator", "moderator"}


def test_an_archived_board_is_only_read(people, board, now):
    actions.edit_board(board, archived_at=now, now=now)
    rows = table(people, board, now)
    assert rows["member"] == "sr--"
    assert "archived" in policies.access(people["member"], now).what_is_missing(board.pk, "open")


def test_a_board_below_a_closed_one_is_closed(people, board, now):
    child = actions.create_board("夜景", slug="night", parent=board, now=now)
    actions.set_rule(board, "see", audience="staff", now=now)
    actions.set_rule(child, "see", audience="everyone", now=now)
    assert table(people, child, now)["member"] == "----"
    assert table(people, child, now)["board moderator"] == "sror", "who keeps the parent keeps what is below"


def test_a_rule_holds_below_until_another_stands_there(people, board, now):
    child = actions.create_board("夜景", slug="night", parent=board, now=now)
    actions.set_rule(board, "open", audience="members", level=8, now=now)
    assert table(people, child, now)["member"] == "sr-r"
    actions.set_rule(child, "open", audience="members", now=now)
    assert table(people, child, now)["member"] == "sror"
    actions.set_rule(child, "open", audience=None, now=now)
    assert table(people, child, now)["member"] == "sr-r"


@pytest.mark.parametrize(
    ("rule", "who", "words"),
    [
        ({"audience": "members", "level": 3}, "newcomer", "level 3"),
        ({"audience": "members"}, "stranger", "Sign in"),
        ({"audience": "staff"}, "member", "work here"),
        ({"audience": "nobody"}, "member", "closed"),
    ],
)
def test_a_closed_board_says_what_is_missing(people, board, now, rule, who, words):
    actions.set_rule(board, "read", now=now, **rule)
    policies.forget_tree()
    with pytest.raises(Refused, match=words) as refused:
        policies.access(people[who], now).check(board.pk, "read")
    assert refused.value.status == 403


def test_an_unseen_board_is_missing(people, board, now):
    actions.set_rule(board, "see", audience="staff", now=now)
    policies.forget_tree()
    with pytest.raises(Missing):
        policies.access(people["member"], now).check(board.pk, "read")
    with pytest.raises(Missing):
        policies.access(people["member"], now).check(999_999, "read")


def test_a_moderator_without_a_second_factor_is_a_member(people, board, now):
    people["moderator"].second_factor = False
    assert not policies.access(people["moderator"], now).moderates(board.pk)


def test_editing_is_for_the_author_within_the_window_and_for_moderators(people, make_topic, now):
    topic = make_topic(author=people["member"])
    post = queries.first_post(topic.pk)
    author, other, keeper = (policies.access(people[name], now) for name in ("member", "newcomer", "board moderator"))
    window = timedelta(minutes=options.get("forum.edit_minutes"))
    assert policies.can_edit(author, topic, post, now)
    assert policies.can_edit(author, topic, post, now + window)
    assert not policies.can_edit(author, topic, post, now + window + timedelta(seconds=1))
    assert not policies.can_edit(other, topic, post, now)
    assert not policies.can_edit(policies.access(None, now), topic, post, now)
    assert policies.can_edit(keeper, topic, post, now + timedelta(days=400))
    actions.lock_topic(topic, True, by=people["moderator"], now=now)
    assert not policies.can_edit(author, topic, post, now)


def test_a_locked_topic_takes_replies_from_moderators_only(people, make_topic, now):
    topic = make_topic(author=people["member"])
    actions.lock_topic(topic, True, by=people["moderator"], now=now)
    with pytest.raises(Refused, match="locked"):
        policies.check_reply(policies.access(people["member"], now), topic, now)
    policies.check_reply(policies.access(people["moderator"], now), topic, now)


def test_a_suspended_member_reads_and_does_not_write(people, board, make_topic, now):
    topic = make_topic(author=people["newcomer"])
    members.suspend(people["moderator"], people["member"], reason="spam", until=now + timedelta(days=3), now=now)
    people["member"].refresh_from_db()
    access = policies.access(people["member"], now)
    policies.check_read(access, topic)
    with pytest.raises(Refused):
        policies.check_reply(access, topic, now)
    with pytest.raises(Refused):
        policies.check_open(access, board.pk, now)


@pytest.mark.parametrize("state", [Topic.HELD, Topic.HIDDEN])
def test_what_is_held_or_hidden_is_seen_by_author_and_moderators_only(people, make_topic, now, state):
    topic = make_topic(author=people["member"])
    Topic.objects.filter(pk=topic.pk).update(state=state)
    post = queries.first_post(topic.pk)
    post.state = state
    topic.refresh_from_db()
    seen = {
        name
        for name, who in people.items()
        if name != "group" and policies.can_see_post(policies.access(who, now), topic, post)
    }
    assert seen == {"member", "board moderator", "moderator"}
    for name in ("stranger", "newcomer", "engineer"):
        with pytest.raises(Missing):
            policies.check_read(policies.access(people[name], now), topic)


def test_only_who_asked_accepts_an_answer(people, make_topic, make_reply, now):
    topic = make_topic(author=people["member"], kind="question")
    answer = make_reply(topic, author=people["newcomer"])
    may = {
        name
        for name, who in people.items()
        if name != "group" and policies.can_accept(policies.access(who, now), topic, answer)
    }
    assert may == {"member", "board moderator", "moderator"}
    assert not policies.can_accept(policies.access(people["member"], now), topic, queries.first_post(topic.pk))


def test_nobody_reacts_to_their_own_post(people, make_topic, now):
    topic = make_topic(author=people["member"])
    post = queries.first_post(topic.pk)
    assert not policies.can_react(policies.access(people["member"], now), topic, post)
    assert policies.can_react(policies.access(people["newcomer"], now), topic, post)
    assert not policies.can_react(policies.access(None, now), topic, post)
