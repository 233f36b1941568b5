"""A page with remembered pieces is the page without, whatever happened in between."""

import re
from datetime import timedelta

import pytest

from terrace.forum import actions, policies, queries
from terrace.forum.models import Post, Question
from terrace.forum.views import drawing
from terrace.kernel import remembered
from terrace.members import actions as members

pytestmark = pytest.mark.django_db


def address(topic):
    return f"/t/{topic.pk}/{topic.slug or '-'}/"


def page(client, topic):
    """The page, without what is new at every request."""
    body = client.get(address(topic)).content.decode()
    return re.sub(r"token=[^\"&]+|content=\"[A-Za-z0-9]{64}\"|value=\"[A-Za-z0-9]{64}\"", "", body)


def changes(topic, post, people, now):
    """Everything that changes the look of a post, each as a name and an act."""
    lin, wen, moderator = people["lin"], people["wen"], people["moderator"]
    later = now + timedelta(minutes=5)
    return {
        "edit": lambda: actions.edit_post(post, source="改过的话。", by=wen, now=later),
        "hide": lambda: actions.hide_post(post, by=moderator, reason="广告", now=later),
        "react": lambda: actions.react(post, "like", by=lin, now=later),
        "accept": lambda: actions.accept_answer(post, by=lin, now=later),
        "rename": lambda: members.change_handle(wen, "改名以后", now=later),
        "grow": lambda: members.set_growth(wen.pk, 9000, later),
        "suspend": lambda: members.suspend(moderator, wen, reason="刷屏", until=later + timedelta(days=3), now=later),
        "mute": lambda: members.mute(people["reader"], wen, now=later),
        "lock": lambda: actions.lock_topic(topic, True, by=moderator, now=later),
        "hide the topic": lambda: actions.hide_post(queries.first_post(topic.pk), by=moderator, reason="x", now=later),
        "hide what it answers": lambda: actions.hide_post(post.reply_to, by=moderator, reason="x", now=later),
        "edit what it answers": lambda: actions.edit_post(post.reply_to, source="换了。", by=lin, now=later),
    }  # fmt: skip


NAMES = [
    "edit", "hide", "react", "accept", "rename", "grow", "suspend", "mute", "lock", "hide the topic", "hide what it answers",
    "edit what it answers",
]  # fmt: skip


@pytest.fixture
def scene(make_topic, make_reply, lin, wen, person, moderator, now):
    """A question with an answer that answers an earlier one, and who looks at it."""
    topic = make_topic(kind="question", complete=lambda each: Question.objects.create(topic=each))
    first = make_reply(topic, "先看设置。", author=lin)
    make_reply(topic, "我也想知道。", author=person("路人"))
    post = Post.objects.get(pk=make_reply(topic, "用三脚架。", author=wen, reply_to=first).pk)
    return topic, post, {"lin": lin, "wen": wen, "moderator": moderator, "reader": person("读者")}


@pytest.mark.parametrize("name", NAMES)
def test_no_change_stays_unseen(scene, browse, now, name):
    topic, post, people = scene
    readers = [browse(), *(browse(each) for each in people.values())]
    before = [page(each, topic) for each in readers]
    changes(topic, post, people, now)[name]()
    policies.forget_tree()
    warm = [page(each, topic) for each in readers]
    remembered.clear()
    assert warm == [page(each, topic) for each in readers]
    if name != "mute":
        assert warm != before


@pytest.mark.parametrize("minutes", [0.5, 1, 59, 61, 23 * 60, 25 * 60, 6 * 24 * 60, 9 * 24 * 60, 400 * 24 * 60])
def test_words_for_how_long_ago_go_on(scene, browse, monkeypatch, now, minutes):
    topic, _post, _people = scene
    client = browse()
    for at in (now, now + timedelta(minutes=minutes)):
        monkeypatch.setattr("terrace.kernel.clock.now", lambda at=at: at)
        warm = page(client, topic)
    remembered.clear()
    assert warm == page(client, topic)


def test_every_post_is_drawn_once_for_readers_alike(scene, browse, person, monkeypatch):
    topic, _post, _people = scene
    drawn = []
    real = queries.topic.TopicPage.parts

    def counted(self, ids):
        drawn.append(len(ids))
        return real(self, ids)

    monkeypatch.setattr(drawing.TopicPage, "parts", counted)
    for number in range(3):
        browse(person(f"看客{number}")).get(address(topic))
    assert drawn == [4]
