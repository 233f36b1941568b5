"""Pictures, videos and sounds, from the editor to the whole screen."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from terrace.media.tests.clips import clip
from terrace.media.tests.pictures import HEIC, saved, scene
from tests.journeys.conftest import in_words, ready

BOX = ".lightbox[open]"
LOOKED_AT = r"status of (409|415)"  # what the browser says of a file that is refused


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    """Files on somebody's phone."""
    found = {
        "hill.jpg": saved(scene(11, (1600, 1200)), quality=90),
        "IMG_0001.HEIC": HEIC,
        "door.jpg": saved(scene(12, (900, 1400)), quality=90),
        "again.jpg": saved(scene(11, (1600, 1200)).resize((800, 600)), quality=60),
        "film.webm": clip("recorded.webm"),
        "night.mp4": clip("plain.mp4"),
        "song.ogg": clip("opus.ogg"),
        "letter.txt": b"<html>Not a picture.</html>",
    }
    for name, data in found.items():
        (tmp_path / name).write_bytes(data)
    return {name: tmp_path / name for name in found}


def compose(page: Page, title: str) -> None:
    """Open the composer and begin a text."""
    page.goto("/new/?board=camera")
    ready(page)
    page.locator("textarea[name=title]").fill(title)
    page.locator("textarea[name=body]").fill("先看：\n\n")
    page.locator("textarea[name=body]").press("Control+End")


def send(page: Page, *paths: Path) -> None:
    """Choose files and wait until each is there or refused."""
    before = page.locator(".uploads > li").count()
    page.locator(".upload input[type=file]").set_input_files(paths)
    expect(page.locator(".uploads > li")).to_have_count(before + len(paths))
    expect(page.locator(".uploads [data-mark]")).to_have_count(0)


def publish(page: Page) -> None:
    """Send the text and arrive at the topic."""
    page.locator(".composer .top button.main").click()
    page.wait_for_url(re.compile(r"/t/\d+/"))
    ready(page)


@pytest.mark.parametrize(("lang", "width", "scheme"), [("zh-CN", 1440, "light"), ("en-US", 390, "dark")])
def test_a_picture_from_the_phone_to_the_whole_screen(visitor, watch, files, lang, width, scheme):
    say = in_words(lang)
    watch.forgive(LOOKED_AT)
    page = visitor("member" if lang == "zh-CN" else "english", lang=lang, width=width, scheme=scheme)
    compose(page, f"从手机到整屏 {width}")
    send(page, files["hill.jpg"], files["IMG_0001.HEIC"], files["letter.txt"])
    lines = page.locator(".uploads > li")
    expect(lines.nth(2).locator(".err")).to_contain_text(say("We cannot read this file. Pictures (JPEG, PNG, WebP, GIF, AVIF, HEIC), videos (MP4, WebM) and sounds (M4A, MP3, Ogg, WAV) work."))  # fmt: skip
    lines.nth(2).locator("[data-act=drop]").click()
    lines.nth(0).locator(".field").fill("清晨的山")
    send(page, files["again.jpg"])
    expect(lines.nth(2).locator(".err")).to_contain_text(
        say("You sent this picture before. Take the earlier one, or send this one all the same.")
    )
    lines.nth(2).locator("[data-act=drop]").click()
    assert re.search(r"!\[清晨的山\]\(/media/\w+/960\.webp\)\n!\[\]\(/media", page.input_value("textarea[name=body]"))
    publish(page)

    pictures = page.locator(".post.first a.picture")
    expect(pictures).to_have_count(2)
    expect(pictures.nth(1)).to_have_attribute("aria-label", say("Picture {n} of {all}").format(n=2, all=2))
    seen = pictures.nth(1).locator("img").evaluate("i => i.decode().then(() => [i.naturalWidth, i.naturalHeight])")
    assert seen[0] < seen[1], "upright, as the phone meant it"
    pictures.nth(0).focus()
    page.keyboard.press("Enter")
    box = page.locator(BOX)
    image = box.locator(".stage img")
    expect(image).to_have_attribute("alt", "清晨的山")
    expect(box.locator(".cap")).to_have_text("清晨的山")
    expect(box.locator("[data-shut]")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(box.locator(".at")).to_have_text("2 / 2")
    expect(box.locator("[data-go='1']")).to_be_disabled()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("+")
    page.keyboard.press("+")
    assert image.evaluate("i => i.style.transform") == "translate(0px, 0px) scale(2.25)"
    page.keyboard.press("ArrowRight")
    assert image.evaluate("i => i.style.transform") == "translate(-80px, 0px) scale(2.25)", "it is moved, not left"
    page.keyboard.press("0")
    page.keyboard.press("Escape")
    expect(box).to_have_count(0)
    expect(pictures.nth(0)).to_be_focused()


def test_a_hint_stands_where_a_picture_comes_and_nothing_moves(visitor, files):
    page = visitor("member")
    compose(page, "慢慢来的图")
    send(page, files["door.jpg"])
    publish(page)
    held = []
    waiting = True
    page.route(re.compile(r"/media/"), lambda route: held.append(route) if waiting else route.continue_())
    page.add_init_script(
        "window.moved = 0; new PerformanceObserver((list) => { for (const one of list.getEntries()) window.moved += one.value })"
        ".observe({ type: 'layout-shift', buffered: true })"
    )
    page.reload(wait_until="domcontentloaded")
    link = page.locator(".post.first a.picture")
    expect(link.locator("canvas")).to_have_count(1)
    before = link.bounding_box()
    waiting = False
    for route in held:
        route.continue_()
    expect(link.locator("canvas")).to_have_count(0)
    after = link.bounding_box()
    assert all(abs(after[side] - before[side]) < 1 for side in before), "a rendition is rounded to whole pixels"
    assert page.evaluate("window.moved") < 0.02


def test_fingers(visitor, files):
    """Pinch, drag, swipe, double tap and a pull downwards, as a phone sends them."""
    page = visitor("member", width=390)
    compose(page, "两张图")
    send(page, files["hill.jpg"], files["door.jpg"])
    publish(page)
    touch = page.context.new_cdp_session(page)

    def move(*ways: list[tuple[int, int]]) -> None:
        for at, points in enumerate(zip(*ways, strict=True)):
            spots = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(points)]
            kind = "touchMove" if at else "touchStart"
            touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": spots})
        touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    def drawn() -> tuple[float, float, float]:
        style = page.locator(f"{BOX} .stage img").evaluate("i => i.style.transform") or "translate(0px, 0px) scale(1)"
        return tuple(float(each) for each in re.findall(r"-?[\d.]+", style))

    page.locator(".post.first a.picture").first.click()
    expect(page.locator(f"{BOX} .at")).to_have_text("1 / 2")
    steps = range(0, 100, 10)
    move([(165 - step, 300) for step in steps], [(225 + step, 300) for step in steps])
    large = drawn()
    assert large[2] > 3
    move([(200 + step, 300) for step in steps])
    assert drawn()[0] > large[0]
    assert drawn()[2] == large[2]
    page.keyboard.press("0")
    move([(300 - step, 300) for step in steps])
    expect(page.locator(f"{BOX} .at")).to_have_text("2 / 2")
    move([(100 + step, 300) for step in steps])
    expect(page.locator(f"{BOX} .at")).to_have_text("1 / 2")
    page.locator(f"{BOX} .stage").dblclick(position={"x": 190, "y": 300})
    assert drawn()[2] == 2.5
    page.keyboard.press("0")
    move([(200, 150 + 2 * step) for step in steps])
    expect(page.locator(BOX)).to_have_count(0)


