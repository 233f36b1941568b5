"""Whoever is signed out while writing gets the text back."""

import pytest
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from terrace.forum.models import Post

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["/t/{}/reply", "/new/"])
def test_what_was_typed_comes_back_with_the_way_to_sign_in(browse, topic, path):
    place = f"http://testserver/t/{topic.pk}/{topic.slug}/"
    typed = {"title": "一个标题", "body": "写了很久的 <b>话</b>"}
    response = browse().post(path.format(topic.pk), typed, headers={"referer": place})
    page = HTMLParser(response.content.decode())
    assert response.status_code == 403
    assert page.css_first("textarea").text() == typed["body"]
    assert place.removeprefix("http://testserver") in page.css_first("main a.btn.main").attributes["href"].replace(
        "%3A", ":"
    )
    assert Post.objects.count() == 1


def test_another_site_is_not_led_back_to(browse, topic):
    response = browse().post("/new/", {"body": "x"}, headers={"referer": "https://evil.example/"})
    assert "evil.example" not in response.content.decode()


def test_a_press_of_a_button_leads_to_the_sign_in_page(browse, topic):
    assert browse().post(f"/t/{topic.pk}/follow").headers["Location"].startswith("/accounts/login/")
