"""Without a network one reads on in what was read before, and is told so; who signs out leaves nothing behind."""

import re

from playwright.sync_api import expect

from tests.journeys.conftest import ready

CONTROLLED = "() => navigator.serviceWorker.controller !== null"
KEPT = "async () => (await (await caches.open('pages')).keys()).map((each) => new URL(each.url).pathname)"


def test_what_was_read_is_read_again_without_a_network(visitor, places, watch):
    watch.forgive("ERR_INTERNET_DISCONNECTED|ERR_FAILED|Failed to fetch|NetworkError")
    page = visitor("member", lang="zh-CN", width=390, worker=True)
    page.goto("/")
    page.wait_for_function(CONTROLLED)
    page.goto(places["plain"])
    title = page.locator("h1").inner_text()
    page.wait_for_function(f"async () => (await ({KEPT})()).includes(location.pathname)")
    page.context.set_offline(True)
    page.goto(places["plain"])
    expect(page.locator("h1")).to_have_text(title)
    expect(page.locator("#toasts")).to_contain_text("没有网络")
    page.goto("/people/")
    expect(page.locator("h1")).to_contain_text("没有网络")
    expect(page.locator(".pages-kept a", has_text=title)).to_be_visible()
    page.context.set_offline(False)
    page.goto("/people/")
    expect(page.locator("h1")).not_to_contain_text("没有网络")


def test_who_signs_out_leaves_no_page_behind(visitor, places):
    page = visitor("member", lang="zh-CN", width=1440, worker=True)
    page.goto("/")
    page.wait_for_function(CONTROLLED)
    page.goto(places["plain"])
    page.wait_for_function(f"async () => (await ({KEPT})()).includes(location.pathname)")
    page.locator(".menu.me > summary").click()
    page.locator(".menu.me form button").click()
    page.wait_for_function(f"async () => !(await ({KEPT})()).includes('{places['plain']}')")


def test_what_is_sent_without_a_network_stays_and_is_sent_later(visitor, places, watch):
    watch.forgive("ERR_INTERNET_DISCONNECTED|ERR_FAILED|Failed to fetch|NetworkError")
    page = visitor("member", lang="zh-CN", width=1440)
    page.goto(places["plain"])
    ready(page)
    text = "写在没有网络的地方。"
    page.locator("#r").fill(text)
    page.context.set_offline(True)
    send = page.locator("#reply button.main")
    send.click()
    expect(page.locator("#reply [data-draft-note]")).to_contain_text("没有网络")
    expect(page.locator("#r")).to_have_value(text)
    page.context.set_offline(False)
    page.reload()
    expect(page.locator("#r")).to_have_value(text)
    page.locator("#reply button.main").click()
    expect(page.locator(".post .prose", has_text=text)).to_be_visible()
    expect(page.locator("#r")).to_have_value("")
    page.reload()
    expect(page.locator("#r")).to_have_value("")


def test_a_page_that_is_sent_without_a_network_is_one_step_back(visitor, places, watch):
    watch.forgive("ERR_INTERNET_DISCONNECTED|ERR_FAILED|Failed to fetch|NetworkError")
    page = visitor("moderator", lang="zh-CN", width=390, worker=True)
    page.goto("/")
    page.wait_for_function(CONTROLLED)
    page.goto(f"/t/{places['topic']}/tags")
    words = page.locator("input[name=tags]")
    before = words.input_value()
    words.fill("夜路 山里")
    page.context.set_offline(True)
    page.locator("main form button.main").click()
    expect(page.locator("h1")).to_contain_text("没有网络")
    page.context.set_offline(False)
    page.go_back()
    expect(page.locator("input[name=tags]")).to_have_value("夜路 山里")
    page.locator("input[name=tags]").fill(before)
    page.locator("main form button.main").click()
    expect(page).to_have_url(re.compile(r"/t/\d+/"))
    expect(page.locator("h1")).not_to_contain_text("没有网络")


def test_a_form_that_never_arrived_is_still_a_draft(visitor, places, watch):
    """The browser thinks that it is online, the line is cut, and the next page leads on to another."""
    watch.forgive("ERR_|Failed to fetch|NetworkError")
    page = visitor("member", lang="zh-CN", width=1440)
    page.goto(places["plain"])
    ready(page)
    text = "这一句差点丢了。"
    page.locator("#r").fill(text)
    page.route("**/reply", lambda route: route.abort("connectionreset"))
    page.locator("#reply button.main").click()
    page.wait_for_timeout(500)
    page.goto(f"/t/{places['topic']}/")
    expect(page.locator("#r")).to_have_value(text)
