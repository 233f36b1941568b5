"""Pages for everybody, the feed, a member's own devices; forms without script; strangers; a section that is off."""

import pytest
from django.test import Client
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from terrace.forum import actions as forum
from terrace.forum import policies as forum_policies
from terrace.kernel import options, tags
from terrace.products import actions, queries
from terrace.products.models import Device

pytestmark = pytest.mark.django_db


def text(page, selector):
    return [" ".join(each.text().split()) for each in HTMLParser(page.content.decode()).css(selector)]


def test_the_list(browse, product, phone, version):
    page = browse().get("/products/")
    assert text(page, ".shelf h2") == ["Paddy", "Ridge 5"]
    assert text(page, ".shelf .by") == ["Closed beta 4.2.1"]
    assert text(page, ".where [aria-current]") == ["Products"]
    assert tags.tags_of(page.wsgi_request) == {"products"}


def test_without_a_product_the_list_says_so(browse, db):
    assert text(browse().get("/products/"), ".empty h2") == ["No product yet"]


def test_a_product(browse, product, phone, version, team, boss, lin, now):
    actions.add_module(product, "锁屏", team_id=team.pk, by=boss, now=now)
    actions.add_device(lin, phone, now=now)
    page = browse().get("/products/paddy/")
    assert text(page, "h1") == ["Paddy"]
    assert text(page, ".tile b") == ["4.2.1"]
    assert HTMLParser(page.content.decode()).css_first("li#v4\\.2\\.1 .prose li").text() == "锁屏不再跳"
    assert text(page, ".owned dt") == ["锁屏"] and text(page, ".owned a") == ["动效组"]
    assert text(page, ".side .per b") == ["陈澈"]
    assert tags.tags_of(page.wsgi_request) == {f"product:{product.pk}"}
    owned = browse().get("/products/ridge-5/")
    assert "1 member owns one" in owned.content.decode()
    assert text(owned, ".tile b") == ["Paddy"]
    assert tags.tags_of(owned.wsgi_request) == {f"product:{product.pk}", f"product:{phone.pk}"}
    assert browse().get("/products/nothing/").status_code == 404


def test_a_note_holds_no_markup_of_its_writer(browse, product, boss, now):
    made = actions.plan_version(product, "1.0", channel="stable", note="<script>x()</script>", by=boss, now=now)
    actions.release_version(made, by=boss, now=now)
    assert b"<script>x()" not in browse().get("/products/paddy/").content


def test_what_people_say_stands_on_the_page(browse, product, phone, lin, now):
    forum_policies.forget_tree()
    board = forum.create_board("稻田", slug="paddy", now=now)
    forum.open_topic(lin, board, kind="discussion", title="About the system", source="s", now=now, screened=False)
    tagged = {"title": "About the phone", "source": "s", "tags": ["ridge 5"], "now": now, "screened": False}
    forum.open_topic(lin, board, kind="discussion", **tagged)
    assert text(browse().get("/products/paddy/"), ".rows h3") == ["About the phone", "About the system"]
    page = browse().get("/products/ridge-5/")
    assert text(page, ".rows h3") == ["About the phone"]
    assert HTMLParser(page.content.decode()).css_first(".column .more").attributes["href"] == "/tags/ridge%205/"
    forum.set_rule(board, "read", audience="staff", now=now)
    forum_policies.forget_tree()
    assert text(browse().get("/products/ridge-5/"), ".rows h3") == [], "what a reader may not read is not told"


def test_the_feed(browse, product, version, boss, now):
    actions.plan_version(product, "9.9", channel="stable", note="secret", by=boss, now=now)
    page = browse().get("/products/paddy/feed.atom")
    assert page["Content-Type"].startswith("application/atom+xml")
    body = page.content.decode()
    assert "Paddy 4.2.1 (Closed beta)" in body and "/products/paddy/#v4.2.1" in body
    assert "9.9" not in body and "secret" not in body


def test_a_team(browse, team, project):
    page = browse().get("/teams/motion/")
    assert text(page, "h1") == ["动效组"]
    assert text(page, ".crumb a") == ["系统项目组"]
    assert text(page, ".people b") == ["陈澈"]
    assert tags.tags_of(page.wsgi_request) == {f"team:{team.pk}"}
    assert text(browse().get("/teams/system/"), ".column .owned dt") == ["动效组"]
    assert browse().get("/teams/nothing/").status_code == 404


