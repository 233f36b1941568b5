"""Profiles, people, and what members type there."""

import json

import pytest

from terrace.kernel.tests.safety import active_nodes, shown_text
from terrace.members import actions, queries
from terrace.members.models import Follow

pytestmark = pytest.mark.django_db

SETTINGS = ["", "profile/", "security/", "people/", "data/"]


class TestProfile:
    def test_page(self, make, browser, now):
        ann = make("林小满", bio="喜欢拆东西", city="杭州", growth=640)
        page = browser.get("/u/林小满/")
        text = page.content.decode()
        assert page.status_code == 200 and "喜欢拆东西" in text and "杭州" in text
        assert f"member:{ann.pk}" in page.headers["Terrace-Tags"]
        assert "csrf" not in text.lower()

    def test_one_address_each(self, make, browser):
        make("Ann")
        assert browser.get("/u/ANN/").headers["Location"] == "/u/Ann/"
        for gone in ("/u/nobody/", "/u/-1/", f"/u/{'x' * 300}/"):
            assert browser.get(gone).status_code == 404

    def test_follow_as_page_and_as_fragment(self, make, member_browser, browser):
        member, mine = member_browser
        make("Bob")
        assert browser.post("/u/Bob/follow/").status_code == 401
        assert mine.get("/u/Bob/follow/").status_code == 405
        assert mine.post("/u/Bob/follow/", {"on": "1"}).headers["Location"] == "/u/Bob/"
        assert Follow.objects.count() == 1
        fragment = mine.post("/u/Bob/follow/", {"on": "0"}, headers={"HX-Request": "true"})
        assert fragment.content.decode().strip().startswith('<div class="do" id="relation"')
        assert Follow.objects.count() == 0
        assert mine.post("/u/Lin/follow/").status_code == 403
        for act in ("mute", "block", "release"):
            assert mine.post(f"/u/Bob/{act}/").status_code == 302
        assert queries.relation(member.pk, queries.by_handle("Bob").pk) == queries.Relation()

    def test_member_list(self, make, browser):
        make("Ann", growth=5), make("Bob", growth=100)
        assert browser.get("/people/?order=growth").content.decode().index("Bob") < browser.get(
            "/people/?order=growth"
        ).content.decode().index(">Ann<")
        assert "Bob" not in shown_text(browser.get("/people/?q=ann").content.decode(), "main")
        assert browser.get("/people/?q=%00&after=zzz&order=x").status_code == 200

    def test_nothing_that_a_member_types_acts(self, make, browser, test_data):
        ann = make("Ann")
        lines = test_data("xss_vectors.jsonl").read_text("utf-8").strip("\n").split("\n")
        payloads = [json.loads(line)["payload"][:300] for line in lines]
        payloads += [
            json.loads(line)["s"][:300]
            for line in test_data("naughty_strings.jsonl").read_text("utf-8").strip("\n").split("\n")
        ]
        payloads = [text for text in payloads if "\x00" not in text]
        from terrace.kernel import clock

        for text in payloads[:: max(1, len(payloads) // 60)]:
            actions.edit_profile(ann, city=text, bio=text, language="", now=clock.now())
            page = browser.get("/u/Ann/").content.decode()
            assert active_nodes(page, ".bio") == []
            assert shown_text(page, ".bio").split() == ann.bio.split()
            assert active_nodes(page, ".who .label") == []
