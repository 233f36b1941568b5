"""How spans of time are said, and which language a text is in."""

import pytest
from django.utils import translation

from terrace.web import words

HOUR = 3600


@pytest.mark.parametrize(
    ("seconds", "english", "chinese"),
    [
        (0, "1 minute", "1分钟"),
        (30 * 60, "30 minutes", "30分钟"),
        (2 * HOUR, "2 hours", "2小时"),
        (3 * HOUR + 40 * 60, "3\u00a0h 40\u00a0min", "3小时40分"),
        (36 * HOUR, "2 days", "2天"),
    ],
)
def test_a_span_is_said_in_the_two_units_that_matter(seconds, english, chinese):
    with translation.override("en"):
        assert words.span(seconds) == english
    with translation.override("zh-hans"):
        assert words.span(seconds) == chinese


@pytest.mark.parametrize(
    ("text", "tongue"),
    [
        ("<p>夜里拍不清楚，怎么办？</p>", "zh-Hans"),
        ("Ridge 5 Pro 好用", "en"),
        ("我用 Ridge 5 拍了一个月", "zh-Hans"),
        ("<p><strong>Nothing.</strong> Use it two weeks.</p>", "en"),
        ("<p>4%</p>", ""),
        ("", ""),
    ],
)
def test_the_language_of_a_text_is_told_by_its_letters(text, tongue):
    assert words.tongue(text) == tongue


@pytest.mark.parametrize(
    ("text", "in_english", "in_chinese"),
    [("林间", ' lang="zh-Hans"', ""), ("Wen", "", ' lang="en"'), ("42", "", ""), ("<b>雾", ' lang="zh-Hans"', "")],
)
def test_a_text_in_another_language_says_which(text, in_english, in_chinese):
    with translation.override("en"):
        assert words.foreign(text) == in_english
    with translation.override("zh-hans"):
        assert words.foreign(text) == in_chinese


def test_a_name_in_a_sentence_says_its_language_and_stays_text():
    with translation.override("en"):
        assert words.naming("Lin replied to you in “山风<b>很大”", "山风<b>很大") == (
            'Lin replied to you in “<span lang="zh-Hans">山风&lt;b&gt;很大</span>”'
        )
        assert words.naming("Lin replied <to> you in “Wind”", "Wind") == "Lin replied &lt;to&gt; you in “Wind”"
        assert words.naming("You can write again", "") == "You can write again"
