"""A post as a quotation keeps its Markdown."""

import pytest

from terrace.forum import actions, queries

pytestmark = pytest.mark.django_db


def test_marks_stay_and_quotations_inside_go(topic, make_reply):
    first = make_reply(topic, "一句**要紧**的话\n\n- 甲\n- 乙")
    post = make_reply(topic, f"{queries.quotation(first)}我的回答\n\n```py\nprint(1)\n```")
    assert queries.quotation(post) == (
        f"> [{post.author.handle} #{post.number}](/p/{post.pk}/)\n>\n> 我的回答\n>\n> ```py\n> print(1)\n> ```\n\n"
    )
    assert "> 一句**要紧**的话\n>\n> - 甲\n> - 乙\n\n" in queries.quotation(first)


def test_code_that_is_cut_is_closed(topic, make_reply):
    post = make_reply(topic, "```\n" + "\n".join(f"line {n}" for n in range(40)) + "\n```")
    lines = queries.quotation(post).rstrip().splitlines()
    assert lines[2] == "> ```" and lines[-3:] == ["> ```", ">", "> …"]
    assert len(lines) == 2 + 12 + 3


def test_only_who_may_read_a_post_may_quote_it(browse, topic, make_reply, moderator, wen, lin, now):
    post = make_reply(topic, "收走以后不能再看见", author=lin)
    assert browse(wen).get(f"/posts/{post.pk}/quote").status_code == 200
    actions.hide_post(post, by=moderator, reason="广告", now=now)
    answer = browse(wen).get(f"/posts/{post.pk}/quote")
    assert answer.status_code == 404 and "收走以后" not in answer.content.decode()
