"""Who is told of what, once."""

from datetime import timedelta

import pytest

from terrace.forum import actions as forum
from terrace.forum import policies as forum_policies
from terrace.forum.models import Post, Question
from terrace.kernel import live
from terrace.members import actions as members
from terrace.notifications import actions, queries
from terrace.notifications.models import ALWAYS, KINDS, Notice, Part, Silence

pytestmark = pytest.mark.django_db
LATER = timedelta(minutes=5)


def first(topic):
    return Post.objects.get(topic=topic, number=1)


@pytest.fixture
def ye(person):
    return person("叶青")


@pytest.fixture
def asked(make_topic, quiet, wen, ye, moderator):
    """A topic of Lin's in which everything so far has been told."""
    made = make_topic("夜景怎么拍")
    quiet()
    return made


def test_followers_hear_of_a_reply_and_its_author_does_not(asked, make_reply, heard, notices, lin, wen):
    make_reply(asked)
    heard()
    assert notices(lin) == ["Wen wrote in “夜景怎么拍”, which you follow"]
    assert notices(wen) == []


def test_one_post_is_told_once_and_a_mention_is_the_strongest(asked, make_reply, heard, notices, lin, wen, ye):
    opening = first(asked)
    post = make_reply(asked, f"@林间 看这里\n\n> **林间** [#1](/p/{opening.pk}/)\n>\n> 总是糊", reply_to=opening)
    heard()
    assert [row.kind for row in Notice.objects.filter(member=lin)] == ["mention"]
    assert notices(lin) == ["Wen mentioned you in “夜景怎么拍”"]
    make_reply(asked, f"> **Wen** [#2](/p/{post.pk}/)\n>\n> 看这里\n\n好", reply_to=post, author=ye)
    make_reply(asked, "好的", reply_to=post, author=lin)
    heard()
    assert sorted(Notice.objects.filter(member=wen).values_list("kind", flat=True)) == ["quote", "reply"]


def test_replies_to_one_post_gather_in_one_line(asked, make_reply, heard, notices, lin, wen, ye, person, now):
    opening = first(asked)
    for number, who in enumerate((wen, ye, person("禾苗"), wen)):
        make_reply(asked, f"第{number}句", reply_to=opening, author=who, at=now + number * LATER)
    heard(now + 5 * LATER)
    assert notices(lin) == ["Wen and 2 others replied to you in “夜景怎么拍”"]
    (notice,) = Notice.objects.filter(member=lin)
    assert (notice.count, notice.updated_at) == (3, now + 3 * LATER)
    assert notice.post.number == 2


def test_a_read_line_opens_again_with_what_is_new(asked, make_reply, heard, notices, lin, wen, ye, now):
    opening = first(asked)
    make_reply(asked, "一", reply_to=opening)
    heard()
    (notice,) = Notice.objects.filter(member=lin)
    actions.read_notice(notice, now=now + LATER)
    assert queries.unseen_count(lin.pk) == 0
    newest = make_reply(asked, "二", reply_to=opening, author=ye, at=now + 2 * LATER)
    heard(now + 2 * LATER)
    notice.refresh_from_db()
    assert (notice.count, notice.read_at, notice.seen_at, notice.post_id) == (1, None, None, newest.pk)
    assert notices(lin) == ["叶青 replied to you in “夜景怎么拍”"]


def test_hearing_again_tells_nothing_new(asked, make_reply, heard, again, lin, wen, ye, now):
    post = make_reply(asked, "@叶青 看", reply_to=first(asked))
    forum.react(post, "like", by=lin, now=now)
    members.follow(lin, wen, now=now)
    heard()
    actions.read_all(lin.pk, now=now + LATER)
    before = list(Notice.objects.order_by("pk").values()), list(Part.objects.order_by("pk").values())
    assert len(before[0]) == 4
    again()
    assert before == (list(Notice.objects.order_by("pk").values()), list(Part.objects.order_by("pk").values()))


