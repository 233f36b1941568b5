"""What is half written is there on another device, with its picture; once it is sent it is nowhere else."""

import io
import re

from PIL import Image
from playwright.sync_api import expect

from tests.journeys.conftest import eventually, in_words, ready


def a_picture() -> bytes:
    """Return a picture that nobody else has sent."""
    out = io.BytesIO()
    Image.effect_noise((320, 240), 60).convert("RGB").save(out, "PNG")
    return out.getvalue()


def test_a_draft_goes_along_with_its_picture(server, visitor):
    say = in_words("zh-CN")
    page = visitor("member")
    page.goto("/new/")
    ready(page)
    page.get_by_label(say("Title of the topic")).fill("雨后的茶山，写了一半")
    text = page.get_by_role("textbox", name=say("Text"))
    text.fill("先放一张照片，")
    page.locator("form.composer input[type=file]").set_input_files(
        {"name": "茶山.png", "mimeType": "image/png", "buffer": a_picture()}
    )
    expect(text).to_have_value(re.compile(r"/media/[0-9a-f]{24}/"))

    def uses():
        return [place for (place,) in server.ask("SELECT place FROM media_use WHERE place LIKE 'draft:%'")]

    eventually(page, lambda: len(uses()) == 1, reload=False)
    written = text.input_value()

    other = visitor("member", width=390)
    other.goto("/new/")
    ready(other)
    expect(other.get_by_role("textbox", name=say("Text"))).to_have_value(written)
    expect(other.locator("[data-draft-said]")).to_contain_text(say("Your draft of {when} is back.").split("{when}")[1])
    other.get_by_label(say("Board")).select_option("power")
    other.get_by_role("button", name=say("Publish")).click()
    expect(other.get_by_role("heading", level=1)).to_have_text("雨后的茶山，写了一半")
    expect(other.locator("#p1 .prose img")).to_be_visible()
    assert uses() == []
    other.goto("/new/")
    expect(other.get_by_role("textbox", name=say("Text"))).to_have_value("")


def test_what_two_devices_write_at_once_comes_back_together(visitor, watch):
    """The desk writes, the phone writes without having seen it, and neither loses its words."""
    watch.forgive("409")
    say = in_words("zh-CN")
    desk, phone = visitor("member"), visitor("member", width=390)
    texts = []
    for page in (desk, phone):
        page.goto("/new/?kind=question")
        ready(page)
        texts.append(page.get_by_role("textbox", name=say("Text")))
    texts[0].fill("桌上写的第一段。")
    expect(desk.locator("[data-draft-note]")).to_have_text(say("Draft saved"))
    with desk.expect_response("**/draft") as kept:
        pass
    assert kept.value.status == 200
    with phone.expect_response("**/draft") as kept:
        texts[1].fill("路上写的另一段。")
    assert kept.value.status == 409
    expect(phone.locator("[data-draft-note]")).to_have_text(
        say("You are writing this on another device too. Load the page again to have both.")
    )
    expect(texts[1]).to_have_value("路上写的另一段。")
    # The desk goes on: what it keeps is newer than what the phone wrote.
    with desk.expect_response("**/draft") as kept:
        texts[0].fill("桌上写的第一段。还有一句。")
    assert kept.value.status == 200
    phone.reload()
    expect(texts[1]).to_have_value("桌上写的第一段。还有一句。\n\n路上写的另一段。")
    expect(phone.locator("[data-draft-said]")).to_have_text(
        say("What you wrote here and on another device is both here.")
    )
    phone.locator("[data-draft-over]").click()
    expect(texts[1]).to_have_value("")
