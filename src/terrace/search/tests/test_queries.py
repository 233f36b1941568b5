"""What is found, by whom, in which order. All of it holds on SQLite and on PostgreSQL."""

from datetime import timedelta

import pytest
from django.utils import translation

from terrace.forum import actions as forum
from terrace.forum import policies as forum_policies
from terrace.forum.models import Post
from terrace.kernel import options
from terrace.kernel.tests.data import rows
from terrace.members import actions as members
from terrace.search import actions, queries

pytestmark = pytest.mark.django_db


def first(topic):
    return Post.objects.get(topic=topic, number=1)


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("续航", "这台的续航还行"),
        ("續航", "这台的续航还行"),
        ("iqoo9", "我的iQOO 9发热"),
        ("iQOO 9", "我的iqoo9发热"),
        ("ＩＱＯＯ", "iQOO 用了一年"),
        ("14.0.5", "升到 14.0.5 之后卡"),
        ("hyperos", "HyperOS is fine"),
        ("亮", "屏幕很亮"),
        ("😀", None),
        ("！？", None),
        ("雾灯", None),
    ],
)
def test_words_are_found_however_they_are_written(make_topic, heard, titles, typed, text):
    make_topic("别的事", "没有关系的话")
    if text:
        make_topic("要找的", text)
    heard()
    assert titles(typed) == (["要找的"] if text else [])


def test_a_topic_stands_once_with_its_best_post_marked(make_topic, make_reply, heard, find):
    topic = make_topic("说说续航", "大家觉得怎么样？")
    for text in ("续航。", "我的续航很好，白天重度使用，到晚上还剩一半，周末几乎不用充电。"):
        make_reply(topic, text)
    heard()
    found = find("续航")
    assert (found.count, found.capped, found.loose) == (1, False, False)
    (hit,) = found.hits
    assert (hit.topic_id, hit.number, hit.posts) == (topic.pk, 1, 3)
    assert ("续航", True) in hit.title
    assert hit.url == f"/p/{first(topic).pk}/"


def test_a_reply_is_found_by_its_own_words(make_topic, make_reply, heard, find):
    topic = make_topic("随便聊聊", "今天天气不错")
    post = make_reply(topic, "前面说了很多" * 40 + "最后说到散热膜的事" + "后面还有很多" * 40)
    heard()
    (hit,) = find("散热膜").hits
    assert (hit.post_id, hit.number) == (post.pk, 2)
    assert ("散热膜", True) in hit.snippet
    assert sum(len(piece) for piece, _hit in hit.snippet) < 140


def test_the_title_the_length_and_the_date_make_the_order(make_topic, heard, titles, now):
    long = "信号在地下车库里不好，换了两张卡都一样，别的手机没有问题，运营商说覆盖是够的。"
    make_topic("旧的", long, at=now - timedelta(days=900))
    make_topic("短的", "信号差", at=now)
    make_topic("新的", long, at=now)
    make_topic("信号怎么了", "说说看", at=now - timedelta(days=900))
    heard()
    assert titles("信号") == ["信号怎么了", "新的", "旧的", "短的"]
    assert titles("信号", sort=queries.LATEST) == ["信号怎么了", "新的", "短的", "旧的"]


def test_all_words_before_some_words(make_topic, make_reply, heard, find, titles):
    both = make_topic("一", "续航和发热都说")
    make_topic("二", "只说续航")
    heard()
    assert [hit.topic_id for hit in find("续航 发热").hits] == [both.pk]
    spread = make_topic("三", "先说夜景")
    make_reply(spread, "再说卡顿")
    make_topic("四", "只说夜景")
    heard()
    found = find("夜景 卡顿")
    assert found.loose
    assert titles("夜景 卡顿") == ["三", "四"]
    assert find("夜景 卡顿 散热 边框").hits[0].topic_id == spread.pk
    assert not find("雾灯 边框").hits


@pytest.mark.parametrize("typed", ['"像素很高"', "“像素很高”", "「像素很高」"])
def test_a_quoted_phrase_stands_as_typed(make_topic, heard, titles, typed):
    make_topic("对", "这颗镜头像素很高")
    make_topic("繁", "這顆鏡頭像素很高")
    make_topic("错", "很高兴看到这个像素")
    heard()
    assert sorted(titles(typed)) == ["对", "繁"]


def test_filters(make_topic, make_reply, heard, titles, board, lin, wen, now):
    below = forum.create_board("夜景", slug="night", parent=board, now=now)
    other = forum.create_board("系统", slug="system", now=now)
    forum_policies.forget_tree()
    make_topic("一", "更新以后好了", where=below, tags=["相机"])
    make_topic("二", "更新以后坏了", where=other, author=wen, at=now - timedelta(days=30))
    question = make_topic("三", "更新以后呢", where=board, kind="question", complete=_question)
    answer = make_reply(question, "等下一版。")
    forum.accept_answer(answer, by=lin, now=now)
    heard()
    tree = forum_policies.tree()
    assert sorted(titles("更新")) == ["一", "三", "二"]
    assert sorted(titles("更新", within=tuple(tree.below(board.pk)))) == ["一", "三"]
    assert titles("更新", within=(other.pk,)) == ["二"]
    assert titles("更新", within=()) == []
    assert titles("更新", author_id=wen.pk) == ["二"]
    assert titles("更新", tag_id=_tag("相机")) == ["一"]
    assert titles("更新", kind="question") == ["三"]
    assert titles("更新", solved=True) == ["三"]
    assert titles("更新", until=now - timedelta(days=1)) == ["二"]
    assert sorted(titles("更新", since=now - timedelta(days=1))) == ["一", "三"]
    assert titles("", author_id=wen.pk)[:1] == ["三"]
    assert sorted(titles("", since=now - timedelta(days=1))) == ["一", "三"]
    assert titles("") == []