def test_reactions_gather_and_go(asked, heard, notices, lin, wen, ye, now):
    opening = first(asked)
    for who in (wen, ye):
        forum.react(opening, "like", by=who, now=now)
    heard()
    assert notices(lin) == ["叶青 and Wen liked what you wrote in “夜景怎么拍”"]
    forum.react(opening, "thanks", by=wen, now=now)
    forum.react(opening, None, by=ye, now=now)
    heard()
    assert notices(lin) == ["Wen liked what you wrote in “夜景怎么拍”"]
    forum.react(opening, None, by=wen, now=now)
    heard()
    assert notices(lin) == []
    assert queries.unseen_count(lin.pk) == 0


def test_taking_a_reaction_back_and_making_it_again_is_no_news(asked, heard, notices, lin, wen, now):
    opening = first(asked)
    forum.react(opening, "like", by=wen, now=now)
    heard()
    actions.read_all(lin.pk, now=now)
    for _each in range(3):
        forum.react(opening, None, by=wen, now=now)
        heard()
        forum.react(opening, "like", by=wen, now=now)
        heard()
    assert queries.unseen_count(lin.pk) == 0
    assert notices(lin) == ["Wen liked what you wrote in “夜景怎么拍”"]


def test_a_reaction_that_is_gone_before_it_is_heard(asked, heard, lin, wen, now):
    forum.react(first(asked), "like", by=wen, now=now)
    forum.react(first(asked), None, by=wen, now=now)
    heard()
    assert not Notice.objects.filter(member=lin).exists()


def test_answers(make_topic, make_reply, quiet, heard, notices, lin, wen, ye, now):
    topic = make_topic("为什么糊", kind="question", complete=lambda made: Question.objects.create(topic=made) and None)
    one, two = make_reply(topic, "一"), make_reply(topic, "二", author=ye)
    quiet()
    forum.accept_answer(one, by=lin, now=now)
    heard()
    assert notices(wen) == ["林间 chose your reply as the answer in “为什么糊”"]
    forum.accept_answer(two, by=lin, now=now)
    heard()
    assert (notices(wen), len(notices(ye))) == ([], 1)
    forum.withdraw_answer(topic, by=lin, now=now)
    heard()
    assert notices(ye) == []


def test_follows_levels_suspensions(quiet, heard, notices, lin, wen, ye, moderator, now):
    quiet()
    members.follow(wen, lin, now=now)
    members.follow(ye, lin, now=now + LATER)
    members.set_growth(lin.pk, 1200, now)
    members.suspend(moderator, wen, reason="广告", until=now + timedelta(days=3), now=now)
    heard(now + LATER)
    assert sorted(notices(lin)) == ["You reached level 6, Bloom", "叶青 and Wen follow you"]
    assert notices(wen) == ["You can read but not write until 2026-07-21 17:30"]
    assert queries.notice_page(forum_policies.access(wen, now)).rows[0].quote == "广告"


def test_a_level_that_is_lost_for_a_while_is_told_once(quiet, heard, notices, lin, now):
    quiet()
    for growth in (1200, 900, 1200):
        members.set_growth(lin.pk, growth, now)
        heard()
        assert notices(lin) == ["You reached level 6, Bloom"]
        actions.read_all(lin.pk, now=now)
    assert queries.unseen_count(lin.pk) == 0


def test_a_follow_that_ended_is_not_told(quiet, heard, notices, lin, wen, now):
    quiet()
    members.follow(wen, lin, now=now)
    members.unfollow(wen, lin)
    heard()
    assert notices(lin) == []


def test_nobody_hears_of_whom_they_avoid(asked, make_reply, heard, notices, lin, wen, ye, now):
    members.mute(lin, wen, now=now)
    post = make_reply(asked, "@林间 你好", reply_to=first(asked))
    forum.react(first(asked), "like", by=wen, now=now)
    heard()
    assert notices(lin) == []
    make_reply(asked, "你好", author=ye, reply_to=first(asked))
    heard()
    assert len(notices(lin)) == 1
    members.mute(lin, ye, now=now)
    assert notices(lin) == []
    assert post.pk


