"""Whom a text quotes, and how long slow mode makes one wait."""

import pytest

from terrace.forum import actions, queries
from terrace.forum.actions import writing
from terrace.forum.models import Post
from terrace.kernel.errors import TooMany
from terrace.kernel.models import EventRow

pytestmark = pytest.mark.django_db


@pytest.fixture
def two(topic, make_reply):
    """Lin's first post (a) and Wen's reply (b)."""
    return {"a": queries.first_post(topic.pk).pk, "b": make_reply(topic).pk}


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("> **林间** [#1](/p/{a}/)\n>\n> 总是糊\n\n是的", "a"),
        ("> [林间 #1](/p/{a}/)\n>\n> 总是糊\n\n是的", "a"),
        ("先说一句\n\n> **林间** [#1](/p/{a}/)\n> 总是糊\n\n再说\n\n> [Wen #2](/p/{b}/)\n> 试试", "ab"),
        ("> **林间** [#1](/p/{a}/)\n>\n> > **Wen** [#2](/p/{b}/)\n> >\n> > 试试\n\n是的", "a"),
        ("> > **林间** [#1](/p/{a}/)\n\n是的", ""),
        (">> **林间** [#1](/p/{a}/)\n\n是的", ""),
        ("> 有人说过\n> 见 [这里](/p/{a}/)\n\n是的", ""),
        ("见 [这里](/p/{a}/)", ""),
        ("```\n> **林间** [#1](/p/{a}/)\n```\n是的", ""),
        ("````\n```\n> **林间** [#1](/p/{a}/)\n````\n\n> [Wen #2](/p/{b}/)\n> 试试", "b"),
        ("    > **林间** [#1](/p/{a}/)", ""),
        ("> **谁** [#9](/p/999999999999999999/)\n\n是的", ""),
        ("> **谁** [#9](/p/9999999999999999999/)\n\n是的", ""),
        ("> **林间** [#1](/p/{a}/)\n\n一\n\n> **林间** [#1](/p/{a}/)\n\n二", "a"),
    ],
)
def test_the_first_line_of_a_quotation_names_its_post(two, text, quoted, lin, wen):
    authors = {"a": lin.pk, "b": wen.pk}
    assert writing.quoted_in(text.format(**two)) == tuple(sorted(authors[each] for each in quoted))


def test_a_text_without_a_quotation_costs_no_query(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert writing.quoted_in("> 只是一句话\n\n[链接](/p/1/)") == ()


def test_what_does_not_stand_is_not_quoted(two, topic, moderator, now):
    text = "> [Wen #2](/p/{b}/)\n> 试试".format(**two)
    actions.hide_post(Post.objects.get(pk=two["b"]), by=moderator, reason="离题", now=now)
    assert writing.quoted_in(text) == ()


def test_at_most_so_many(topic, two, lin, monkeypatch):
    monkeypatch.setattr(writing, "QUOTED", 1)
    assert writing.quoted_in("> [x](/p/{a}/)\n\n又\n\n> [x](/p/{b}/)".format(**two)) == (lin.pk,)


def test_the_event_says_who_was_quoted(two, topic, make_topic, make_reply, lin, wen, moderator, now):
    text = "> **林间** [#1](/p/{a}/)\n>\n> 总是糊\n\n是的".format(**two)
    posts = [
        make_reply(topic, text),
        queries.first_post(make_topic(source=text, author=wen).pk),
        make_reply(topic, text, held=True),
    ]
    assert not EventRow.objects.filter(kind="forum.PostPublished", about=f"post:{posts[2].pk}").exists()
    actions.approve_post(posts[2], by=moderator, now=now)
    for post in posts:
        event = EventRow.objects.get(kind="forum.PostPublished", about=f"post:{post.pk}")
        assert event.data["quoted"] == [lin.pk]


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (1, "1 second."),
        (59, "59 seconds."),
        (60, "1 minute."),
        (567, "10 minutes."),
        (5399, "90 minutes."),
        (86_400, "24 hours."),
    ],
)
def test_slow_mode_says_how_long_in_words_that_are_read_at_once(now, left, words):
    with pytest.raises(TooMany) as refused:
        writing.check_slow(now, left, now)
    assert refused.value.sentence == f"Take a breath: you can post again in {words} Your draft is kept."
    assert refused.value.retry_after == left