def _question(topic):
    from terrace.forum.models import Question

    Question.objects.create(topic=topic)


def _tag(name):
    from terrace.forum.queries import find_tag

    return find_tag(name).pk


def test_nothing_of_a_closed_board_is_found_counted_or_suggested(
    make_topic, heard, find, access, closed, moderator, lin
):
    make_topic("折叠屏的消息", "铰链换了材料", where=closed, author=moderator)
    heard()
    for member in (None, lin):
        found = find("铰链", member)
        assert (found.count, found.pages, found.hits, found.nothing) == (0, 0, [], True)
        assert find("铰链 雾灯", member).count == 0
        assert find('"铰链换了"', member).count == 0
        assert find("", member, author_id=moderator.pk).count == 0
        assert find("铰链", member, within=(closed.pk,)).count == 0
        assert queries.similar(access(member), "折叠屏的消息有吗") == []
    assert find("铰链", moderator).count == 1
    assert [row.title for row in queries.similar(access(moderator), "折叠屏的消息有吗")] == ["折叠屏的消息"]


def test_a_hidden_post_is_gone_before_the_index_hears_of_it(
    make_topic, make_reply, heard, find, access, moderator, now
):
    topic = make_topic("换壳", "原来的黄了")
    post = make_reply(topic, "我有水晶壳出")
    heard()
    assert find("水晶").count == 1
    forum.hide_post(post, by=moderator, reason="广告", now=now)
    assert find("水晶").count == 0
    heard()
    assert find("水晶").count == 0
    assert find("换壳").count == 1
    forum.hide_post(first(topic), by=moderator, reason="广告", now=now)
    assert queries.similar(access(), "换壳") == []
    assert find("换壳").count == 0


def test_who_is_avoided_is_not_found(make_topic, heard, find, access, lin, wen, now):
    make_topic("广角", "边缘糊", author=wen)
    heard()
    assert find("边缘", lin).count == 1
    members.mute(lin, wen, now=now)
    assert find("边缘", lin).count == 0
    assert find("Wen", lin).people == []
    assert find("边缘").count == 1


@pytest.mark.parametrize("typed", ["山里的猫", "山里", "猫", "shanlidemao", "SHANLI", "sldm", "山里的貓"])
def test_members_are_found_by_handle_pinyin_and_initials(person, heard, find, typed):
    person("山里的猫")
    person("林间")
    heard()
    assert [who.handle for who in find(typed).people] == ["山里的猫"]


def test_a_member_is_found_under_the_present_name_only(person, heard, find, now):
    member = person("旧名字")
    heard()
    members.change_handle(member, "新名字", now=now)
    heard()
    assert not find("旧名字").people
    assert find("xinmingzi").people
    members.delete_account(member, now=now)
    heard()
    assert not find("xinmingzi").people


@pytest.mark.parametrize("typed", ["拍照", "pai", "pz", "photography", "拍"])
def test_boards_are_found_by_name_and_pinyin(board, closed, find, typed):
    assert [each.id for each in find(typed).boards] == [board.pk]


def test_a_board_that_is_not_to_be_seen_is_not_found(board, find, moderator, now):
    forum.set_rule(board, "see", audience="staff", now=now)
    forum_policies.forget_tree()
    assert find("拍照").boards == []
    assert len(find("拍照", moderator).boards) == 1


def test_similar_titles(make_topic, heard, access):
    for title in ("夜里拍照糊怎么办", "续航掉得快", "夜里拍照总是发黄", "夜里充电发热", "白天拍照"):
        make_topic(title, "说来话长")
    heard()
    assert [row.title for row in queries.similar(access(), "夜里拍照糊")][:1] == ["夜里拍照糊怎么办"]
    assert "续航掉得快" not in [row.title for row in queries.similar(access(), "夜里拍照糊")]
    assert len(queries.similar(access(), "夜里拍照")) == 3
    for nothing in ("", "的", "!!!", '"'):
        assert queries.similar(access(), nothing) == []


