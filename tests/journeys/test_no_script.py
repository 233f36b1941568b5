"""Without JavaScript: everything that reads works, and every form works."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import PEOPLE, eventually, in_words


@pytest.mark.parametrize(("lang", "width"), [("zh-CN", 390), ("en-GB", 1440)])
def test_reading(visitor, places, lang, width):
    say = in_words(lang)
    page = visitor(lang=lang, width=width, js=False)
    page.goto("/")
    expect(page.locator(".rows .row").first).to_be_visible()
    page.locator(".rows .row").first.get_by_role("link").first.click()
    expect(page.locator("#p1 .prose")).to_be_visible()
    page.goto("/b/ridge/")
    expect(page.locator("#topics .row").first).to_be_visible()
    page.goto("/topics/")
    page.locator("#topics .pager [rel=next]").click()
    expect(page.locator("#topics .row").first).to_be_visible()
    page.goto(places["long"])
    expect(page.locator("#p1")).to_be_visible()
    page.locator(".rest [rel=next]").click()
    expect(page.locator("#p1")).to_have_count(0)
    assert int(page.locator(".post").first.get_attribute("data-number")) > 10
    page.get_by_role("link", name=say("Earlier posts")).click()
    expect(page.locator("#p1")).to_be_visible()
    word = "续航" if lang == "zh-CN" else "battery"
    page.goto("/search/")
    page.locator("#seek").fill(word)
    page.locator("#seek").press("Enter")
    expect(page).to_have_url(re.compile(r"[?&]q="))
    # The index of a demo that was just filled is finished behind the server.
    eventually(page, lambda: page.locator("#results mark").count() > 0, seconds=60)
    page.goto("/")
    page.locator(".foot").get_by_role("link").last.click()
    page.get_by_role("button").last.click()
    expect(page.locator("html")).to_have_attribute("lang", "en" if lang == "zh-CN" else "zh-Hans")


def test_writing(visitor, places):
    say = in_words("zh-CN")
    # Signed in by the fixture, which also sets the member's language: an earlier story may have left another.
    page = visitor("other", lang="zh-CN", width=390, js=False)
    page.goto("/new/")
    page.get_by_label(say("Title of the topic")).fill("没有脚本也能发帖")
    page.get_by_role("textbox", name=say("Text")).fill("一个字一个字写的。")
    page.get_by_label(say("Board")).select_option("apps")
    page.get_by_role("button", name=say("Preview")).click()
    expect(page.locator("#preview .prose")).to_contain_text("一个字一个字写的。")
    expect(page.get_by_label(say("Title of the topic"))).to_have_value("没有脚本也能发帖")
    page.get_by_role("button", name=say("Publish")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("没有脚本也能发帖")

    page.goto(places["plain"])
    page.locator("#p2 .react").get_by_role("link", name=say("Reply")).click()
    expect(page.locator("[name=reply_to]")).to_have_value(re.compile(r"\d+"))
    page.locator("#r").fill("这一楼也没有用脚本。")
    page.locator("#reply").get_by_role("button", name=say("Reply"), exact=True).click()
    expect(page.locator(".post .prose", has_text="这一楼也没有用脚本。")).to_be_visible()

    page.goto(places["plain"])
    liked = page.locator(".post", has=page.locator(".react button")).first.get_attribute("id")
    like = page.locator(f"#{liked} .react button").nth(1)
    before = like.get_attribute("aria-pressed")
    like.click()
    expect(page.locator(f"#{liked} .react button").nth(1)).to_have_attribute(
        "aria-pressed", "false" if before == "true" else "true"
    )
    page.locator(f"#{liked} details.menu > summary").click()
    page.locator(f"#{liked} details.menu").get_by_role("link", name=say("Flag")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(say("Flag this post?"))


def test_the_demo_lets_in_by_one_button(visitor):
    say = in_words("zh-CN")
    page = visitor(lang="zh-CN", width=390, js=False)
    page.goto("/demo/")
    page.get_by_role("button", name=say("Sign in as %(who)s", who=PEOPLE["newcomer"])).click()
    expect(page.locator(".icon.bell")).to_be_visible()


def test_signing_in_and_out(visitor, server, watch):
    watch.forgive("422")
    say = in_words("zh-CN")
    page = visitor(lang="zh-CN", width=390, js=False)
    page.goto("/accounts/login/")
    page.get_by_role("link", name=say("I am new here")).click()
    page.get_by_label(say("Phone or e-mail")).fill("quiet@example.com")
    page.get_by_role("button", name=say("Send me a code")).click()
    code = re.search(r"\b\d{6}\b", server.mail_to("quiet@example.com"))[0]
    page.get_by_label(say("The code you received")).fill(code)
    page.get_by_label(say("Handle")).fill("不用脚本")
    page.get_by_label(say("Password"), exact=True).fill("a quiet browser in the corner")
    page.get_by_role("button", name=say("Create my account")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("不用脚本")
    page.goto("/settings/")
    page.get_by_role("button", name=say("Sign out")).click()
    page.goto("/accounts/login/")
    page.get_by_label(say("Phone or e-mail")).fill("quiet@example.com")
    page.get_by_label(say("Password"), exact=True).fill("not this one")
    page.locator("main").get_by_role("button", name=say("Sign in")).click()
    expect(page.get_by_text(say("This address and password do not belong together."))).to_be_visible()
    page.get_by_label(say("Password"), exact=True).fill("a quiet browser in the corner")
    page.locator("main").get_by_role("button", name=say("Sign in")).click()
    page.goto("/settings/")
    expect(page.locator("main")).to_contain_text("quiet@example.com")
