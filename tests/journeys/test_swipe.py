"""On a phone a finger that moves to the side over a list goes to the next tab; everything else keeps its fingers."""

import time

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import in_words, ready

CURRENT = ".seg a[aria-current]"


@pytest.fixture
def phone(visitor):
    """Return the page of a member on a phone."""
    return visitor("member", lang="en", width=390)


def drag(page, start, end, *, steps=6, takes=0.2):
    """Move a finger from one point to another in `takes` seconds, by the clock of the events and not by that of the test."""
    line = page.context.new_cdp_session(page)
    line.send("Emulation.setTouchEmulationEnabled", {"enabled": True})
    (x, y), (to_x, to_y), began = start, end, time.time()
    for step in range(steps + 1):
        point = {"x": x + (to_x - x) * step / steps, "y": y + (to_y - y) * step / steps}
        told = {"type": "touchMove" if step else "touchStart", "touchPoints": [point]}
        line.send("Input.dispatchTouchEvent", {**told, "timestamp": began + takes * step / steps})
    line.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": [], "timestamp": began + takes})
    line.detach()


def open_list(page):
    """Open the list of all notices, and return its tabs."""
    page.goto("/notices/")
    ready(page)
    return page.locator(".seg a").all_inner_texts()


def test_to_the_next_tab_and_back(phone):
    say = in_words("en")
    assert open_list(phone) == [say("All"), say("Unread")]
    drag(phone, (300, 300), (120, 310))
    expect(phone.locator(CURRENT)).to_have_text(say("Unread"))
    assert phone.url.endswith("?show=unread")
    ready(phone)
    drag(phone, (300, 300), (120, 310))
    phone.wait_for_timeout(300)
    expect(phone.locator(CURRENT)).to_have_text(say("Unread"))
    drag(phone, (100, 300), (280, 290))
    expect(phone.locator(CURRENT)).to_have_text(say("All"))
    phone.go_back()
    expect(phone.locator(CURRENT)).to_have_text(say("Unread"))


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ((300, 200), (120, 340)),  # scrolling
        ((300, 400), (300, 150)),
        ((300, 300), (260, 300)),  # not far enough
        ((10, 300), (200, 300)),  # the system's way back
        ((385, 300), (180, 300)),
    ],
)
def test_what_is_no_swipe(phone, start, end):
    open_list(phone)
    drag(phone, start, end)
    phone.wait_for_timeout(300)
    assert phone.url.endswith("/notices/")


def test_a_slow_finger_reads(phone):
    open_list(phone)
    drag(phone, (300, 300), (120, 300), takes=1.5)
    phone.wait_for_timeout(300)
    assert phone.url.endswith("/notices/")


def test_what_moves_sideways_keeps_its_finger(phone):
    open_list(phone)
    phone.evaluate(
        """() => {
          const shelf = document.createElement("div");
          shelf.id = "shelf";
          shelf.className = "scroll";
          shelf.innerHTML = "<pre>" + "x".repeat(400) + "</pre>";
          document.querySelector("#main").append(shelf);
          shelf.scrollIntoView({ block: "center" });
        }"""
    )
    box = phone.locator("#shelf").bounding_box()
    at = box["y"] + box["height"] / 2
    drag(phone, (300, at), (120, at))
    phone.wait_for_timeout(300)
    assert phone.url.endswith("/notices/")


def test_a_wide_screen_is_not_swiped(visitor):
    page = visitor("member", lang="en", width=1440)
    open_list(page)
    drag(page, (900, 300), (400, 300))
    page.wait_for_timeout(300)
    assert page.url.endswith("/notices/")


@pytest.mark.parametrize("address", ["/topics/", "/b/{board}/", "/search/?q=相机", "/people/"])
def test_every_list_with_tabs(visitor, server, address):
    [[board]] = server.ask("SELECT slug FROM forum_board ORDER BY topic_count DESC LIMIT 1")
    page = visitor("other", lang="zh-CN", width=390)
    page.goto(address.format(board=board))
    ready(page)
    tabs = page.locator(".seg a")
    assert tabs.first.get_attribute("aria-current")
    second = tabs.nth(1).inner_text()
    tabs.first.evaluate("tab => tab.scrollIntoView({ block: 'center' })")
    at = tabs.first.bounding_box()["y"] + 80
    drag(page, (300, at), (120, at))
    expect(page.locator(CURRENT)).to_have_text(second)
