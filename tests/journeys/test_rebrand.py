"""The operator makes the demo another brand, and everybody sees it: name, logo, colour, order of sections, first picture."""

import io
import json
import re
import sys
import time

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Page, expect

from tests.journeys.conftest import in_words, ready
from tests.journeys.test_axe import violations

RED = "#e60012"
USED = "oklch(0.5514 0.2255 27.86)"  # what becomes of it as the accent of the light theme: #d60010


def square(shade: str) -> bytes:
    """Return a logo: a disc on nothing."""
    made = Image.new("RGBA", (640, 640), (0, 0, 0, 0))
    ImageDraw.Draw(made).ellipse((40, 40, 600, 600), fill=shade)
    out = io.BytesIO()
    made.save(out, "PNG")
    return out.getvalue()


def wide() -> bytes:
    """Return a picture for the home page."""
    made = Image.new("RGB", (1600, 1200), "#d8c0a8")
    ImageDraw.Draw(made).rectangle((0, 700, 1600, 1200), fill="#7a4a3a")
    out = io.BytesIO()
    made.save(out, "JPEG")
    return out.getvalue()


def file(name: str, data: bytes) -> dict[str, object]:
    """Return a file as the browser's dialog gives it."""
    return {"name": name, "mimeType": "image/png", "buffer": data}


def ground(page: Page, selector: str) -> str:
    """Return the colour that something stands on."""
    return page.locator(selector).first.evaluate("node => getComputedStyle(node).backgroundColor")


@pytest.fixture
def as_before(visitor):
    """Give the demo its own brand back, whatever became of the story."""
    yield
    page = visitor("operator", lang="en-GB")
    page.goto("/console/brand/")
    ready(page)
    number = page.locator("#before li form").count()
    if number:
        page.locator("#before li form button").last.click()
        expect(page.locator(".toast")).to_be_visible()


@pytest.mark.parametrize("lang", ["zh-CN", "en-GB"])
def test_the_demo_becomes_another_brand(visitor, places, server, as_before, lang, capsys):
    say = in_words(lang)
    page = visitor("operator", lang=lang)
    page.goto("/console/")
    began = time.monotonic()
    page.get_by_role("link", name=say("Brand"), exact=True).first.click()
    ready(page)
    page.locator("[name=name_zh]").fill("山岚")
    page.locator("[name=name_en]").fill("Shanlan")
    page.locator("[name=logo]").set_input_files(file("logo.png", square(RED)))
    page.locator("[name=icon]").set_input_files(file("icon.png", square(RED)))
    page.locator("[data-hex]").fill(RED)
    expect(page.locator("#solved tbody tr").first).to_contain_text("#d60010")
    expect(page.locator("[data-unsaved]")).to_be_visible()
    frame = page.frame_locator("iframe").first
    expect(frame.locator(".brand span")).to_have_text("山岚" if lang == "zh-CN" else "Shanlan")
    expect(frame.locator(".hero .btn.main")).to_have_css("background-color", USED)
    expect(frame.locator(".brand img")).to_have_attribute("src", re.compile("^blob:"))
    up = page.get_by_role("button", name=say("Move %(name)s up", name=say("People"))).first
    up.click()
    up.click()
    page.locator("[name=hero]").set_input_files(file("hero.jpg", wide()))
    page.locator("[name=title_zh]").fill("山里做的")
    page.locator("[name=title_en]").fill("Made on the ridge")
    page.get_by_text(say("Topic"), exact=True).last.click()
    expect(frame.locator(".post").first).to_be_visible()
    page.get_by_role("button", name=say("Save"), exact=True).click()
    expect(page.locator(".toast")).to_contain_text(say("Saved. Everybody sees it now."))
    took = time.monotonic() - began
    with capsys.disabled():
        sys.stdout.write(f"\n  rebranding the demo ({lang}): {took:.1f} s\n")

    guest = visitor(lang=lang)
    guest.goto("/")
    expect(guest.locator(".bar .brand span")).to_have_text("山岚" if lang == "zh-CN" else "Shanlan")
    expect(guest.locator(".bar .brand img")).to_be_visible()
    expect(guest.locator("h1")).to_have_text("山里做的" if lang == "zh-CN" else "Made on the ridge")
    assert ground(guest, ".hero .btn.main") == USED
    expect(guest.locator(".hero picture img")).to_have_attribute("src", re.compile("^/media/"))
    sections = guest.locator(".bar .where a").all_inner_texts()
    assert sections.index(say("People")) < sections.index(say("Forum"))
    assert violations(guest) == []
    guest.goto(places["plain"])
    assert ground(guest, ".reply .btn.main") == USED
    expect(guest.locator(".bar .brand span")).to_have_text("山岚" if lang == "zh-CN" else "Shanlan")

    manifest = json.loads(guest.request.get(guest.locator("link[rel=manifest]").get_attribute("href")).text())
    assert manifest["name"] == ("山岚" if lang == "zh-CN" else "Shanlan")
    for address, side in [
        (guest.locator("link[rel=icon]").get_attribute("href"), 48),
        (guest.locator("link[rel=apple-touch-icon]").get_attribute("href"), 180),
        *((each["src"], int(each["sizes"].split("x")[0])) for each in manifest["icons"]),
    ]:
        icon = Image.open(io.BytesIO(guest.request.get(address).body())).convert("RGB")
        assert icon.size == (side, side)
        red = icon.getpixel((side // 2, side // 2))
        assert red[0] > 200 and red[1] < 40, f"{address} shows the picture: {red}"

    page.goto("/console/audit/")
    expect(page.locator("main")).to_contain_text(say("changed the brand: %(what)s", what=say("name"))[:8])


def test_without_script_a_button_shows_what_it_would_be(visitor):
    page = visitor("operator", lang="en-GB", js=False)
    page.goto("/console/brand/")
    page.locator("[name=name_en]").fill("Tried")
    page.locator("[name=section_forum_place]").fill("3")
    page.get_by_role("button", name="Preview").click()
    expect(page.locator("main .note").first).to_contain_text("Nothing is saved yet")
    expect(page.locator("[name=name_en]")).to_have_value("Tried")
    expect(page.frame_locator("iframe").first.locator(".brand span")).to_have_text("Tried")
    page.goto("/")
    expect(page.locator(".bar .brand span")).to_have_text("Terrace")


@pytest.mark.parametrize(("lang", "theme"), [("zh-hans", "dark"), ("en", "light")])
def test_the_living_page_in_both_languages_and_themes(visitor, lang, theme):
    page = visitor(lang="en-GB", js=lang == "en")
    page.goto(f"/styleguide?lang={lang}&theme={theme}")
    paper = {"light": "rgb(253, 253, 251)", "dark": "rgb(16, 20, 17)"}[theme]
    shown = page.evaluate(
        "() => { const c = document.createElement('canvas').getContext('2d', {willReadFrequently: true});"
        " c.fillStyle = getComputedStyle(document.documentElement).backgroundColor; c.fillRect(0, 0, 1, 1);"
        " const [r, g, b] = c.getImageData(0, 0, 1, 1).data; return `rgb(${r}, ${g}, ${b})`; }"
    )
    assert shown == paper
    expect(page.locator("h1")).to_have_text({"en": "Every part of the design", "zh-hans": "全部部件"}[lang])
    assert page.locator("html").get_attribute("lang") == {"en": "en", "zh-hans": "zh-Hans"}[lang]
