"""Two workers at once, on two real connections: nobody is told twice, and nothing that is gone stays on the bell.

Each story runs as it is, and again with the locks taken out and both workers at the worst moment: then it ends wrongly. That
second half is for PostgreSQL, because SQLite lets one transaction write at a time, with or without our locks.
"""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from terrace.forum import actions as forum
from terrace.forum.models import Post, Question
from terrace.forum.queries import audience
from terrace.kernel import locks
from terrace.notifications import actions, queries
from terrace.notifications.actions import lines, posts
from terrace.notifications.models import Notice, Part

pytestmark = pytest.mark.django_db(transaction=True)
LATER = timedelta(minutes=5)


@pytest.fixture
def ye(person):
    return person("叶青")


@pytest.fixture
def asked(make_topic, quiet, wen, ye, moderator):
    """A topic of Lin's in which everything so far has been told."""
    made = make_topic("夜景怎么拍")
    quiet()
    return made


@pytest.fixture
def without_locks(monkeypatch):
    """Take the locks out; return a function that lets whoever has called `name` wait there for the other."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite lets one transaction write at a time, with or without our locks")

    monkeypatch.setattr(locks, "hold", lambda *keys: None)
    monkeypatch.setattr(lines, "lock", lambda notices: list(notices.order_by("pk")))

    def meet_at(place, name):
        both, through = threading.Barrier(2), getattr(place, name)

        def waiting(*given, **named):
            found = through(*given, **named)
            both.wait(10)
            return found

        monkeypatch.setattr(place, name, waiting)

    return meet_at


def first(topic):
    return Post.objects.get(topic=topic, number=1)


def bell(member):
    return queries.unseen_count(member.pk)


def well(results):
    """Show that nothing failed."""
    assert [each for each in results if isinstance(each, Exception)] == []


class TestPublishedAndEdited:
    """A reply to Lin is told at the moment at which an edit that mentions her is."""

    @pytest.fixture
    def story(self, asked, make_reply, at_once, now):
        post = make_reply(asked, "看这里", reply_to=first(asked))

        def run():
            about = {"at": now, "now": now}
            well(
                at_once(
                    lambda: actions.tell_of_post(post.pk, mentioned=(), event_id=1, **about),
                    lambda: actions.tell_of_mentions(post.pk, (asked.author_id,), event_id=2, **about),
                )
            )
            return Part.objects.filter(notice__member_id=asked.author_id, post=post).count()

        return run

    def test_she_is_told_once(self, story):
        assert story() == 1

    def test_without_the_lock_twice(self, story, without_locks):
        without_locks(posts, "_told_of")
        assert story() == 2


class TestTwoReplies:
    """Two replies open a line again that Lin has read."""

    @pytest.fixture
    def story(self, asked, make_reply, heard, at_once, lin, wen, ye, now):
        make_reply(asked, "早", reply_to=first(asked))
        heard()
        actions.read_all(lin.pk, now=now + LATER)
        posts = [
            make_reply(asked, "一", reply_to=first(asked), at=now + 2 * LATER),
            make_reply(asked, "二", reply_to=first(asked), author=ye, at=now + 3 * LATER),
        ]

        def run():
            well(
                at_once(
                    *(
                        lambda post=post, number=number: actions.tell_of_post(
                            post.pk, mentioned=(), event_id=number, at=post.created_at, now=now
                        )
                        for number, post in enumerate(posts, start=10**6)
                    )
                )
            )
            (notice,) = Notice.objects.filter(member=lin, kind="reply")
            return notice.count, notice.since - now, notice.updated_at - now

        return run

    def test_both_are_counted(self, story):
        assert story() == (2, 2 * LATER, 3 * LATER)

    def test_without_the_lock_one_is_lost(self, story, without_locks):
        without_locks(lines, "_told_before")
        # Whoever comes last writes since when the line is new, or when it was last, as if there were no other.
        assert story() in {(1, 3 * LATER, 3 * LATER), (2, 2 * LATER, 2 * LATER)}


class TestTwoAreHidden:
    """Both replies in one line are hidden at once."""

    @pytest.fixture
    def story(self, asked, make_reply, heard, at_once, lin, ye, moderator, now):
        posts = [
            make_reply(asked, "一", reply_to=first(asked)),
            make_reply(asked, "二", reply_to=first(asked), author=ye),
        ]
        heard()
        assert Notice.objects.get(member=lin, kind="reply").count == 2
        for post in posts:
            forum.hide_post(post, by=moderator, reason="离题", now=now)

        def run():
            well(at_once(*(lambda post=post: actions.settle_post(post.pk) for post in posts)))
            return bell(lin)

        return run

    def test_nothing_is_left_on_the_bell(self, story):
        assert story() == 0

    def test_without_the_lock_one_stays(self, story, without_locks):
        without_locks(audience, "standing_posts")
        assert story() == 1


class TestTakenBack:
    """A reaction is taken back while it is told."""

    @pytest.fixture
    def story(self, asked, at_once, lin, wen, now):
        post = first(asked)
        forum.react(post, "like", by=wen, now=now)

        def take_back():
            forum.react(post, None, by=wen, now=now)
            actions.settle_post(post.pk)

        def run(before=lambda: None, between=lambda: None):
            well(
                at_once(
                    lambda: actions.tell_of_reaction(post.pk, wen.pk, event_id=1, at=now, now=now),
                    lambda: (before(), take_back(), between()),
                )
            )
            return bell(lin)

        return run

    def test_it_is_not_on_the_bell(self, story):
        assert story() == 0

    def test_without_the_lock_it_stays(self, story, monkeypatch, without_locks):
        seen, settled, ask = threading.Event(), threading.Event(), audience.reactors

        def asked_by_the_teller(post_ids):
            found = ask(post_ids)
            if not seen.is_set():
                seen.set()
                settled.wait(10)
            return found

        monkeypatch.setattr(audience, "reactors", asked_by_the_teller)
        assert story(before=lambda: seen.wait(10), between=settled.set) == 1


class TestAnotherAnswer:
    """Lin chooses another answer while the first choice is told."""

    @pytest.fixture
    def story(self, make_topic, make_reply, quiet, at_once, lin, wen, ye, now):
        topic = make_topic(
            "为什么糊", kind="question", complete=lambda made: Question.objects.create(topic=made) and None
        )
        one, two = make_reply(topic, "一"), make_reply(topic, "二", author=ye)
        quiet()
        forum.accept_answer(one, by=lin, now=now)
        about = {"at": now, "now": now}

        def change():
            forum.accept_answer(two, by=lin, now=now)
            actions.tell_of_answer(topic.pk, two.pk, lin.pk, event_id=2, **about)

        def run(before=lambda: None, between=lambda: None):
            well(
                at_once(
                    lambda: actions.tell_of_answer(topic.pk, one.pk, lin.pk, event_id=1, **about),
                    lambda: (before(), change(), between()),
                )
            )
            return bell(wen), bell(ye)

        return run

    def test_only_the_last_is_told(self, story):
        assert story() == (0, 1)

    def test_without_the_lock_both_are(self, story, monkeypatch, without_locks):
        seen, settled, who_hears = threading.Event(), threading.Event(), lines._who_hears

        def asked_by_the_teller(*given):
            if not seen.is_set():
                seen.set()
                settled.wait(10)
            return who_hears(*given)

        monkeypatch.setattr(lines, "_who_hears", asked_by_the_teller)
        assert story(before=lambda: seen.wait(10), between=settled.set) == (1, 1)


def test_one_event_heard_by_two_workers_is_told_once(asked, make_reply, at_once, lin, now):
    post = make_reply(asked, "看这里", reply_to=first(asked))

    def tell():
        return actions.tell_of_post(post.pk, mentioned=(), event_id=1, at=now, now=now)

    well(at_once(tell, tell, tell))
    assert Part.objects.filter(notice__member=lin).count() == 1
    assert bell(lin) == 1