def test_the_pages_cost_the_same_for_everybody(
    browse, product, phone, version, team, boss, now, django_assert_max_num_queries
):
    for number in range(6):
        actions.add_build(version, f"4.2.1-{number}", by=boss, now=now)
        actions.add_module(product, f"模块{number}", team_id=team.pk, by=boss, now=now)
    client = browse()
    for address, most in (("/products/", 4), ("/products/paddy/", 13), ("/teams/motion/", 7)):
        client.get(address)
        with django_assert_max_num_queries(most):
            client.get(address)


def test_a_member_lists_changes_and_drops_a_device(browse, lin, phone, version):
    browser = browse(lin)
    assert text(browser.get("/settings/devices/?product=ridge-5"), "select [selected]") == ["Ridge 5"]
    added = browser.post("/settings/devices/", {"product": "ridge-5", "nickname": "白的"})
    device = Device.objects.get()
    assert added["Location"] == f"/settings/devices/{device.pk}/"
    assert text(browser.get(added["Location"]), "#id_version option") == ["I do not know", "Paddy 4.2.1 (Closed beta)"]
    said = {"version": version.pk, "build": "1024", "nickname": "白的", "since": "2026-01-02"}
    assert browser.post(added["Location"], said)["Location"] == "/settings/devices/"
    device.refresh_from_db()
    assert (device.version_id, device.build, device.shown) == (version.pk, "1024", False)
    assert "not on your profile" in browser.get("/settings/devices/").content.decode()
    assert browser.post(f"/settings/devices/{device.pk}/drop")["Location"] == "/settings/devices/"
    assert not Device.objects.exists()


def test_what_cannot_be_comes_back_with_what_was_typed(browse, lin, phone, now):
    browser = browse(lin)
    assert browser.post("/settings/devices/", {"product": "nothing"}).status_code == 422
    device = actions.add_device(lin, phone, now=now)
    answer = browser.post(f"/settings/devices/{device.pk}/", {"since": "2999-01-01", "nickname": "typed"})
    assert answer.status_code == 422
    assert 'value="typed"' in answer.content.decode()
    for number in range(Device.MOST - 1):
        actions.add_device(lin, phone, nickname=str(number), now=now)
    answer = browser.post("/settings/devices/", {"product": "ridge-5", "nickname": "more"})
    assert answer.status_code == 409 and "20 devices" in answer.content.decode()


def test_devices_are_a_member_s_own(browse, lin, chen, phone, now):
    device = actions.add_device(lin, phone, now=now)
    for address in ("/settings/devices/", f"/settings/devices/{device.pk}/"):
        assert Client().get(address)["Location"].startswith("/accounts/login/")
    assert browse(chen).get(f"/settings/devices/{device.pk}/").status_code == 404
    assert browse(chen).post(f"/settings/devices/{device.pk}/drop").status_code == 404
    assert Device.objects.exists()


def test_a_profile_shows_the_devices_that_may_be_shown(browse, lin, phone, now):
    assert "list=devices" not in browse().get("/u/林间/").content.decode()
    device = actions.add_device(lin, phone, now=now)
    page = browse().get("/u/林间/?list=devices")
    assert text(page, "#devices h2") == ["Ridge 5"]
    hidden = {"build": "", "nickname": "", "since": device.since, "shown": False}
    actions.edit_device(device, member=lin, version_id=None, now=now, **hidden)
    page = browse().get("/u/林间/?list=devices")
    assert text(page, "#devices h2") == [] and "list=devices" not in page.content.decode()


def test_a_section_that_is_off_is_nowhere_to_be_seen(browse, lin, boss, phone, version, team, now):
    actions.add_device(lin, phone, now=now)
    options.put("brand.sections", ["products"], now)
    options.forget()
    browser = browse(lin)
    for address in (
        "/products/",
        "/products/paddy/",
        "/products/paddy/feed.atom",
        "/teams/motion/",
        "/settings/devices/",
    ):
        assert browser.get(address).status_code == 404, address
    for address in ("/", "/settings/", "/u/林间/"):
        page = browser.get(address).content.decode()
        assert "/products/" not in page and "/settings/devices/" not in page and "list=devices" not in page, address
    assert browse(boss).get("/console/products/").status_code == 200, "the desk makes it ready"
    assert queries.count_of_devices(phone.pk) == 1
