"""Flags, decisions, undo, appeals: rows, events, errors, and twice is once."""

from datetime import timedelta

import pytest

from terrace.forum import actions as forum
from terrace.forum import queries as forum_queries
from terrace.kernel import options
from terrace.kernel.errors import Conflict, Invalid, Refused, TooMany
from terrace.kernel.models import EventRow
from terrace.members import actions as members
from terrace.members import queries as member_queries
from terrace.members.models import Member, Role
from terrace.moderation import actions, queries
from terrace.moderation.models import Appeal, Case, Decision, Flag
from terrace.moderation.tests.people import hear, person


def state(post):
    return forum_queries.find_post(post.pk).state


def kinds(prefix="moderation."):
    return [
        kind.removeprefix(prefix)
        for kind in EventRow.objects.filter(kind__startswith=prefix).order_by("pk").values_list("kind", flat=True)
    ]


def flagged(place, n=1, *, level=2, reason="spam"):
    for number in range(n):
        by = person(f"举报人{level}x{number}", place.now, level=level)
        actions.flag(place.reply, by=by, reason=reason, text="卖东西", now=place.now)
    return Case.objects.get(post_id=place.reply.pk)


def test_a_flag_opens_a_case_once(place, now):
    by = place.asker
    first = actions.flag(place.reply, by=by, reason="spam", now=now)
    again = actions.flag(place.reply, by=by, reason="abuse", now=now)
    assert first.pk == again.pk
    case = Case.objects.get()
    assert (case.state, case.flag_count, case.flag_weight, case.author_id) == ("open", 1, 1, place.author.pk)
    assert case.due_at == now + timedelta(hours=12)
    assert kinds() == ["PostFlagged", "CaseOpened"]
    actions.flag(place.reply, by=person("另一个", now, level=5), reason="abuse", now=now + timedelta(hours=1))
    case.refresh_from_db()
    assert (case.flag_count, case.flag_weight, case.due_at) == (2, 4, now + timedelta(hours=3))


def test_a_flag_needs_a_reason(place, now):
    for reason, text, field in (("nonsense", "", "reason"), ("other", "  ", "text")):
        with pytest.raises(Invalid) as told:
            actions.flag(place.reply, by=place.asker, reason=reason, text=text, now=now)
        assert told.value.field == field
    assert not Case.objects.exists()


def test_flags_of_a_day(place, now):
    case = flagged(place)
    rows = [
        Flag(
            case=Case.objects.create(post_id=pk, author=place.author, opened_at=now, due_at=now),
            member=place.asker,
            reason="spam",
            weight=1,
            at=now,
        )
        for pk in _posts(place, 30)
    ]
    Flag.objects.bulk_create(rows)
    with pytest.raises(TooMany):
        actions.flag(place.reply, by=place.asker, reason="spam", now=now)
    assert case.flag_count == 1


def _posts(place, n):
    made = []
    for _each in range(n):
        place.topic.refresh_from_db()
        made.append(forum.reply(place.author, place.topic, source="又一句", now=place.now, screened=False).pk)
    return made


def test_enough_flags_of_trusted_members_hide_until_a_moderator_has_read_it(place, now):
    flagged(place, 8, level=2)  # not trusted: however many
    assert state(place.reply) == "published"
    flagged(place, 2, level=3)
    assert state(place.reply) == "published"
    flagged(place, 1, level=4)
    assert state(place.reply) == "hidden"
    hear(now)
    case = Case.objects.get()
    assert case.state == "open"
    assert not Decision.objects.exists()
    actions.decide(case, "dismiss", by=place.moderator, now=now)
    assert state(place.reply) == "published"


def test_the_number_is_the_operators(place, now):
    options.put("moderation.flags_to_hold", 0, now)
    options.forget()
    flagged(place, 6, level=6)
    assert state(place.reply) == "published"


def test_posts_of_staff_are_never_hidden_by_flags(place, now):
    post = forum.reply(place.moderator, forum_queries.find_topic(place.topic.pk), source="公告", now=now)
    for number in range(4):
        actions.flag(post, by=person(f"人{number}", now, level=6), reason="abuse", now=now)
    assert state(post) == "published"


