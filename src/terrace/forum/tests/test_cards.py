"""What kinds of topic, and the forum as a whole, show on pages of other rooms."""

import pytest
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from terrace.forum import actions, cards, policies
from terrace.forum.models import Question

pytestmark = pytest.mark.django_db


def test_a_profile_lists_topics_and_replies(topic, make_reply, lin, wen, now):
    make_reply(topic)
    said, replies = cards.profile_lists(wen.pk, None, "", now)
    assert [said["key"], replies["key"], replies["html"]] == ["said", "replies", ""]
    assert "No topics yet" in said["html"]
    replies = cards.profile_lists(wen.pk, None, "replies", now)[1]
    assert [each.text().split() for each in HTMLParser(replies["html"]).css(".rows h2")] == [["夜里拍不清楚", "#2"]]
    said = cards.profile_lists(lin.pk, None, "said", now)[0]
    assert len(HTMLParser(said["html"]).css(".rows > li")) == 1
    assert "No replies yet" in cards.profile_lists(lin.pk, None, "replies", now)[1]["html"]


def test_answers_that_were_chosen_come_first(make_topic, make_reply, board, lin, wen, now):
    question = make_topic(kind="question", complete=lambda made: Question.objects.create(topic=made))
    make_reply(question, "先关手电")
    answer = make_reply(question, "用三脚架")
    actions.accept_answer(answer, by=lin, now=now)
    first, *others = cards.profile_lists(wen.pk, None, "", now)
    assert [first["key"], *(each["key"] for each in others)] == ["answers", "said", "replies"]
    assert "用三脚架" in first["html"] and "先关手电" not in first["html"]
    actions.set_rule(board, "read", audience="staff", now=now)
    policies.forget_tree()
    for each in cards.profile_lists(wen.pk, None, "replies", now):
        assert each["key"] != "answers" and "三脚架" not in each["html"], "what may not be read is not listed"
