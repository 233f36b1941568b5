"""The course of a long topic: one measure for where a post stands, what a place means, and what is drawn."""

from datetime import timedelta

import pytest
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from terrace.forum import policies
from terrace.forum.models import Post
from terrace.forum.queries import topic as topic_queries
from terrace.forum.queries.scrubber import SILENCE, SLICES, _places, scrubber

pytestmark = pytest.mark.django_db


@pytest.fixture
def bursts(topic, make_reply, now):
    """A topic of two bursts with a month between them: posts 1 to 30 in an hour, 31 to 50 in another."""
    for number in range(2, 51):
        at = now + timedelta(minutes=2 * number) + (timedelta(days=30) if number > 30 else timedelta())
        make_reply(topic, f"reply {number}", at=at)
    topic.refresh_from_db()
    return topic


def drawn(topic, first=1):
    return scrubber(topic_queries.load(topic.pk, policies.access(None, topic.created_at)), first)


def place_of(starts, number):
    """Return the slice of a post as js/scrub.js finds it."""
    return max(place for place, start in enumerate(starts) if start <= number)


def test_every_post_stands_in_the_slice_that_is_drawn_as_here(bursts):
    seen = {}
    for first in (1, 21, 41):
        scrub = drawn(bursts, first)
        here = [place for place, each in enumerate(scrub.slices) if each.here]
        assert here == [place_of(scrub.starts, first)]
        assert scrub.slices[here[0]].width > 2, "there are posts where one is"
        seen[first] = here[0]
    assert seen[1] < seen[21] < seen[41]


def test_what_a_slice_leads_to_is_in_it_or_the_next_one_that_comes(bursts):
    scrub = drawn(bursts)
    assert scrub.starts == sorted(scrub.starts)
    for place, (each, start) in enumerate(zip(scrub.slices, scrub.starts, strict=True)):
        assert each.url.endswith(f"?at={start}#p{start}")
        assert place_of(scrub.starts, start) >= place
        assert (place_of(scrub.starts, start) == place) is (each.width > 2)


def test_a_silence_takes_three_slices_and_no_more(bursts):
    empty = [each.width == 2 for each in drawn(bursts).slices]
    runs = "".join("-" if each else "x" for each in empty).strip("x").split("x")
    assert max(len(run) for run in runs) <= SILENCE
    assert sum(empty) < SLICES / 2


def test_steady_posts_stand_by_their_time(now):
    steady = _places([now + timedelta(hours=number) for number in range(49)])
    assert steady == pytest.approx([number / 48 for number in range(49)])
    assert _places([now] * 5) == [0, 0.25, 0.5, 0.75, 1.0], "what came at one moment stands in its order"
    assert _places([now]) == [0]


def test_the_date_is_of_the_post_one_is_at(bursts, now):
    scrub = drawn(bursts, 41)
    assert scrub.at.number == 41
    assert [number for number, _at in scrub.days] == [1, 31]
    assert scrub.at.at > now + timedelta(days=30)


def test_the_page_says_the_date_and_hands_the_measure_to_the_script(browse, bursts):
    page = HTMLParser(browse().get(f"/t/{bursts.pk}/{bursts.slug}/?at=41").content.decode())
    scrub = page.css_first(".scrub")
    starts = [int(each) for each in scrub.attributes["data-starts"].split(" ")]
    assert len(starts) == SLICES == len(scrub.css("rect"))
    here = [
        place for place, each in enumerate(scrub.css("rect")) if "f" in (each.attributes.get("class") or "").split()
    ]
    assert here == [place_of(starts, 41)]
    assert scrub.css_first(".at b").text() == "41"
    days = dict(each.split(":", 1) for each in scrub.attributes["data-days"].split("|"))
    assert list(days) == ["1", "31"]
    assert scrub.css_first("[data-day]").text() == days["31"]


def test_the_course_of_a_very_long_topic_is_made_of_samples(topic, lin, now):
    Post.objects.bulk_create(
        Post(
            topic=topic,
            author=lin,
            number=number,
            created_at=now + timedelta(minutes=number),
            source="x",
            html="x",
            text="x",
        )
        for number in range(2, 2001)
    )
    topic.last_number = 2000
    topic.save(update_fields=["last_number"])
    scrub = drawn(topic, 1001)
    here = next(place for place, each in enumerate(scrub.slices) if each.here)
    assert abs(here - SLICES / 2) <= 1
    assert scrub.starts[-1] <= 2000
