"""The index follows the present state, whatever was heard and how often."""

import pytest
from django.db import connection

from terrace.forum import actions as forum
from terrace.forum import policies as forum_policies
from terrace.forum.models import Post, Topic
from terrace.members import actions as members
from terrace.search import actions, policies
from terrace.search.models import Document, MemberName, Rebuild

pytestmark = pytest.mark.django_db


def first(topic):
    return Post.objects.get(topic=topic, number=1)


def in_index(word):
    """Return the posts that the full-text index itself gives for a word."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT rowid FROM search_index WHERE search_index MATCH %s ORDER BY rowid", [f'"{word}"'])
        else:
            cursor.execute("SELECT post_id FROM search_document WHERE tokens @@ %s::tsquery ORDER BY 1", [f"'{word}'"])
        return [row[0] for row in cursor.fetchall()]


def test_a_post_is_in_the_index_as_it_is_now(make_topic, make_reply, heard, lin, wen, now):
    topic = make_topic("开头", "第一句说铰链", tags=["折叠"])
    post = make_reply(topic, "回答说转轴")
    heard()
    assert in_index("铰链") == [first(topic).pk]
    assert in_index("t:开头") == [first(topic).pk]
    assert in_index(f"a:{wen.pk}") == [post.pk]
    assert in_index(f"b:{topic.board_id}") == [first(topic).pk, post.pk]
    forum.edit_post(post, by=wen, source="回答改说镜头", now=now)
    heard()
    assert in_index("转轴") == []
    assert in_index("镜头") == [post.pk]
    row = Document.objects.get(pk=post.pk)
    assert (row.number, row.length, row.day) == (2, 6, policies.day_of(now))


def test_hearing_again_changes_nothing(make_topic, make_reply, heard, django_assert_num_queries):
    topic = make_topic()
    make_reply(topic)
    heard()
    before = list(Document.objects.order_by("pk").values())
    actions.index_topic(topic.pk)
    actions.index_post(first(topic).pk)
    assert list(Document.objects.order_by("pk").values()) == before
    assert in_index("三脚") == [before[1]["post_id"]]


def test_post_and_topic_go_and_come_back(make_topic, make_reply, heard, moderator, now):
    topic = make_topic("开头", "铰链")
    post = make_reply(topic, "转轴")
    heard()
    forum.hide_post(post, by=moderator, reason="离题", now=now)
    heard()
    assert (in_index("转轴"), len(in_index("铰链"))) == ([], 1)
    forum.restore_post(post, by=moderator, now=now)
    forum.hide_post(first(topic), by=moderator, reason="离题", now=now)
    heard()
    assert not Document.objects.exists()
    assert in_index("转轴") == in_index("铰链") == []
    forum.restore_post(first(topic), by=moderator, now=now)
    heard()
    assert len(in_index("转轴")) == len(in_index("铰链")) == 1


def test_a_held_post_waits_outside(make_topic, make_reply, heard, moderator, now):
    topic = make_topic("开头", "铰链", held=True)
    heard()
    assert not Document.objects.exists()
    forum.approve_post(first(topic), by=moderator, now=now)
    post = make_reply(Topic.objects.get(pk=topic.pk), "转轴", held=True)
    heard()
    assert in_index("铰链") == [first(topic).pk]
    forum.approve_post(post, by=moderator, now=now)
    heard()
    assert in_index("转轴") == [post.pk]


def test_moved_tagged_solved(make_topic, make_reply, heard, moderator, lin, now):
    from terrace.forum.models import Question

    topic = make_topic(
        "问", "怎么拆", kind="question", complete=lambda made: Question.objects.create(topic=made) and None
    )
    post = make_reply(topic, "先加热")
    other = forum.create_board("硬件", slug="hardware", now=now)
    forum_policies.forget_tree()
    heard()
    forum.move_topic(topic, other, by=moderator, now=now)
    forum.retag_topic(topic, ["维修"], by=moderator, now=now)
    forum.accept_answer(post, by=lin, now=now)
    heard()
    both = [first(topic).pk, post.pk]
    assert in_index(f"b:{other.pk}") == in_index("s:1") == in_index("k:question") == both
    assert set(Document.objects.values_list("board_id", "solved")) == {(other.pk, True)}
    forum.withdraw_answer(topic, by=lin, now=now)
    heard()
    assert in_index("s:1") == []


def test_an_imported_thread_comes_in_one_delivery(board, heard, now):
    from terrace.kernel.models import Delivery

    posts = [forum.ThreadPost(n, f"u{n}", None, f"第{n}句说铰链", now) for n in range(450)]
    topic = forum.import_thread(forum.Thread("x:1", "铰链", posts), board, now=now)
    assert Delivery.objects.filter(listener__startswith="search.", event__kind="forum.ThreadImported").count() == 1
    heard()
    assert len(in_index("铰链")) == 450
    assert Document.objects.filter(topic=topic).count() == 450


def test_a_departed_author_is_no_longer_findable(make_topic, heard, wen, now):
    topic = make_topic("留下的话", "铰链", author=wen)
    heard()
    assert in_index(f"a:{wen.pk}")
    members.delete_account(wen, now=now)
    heard()
    assert in_index(f"a:{wen.pk}") == []
    assert in_index("铰链") == [first(topic).pk]
    assert Document.objects.get().author_id is None
    assert not MemberName.objects.filter(member=wen).exists()


def test_names(person, heard):
    member = person("山里的猫2号")
    heard()
    keys = set(MemberName.objects.filter(member=member).values_list("key", flat=True))
    assert {"山里的猫2号", "shanlidemao2hao", "sldm2h"} <= keys
    actions.index_member(member.pk)
    assert set(MemberName.objects.filter(member=member).values_list("key", flat=True)) == keys
    actions.index_member(10**9)


def test_what_cannot_be_a_word_still_goes_in(make_topic, heard):
    topic = make_topic("表情", "😀😀😀")
    long = make_topic("长词", "a" * 3000 + " " + "铰" * 3000)
    heard()
    assert Document.objects.get(pk=first(topic).pk).words
    assert in_index("a" * policies.LONGEST_TOKEN) == [first(long).pk]


def test_rebuild_goes_on_where_it_was_cut_off(make_topic, heard, monkeypatch):
    topics = [make_topic(f"第{n}个", "铰链") for n in range(5)]
    monkeypatch.setattr(actions, "STEP", 2)
    seen = []

    def stop(done, total):
        seen.append((done, total))
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        actions.reindex(stop)
    assert Rebuild.objects.get(part="topics").after == topics[1].pk
    assert Document.objects.count() == 2
    assert actions.reindex(lambda done, total: seen.append((done, total))) == 3
    assert seen == [(2, 5), (2, 5), (3, 5)]
    assert Document.objects.count() == 5
    assert not Rebuild.objects.exists()
    assert actions.reindex() == 5
    assert len(in_index("铰链")) == 5
    Document.objects.drop(Document.objects.values_list("pk", flat=True))
    assert in_index("铰链") == []


def test_the_long_columns_stand_last():
    with connection.cursor() as cursor:
        columns = [each.name for each in connection.introspection.get_table_description(cursor, "search_document")]
    assert [name for name in columns if name != "tokens"] == [field.column for field in Document._meta.fields]
    assert [field.column for field in Document._meta.fields][-2:] == ["marks", "words"]
