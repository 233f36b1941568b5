"""Who sees what, and how many queries it takes."""

import pytest

from terrace.forum import actions as forum
from terrace.forum import policies as forum_policies
from terrace.media import actions as media
from terrace.media import queries as media_queries
from terrace.media.tests.pictures import saved, scene
from terrace.moderation import actions, policies, queries
from terrace.moderation.models import Case
from terrace.moderation.tests.people import hear, person


def test_waiting(place, now):
    actions.flag(place.reply, by=place.asker, reason="spam", now=now)
    assert queries.waiting_count(place.moderator) == 1
    assert queries.waiting_count(place.keeper) == 1
    assert queries.waiting_count(place.author) == 0
    assert queries.waiting_count(None) == 0
    forum.move_topic(place.topic, place.other, by=place.moderator, now=now)
    assert queries.waiting_count(place.keeper) == 0
    assert queries.waiting_count(place.moderator) == 1


def test_a_board_moderator_finds_only_their_own(place, now):
    actions.flag(place.reply, by=place.asker, reason="spam", now=now)
    case = Case.objects.get()
    assert queries.find_case(case.pk, policies.boards_of(place.keeper)) is not None
    assert queries.find_case(case.pk, [place.other.pk]) is None
    jobs, count, view = queries.queue_page([place.other.pk], by=place.keeper, chosen=case.pk, now=now)
    assert (jobs, count, view) == ([], 0, None)


def test_a_case_with_all_that_is_needed(place, now):
    actions.flag(place.reply, by=place.asker, reason="abuse", text="骂人了", now=now)
    jobs, count, view = queries.queue_page(None, by=place.moderator, chosen=None, now=now)
    assert (count, jobs[0].icon, jobs[0].current, jobs[0].late) == (1, "flag", True, False)
    assert [each["number"] for each in view.before] == [1, 2]
    assert ("message-square-quote", "提问的人: 骂人了") in view.why
    assert view.category == "abuse"
    assert view.message == view.messages["abuse"]
    assert [(each["verdict"], each["key"], each["main"]) for each in view.acts] == [
        ("stand", 1, False),
        ("hide", 2, True),
        ("suspend", 3, False),
        ("dismiss", 4, False),
    ]
    assert [each["verdict"] for each in queries.queue_page(None, by=place.keeper, chosen=None, now=now)[2].acts] == [
        "stand",
        "hide",
        "dismiss",
    ]


def test_a_picture_that_somebody_else_showed_before_is_marked(place, now, settings, tmp_path):
    """Only posts that this moderator may read, and only earlier ones of others."""
    settings.MEDIA_ROOT = tmp_path / "media"

    def shown(author, quality, topic):
        upload = media.keep_image(saved(scene(1), quality=quality), member_id=author.pk, now=now)
        return forum.reply(author, topic, source=media_queries.markdown(upload), now=now, screened=False)

    hidden = forum.open_topic(place.asker, place.other, kind="discussion", title="内部", source="看图", now=now)
    place.topic.refresh_from_db()
    hidden.refresh_from_db()
    shown(person("别人", now), 90, hidden)
    shown(place.asker, 80, place.topic)
    place.topic.refresh_from_db()
    copy = shown(place.author, 50, place.topic)
    actions.flag(copy, by=place.asker, reason="spam", now=now)

    def marks(reader):
        forum_policies.forget_tree()
        view = queries.queue_page(None, by=reader, chosen=None, now=now)[2]
        return [str(words) for icon, words in view.why if icon == "image"]

    assert len(marks(place.keeper)) == 2
    forum.set_rule(place.other, "see", audience="staff", now=now)
    (mark,) = marks(place.keeper)
    assert mark.startswith("提问的人 showed a picture of this post before: <a href=")
    assert ">这台续航怎么样</a>" in mark


