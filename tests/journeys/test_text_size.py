"""Text twice as large, and words that are longer than both languages have: nothing is lost and no page scrolls sideways."""

import pytest
from playwright.sync_api import Page

from tests.journeys.pages import PLACES

READERS = sorted({place.who or "stranger" for place in PLACES})
# Words grow by two fifths, as they do between Chinese or English and the longest languages of the world.
LONGER = """() => {
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const text = walk.currentNode.data.trim();
    if (text && !walk.currentNode.parentElement.closest("script, style, pre, code, textarea"))
      walk.currentNode.data = walk.currentNode.data.replace(text, text + text.slice(0, Math.ceil(text.length * 0.4)));
  }
}"""
# What stands beyond the right edge, and not in something that scrolls by itself.
BEYOND = """() => {
  const room = document.documentElement.clientWidth;
  const scrolls = (one) => one && (["auto", "scroll"].includes(getComputedStyle(one).overflowX) || scrolls(one.parentElement));
  return [...document.body.querySelectorAll("*:not(svg *)")]
    .filter((one) => one.getBoundingClientRect().right > room + 1 && !scrolls(one.parentElement))
    .map((one) => `${one.tagName} .${one.getAttribute("class")} to ${Math.round(one.getBoundingClientRect().right)}: ${one.textContent.trim().slice(0, 30)}`)
    .slice(0, 4);
}"""


def sideways(page: Page) -> list[str]:
    """Return what makes the page scroll sideways, or nothing."""
    if not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth + 1"):
        return []
    return page.evaluate(BEYOND) or ["scrolls sideways"]


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("lang", ["zh-CN", "en-GB"])
def test_text_twice_as_large(large_visitor, places, watch, reader, lang):
    watch.forgive("404")
    page = large_visitor(None if reader == "stranger" else reader, lang=lang, width=390)
    bad = []
    for place in PLACES:
        if (place.who or "stranger") != reader:
            continue
        page.goto(place.path.format(**places))
        assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "32px"
        for width in (390, 1280):
            page.set_viewport_size({"width": width, "height": 844})
            bad += [f"{place.name} {width} {line}" for line in sideways(page)]
    assert bad == [], "\n".join(bad)


@pytest.mark.parametrize("reader", READERS)
def test_words_two_fifths_longer(visitor, places, watch, reader):
    watch.forgive("404")
    page = visitor(None if reader == "stranger" else reader, lang="en-GB", width=320)
    bad = []
    for place in PLACES:
        if (place.who or "stranger") != reader:
            continue
        page.goto(place.path.format(**places))
        page.evaluate(LONGER)
        for width in (320, 1440):
            page.set_viewport_size({"width": width, "height": 844})
            bad += [f"{place.name} {width} {line}" for line in sideways(page)]
    assert bad == [], "\n".join(bad)