def test_videos_and_sounds_play_and_are_sought(visitor, files):
    page = visitor("member")
    parts = []
    page.on("response", lambda answer: "/clip." in answer.url and parts.append(answer))
    compose(page, "一段视频和一段声音")
    send(page, files["film.webm"], files["night.mp4"], files["song.ogg"])
    page.locator(".uploads .field").nth(1).fill("我说：今晚很静。")
    publish(page)
    assert parts == [], "nothing is loaded before somebody plays it"
    film = page.locator("video").first
    poster = film.get_attribute("poster")
    assert page.request.get(poster).headers["content-type"].startswith("image/")
    expect(page.locator("figcaption").nth(1)).to_have_text("我说：今晚很静。")
    for number in (0, 1):
        played = (
            page.locator("video")
            .nth(number)
            .evaluate(
                """async (video) => {
                 video.muted = true;
                 await video.play();
                 video.pause();
                 const sought = new Promise((done) => (video.onseeked = done));
                 video.currentTime = video.duration * 0.7;
                 await sought;
                 return [video.duration, video.currentTime, video.seekable.end(0)];
               }"""
            )
        )
        assert 1 <= played[0] < 2, "a recording of a browser has no length until we give it one"
        assert abs(played[1] - 0.7 * played[0]) < 0.05
        assert played[2] == played[0]
    sound = page.locator("audio").evaluate(
        "async (a) => { a.muted = true; await a.play(); a.pause(); return a.duration }"
    )
    assert 0.9 < sound < 1.1
    assert {answer.status for answer in parts} == {206}


def test_a_file_can_be_cancelled_tried_again_and_is_waited_for(visitor, watch, files):
    watch.forgive(r"ERR_INTERNET_DISCONNECTED|ERR_FAILED|status of 409")
    page = visitor("other")
    compose(page, "慢的网")
    held = []
    page.route(re.compile(r"/uploads$"), lambda route: held.append(route))
    page.locator(".upload input[type=file]").set_input_files([files["hill.jpg"], files["door.jpg"]])
    lines = page.locator(".uploads > li")
    expect(lines.nth(1)).to_have_attribute("data-mark", re.compile(r"\d"))
    page.wait_for_function("document.querySelectorAll('.uploads progress[value]').length === 2")
    page.locator(".composer .top button.main").click()
    expect(lines.nth(0).locator(".err")).to_be_visible()
    assert "/new/" in page.url, "a text is not sent before its files"
    lines.nth(0).locator("[data-act=drop]").click()
    expect(lines).to_have_count(1)
    assert page.input_value("textarea[name=body]").count("sending:") == 1
    while len(held) < 2:
        page.wait_for_timeout(50)
    held[1].abort()
    expect(lines.nth(0).locator("[data-act=retry]")).to_be_visible()
    page.unroute(re.compile(r"/uploads$"))
    lines.nth(0).locator("[data-act=retry]").click()
    expect(lines.nth(0).locator(".field")).to_be_visible()
    publish(page)
    expect(page.locator(".post.first a.picture")).to_have_count(1)


def test_without_script(visitor, files):
    page = visitor("member", js=False, lang="en-US")
    page.goto("/uploads")
    page.set_input_files("input[type=file]", files["IMG_0001.HEIC"])
    page.locator("form button.main").last.click()
    line = page.input_value("#markdown")
    assert re.fullmatch(r"!\[\]\(/media/\w+/960\.webp\)", line)
    page.goto("/new/?board=camera")
    page.fill("textarea[name=title]", "Without script")
    page.fill("textarea[name=body]", f"A picture:\n\n{line}")
    page.locator(".composer .top button.main").click()
    link = page.locator(".post.first a.picture")
    assert page.request.get(link.get_attribute("href")).headers["content-type"].startswith("image/")
    assert link.locator("img").evaluate("i => i.complete || i.loading") is not None
