"""Letters: complete in both languages, in the colours of the brand, with nothing from elsewhere."""

import re

import pytest
from django.conf import settings
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from terrace.kernel import options
from terrace.kernel.models import OutboxMessage
from terrace.members import policies
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


@pytest.mark.parametrize("letter", policies.TEXTS)
def test_a_text_message_has_the_parameters_that_are_told(letter):
    assert tuple(ALL[letter]) == policies.TEXTS[letter]


@pytest.mark.parametrize(
    ("letter", "language", "words"),
    [
        ("contact_changed", "zh-hans", "<b>林间</b> 不再能登录你的账号"),
        ("contact_changed", "en", "<b>林间</b> no longer opens your account"),
        ("security", "zh-hans", "<b>林间</b> 两步验证已开启"),
        ("security", "en", "<b>林间</b> the second factor is on"),
    ],
)
def test_a_text_message_says_what_was_changed_in_the_language_of_its_reader(settings, letter, language, words):
    text = " ".join(f"{{{name}}}" for name in policies.TEXTS[letter])
    settings.TERRACE_SMS = {"backend": "console", "templates": {letter: {"text": text}}}
    letters.deliver("phone", "+8613800138000", letter, ALL[letter], language=language, key=f"{letter}-{language}")
    assert OutboxMessage.objects.get().body == words