def test_hide_and_tell(place, now):
    case = flagged(place, 2)
    decision = actions.decide(case, "hide", by=place.moderator, message="站外交易没有保障，我们收起来了。", now=now)
    hear(now)
    assert state(place.reply) == "hidden"
    post = forum_queries.find_post(place.reply.pk)
    assert (post.hidden_by_id, post.hidden_reason) == (place.moderator.pk, "站外交易没有保障，我们收起来了。")
    assert (decision.verdict, decision.category, decision.by_id) == ("hide", "spam", place.moderator.pk)
    case.refresh_from_db()
    assert (case.state, case.flag_count, case.closed_at) == ("closed", 0, now)
    assert set(Flag.objects.values_list("answer", flat=True)) == {"upheld"}
    assert kinds()[-3:] == ["FlagAnswered", "FlagAnswered", "CaseDecided"]
    row = EventRow.objects.get(kind="moderation.CaseDecided")
    assert row.actor_id == place.moderator.pk
    assert row.data["author_id"] == place.author.pk
    assert row.data["tell"] is True
    assert Decision.objects.count() == 1  # the listener of PostHidden knows our own


def test_let_stand_and_no_problem(place, now):
    case = flagged(place)
    actions.decide(case, "dismiss", by=place.moderator, message="不会发出去", now=now)
    assert state(place.reply) == "published"
    assert EventRow.objects.get(kind="moderation.CaseDecided").data["tell"] is False
    assert Decision.objects.get().message == ""
    assert Flag.objects.get().answer == "stands"


def test_hide_and_suspend(place, now):
    case = flagged(place)
    actions.decide(case, "suspend", by=place.moderator, message="连着发广告，先停三天。", now=now)
    author = member_queries.by_id(place.author.pk)
    assert author.suspended_until == now + timedelta(days=3)
    assert author.suspension_reason == "连着发广告，先停三天。"
    assert state(place.reply) == "hidden"


def test_errors_of_a_decision(place, now):
    case = flagged(place)
    with pytest.raises(Invalid):
        actions.decide(case, "hide", by=place.moderator, message="  ", now=now)
    with pytest.raises(Invalid):
        actions.decide(case, "explode", by=place.moderator, now=now)
    with pytest.raises(Invalid):
        actions.decide(case, "hide", by=place.moderator, message="长" * 301, now=now)
    with pytest.raises(Refused):  # a board's moderator suspends nobody
        actions.decide(case, "suspend", by=place.keeper, message="停三天", now=now)
    with pytest.raises(Refused):
        actions.decide(case, "dismiss", by=place.author, now=now)
    assert state(place.reply) == "published"
    actions.decide(case, "hide", by=place.keeper, message="收起来了", now=now)
    with pytest.raises(Conflict) as told:
        actions.decide(case, "dismiss", by=place.moderator, now=now)
    assert "版主小满" in told.value.sentence
    assert Decision.objects.count() == 1


def held(place, now, *, reasons=("sign:加微信",)):
    forum.hold_post(place.reply, reasons=tuple(reasons), now=now)
    hear(now)
    return Case.objects.get(post_id=place.reply.pk)


def test_a_held_post_waits_and_is_let_through(place, now):
    case = held(place, now)
    assert (case.held, case.first, case.reasons) == (True, True, ["sign:加微信"])
    assert case.due_at == now + timedelta(minutes=30)
    actions.decide(case, "stand", by=place.moderator, now=now)
    hear(now)
    assert state(place.reply) == "published"
    case.refresh_from_db()
    assert (case.state, case.held) == ("closed", False)


def counters(place):
    topic = forum_queries.find_topic(place.topic.pk)
    topic.board.refresh_from_db()
    return topic.state, topic.replies, topic.board.topic_count, topic.board.post_count


