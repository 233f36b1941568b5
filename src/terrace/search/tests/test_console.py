"""Product words at the desk: who may, what is kept, what it changes at once, and what it leaves alone."""

import pytest
from django.test import Client, TestCase

from terrace.kernel import clock, options, words
from terrace.kernel.models import EventRow
from terrace.kernel.words import segments
from terrace.members import queries as members
from terrace.search import actions, policies
from terrace.search.models import Document
from terrace.web.jinja import breaking

URL = "/console/product-words/"


def browser(member=None, *, factor=True):
    """A browser of somebody who came with a second factor."""
    client = Client(headers={"accept-language": "en"})
    if member is not None:
        client.force_login(member)
        session = client.session
        session["account_authentication_methods"] = [{"method": "mfa" if factor else "password", "at": 0.0}]
        session["account_authentication_methods_user"] = str(member.pk)
        session.save()
    return client


@pytest.fixture
def desk(person):
    return browser(person("若溪", role="operator"))


def save(desk, text):
    """Send the form; what waits for the commit happens."""
    with TestCase.captureOnCommitCallbacks(execute=True):
        return desk.post(URL, {"words": text})


@pytest.mark.parametrize(
    ("role", "status"),
    [("member", 404), ("engineer", 404), ("moderator", 404), ("operator", 200), ("administrator", 200)],
)
def test_who_may(person, role, status):
    client = browser(person("某人", role=role))
    assert client.get(URL).status_code == status
    assert client.post(URL, {"words": "Ridge 5"}).status_code == (302 if status == 200 else 404)
    assert browser().get(URL).status_code == 404


def test_with_a_password_alone_nothing_opens(person):
    assert browser(person("某人", role="operator"), factor=False).get(URL).status_code == 302


def test_one_word_in_each_line(desk):
    answer = save(desk, "  Ridge   5 \r\n\r\nRIDGE 5\n小米12pro\n")
    assert answer["Location"] == URL
    assert options.get("search.words") == ["Ridge 5", "小米12pro"]
    page = desk.get(URL).content.decode()
    assert ">\nRidge 5\n小米12pro</textarea>" in page
    assert "2 words in force" in page


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Ridge 5\n" + "x" * 81, "Line 2 is longer than 80 characters."),
        ("\n".join(f"Ridge {number}" for number in range(2001)), "These are 2001 words; the limit is 2000."),
    ],
)
def test_what_cannot_be_is_given_back_with_the_reason(desk, text, told):
    answer = save(desk, text)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert told in page
    assert text[:20] in page
    assert options.get("search.words") == []


def test_it_holds_at_once_and_the_index_stays_as_it_is(desk, make_topic, heard, titles):
    make_topic("一", "Ridge 5 很好")
    make_topic("二", "Ridge 是品牌，价格 5 千")
    heard()
    before = list(Document.objects.order_by("pk").values_list("pk", "words", "marks"))
    save(desk, "Ridge 5")
    assert words.segment("我的 Ridge 5") == ["我", "的", "ridge5"]
    assert titles("ridge 5") == ["一"]
    heard()
    assert list(Document.objects.order_by("pk").values_list("pk", "words", "marks")) == before
    actions.reindex()
    assert list(Document.objects.order_by("pk").values_list("pk", "words", "marks")) == before


def test_a_word_that_is_taken_off_is_forgotten(desk, make_topic, heard, titles):
    make_topic("一", "Ridge 5 很好")
    make_topic("二", "Ridge 是品牌，价格 5 千")
    heard()
    save(desk, "Ridge 5")
    save(desk, "")
    assert sorted(titles("ridge 5")) == ["一", "二"]
    assert segments._known == {}


def test_every_change_is_in_the_audit_log_and_saving_the_same_is_not(desk):
    save(desk, "Ridge 5\nRidge 6")
    save(desk, "Ridge 5\nRidge 6")
    save(desk, "Ridge 6\n雾灯")
    save(desk, "\n".join(["Ridge 6", "雾灯", *(f"Delta {number}" for number in range(12))]))
    assert [row.sentence for row in reversed(members.audit_page().rows)] == [
        "changed the product words (added: Ridge 5, Ridge 6; taken off: –)",
        "changed the product words (added: 雾灯; taken off: Ridge 5)",
        f"changed the product words (added: {', '.join(f'Delta {number}' for number in range(10))} … +2; taken off: –)",
    ]
    assert set(EventRow.objects.filter(kind="search.ProductWordsChosen").values_list("about", flat=True)) == {
        "option:search.words"
    }


def test_another_process_learns_with_its_next_page(desk, now):
    """The option is written elsewhere; this process hears nothing of it but what the table says."""
    options.put("search.words", ["Ridge 5"], clock.now())
    options.forget()  # as after the two seconds that an option is kept
    assert (words.segment("Ridge 5"), breaking("Ridge 5")) == (["ridge", "5"], "Ridge <wbr>5")
    assert desk.get("/").status_code == 200
    assert (words.segment("Ridge 5"), breaking("Ridge 5")) == (["ridge5"], "Ridge 5")


def test_the_words_are_only_text(desk):
    save(desk, "</textarea><script>alert(1)</script>")
    page = desk.get(URL).content.decode()
    assert "<script>alert" not in page
    assert page.count("</textarea>") == 1


def test_warm_loads_what_the_first_search_would_wait_for(db, now):
    options.put("search.words", ["Ridge 5"], now)
    options.forget()
    segments.dictionary.cache_clear()
    policies.warm()
    assert segments.dictionary.cache_info().currsize == 1
    assert words.segment("Ridge 5") == ["ridge5"]
