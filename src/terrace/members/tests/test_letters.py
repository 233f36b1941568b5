"""Letters: complete in both languages, in the colours of the brand, with nothing from elsewhere."""

import re

import pytest
from django.conf import settings
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from terrace.kernel import options
from terrace.members.actions import letters

pytestmark = pytest.mark.django_db
ALL = {
    "code": {"code": "482913"},
    "reset": {"code": "482913"},
    "already": {},
    "unknown": {},
    "security": {"handle": "<b>林间</b>", "what": "totp_on"},
    "contact_changed": {"handle": "<b>林间</b>", "which": "old"},
    "invitation": {
        "handle": "<b>林间</b>",
        "days": "14",
        "link": f"{settings.TERRACE_BASE_URL}/accounts/signup/?invitation=aB3_-x",
    },
}


@pytest.fixture
def written(mailoutbox):
    def write(letter, language):
        letters.deliver("email", "a@example.com", letter, ALL[letter], language=language, key="x")
        return mailoutbox[-1], HTMLParser(mailoutbox[-1].alternatives[0].content)

    return write


@pytest.mark.parametrize("letter", ALL)
def test_a_letter_says_the_same_as_its_text(written, letter):
    for language, lang in (("zh-hans", "zh-Hans"), ("en", "en")):
        message, page = written(letter, language)
        assert page.css_first("html").attributes["lang"] == lang
        assert page.css_first("title").text() == message.subject
        shown = re.sub(r"\s+", "", page.body.text())
        for line in message.body.split("-- ")[0].splitlines():
            for sentence in re.findall(r"[^。.：:]{16,}[。.]", re.sub(r"https?://\S+", "", line)):
                assert re.sub(r"\s+", "", sentence) in shown, sentence
        assert (re.search(r"[\u4e00-\u9fff]", page.body.text().replace("林间", "")) is not None) == (lang == "zh-Hans")
        assert page.css("b, script, img, link") == []
        assert {each.attributes["href"][: len(settings.TERRACE_BASE_URL)] for each in page.css("a")} == {
            settings.TERRACE_BASE_URL
        }


def test_a_letter_wears_the_colours_of_the_brand(written, now):
    before = written("already", "en")[0].alternatives[0].content
    options.put(
        "brand.more", {"look": {"accent": "#7a2ea0", "paper": "rice", "corners": "soft", "font": "system"}}, now
    )
    options.forget()
    after = written("already", "en")[0].alternatives[0].content
    assert "#2A7134".lower() in before.lower()
    assert "#2A7134".lower() not in after.lower()