@pytest.mark.parametrize("verdict", ["stand", "hide", "suspend", "dismiss"])
@pytest.mark.parametrize("start", ["flagged", "held", "flag-hidden", "appealed"])
@pytest.mark.parametrize("which", ["reply", "first"])
def test_undo_puts_everything_back(place, now, verdict, start, which):
    if which == "first":
        place.reply = forum_queries.first_post(place.topic.pk)
        place.author = place.asker
    if start == "held":
        case = held(place, now)
    elif start == "flag-hidden":
        case = flagged(place, 3, level=4)
    elif start == "appealed":
        case = flagged(place)
        first = actions.decide(case, "hide", by=place.keeper, message="收", now=now)
        hear(now)
        actions.appeal(first, by=place.author, text="这是误会", now=now)
        case.refresh_from_db()
    else:
        case = flagged(place)
    hear(now)
    before = (state(place.reply), *counters(place), _row(case))
    later = now + timedelta(seconds=20)
    decision = actions.decide(case, verdict, by=place.moderator, message="我们看过了。", now=later)
    hear(later)
    undone = later + timedelta(seconds=20)
    actions.undo(decision, by=place.moderator, now=undone)
    hear(undone)
    assert (state(place.reply), *counters(place), _row(case)) == before
    author = member_queries.by_id(place.author.pk)
    assert author.suspended_until is None
    decision.refresh_from_db()
    assert (decision.undone_at, decision.undone_by_id) == (undone, place.moderator.pk)
    assert "DecisionUndone" in kinds()
    with pytest.raises((Conflict, Refused)):
        actions.undo(decision, by=place.moderator, now=undone)
    # What was taken back can be decided again.
    case.refresh_from_db()
    actions.decide(case, "hide", by=place.moderator, message="收", now=undone + timedelta(seconds=1))
    assert state(place.reply) == "hidden"


def _row(case):
    case.refresh_from_db()
    return (
        case.state,
        case.held,
        case.appealed,
        case.flag_count,
        case.flag_weight,
        case.opened_at,
        case.due_at,
        list(case.reasons),
    )


def test_undo_goes_back_to_an_earlier_suspension(place, now):
    case = flagged(place)
    until = now + timedelta(days=30)
    members.suspend(place.moderator, place.author, reason="以前的事", until=until, now=now)
    decision = actions.decide(case, "suspend", by=place.moderator, message="再停", now=now)
    actions.undo(decision, by=place.moderator, now=now)
    author = member_queries.by_id(place.author.pk)
    assert (author.suspended_until, author.suspension_reason) == (until, "以前的事")


def test_undo_is_for_minutes_and_for_whoever_decided(place, now):
    decision = actions.decide(flagged(place), "hide", by=place.moderator, message="收", now=now)
    with pytest.raises(Refused):
        actions.undo(decision, by=place.keeper, now=now)
    with pytest.raises(Refused):
        actions.undo(decision, by=place.moderator, now=now + timedelta(minutes=11))


def test_a_post_that_was_let_stand_opens_again_only_for_enough_flags_or_an_edit(place, now):
    actions.decide(flagged(place), "dismiss", by=place.moderator, now=now)
    later = now + timedelta(minutes=5)
    quick = actions.flag(place.reply, by=place.asker, reason="spam", now=later)
    quick.refresh_from_db()
    case = Case.objects.get()
    assert (case.state, quick.answer) == ("closed", "stands")
    actions.flag(place.reply, by=person("第五级", now, level=5), reason="spam", now=later + timedelta(seconds=1))
    case.refresh_from_db()
    assert (case.state, case.flag_count) == ("open", 2)


def test_an_edit_opens_it_again(place, now):
    actions.decide(flagged(place), "dismiss", by=place.moderator, now=now)
    later = now + timedelta(minutes=5)
    forum.edit_post(place.reply, by=place.author, source="加钱就卖，手快有手慢无，价格可以谈", now=later)
    actions.flag(place.reply, by=place.asker, reason="spam", now=later + timedelta(minutes=1))
    assert Case.objects.get().state == "open"


def test_a_post_that_its_author_takes_back_leaves_the_queue(place, now):
    case = flagged(place)
    at = now + timedelta(minutes=1)
    forum.hide_post(place.reply, by=place.author, reason="作者收回", now=at)
    hear(at)
    hear(at)
    case.refresh_from_db()
    assert (case.state, Flag.objects.get().answer) == ("closed", "upheld")
    assert not Decision.objects.exists()


def test_what_a_moderator_does_on_the_post_itself_is_a_decision_too(place, now):
    at = now + timedelta(minutes=1)
    forum.hide_post(place.reply, by=place.keeper, reason="重复了", now=at)
    hear(at)
    decision = Decision.objects.get()
    assert (decision.verdict, decision.elsewhere, decision.message, decision.by_id) == (
        "hide",
        True,
        "重复了",
        place.keeper.pk,
    )
    assert Case.objects.get().state == "closed"
    later = at + timedelta(hours=1)
    forum.restore_post(place.reply, by=place.keeper, now=later)
    hear(later)
    assert list(Decision.objects.order_by("pk").values_list("verdict", flat=True)) == ["hide", "restore"]
    assert kinds() == ["CaseDecided", "CaseDecided"]


