"""What a poll asks: how its choices, its votes and its end are read."""

from datetime import timedelta

import pytest
from django.utils import timezone, translation
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from terrace.forum.actions.polls import make_poll
from terrace.forum.cards import card_of
from terrace.forum.forms import PollForm
from terrace.forum.models import Poll, Topic
from terrace.kernel.errors import Invalid

TWO = {"choices_0": "三脚架", "choices_1": "手持"}


def read(**more):
    form = PollForm(TWO | more)
    assert form.is_valid(), form.errors
    return form.cleaned_data


@pytest.mark.parametrize(
    ("typed", "most"),
    [
        ({}, 1),
        ({"most": "4"}, 1),
        ({"several": "on"}, 2),
        ({"several": "on", "choices_2": "都行"}, 3),
        ({"several": "on", "choices_2": "都行", "most": "2"}, 2),
        ({"several": "on", "most": "12"}, 2),
        ({"several": "on", "most": "1"}, 2),
        ({"several": "on", "most": "-3"}, 2),
    ],
)
def test_one_is_chosen_unless_several_may_be(typed, most):
    assert read(**typed)["most"] == most


def test_choices_are_lines_of_their_own_without_empty_ones_and_doubles():
    typed = {
        "choices_0": " 5  Pro ",
        "choices_1": "",
        "choices_5": "5",
        "choices_11": "5 Pro",
        "choices_12": "never read",
    }
    form = PollForm(typed)
    assert form.is_valid()
    assert form.cleaned_data["choices"] == ["5 Pro", "5"]
    assert read(choices_1="长" * 200)["choices"] == ["三脚架", "长" * 120]
    for wrong in ({}, {"choices_0": "one"}, {"choices_0": "one", "choices_1": " one "}):
        assert "choices" in PollForm(wrong).errors, wrong


def test_two_empty_choices_to_begin_and_never_more_than_twelve():
    assert PollForm().rows == ["", ""]
    assert PollForm({"choices_3": "a"}).rows == ["a", ""]
    assert PollForm(initial=TWO).rows == ["三脚架", "手持", "", ""]
    assert len(PollForm(initial={f"choices_{place}": str(place) for place in range(11)}).rows) == 12


@pytest.mark.parametrize(
    ("typed", "after"),
    [
        ({}, None),
        ({"days": ""}, None),
        ({"days": "1"}, timedelta(days=1)),
        ({"days": "7", "until": "2026-07-20"}, timedelta(days=7)),
    ],
)
@pytest.mark.django_db
def test_a_poll_is_open_for_some_days_or_without_an_end(make_topic, now, typed, after):
    make_topic(kind="poll", complete=card_of("poll").complete(read(**typed), now))
    assert Poll.objects.get().closes_at == (now + after if after else None)


@pytest.mark.django_db
def test_a_poll_ends_with_a_day_of_the_next_year(make_topic, now):
    complete = card_of("poll").complete
    make_topic(kind="poll", complete=complete(read(days="date", until="2026-07-20"), now))
    closes = timezone.localtime(Poll.objects.get().closes_at)
    assert (closes.date().isoformat(), closes.hour, closes.minute) == ("2026-07-20", 23, 59)
    for useless in ("2026-07-17", "2027-08-01", "9999-12-31"):
        with pytest.raises(Invalid):
            complete(read(days="date", until=useless), now)
    assert set(PollForm(TWO | {"days": "date"}).errors) == {"until"}
    assert set(PollForm(TWO | {"days": "date", "until": "soon"}).errors) == {"until"}
    assert set(PollForm(TWO | {"days": "400"}).errors) == {"days"}


@pytest.mark.django_db
def test_a_day_that_is_over_is_said_and_nothing_is_lost(browse, board, lin):
    typed = TWO | {
        "title": "哪一个",
        "body": "说说看",
        "board": "photo",
        "kind": "poll",
        "days": "date",
        "until": "2020-01-01",
    }
    answer = browse(lin).post("/new/", typed)
    page = HTMLParser(answer.content.decode())
    assert answer.status_code == 422
    assert "A poll ends today at the earliest" in page.css_first(".errors").text()
    assert [each.attributes["value"] for each in page.css("input[name^=choices_]")] == ["三脚架", "手持"]
    assert page.css_first("[name=until]").attributes["value"] == "2020-01-01"
    assert not Topic.objects.exists()


@pytest.mark.parametrize(("most", "heads"), [(1, ("Choose one", "选一个")), (2, ("Choose up to 2", "最多选2个"))])
@pytest.mark.django_db
def test_a_poll_says_how_many_may_be_chosen(browse, make_topic, wen, now, most, heads):
    topic = make_topic(
        kind="poll", complete=lambda made: make_poll(made, choices=["是", "否"], most=most, closes_at=None)
    )
    for language, head in zip(("en", "zh-hans"), heads, strict=True):
        with translation.override(language):
            answer = browse(wen, **{"accept-language": language}).get(f"/t/{topic.pk}/{topic.slug}/")
        legend = HTMLParser(answer.content.decode()).css_first("#poll legend").text()
        assert legend.replace("\u00a0", "").replace(" ", "") == head.replace(" ", "")