def test_nobody_hears_of_what_they_may_not_read(asked, make_reply, heard, notices, lin, wen, moderator, now):
    inside = forum.create_board("内测", slug="inside", now=now)
    forum.set_rule(inside, "read", audience="staff", now=now)
    forum_policies.forget_tree()
    make_reply(asked, "先说一句", reply_to=first(asked))
    heard()
    assert queries.unseen_count(lin.pk) == 1
    forum.move_topic(asked, inside, by=moderator, now=now)
    heard()
    assert (notices(lin), queries.unseen_count(lin.pk)) == ([], 0)
    asked.refresh_from_db()
    make_reply(asked, "@林间 看", author=moderator)
    heard()
    assert not Notice.objects.filter(member=lin, kind="mention").exists()


def test_the_level_of_a_board_is_asked_of_each(board, person, make_topic, make_reply, quiet, heard, notices, now):
    forum.set_rule(board, "read", audience="members", level=6, now=now)
    forum_policies.forget_tree()
    high, low, other = person("高处", level=7), person("低处", level=2), person("旁边", level=7)
    topic = make_topic("高地", author=high)
    for who in (low, other):
        forum.follow_topic(topic, by=who, now=now)
    quiet()
    make_reply(topic, "@低处 @旁边 来看", author=high)
    heard()
    assert (len(notices(low)), len(notices(other))) == (0, 1)


def test_a_muted_topic_says_nothing(asked, make_reply, heard, notices, lin, now):
    forum.follow_topic(asked, by=lin, now=now, kind="mute")
    make_reply(asked, "@林间 看", reply_to=first(asked))
    heard()
    assert notices(lin) == []


def test_an_edit_tells_only_who_was_not_told(asked, make_reply, heard, notices, lin, wen, ye, now):
    post = make_reply(asked, "先写一句", reply_to=first(asked))
    heard()
    forum.edit_post(post, by=wen, source="先写一句 @林间 @叶青", now=now)
    heard()
    assert len(notices(lin)) == 1
    assert notices(ye) == ["Wen mentioned you in “夜景怎么拍”"]


def test_what_is_hidden_is_not_told_and_comes_back(asked, make_reply, heard, notices, lin, wen, ye, moderator, now):
    post = make_reply(asked, "一", reply_to=first(asked))
    make_reply(asked, "二", reply_to=first(asked), author=ye)
    heard()
    forum.hide_post(post, by=moderator, reason="离题", now=now)
    heard()
    assert Notice.objects.get(member=lin, kind="reply").count == 1
    forum.restore_post(post, by=moderator, now=now)
    heard()
    assert Notice.objects.get(member=lin, kind="reply").count == 2
    forum.hide_post(first(asked), by=moderator, reason="离题", now=now)
    heard()
    assert not [text for text in notices(lin) if "replied" in text]
    assert not Notice.objects.told().filter(member=lin, kind="reply").exists()


def test_a_post_that_is_hidden_before_it_is_heard(asked, make_reply, heard, notices, lin, moderator, now):
    post = make_reply(asked, "一", reply_to=first(asked))
    forum.hide_post(post, by=moderator, reason="离题", now=now)
    heard()
    assert notices(lin) == []


def test_a_held_post_is_told_when_it_is_let_through(asked, make_reply, heard, notices, lin, wen, moderator, now):
    post = make_reply(asked, "@林间 看", held=True)
    heard()
    assert notices(lin) == []
    forum.approve_post(post, by=moderator, now=now)
    heard()
    assert notices(lin) == ["Wen mentioned you in “夜景怎么拍”"]


