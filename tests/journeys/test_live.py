"""Two people on one page: what one does is shown to the other, quietly, and a cut line loses nothing."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import in_words


def reply(page: Page, address: str, words: str) -> None:
    """Answer a topic."""
    page.goto(f"{address}?at=last")
    page.locator("#r").evaluate("field => field.form.classList.add('open')")
    page.locator("#r").fill(words)
    page.locator("#reply .btn.main").click()
    expect(page.locator(".post .prose", has_text=words)).to_be_visible()


def connected(page: Page) -> None:
    """Wait until the page hears the server, and count the streams that it opens."""
    page.wait_for_function("() => window.__open >= 1")


COUNT = """
window.__open = 0;
const Native = EventSource;
window.EventSource = class extends Native {
  constructor(...given) { super(...given); this.addEventListener("open", () => { window.__open += 1; }); }
};
"""


@pytest.fixture
def watching(visitor, places):
    """Return (reader, writer, address): somebody reads a topic and types, somebody else is about to answer it."""
    reader = visitor("member", lang="zh-CN", width=1440)
    reader.context.add_init_script(COUNT)
    writer = visitor("other", lang="zh-CN", width=1440)
    return reader, writer, places["plain"]


def test_a_new_reply_is_told_and_nothing_moves(watching):
    reader, writer, address = watching
    say = in_words("zh-CN")
    reader.goto(f"{address}?at=last")
    connected(reader)
    last = reader.locator(".post").last
    number = int(last.get_attribute("data-number"))
    reader.locator("#r").fill("我正在写的一句话")
    last.evaluate("post => post.scrollIntoView({ block: 'center' })")
    place = last.bounding_box()["y"]
    reply(writer, address, "窗外下雨了，顺便说一句。")
    bar = reader.locator("#fresh")
    expect(bar).to_be_visible()
    expect(bar).to_have_text(say("1 new reply"))
    assert last.bounding_box()["y"] == place, "what is being read was moved"
    expect(reader.locator("#r")).to_have_value("我正在写的一句话")
    bar.get_by_role("link").click()
    fresh = reader.locator(f"#p{number + 1}")
    expect(fresh.locator(".prose")).to_contain_text("窗外下雨了")
    expect(reader.locator("#fresh")).to_be_hidden()
    expect(reader.locator("#r")).to_have_value("我正在写的一句话")
    assert reader.locator(f"#p{number}").count() == 1
    fresh.locator(".react button").first.click()
    expect(reader.locator(f"#p{number + 1} .react button").first).to_have_attribute("aria-pressed", "true")
    reader.locator("#r").fill("")


def test_after_a_cut_line_the_page_knows_what_the_server_knows(watching, watch):
    watch.forgive("ERR_INTERNET_DISCONNECTED|ERR_NETWORK_CHANGED|ERR_INCOMPLETE|ERR_FAILED|EventSource|net::ERR")
    reader, writer, address = watching
    say = in_words("zh-CN")
    reader.goto(f"{address}?at=last")
    connected(reader)
    reader.context.set_offline(True)
    for words in ("断线时的第一句，茶凉了。", "断线时的第二句，换一壶。"):
        reply(writer, address, words)
    reader.wait_for_timeout(500)
    reader.context.set_offline(False)
    bar = reader.locator("#fresh")
    expect(bar).to_have_text(say("{n} new replies").replace("{n}", "2"), timeout=20_000)
    bar.get_by_role("link").click()
    expect(reader.locator(".post .prose", has_text="断线时的第二句")).to_be_visible()
    shown = [int(each.get_attribute("data-number")) for each in reader.locator(".post").all()]
    assert shown == sorted(set(shown)), "a post is shown twice or out of order"


def test_the_bell_counts_by_itself(visitor, places):
    reader = visitor("member", lang="zh-CN", width=1440)
    reader.context.add_init_script(COUNT)
    writer = visitor("other", lang="zh-CN", width=1440)
    reader.goto("/notices/")
    clear = reader.get_by_role("button", name=in_words("zh-CN")("Mark all as read"))
    if clear.count():
        clear.click()
    reader.goto("/forum/")
    connected(reader)
    pip = reader.locator(".bar .bell .pip")
    expect(pip).to_be_hidden()
    reply(writer, places["english"], "@林间 这一条写给你看，雨停了。")
    expect(pip).to_be_visible()
    expect(pip).to_have_text("1")
    expect(reader.locator(".bar .bell")).to_have_attribute("aria-label", re.compile("1"))
    reader.locator(".bar .bell").click()
    expect(reader.locator(".notices li").first).to_contain_text("阿禾")