def test_an_author_who_takes_back_what_nobody_questioned_makes_no_case(place, now):
    forum.hide_post(place.reply, by=place.author, reason="收回", now=now)
    hear(now)
    assert not Case.objects.exists()


def test_an_appeal_comes_into_the_queue_once(place, now):
    decision = actions.decide(flagged(place), "hide", by=place.moderator, message="收", now=now)
    hear(now)
    with pytest.raises(Invalid):
        actions.appeal(decision, by=place.author, text=" ", now=now)
    made = actions.appeal(decision, by=place.author, text="我不是商家，这是自用的", now=now + timedelta(hours=1))
    case = Case.objects.get()
    assert (case.state, case.appealed, case.due_at) == ("open", True, now + timedelta(hours=25))
    hear(now + timedelta(hours=1))
    second = actions.decide(case, "stand", by=place.keeper, message="看过了，你说得对。", now=now + timedelta(hours=2))
    made.refresh_from_db()
    assert (made.outcome, state(place.reply)) == ("overturned", "published")
    assert kinds()[-2:] == ["AppealAnswered", "CaseDecided"]
    again = actions.decide(
        flagged_again(place, now), "hide", by=place.moderator, message="收", now=now + timedelta(hours=4)
    )
    for each in (decision, second, again):
        with pytest.raises(Refused):
            actions.appeal(each, by=place.author, text="再看看", now=now + timedelta(hours=5))
    assert Appeal.objects.count() == 1


def test_what_is_decided_is_named_for_what_it_came_to(place, now):
    first = actions.decide(flagged(place), "hide", by=place.moderator, message="收", category="abuse", now=now)
    actions.appeal(first, by=place.author, text="不是骂人", now=now + timedelta(hours=1))
    case = Case.objects.get()
    assert queries.leading_reason(case) == "abuse", "the reason of what is appealed"
    refused = actions.decide(case, "hide", by=place.keeper, message="看过了，还是伤人。", now=now + timedelta(hours=2))
    assert (refused.verdict, refused.category, state(place.reply)) == ("uphold", "abuse", "hidden")
    actions.undo(refused, by=place.keeper, now=now + timedelta(hours=2, minutes=1))
    granted = actions.decide(
        Case.objects.get(), "stand", by=place.keeper, message="你说得对。", now=now + timedelta(hours=3)
    )
    assert (granted.verdict, state(place.reply)) == ("restore", "published")


def test_a_post_that_was_held_is_let_through(place, now):
    forum.hold_post(place.reply, reasons=("links",), now=now)
    hear(now)
    decision = actions.decide(Case.objects.get(), "stand", by=place.moderator, message="", now=now)
    assert (decision.verdict, state(place.reply)) == ("approve", "published")


def test_nobody_judges_an_appeal_against_themselves_while_somebody_else_could(place, now):
    decision = actions.decide(flagged(place), "hide", by=place.moderator, message="收", now=now)
    actions.appeal(decision, by=place.author, text="再看看", now=now)
    case = Case.objects.get()
    actions.decide(case, "stand", by=place.moderator, message="好", now=now)  # nobody else is there
    assert state(place.reply) == "published"
    Member.objects.filter(pk=place.asker.pk).update(role=Role.OPERATOR)
    other = forum_queries.first_post(place.topic.pk)
    actions.flag(other, by=place.author, reason="abuse", now=now)
    case = Case.objects.get(post=other)
    actions.appeal(
        actions.decide(case, "hide", by=place.moderator, message="收", now=now), by=place.asker, text="再看看", now=now
    )
    case.refresh_from_db()
    with pytest.raises(Refused):
        actions.decide(case, "hide", by=place.moderator, message="不", now=now)
    case.refresh_from_db()
    assert (case.state, case.appealed) == ("open", True)


def flagged_again(place, now):
    actions.flag(place.reply, by=person("第六级", now, level=6), reason="abuse", now=now + timedelta(hours=3))
    return Case.objects.get()


def test_the_departed_leave_no_words(place, now):
    decision = actions.decide(flagged(place), "hide", by=place.moderator, message="收", now=now)
    actions.appeal(decision, by=place.author, text="为什么", now=now)
    flagger = Flag.objects.get().member_id
    for _twice in range(2):
        actions.forget_member(place.author.pk)
        actions.forget_member(flagger)
    assert (Flag.objects.get().text, Appeal.objects.get().text, Decision.objects.get().message) == ("", "", "")