@pytest.mark.parametrize(
    ("title", "found"),
    [
        ("手机续航变差", "续航：两台差多少"),
        ("手机放车上，续航掉得快怎么办", "续航：两台差多少"),
        ("推荐一个台灯", "台灯太亮"),
        ("battery drain after the update", "Battery after 120 days"),
        ("推荐一个路由器", None),
    ],
)
def test_titles_as_people_write_them_find_what_resembles_them(make_topic, heard, access, title, found):
    for each in (
        "续航：两台差多少",
        "台灯太亮",
        "怎么办，推荐一个",
        "手机掉了一个角",
        "手机壳",
        "Battery after 120 days",
    ):
        make_topic(each, "说来话长")
    heard()
    assert [row.title for row in queries.similar(access(), title)][:1] == ([found] if found else [])


def test_what_to_read_after_a_topic(make_topic, heard, access, client):
    here = make_topic("续航：两台差多少", "x", tags=["续航"])
    alike = make_topic("续航掉了一半", "x")
    tagged = make_topic("一张表", "x", tags=["续航"])
    make_topic("茶", "x")
    heard()
    assert [row.id for row in queries.related(access(), here.pk)] == [alike.pk, tagged.pk]
    assert queries.related(access(), 10**9) == []
    assert f"/t/{alike.pk}/" in client.get(f"/search/related/{here.pk}/").content.decode()
    assert f"/search/related/{here.pk}/" in client.get(f"/t/{here.pk}/", follow=True).content.decode()


def test_words_of_the_operator_are_kept_whole(make_topic, heard, titles, now):
    make_topic("一", "Ridge 5 很好")
    make_topic("二", "Ridge 是品牌，价格 5 千")
    heard()
    assert sorted(titles("ridge 5")) == ["一", "二"]
    options.put("search.words", ["Ridge 5"], now)
    options.forget()
    assert titles("ridge 5") == ["一"]


@pytest.mark.parametrize("bad", ["x", [1], ["x"] * 2001, None])
def test_a_list_of_words_that_cannot_be_is_refused(db, now, bad):
    with pytest.raises(ValueError, match="words"):
        options.put("search.words", bad, now)


def test_pages_end(make_topic, heard, find):
    for number in range(23):
        make_topic(f"第{number}个", "同一个词：卡顿")
    heard()
    one, two = find("卡顿"), find("卡顿", page=2)
    assert (one.count, one.pages, len(one.hits), len(two.hits)) == (23, 2, 20, 3)
    assert not {hit.topic_id for hit in one.hits} & {hit.topic_id for hit in two.hits}
    assert find("卡顿", page=999).page == 2


def test_a_page_costs_the_same_queries_whatever_it_shows(
    make_topic, make_reply, heard, find, django_assert_max_num_queries, lin
):
    for number in range(25):
        make_reply(make_topic(f"第{number}个", "卡顿"), "也卡顿")
    heard()
    find("卡顿")
    with django_assert_max_num_queries(7):
        find("卡顿")
    with django_assert_max_num_queries(9):
        find("卡顿", lin)


def test_a_common_word_ranks_its_newest_matches(make_topic, heard, find, titles, monkeypatch):
    monkeypatch.setattr("terrace.search.queries.asking.NEWEST", 5)
    monkeypatch.setattr("terrace.search.queries.results.NEWEST", 5)
    monkeypatch.setattr("terrace.search.queries.asking.matches.__kwdefaults__", {"most": 5})
    for number in range(8):
        make_topic(f"第{number}个", "手机")
    heard()
    assert find("手机").capped
    assert sorted(titles("手机")) == [f"第{number}个" for number in range(3, 8)]


def test_real_threads(db, now, heard, find):
    board = forum.create_board("手机", slug="phones", now=now)
    for row in rows("phone_threads_zh.jsonl")[:120]:
        posts = [
            forum.ThreadPost(post["n"], post["author"], post["reply_to"], post["text"], now) for post in row["posts"]
        ]
        forum.import_thread(forum.Thread(row["id"], posts[0].text[:60], posts), board, now=now)
    heard()
    for word in ("续航", "信号", "拍照"):
        found = find(word)
        holding = Post.objects.filter(text__contains=word).values_list("topic_id", flat=True)
        assert found.count == len(set(holding)) > 0
        for hit in found.hits:
            assert any(piece == word and marked for piece, marked in [*hit.title, *hit.snippet])


def test_the_same_in_chinese(make_topic, heard, find, board):
    make_topic("一", "夜景")
    heard()
    with translation.override("zh-hans"):
        assert find("夜景").hits[0].board == "拍照"
    assert find("夜景").hits[0].board == "Photography"


def test_every_naughty_string_is_an_answerable_question(make_topic, heard, find, access):
    for number, row in enumerate(rows("naughty_strings.jsonl")):
        text = row.get("string", row.get("text", ""))
        if number % 9 == 0 and text.strip():
            make_topic("名" + text[:40].replace("\0", ""), text.replace("\0", "")[:3000])
    heard()
    for row in rows("naughty_strings.jsonl"):
        text = row.get("string", row.get("text", "")).replace("\0", "")
        find(text)
        queries.similar(access(), text)


def test_reindex_after_a_change_of_everything(make_topic, heard, titles):
    topic = make_topic("一", "夜景")
    heard()
    from terrace.search.models import Document

    Document.objects.drop([first(topic).pk])
    assert titles("夜景") == []
    actions.reindex()
    assert titles("夜景") == ["一"]
