"""How long a text is, and how much it says."""

import pytest

from terrace.kernel import markup, words

SIGNS = [
    ("", 0),
    ("abc", 3),
    ("夜里拍不清楚。", 7),
    ("“引号”……", 6),
    ("e\u0301te\u0301", 3),
    ("か\u3099", 1),
    ("👍🏽", 1),
    ("👨‍👩‍👧‍👦和❤️‍🔥", 3),
    ("🇨🇳🇫🇷", 2),
    ("1️⃣2️⃣", 2),
    ("한국어", 3),
    ("一\r\n二", 3),
    ("一\n\n二", 4),
    ("𠮷野家", 3),
]


@pytest.mark.parametrize(("text", "count"), SIGNS)
def test_signs_are_what_a_person_sees(text, count):
    assert words.signs(text) == count


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", 0),
        ("？！……，。", 0),
        (" \n\t", 0),
        ("**  ** ~~ || > #", 0),
        ("ok", 2),
        ("好", 2),
        ("+1", 2),
        ("👍", 2),
        ("👍🏽", 2),
        ("顶 up", 4),
        ("第2期", 5),
        ("한", 2),
    ],
)
def test_a_chinese_character_says_more_than_a_letter(text, says):
    assert words.weight(text) == says


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("tada", "🎉"),
        ("撒花", "🎉"),
        ("sahua", "🎉"),
        ("sh", "🤷"),
        ("+1", "👍"),
        ("赞", "👍"),
        ("ＦＩＲＥ", "🔥"),
        ("吃瓜", "🍉"),
    ],
)
def test_emoji_are_found_by_code_by_name_and_by_sound(typed, first):
    assert markup.find_emoji(typed, chinese=True, most=6)[0][0] == first


def test_emoji_are_named_in_the_language_of_the_reader_and_each_once():
    assert markup.find_emoji("tada", chinese=True, most=6) == [("🎉", "撒花")]
    assert markup.find_emoji("tada", chinese=False, most=6) == [("🎉", "tada")]
    found = markup.find_emoji("s", chinese=True, most=6)
    assert len({sign for sign, _name in found}) == 6
    assert markup.find_emoji(" ", chinese=True, most=6) == []
    assert markup.find_emoji("没有这个", chinese=True, most=6) == []
