"""Who is quoted hears of it once: from what was typed, through the action, its event and the listener."""

import pytest

from terrace.forum import actions as forum
from terrace.forum import queries as forum_queries
from terrace.members import actions as members
from terrace.notifications.models import Notice, Part
from terrace.screening import actions as screening

pytestmark = pytest.mark.django_db


@pytest.fixture
def ye(person):
    return person("叶青")


@pytest.fixture
def asked(make_topic, make_reply, quiet, wen, ye, moderator):
    """A topic of Lin's with a reply of Ye's, in which everything so far has been told."""
    made = make_topic("夜景怎么拍")
    made.reply = make_reply(made, "用三脚架", author=ye)
    quiet()
    return made


def quoting(post, words="说得对"):
    return f"> [{post.author.handle} #{post.number}](/p/{post.pk}/)\n>\n> {post.text}\n\n{words}"


def told(member):
    """Return the kinds of what a member is told, one for each event in it."""
    parts = Part.objects.filter(notice__member=member, gone=False).order_by("pk")
    return list(parts.values_list("notice__kind", flat=True))


def test_the_quoted_hears_that_she_was_quoted(asked, make_reply, heard, again, notices, ye):
    make_reply(asked, quoting(asked.reply))
    heard()
    assert notices(ye) == ["Wen quoted you in “夜景怎么拍”"]
    again()
    assert told(ye) == ["quote"]


@pytest.mark.parametrize(
    ("words", "answers", "kind"),
    [("说得对", True, "quote"), ("@叶青 说得对", False, "mention"), ("@叶青 说得对", True, "mention")],
)
def test_once_though_she_is_answered_or_mentioned_too(asked, make_reply, heard, ye, words, answers, kind):
    make_reply(asked, quoting(asked.reply, words), reply_to=asked.reply if answers else None)
    heard()
    assert told(ye) == [kind], "and not again as somebody who follows the topic"


def test_once_though_two_of_her_posts_are_quoted(asked, make_reply, heard, ye):
    other = make_reply(asked, "再稳一点", author=ye)
    heard()
    make_reply(asked, quoting(asked.reply) + "\n\n" + quoting(other))
    heard()
    assert told(ye) == ["quote"]


@pytest.mark.parametrize("avoid", [members.mute, members.block])
def test_not_by_whom_she_avoids(asked, make_reply, heard, wen, ye, now, avoid):
    avoid(ye, wen, now=now)
    make_reply(asked, quoting(asked.reply))
    heard()
    assert told(ye) == []


def test_not_in_a_topic_that_she_mutes(asked, make_reply, heard, ye, now):
    forum.follow_topic(asked, by=ye, now=now, kind="mute")
    make_reply(asked, quoting(asked.reply))
    heard()
    assert told(ye) == []


def test_not_by_herself(asked, make_reply, heard, ye):
    make_reply(asked, quoting(asked.reply), author=ye)
    heard()
    assert told(ye) == []


def test_in_another_topic_too(asked, make_topic, heard, notices, wen, ye):
    make_topic("三脚架合集", source=quoting(asked.reply), author=wen)
    heard()
    assert notices(ye) == ["Wen quoted you in “三脚架合集”"]


def test_when_a_held_post_is_let_through(asked, make_reply, heard, ye, moderator, now):
    post = make_reply(asked, quoting(asked.reply), held=True)
    heard()
    assert told(ye) == []
    forum.approve_post(post, by=moderator, now=now)
    heard()
    assert told(ye) == ["quote"]


class TestHeldAfterAnEdit:
    """Wen's reply was told; an edit of it is held and let through."""

    @pytest.fixture
    def edited(self, asked, make_reply, heard, lin, ye, moderator, now, monkeypatch):
        post = make_reply(asked, quoting(asked.reply), reply_to=forum_queries.first_post(asked.pk))
        heard()
        assert (told(lin), told(ye)) == (["reply"], ["quote"])
        monkeypatch.setattr(screening, "judge", lambda writing, now: screening.Verdict("hold", ("links",)))

        def edit(words):
            forum.edit_post(post, by=post.author, source=words, now=now)
            heard()
            assert not Notice.objects.told().filter(member__in=(lin, ye)).exists()
            forum.approve_post(post, by=moderator, now=now)
            heard()

        return edit

    def test_nobody_hears_of_it_twice(self, edited, asked, lin, ye):
        edited(quoting(asked.reply, "说得很对 @林间"))
        assert (told(lin), told(ye)) == (["reply"], ["quote"])

    def test_who_is_mentioned_now_hears_of_it(self, edited, asked, heard, notices, moderator):
        edited(quoting(asked.reply, "说得很对 @板桥"))
        assert notices(moderator) == ["Wen mentioned you in “夜景怎么拍”"]
