"""Hostile text costs no more than its length: what is counted is steps, which a busy machine does not change."""

import sys
import time

import pytest

from terrace.kernel import markup
from terrace.kernel.markup import TooLong, mention_candidates, render
from terrace.kernel.markup import code as colours
from terrace.kernel.tests import data
from terrace.kernel.tests.test_markup import PEOPLE, body

FAMILIES = [
    "[", "(", "[](", "![", "![a](", "*", "**a ", "*a_ ", "_a", "a@a", "@a", "@", "!\"", ">", "> ", ">\n", "- ",
    "- a\n", " - a\n  - b\n", "1. a\n", "`", "`a``", "~~a ", "||", "||a ", "||a||", "#", "#a ", "#小 ", ":",
    ":a", "http://", "&", "http://a.b/((", "http://a.b/)))) ", "<", "<!--", "<http://a", "&amp;", "\\",
    "[^a]: b\n", "[^a]: x\n\n[^", "|", "a|b\n-|-\n|", "|a\n|-\n|", "```\n", "~~~\n", ":::spoiler\n",
    ":::spoiler\n:::\n", "[a]: b\n", "a\n=\n", "---\n", "\n", " ", "\t", "小米**，", "a\u0301", "👨‍👩‍👧",
    "a  \n", "<a@b.c>", "x", "[[]", "](", "a **b*c* ", "```c\n\n", "//",
]  # fmt: skip


def seconds(source):
    began = time.process_time()
    render(source, mentions=PEOPLE)
    return time.process_time() - began


def steps(act) -> int:
    """How many functions were called: the same on a busy machine as on an idle one."""
    count = 0

    def called(frame, event, argument):
        nonlocal count
        count += 1

    sys.setprofile(called)
    try:
        act()
    finally:
        sys.setprofile(None)
    return count


def linear(half: str, whole: str) -> bool:
    """Whether a text takes at most a little more than twice the steps of its half.

    What one regular expression does is a single step here; the whole text within seconds (and not minutes) shows that none of
    them goes over the text again and again.
    """
    if seconds(whole) > 4:
        return False
    few, many = (steps(lambda text=text: render(text, mentions=PEOPLE)) for text in (half, whole))
    return many < 2.2 * few + 1000


@pytest.mark.parametrize("unit", FAMILIES)
def test_hostile_text_takes_linear_time(unit):
    """The longest text that is accepted, and one that stays just within what is read as Markdown."""
    assert linear(*((unit * (size // len(unit) + 1))[:size] for size in (50_000, 100_000)))
    assert linear(*((unit * size)[:size] for size in (2_450, 4_900)))
    with pytest.raises(TooLong):
        render(unit * 1_000_000)


@pytest.mark.parametrize("columns", [10, 100, 1000, 3000])
def test_a_table_cannot_be_multiplied(columns):
    source = "|" + "a|" * columns + "\n|" + "-|" * columns + "\n" + "|x\n" * 3000
    assert steps(lambda: render(source[:100_000], mentions=PEOPLE)) < 200_000


@pytest.mark.parametrize("language", [*colours._RULES, "diff"])
@pytest.mark.parametrize(
    "unit", ["\n", " ", "a", "1", '"', "'", "/*", "//", "<", "<!--", "\\", "#", "--", "[[", "`", "+\n"]
)
def test_hostile_code_takes_linear_time(language, unit):
    half, whole = ((unit * size)[:size] for size in (colours.BUDGET // 2, colours.BUDGET))
    few, many = (steps(lambda code=code: colours.highlighted(code, language)) for code in (half, whole))
    assert many < 2.2 * few + 1000
    began = time.process_time()
    colours.highlighted(whole, language)
    assert time.process_time() - began < 4


def test_a_text_of_marks_is_shown_as_typed():
    source = "![" * 4000 + "\n\n" + "<b>&"
    assert body(source) == f"<p>{'![' * 4000}</p>\n<p>&lt;b&gt;&amp;</p>\n"
    fenced = "```\n" + "[[[[[[\n" * 3000 + "```\n\n**后**"
    assert "<strong>后</strong>" in body(fenced)


def test_length():
    assert render("a" * markup.MAX_SOURCE).text
    with pytest.raises(TooLong):
        render("a" * (markup.MAX_SOURCE + 1))
    with pytest.raises(ValueError, match="100,001"):
        mention_candidates("@" * (markup.MAX_SOURCE + 1))


def test_a_real_post_takes_few_steps():
    posts = [post["text"] for thread in data.rows("phone_threads_zh.jsonl")[:60] for post in thread["posts"]]
    texts = ["\n\n".join(posts[at : at + 10])[:300] for at in range(0, 300, 10)]
    assert steps(lambda: [render(text) for text in texts]) / len(texts) < 6000
