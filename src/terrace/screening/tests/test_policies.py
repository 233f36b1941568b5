"""How a text is read, and what the lists find in it."""

import pytest

from terrace.kernel import options
from terrace.screening import actions, policies
from terrace.screening.models import ListedDomain, ListedWord
from terrace.screening.policies.machine import Lists, Word
from terrace.screening.policies.reading import bands, distance, simhash


def machine(*patterns: str, kind: str = "hold", sound: bool = False) -> Lists:
    return Lists({policies.squeezed(each): Word(each, kind, "**", sound) for each in patterns}, {})


def spans(lists: Lists, text: str) -> list[str]:
    return [text[each.hit.start : each.hit.end] for each in lists.found(policies.Reading(text))]


@pytest.mark.parametrize(
    "typed, text, found",
    [
        ("加微信", "请加微信吧", ["加微信"]),
        ("加微信", "请加.微.信吧", ["加.微.信"]),
        ("加微信", "请加 微\u200b信吧", ["加 微\u200b信"]),
        ("加微信", "加🔥微🔥信", ["加🔥微🔥信"]),
        ("加微信", "加，微，信", ["加，微，信"]),
        ("加微信", "有事要参加，微信上说", []),
        ("加微信", "我要参加。微信见", []),
        ("加微信", "加了微信", []),
        ("线上赌场", "線上賭場", ["線上賭場"]),
        ("bet365", "上 ＢＥＴ３６５ 看看", ["ＢＥＴ３６５"]),
        ("bet365", "上bеt365看看", ["bеt365"]),  # Cyrillic е
        ("bet365", "b-e-t-3-6-5", ["b-e-t-3-6-5"]),
        ("casino", "Casino!", ["Casino"]),
        ("casino", "casinos", []),
        ("cas", "casino", []),
        ("av", "have a vision", []),
        ("vx", "加vx12345", ["vx"]),
        ("online casino", "best  online\ncasino here", ["online\ncasino"]),
        ("e\u0301clat", "ÉCLAT", ["ÉCLAT"]),
        ("cheapcoin", "buy Ch3apc0in now", ["Ch3apc0in"]),
        ("cheapcoin", "che@pcoin", ["che@pcoin"]),
        ("av", "电压 4V", []),
        ("assets", "编号 455375", []),
        ("455375", "编号 455-375", ["455-375"]),
        ("v5", "上 V5 看看", ["V5"]),
        ("加微信", "加\ufe0f微\ufe0f信", ["加\ufe0f微\ufe0f信"]),
    ],
)
def test_words_are_found_however_they_are_dressed(typed, text, found):
    assert spans(machine(typed), text) == found


def test_by_sound_only_where_asked():
    assert spans(machine("加微信", sound=True), "请家威芯吧") == ["家威芯"]
    assert spans(machine("加微信"), "请家威芯吧") == []


def test_an_allowed_phrase_covers_what_stands_in_it():
    lists = Lists(
        {policies.squeezed(word): Word(word, kind) for word, kind in (("发票", "hold"), ("电子发票", "allow"))}, {}
    )
    assert spans(lists, "电子发票在哪，代办发票") == ["发票"]
    assert lists.found(policies.Reading("电子发票在哪")) == []


@pytest.mark.parametrize(
    "text, hosts",
    [
        ("看https://A.Example.com:443/x?y#z，行", ["a.example.com"]),
        ("www.x88.com点击", ["www.x88.com"]),
        ("http://good.example@evil.cc/", ["evil.cc"]),
        ("http://例子.中国/路", ["xn--fsqu00a.xn--fiqs8s"]),
        ("hg8868点com", ["hg8868.com"]),
        ("mail me at a@b.com", []),
        ("版本 13.0.5，日志 log.txt，占 2.5G", []),
        ("ｈｔｔｐ：／／ｗｗｗ．ｘ．ｃｏｍ", ["www.x.com"]),
        ("[看这](//evil.top/a)", ["evil.top"]),
        ("http://[::1", []),
    ],
)
def test_hosts_of_links(text, hosts):
    assert policies.Reading(text).hosts == hosts


@pytest.mark.parametrize(
    "host, kind",
    [
        ("example.com", "allow"),
        ("a.b.example.com", "allow"),
        ("attacker-example.com", ""),
        ("example.com.evil.cc", ""),
        ("bad.example.com", "hold"),
        ("com", ""),
    ],
)
def test_domains_match_whole_labels_and_the_nearest_wins(host, kind):
    """SPAM-BYPASS of attack_classes.jsonl: attacker-example.com is not example.com."""
    assert Lists({}, {"example.com": "allow", "bad.example.com": "hold"}).domain(host) == kind


def test_simhash_of_nearly_the_same_text_is_near():
    one = "这款手机的续航真的不错，早上八点满电出门，晚上回来还有百分之三十，推荐给喜欢拍照的朋友们，价格也合适"
    other = one.replace("八点", "七点").replace("三十", "四十")
    far = "系统更新以后信号变差了，地铁里打不开网页，有没有人遇到同样的问题，客服让我恢复出厂设置，没有用"
    assert distance(simhash(one), simhash(one)) == 0
    assert distance(simhash(one), simhash(other)) < 14 < distance(simhash(one), simhash(far))
    assert all(0 <= part < 1 << 11 for part in bands(simhash(far)))


def test_reading_a_long_text_takes_no_time_to_speak_of():
    import time

    start = time.perf_counter()
    spans(machine("加微信", "百家乐"), "手机续航不错，" * 7000)
    assert time.perf_counter() - start < 20


@pytest.mark.django_db
def test_the_machine_is_built_again_only_after_a_change(now, django_capture_on_commit_callbacks):
    policies.forget_lists()
    first = policies.lists()
    policies.forget_lists()
    assert policies.lists() is first
    with django_capture_on_commit_callbacks(execute=True):
        actions.list_word("雾灯", kind=ListedWord.HOLD, now=now, by=None)
    second = policies.lists()
    assert second is not first
    assert spans(second, "霧·燈") == ["霧·燈"]
    options.put("screening.own_words", False, now)
    options.forget()
    policies.forget_lists()
    assert spans(policies.lists(), "百家乐") == []
    with django_capture_on_commit_callbacks(execute=True):
        actions.list_domain("*.Bad.example", kind=ListedDomain.BLOCK, now=now, by=None)
    assert policies.lists().domain("www.bad.example") == "block"