def test_queries_of_the_queue_do_not_grow(place, now, django_assert_max_num_queries):
    for number in range(4):
        place.topic.refresh_from_db()
        post = forum.reply(place.author, place.topic, source=f"第{number}句", now=now, screened=False)
        for each in range(3):
            actions.flag(post, by=person(f"人{number}{each}", now), reason="spam", text="x", now=now)
    forum_policies.forget_tree()
    with django_assert_max_num_queries(10):
        jobs, count, _view = queries.queue_page(None, by=place.moderator, chosen=None, now=now)
    assert (len(jobs), count) == (4, 4)


def test_the_log_shows_what_a_reader_may_read_and_names_nobody(place, now, django_assert_num_queries):
    actions.flag(place.reply, by=place.asker, reason="spam", text="秘密", now=now)
    decision = actions.decide(Case.objects.get(), "hide", by=place.moderator, message="私下的话", now=now)
    hear(now)
    boards = queries.readable_boards(None, now)
    with django_assert_num_queries(1):
        page = queries.log_page(boards)
    assert [(row["board"], row["category"]) for row in page.rows] == [("续航", "Advertising or spam")]
    assert set(page.rows[0]) == {"at", "board", "act", "category"}
    forum.set_rule(place.board, "see", audience="staff", now=now)
    forum_policies.forget_tree()
    assert queries.log_page(queries.readable_boards(None, now)).rows == []
    assert len(queries.log_page(queries.readable_boards(place.moderator, now)).rows) == 1
    actions.undo(decision, by=place.moderator, now=now)
    assert queries.log_page(boards).rows == []


def test_the_log_goes_on(place, now):
    for number in range(queries.records.LOG + 3):
        place.topic.refresh_from_db()
        post = forum.reply(place.author, place.topic, source=f"第{number}句", now=now, screened=False)
        forum.hide_post(post, by=place.keeper, reason="重复", now=now)
        actions.note_hidden(post.pk, by_id=place.keeper.pk, own=False, reason="重复", at=now, now=now)
    boards = queries.readable_boards(None, now)
    first = queries.log_page(boards)
    assert len(first.rows) == queries.records.LOG
    assert len(queries.log_page(boards, cursor=first.next).rows) == 3


def test_export(place, now):
    actions.flag(place.reply, by=place.asker, reason="spam", text="卖东西", now=now)
    decision = actions.decide(Case.objects.get(), "hide", by=place.moderator, message="收", now=now)
    actions.appeal(decision, by=place.author, text="为什么", now=now)
    assert [each["text"] for each in queries.export_member(place.asker.pk)["flags"]] == ["卖东西"]
    mine = queries.export_member(place.author.pk)
    assert [each["message"] for each in mine["decisions"]] == ["收"]
    assert [each["text"] for each in mine["appeals"]] == ["为什么"]
    assert "叶青" not in str(mine)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_messages_are_in_the_language_of_the_author(language):
    words = queries.prefills("续航", language)
    assert set(words) == set(queries.CATEGORY_WORDS)
    assert ("续航" in words["off_topic"]) and all(len(each) <= 300 for each in words.values())


def test_what_can_be_done_fits_why_it_waits(place, now):
    """Whoever was held or asked for a second look is told in any case; nobody judges an appeal against themselves."""

    def verdicts(by):
        view = queries.queue_page(None, by=by, chosen=None, now=now)[2]
        return [each["verdict"] for each in view.acts], view.why_not

    forum.hold_post(place.reply, reasons=("links",), now=now)
    actions.open_held_case(place.reply.pk, ["links"], now)
    assert verdicts(place.keeper) == (["stand", "hide"], "")
    case = Case.objects.get()
    decision = actions.decide(case, "hide", by=place.keeper, message="收", now=now)
    actions.appeal(decision, by=place.author, text="再看看", now=now)
    assert verdicts(place.moderator)[0] == ["stand", "hide", "suspend"]
    assert verdicts(place.keeper) == ([], "You took this post away yourself. Somebody else answers the appeal.")
