"""What kinds of topic, and the forum as a whole, show on pages of other rooms."""

import pytest
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from terrace.forum import cards

pytestmark = pytest.mark.django_db


def test_who_only_replied_is_not_said_to_have_been_silent(topic, make_reply, lin, wen, now):
    make_reply(topic)
    (shown,) = cards.profile_lists(wen.pk, None, "", now)
    assert "Nobody has spoken" not in shown["html"]
    assert "No topics yet" in shown["html"] and "Replies stand in the topics that they answer." in shown["html"]
    (shown,) = cards.profile_lists(lin.pk, None, "", now)
    assert len(HTMLParser(shown["html"]).css(".rows > li")) == 1
