"""One segmentation: what a query asks for is in the index of every text that holds it."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from terrace.kernel import words
from terrace.kernel.tests import data
from terrace.kernel.words import folding, segments

MIXED = st.text(
    alphabet=st.one_of(
        st.sampled_from("小米手机東京都的一不好充电 .-iQOO912pro后臺ﬁ①Ⅻ\u200bé\u0301"),
        st.characters(),
    ),
    max_size=40,
)


@pytest.fixture
def known():
    before = dict(segments._known)
    yield words.set_words
    segments._known.clear()
    segments._known.update(before)


def indexed(text):
    return set(words.index_text(text).split(" "))


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("ＡＢＣ１２", "abc12"),
        ("後臺運行", "后台运行"),
        ("Straße ﬁn", "strasse fin"),
        ("零\u200b宽\ufeff\u00ad", "零宽"),
        ("a\tb\nc\u3000d", "a b c d"),
        ("a\x00b\ud800c", "abc"),
        ("❤\ufe0f", "❤"),
        ("", ""),
    ],
)
def test_fold(typed, folded):
    assert words.fold(typed) == folded


@given(MIXED)
@settings(max_examples=300, deadline=None)
def test_fold_is_settled_and_mapped(text):
    folded, starts = folding.fold_map(text)
    assert len(starts) == len(folded) + 1
    assert starts == sorted(starts)
    assert words.fold(words.fold(text)) == words.fold(text)


def test_fold_map_agrees_with_fold_on_real_text():
    for thread in data.rows("phone_threads_zh.jsonl")[:200]:
        for post in thread["posts"]:
            assert folding.fold_map(post["text"])[0] == words.fold(post["text"])


@pytest.mark.parametrize("query", ["iQOO9", "iqoo 9", "IQOO", "9", "ｉＱＯＯ９"])
@pytest.mark.parametrize("text", ["我的iQOO9很好", "iqoo 9 到了", "IQOO-9"])
def test_product_names_are_found_in_any_spelling(query, text):
    assert set(words.query_terms(query)) <= indexed(text)


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("小米12pro", "同事的小米12 Pro日常也不热"),
        ("12pro", "小米12pro"),
        ("8 gen 1", "骁龙8 Gen 1发热"),
        ("MIUI 14.0.5", "升级到MIUI14.0.5.0之后"),
        ("0.5", "14.0.5"),
        ("14.0", "MIUI 14.0.5"),
        ("米粒", "玉米粒很好"),
        ("京都", "东京都"),
        ("算机", "计算机"),
        ("後臺", "后台被杀"),
        ("的", "我的"),
        ("5 bug", "Ridge 5 has a bug"),
    ],
)
def test_found(query, text):
    terms = words.query_terms(query)
    assert terms
    assert set(terms) <= indexed(text)


def test_version_is_one_term():
    assert words.query_terms("MIUI 14.0.5") == ["miui", "14v0v5"]
    assert not set(words.query_terms("14.0.5")) <= indexed("14.5.0")


def test_stop_words_go_but_never_all():
    assert words.query_terms("手机的续航怎么样") == ["手机", "续航"]
    assert words.query_terms("怎么") == ["怎么"]
    assert words.query_terms("的") == ["的"]
    assert words.query_terms("……！") == []


def test_a_word_of_ours_is_asked_for_as_one(known):
    assert words.query_terms("ridge 5 发热") == ["ridge", "5", "发热"]
    known(["Ridge 5", "小米12pro"])
    assert words.query_terms("Ridge 5 发热") == ["ridge5", "发热"]
    assert set(words.query_terms("ridge 5")) <= indexed("我的Ridge5")
    assert set(words.query_terms("ridge5")) <= indexed("RIDGE-5 是好的")
    assert words.segment("我买了 Ridge 5 和小米12 Pro！") == ["我", "买", "了", "ridge5", "和", "小米12pro"]


def test_adding_words_leaves_the_index_alone(known):
    text = "Ridge 5 与小米12pro"
    before = words.index_text(text)
    known(["Ridge 5", "小米12pro"])
    assert words.index_text(text) == before


def test_every_part_of_a_real_post_is_found():
    """Any run of whole words of a post, asked as a query, is answered by that post."""
    checked = 0
    for thread in data.rows("phone_threads_zh.jsonl")[:150]:
        for post in thread["posts"]:
            index = indexed(post["text"])
            folded = words.fold(post["text"])
            cuts = [0, *(m.end() for m in re.finditer(rf"[{segments.CJK}](?=[{segments.CJK}])|[^\w.-]", folded))]
            for left, right in zip(cuts, cuts[3:], strict=False):
                terms = words.query_terms(folded[left:right])
                assert set(terms) <= index, (folded[left:right], terms)
                checked += 1
    assert checked > 5000


@given(MIXED, MIXED, MIXED)
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_query_is_found_in_whatever_surrounds_it(before, query, after):
    assert set(words.query_terms(query)) <= indexed(f"{before} | {query} | {after}")


@given(MIXED)
@settings(max_examples=200, deadline=None)
def test_tokens_are_letters_and_digits(text):
    for token in words.index_text(text).split():
        assert re.fullmatch(rf"[^\W_]+|[{segments.CJK}]+", token)


def test_index_tokens_stand_where_they_say():
    folded = words.fold("东京都的计算机iQOO 9好好好好14.0.5")
    for token in segments.index_tokens(folded):
        assert re.sub(r"[ -]", "", folded[token.start : token.end]).replace(".", "v") == token.text


def test_pinyin():
    assert words.pinyin("小米12 Pro") == "xiaomi12pro"
    assert words.pinyin("重庆") == "chongqing"
    assert words.pinyin("女") == "nv"
    assert words.pinyin_initials("小米12 Pro 手机") == "xm12prosj"


def test_slug():
    assert words.slug("小米手机怎么样？Ridge 5!") == "xiaomi-shouji-zenmeyang-ridge-5"
    assert words.slug("！！！") == ""
    assert words.slug("🎉") == ""
    assert len(words.slug("发热" * 100)) <= 60
    assert not words.slug("系统更新" * 30).endswith("-")
    assert re.fullmatch(r"[a-z0-9-]*", words.slug("Привет мир 東京 étude"))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("admin", "аdmin"),
        ("admin", "ADM1N"),
        ("admin", "a.d-m_i n"),
        ("admin", "ａｄｍｉｎ"),
        ("admin", "ad\u200bmin"),
        ("admin", "adrnin"),
        ("admin", "ádmïn"),
        ("lily", "1iIy"),
        ("Oppo", "0рр0"),
        ("BOT", "ВОТ"),
        ("nova", "ΝΟVΑ"),
        ("国际", "國際"),
        ("www", "vvww"),
    ],
)
def test_names_that_look_alike_share_a_skeleton(one, other):
    assert words.skeleton(one) == words.skeleton(other) != ""


def test_names_that_differ_keep_apart():
    names = ["小米", "小麦", "bob", "bot", "alice", "alice2", "иван", "ивано", "7", "8"]
    assert len({words.skeleton(name) for name in names}) == len(names)
    assert words.skeleton("。。。") == ""


@given(MIXED)
@settings(max_examples=200, deadline=None)
def test_a_skeleton_is_its_own_skeleton(text):
    once = words.skeleton(text)
    assert words.skeleton(once) == once


@given(MIXED)
@settings(max_examples=200, deadline=None)
def test_breakable_keeps_the_title(title):
    assert "".join(words.breakable(title)) == title


def test_a_word_that_is_taken_off_is_a_word_no_more(known):
    known(["Ridge 5"])
    known(["Ridge 6"])
    assert words.segment("Ridge 5 Ridge 6") == ["ridge", "5", "ridge6"]


def test_breakable_breaks_between_words(known):
    known(["Ridge 5"])
    assert words.breakable("全新Ridge 5，电池很耐用！") == ["全新", "Ridge 5，", "电池", "很", "耐用！"]


@given(MIXED, MIXED)
@settings(max_examples=200, deadline=None)
def test_highlight_keeps_the_text(text, query):
    assert "".join(piece for piece, _ in words.highlight(text, words.query_terms(query))) == text


def test_highlight_maps_back_to_what_was_typed():
    assert words.highlight("新的ｉＱＯＯ ９手機", ["iqoo9", "手机"]) == [
        ("新的", False),
        ("ｉＱＯＯ ９", True),
        ("手機", True),
    ]
    assert words.highlight("ﬁn de siècle", ["fin"]) == [("ﬁn", True), (" de siècle", False)]
    assert words.highlight("没有", []) == [("没有", False)]


def test_snippet_shows_the_richest_part():
    text = "闲聊。" * 60 + "充电发热严重。" + "闲聊。" * 60
    pieces = words.snippet(text, ["充电", "发热"], width=60)
    assert [piece for piece, hit in pieces if hit] == ["充电", "发热"]
    assert pieces[0] == pieces[-1] == ("…", False)
    assert sum(len(piece) for piece, _ in pieces) <= 62
    assert words.snippet("短", ["短"]) == [("短", True)]


def python(code):
    """What a fresh interpreter prints."""
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=env)
    return done.stdout.strip()


def test_nothing_heavy_is_loaded_before_it_is_needed():
    code = "import sys, terrace.kernel.words; print([m for m in ('rjieba', 'opencc', 'pypinyin') if m in sys.modules])"
    assert python(code) == "[]"


def test_pinyin_goes_without_the_table_of_phrases():
    code = (
        "import sys; from terrace.kernel.words import slug; slug('米'); print('pypinyin.phrases_dict' in sys.modules)"
    )
    assert python(code) == "False"


def test_what_the_dictionary_tears_apart_is_one_word():
    assert words.query_terms("游戏卡顿") == ["游戏", "卡顿"]
    assert words.query_terms("打游戏卡顿怎么办") == ["打游戏", "卡顿"]
    assert set(words.query_terms("打游戏卡顿")) <= set(words.index_text("他说打游戏卡顿得厉害").split())


def test_chinese_words_of_ours_are_asked_for_as_they_are():
    try:
        words.set_words(["云台灯", "Ridge 5"])
        assert words.query_terms("夜里云台灯闪") == ["夜里", "云台", "台灯", "闪"]
        assert set(words.query_terms("云台灯")) <= set(words.index_text("这盏云台灯不错").split())
    finally:
        words.set_words([])
