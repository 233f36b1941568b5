"""Reading on where one stopped, tags that lead on, and what a topic shows of itself elsewhere."""

import json
from datetime import timedelta

import pytest
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from terrace.forum import actions, policies, queries
from terrace.forum.models import Post, Topic
from terrace.kernel import remembered
from terrace.screening import actions as screening
from terrace.screening import policies as screening_policies

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_remembered():
    """Posts of other tests have the same numbers and times."""
    remembered.clear()


OWN = f"/media/{'a' * 24}/320.webp"


def parse(response):
    return HTMLParser(response.content.decode())


def address(topic):
    topic.refresh_from_db()
    return f"/t/{topic.pk}/{topic.slug or '-'}/"


def link_in_list(client, topic):
    rows = parse(client.get("/b/photo/")).css("#topics .row a.words")
    return next(each.attributes["href"] for each in rows if topic.title in each.text())


def test_a_list_leads_on_to_where_one_stopped(browse, topic, make_reply, person, now):
    for number in range(24):
        make_reply(topic, f"r{number}", author=topic.author)
    reader = person("读者")
    client, place = browse(reader), address(topic)
    assert link_in_list(client, topic) == place
    actions.keep_position(topic, 21, by=reader, now=now)
    assert link_in_list(client, topic) == f"{place}?at=unread#p22"
    assert parse(client.get(f"{place}?at=unread")).css_first("#p22") is not None
    actions.keep_position(topic, 23, by=reader, now=now)
    assert link_in_list(client, topic) == f"{place}?at=unread#p24"
    actions.keep_position(topic, 25, by=reader, now=now)
    assert link_in_list(client, topic) == place
    assert link_in_list(browse(), topic) == place
    assert link_in_list(browse(person("另一位")), topic) == place


def test_the_top_of_a_topic_offers_to_go_on(browse, topic, make_reply, person, now):
    for number in range(24):
        make_reply(topic, f"r{number}", author=topic.author)
    reader = person("读者")
    client, place = browse(reader), address(topic)

    def offered(path):
        found = parse(client.get(path)).css_first("a[href*='at=unread']")
        return found and (found.text(), found.attributes["href"])

    assert offered(place) is None
    actions.keep_position(topic, 20, by=reader, now=now)
    assert offered(place) == ("Go on at #21", f"{place}?at=unread#p21")
    assert offered(f"{place}?at=unread") is None
    assert offered(f"{place}?at=3") is None
    assert "Go on at" not in browse().get(place).content.decode()
    actions.keep_position(topic, 25, by=reader, now=now)
    assert offered(place) is None


def test_a_tag_in_a_post_leads_to_its_page(browse, make_topic):
    topic = make_topic(source="看 #夜景 和 #Night-Shot 和 #a/b 版#")
    page = parse(browse().get(address(topic)))
    links = {each.text(): each.attributes for each in page.css(".prose a.tag")}
    assert links["#夜景"]["href"] == "/tags/%E5%A4%9C%E6%99%AF/"
    assert "rel" not in links["#夜景"]
    assert topic.title in parse(browse().get(links["#夜景"]["href"])).text()
    assert parse(browse().get(links["#Night-Shot"]["href"])).css_first(".row a.words") is not None
    assert links["#a/b 版#"]["href"] == "/tags/a%20b%20%E7%89%88/"
    assert topic.title in parse(browse().get(links["#a/b 版#"]["href"])).text()


def test_a_word_that_gathers_nothing_leads_to_what_was_said_with_it(browse, topic):
    response = browse().get("/tags/只在回复里/")
    assert response.status_code == 302
    assert response.headers["Location"].startswith("/search/?q=%E5%8F%AA")


def test_a_replaced_word_is_not_kept_in_the_address(board, lin, now):
    screening.list_word("lousy", kind="replace", replacement="fine", now=now, by=None)
    screening_policies.forget_lists()
    topic = actions.open_topic(lin, board, kind="discussion", title="a lousy phone", source="words", now=now)
    assert (topic.title, topic.slug) == ("a fine phone", "a-fine-phone")
    post = queries.first_post(topic.pk)
    actions.edit_post(post, by=lin, source="words", title="the lousy phone", now=now)
    assert Topic.objects.get(pk=topic.pk).slug == "the-fine-phone"