def test_verdicts(asked, make_reply, heard, notices, wen, now):
    post = make_reply(asked, "一")
    about = {"post_id": post.pk, "topic_id": asked.pk, "at": now, "now": now}
    actions.tell_of_verdict(wen.pk, 7, verdict="hide", message="广告不在这里发", event_id=900, **about)
    actions.tell_of_verdict(wen.pk, 7, verdict="hide", message="广告不在这里发", event_id=900, **about)
    assert notices(wen) == ["A moderator hid your post in “夜景怎么拍”"]
    assert queries.notice_page(forum_policies.access(wen, now)).rows[0].quote == "广告不在这里发"
    actions.take_back_verdict(7)
    assert notices(wen) == []
    for verdict, words in (("stand", "it stands"), ("restore", "is back")):
        actions.tell_of_verdict(wen.pk, 8, verdict=verdict, message="", event_id=901, **about)
        assert words in notices(wen)[0]
        actions.take_back_verdict(8)


def test_what_became_of_a_flag(quiet, notices, wen, now):
    quiet()
    actions.tell_of_flag(wen.pk, 3, answer="upheld", event_id=1, at=now, now=now)
    actions.tell_of_flag(wen.pk, 4, answer="stands", event_id=2, at=now, now=now)
    assert len(notices(wen)) == 2


def test_wishes(asked, make_reply, heard, notices, lin, now):
    everything = {kind for kind, _label in KINDS}
    actions.choose_kinds(lin.pk, everything - {"topic", "verdict"})
    actions.choose_kinds(lin.pk, everything - {"topic", "verdict"})
    assert set(Silence.objects.values_list("kind", flat=True)) == {"topic"}
    make_reply(asked)
    heard()
    assert notices(lin) == []
    actions.choose_kinds(lin.pk, everything)
    make_reply(asked)
    heard()
    assert len(notices(lin)) == 1
    actions.choose_kinds(lin.pk, [])
    assert {"suspended", "verdict"} == ALWAYS
    assert queries.declined(lin.pk) == everything - ALWAYS


def test_imports_are_not_told(board, quiet, heard, lin, now):
    quiet()
    posts = [forum.ThreadPost(n, f"u{n}", n - 1 if n else None, "@林间 你好", now) for n in range(3)]
    forum.import_thread(forum.Thread("x:1", "来自别处", posts), board, now=now)
    heard()
    assert not Notice.objects.exists()


def test_a_departed_member_is_forgotten_on_both_sides(asked, make_reply, heard, notices, lin, wen, ye, now):
    for who in (wen, ye):
        make_reply(asked, "一", reply_to=first(asked), author=who)
    forum.react(first(asked), "like", by=wen, now=now)
    heard()
    members.delete_account(wen, now=now)
    heard()
    assert notices(lin) == ["叶青 replied to you in “夜景怎么拍”"]
    members.delete_account(lin, now=now)
    heard()
    assert not Notice.objects.filter(member=lin).exists()


def test_the_bell_is_sent_when_it_changes(
    asked, make_reply, heard, lin, now, monkeypatch, django_capture_on_commit_callbacks
):
    sent = []
    monkeypatch.setattr(live, "_publish", lambda message: sent.append((message.channel, message.kind, message.data)))
    make_reply(asked)
    with django_capture_on_commit_callbacks(execute=True):
        heard()
    assert (f"member:{lin.pk}", "notices", {"count": 1}) in sent
    with django_capture_on_commit_callbacks(execute=True):
        actions.see_all(lin.pk, now=now)
    assert sent[-1] == (f"member:{lin.pk}", "notices", {"count": 0})
    assert queries.live_state(lin.pk)[0].data == {"count": 0}


def test_a_thousand_followers_cost_a_few_queries(
    asked, make_reply, heard, lin, wen, now, django_assert_max_num_queries
):
    from terrace.forum.models import TopicFollow
    from terrace.members.models import Member

    ids = list(members.bulk_unclaimed([(f"o:{n}", f"r{n}") for n in range(1000)], now=now).values())
    Member.objects.filter(pk__in=ids).update(claimed=True)
    TopicFollow.objects.bulk_create([TopicFollow(topic=asked, member_id=each, at=now) for each in ids])
    post = make_reply(asked)
    with django_assert_max_num_queries(70):
        actions.tell_of_post(post.pk, mentioned=(), event_id=1, at=now, now=now)
    assert Notice.objects.count() == 1001