def test_a_shared_topic_shows_its_own_picture_where_everybody_may_see_it(browse, board, topic, lin, now):
    def shared(client):
        page = parse(client.get(address(topic)))
        script = page.css_first('script[type="application/ld+json"]')
        image = json.loads(script.text()).get("image") if script else None
        return page.css_first("meta[property='og:image']").attributes["content"], image

    card, none = shared(browse())
    assert card.endswith(f"/t/{topic.pk}/card.png")
    assert none is None
    Topic.objects.filter(pk=topic.pk).update(picture=OWN)
    own, image = shared(browse())
    assert own.endswith(OWN.replace("320", "1920"))
    assert image == own
    actions.set_rule(board, "read", audience="members", level=1, now=now)
    policies.forget_tree()
    remembered.clear()
    assert shared(browse(lin))[0] == card


@pytest.mark.parametrize("tail", ["reply", "vote", "follow", "position"])
def test_an_address_for_forms_only_says_so_and_leads_back(browse, topic, tail):
    response = browse().get(f"/t/{topic.pk}/{tail}")
    assert (response.status_code, response.headers["Allow"]) == (405, "POST")
    assert parse(response).css_first("main a").attributes["href"] == f"/t/{topic.pk}/"
    assert "takes what a form sends" in parse(response).css_first("main").text()


def test_an_address_for_forms_about_a_post_leads_back_to_it(browse, topic):
    post = Post.objects.get()
    response = browse().get(f"/posts/{post.pk}/react")
    assert (response.status_code, response.headers["Allow"]) == (405, "POST")
    assert parse(response).css_first("main a").attributes["href"] == f"/p/{post.pk}/"


def test_to_leads_to_the_post_itself(browse, topic, make_reply):
    for _each in range(3):
        make_reply(topic)
    topic.refresh_from_db()
    here = f"/t/{topic.pk}/{topic.slug}/"
    leads = {to: browse().get(here, {"to": to}).headers["Location"] for to in ("2", "last", "999", "0")}
    assert leads == {
        "2": f"{here}?at=2#p2",
        "last": f"{here}?at=4#p4",
        "999": f"{here}?at=4#p4",
        "0": f"{here}?at=1#p1",
    }


def test_what_follows_the_page_is_said_before_anything_else(browse, topic, make_reply, wen):
    for number in range(2, 46):
        make_reply(topic, f"reply {number}")
    page = parse(browse(wen).get(address(topic)))
    rest = page.css_first("#posts > .rest:last-child")
    assert [" ".join(each.text(separator=" ").split()) for each in rest.css("a")] == [
        "25 more posts #21 – #40",
        "Latest",
    ]
    assert [each.attributes["href"] for each in rest.css("a")] == [
        f"{address(topic)}?at=21",
        f"{address(topic)}?to=last",
    ]
    page = parse(browse(wen).get(f"{address(topic)}?at=21"))
    earlier, later = page.css("#posts > .rest")
    assert "#1 – #20" in earlier.text()
    assert "5 more posts" in later.text()
    assert "#41 – #45" in later.text()
    assert len(parse(browse(wen).get(f"{address(topic)}?at=41")).css("#posts > .rest")) == 1


def waits(page):
    return [each.attributes["id"] for each in page.css(".post") if "first reply after" in each.css_first(".sub").text()]


def test_the_first_reply_of_staff_says_how_long_it_took(browse, make_topic, make_reply, moderator, person, lin, now):
    topic = make_topic()
    make_reply(topic, "a member", at=now + timedelta(minutes=5))
    hidden = make_reply(topic, "taken back", author=moderator, at=now + timedelta(minutes=6))
    first = make_reply(topic, "staff", author=person("陈澈", role="engineer"), at=now + timedelta(hours=3, minutes=40))
    make_reply(topic, "staff again", author=moderator, at=now + timedelta(hours=5))
    browse().get(address(topic))  # the posts are drawn and remembered
    assert waits(parse(browse().get(address(topic)))) == ["p3"]
    actions.hide_post(hidden, by=moderator, reason="double", now=now)
    page = parse(browse().get(address(topic)))
    assert waits(page) == [f"p{first.number}"] == ["p4"]
    assert "first reply after 3\u00a0h 40\u00a0min" in page.css_first("#p4 .sub").text()
    times = page.css(".post time")
    assert all(each.attributes["title"][-3] == ":" for each in times), "the exact time can be read at every post"
    for number in range(5, 24):
        make_reply(topic, f"reply {number}", author=moderator, at=now + timedelta(hours=6))
    assert waits(parse(browse().get(f"{address(topic)}?at=21"))) == []
    own = make_topic("from staff", author=moderator)
    make_reply(own, "more from staff", author=moderator)
    assert waits(parse(browse().get(address(own)))) == []
