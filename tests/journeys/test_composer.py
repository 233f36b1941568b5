"""Writing: an editor that looks like what it makes, completes words, takes pictures, and loses nothing."""

import re

import pytest
from playwright.sync_api import Page, expect

from terrace.kernel.tests.test_lengths import SIGNS
from tests.journeys.conftest import in_words, ready
from tests.journeys.test_drafts import a_picture

TEXT = "textarea[name=body]"
OFFERS = ".offers:not([hidden]) > li"


def write(page: Page, text: str = "", path: str = "/new/?fresh=1") -> None:
    """Open an editor and put a text into it."""
    page.goto(path)
    ready(page)
    page.locator(TEXT).fill(text)
    page.locator(TEXT).focus()
    page.locator(TEXT).press("Control+End")


def module(page: Page, name: str) -> str:
    """Return the address of a script of the product."""
    return page.evaluate("() => document.querySelector('script[type=module]').src").replace("app.js", f"{name}.js")


def paste(page: Page, *, text: str = "", html: str = "", picture: bool = False) -> None:
    """Paste into the text as another program would have copied it."""
    page.evaluate(
        """([selector, text, html, bytes]) => {
          const held = new DataTransfer();
          if (text) held.setData("text/plain", text);
          if (html) held.setData("text/html", html);
          if (bytes) held.items.add(new File([new Uint8Array(bytes)], "茶山.png", { type: "image/png" }));
          document.querySelector(selector).dispatchEvent(new ClipboardEvent("paste", { clipboardData: held, bubbles: true, cancelable: true }));
        }""",
        [TEXT, text, html, list(a_picture()) if picture else None],
    )


def test_a_character_in_the_making(visitor):
    page = visitor("member", width=390)
    write(page, "前面 ")
    keys = page.context.new_cdp_session(page)
    asked = []
    page.on("request", lambda request: "/search/complete" in request.url and asked.append(request.url))
    for part in ("@", "@l", "@lin"):
        keys.send("Input.imeSetComposition", {"text": part, "selectionStart": len(part), "selectionEnd": len(part)})
    page.wait_for_timeout(400)
    expect(page.locator(".mirror")).to_have_text("前面 @lin")
    assert asked == [], "nothing is offered before the character is there"
    keys.send("Input.insertText", {"text": "@阿"})
    expect(page.locator(OFFERS).first).to_contain_text("阿禾")
    expect(page.locator(TEXT)).to_have_value("前面 @阿")


def test_words_are_completed_by_keyboard(visitor, places):
    say = in_words("zh-CN")
    page = visitor("member")
    page.goto(places["plain"] + "?fresh=1")
    ready(page)
    field = page.locator("#r")
    page.keyboard.press("r")
    expect(field).to_be_focused()
    people = {each.get_attribute("data-author") for each in page.locator(".post[data-author]").all()}
    page.keyboard.type("谢谢 @")
    offers = page.locator(OFFERS)
    expect(offers.first).to_be_visible()
    names = page.locator(f"{OFFERS} b").all_inner_texts()
    assert 1 <= len(names) <= 6
    assert set(names) <= people - {"林间"}, "people of the topic come first, and oneself is not one of them"
    expect(field).to_have_attribute("aria-activedescendant", offers.first.get_attribute("id"))
    expect(page.locator(".vh[role=status]", has_text=say("Suggestions: {n}. Choose with the arrow keys.").format(n=len(names)))).to_have_count(1)  # fmt: skip
    page.keyboard.press("ArrowUp")
    expect(offers.last).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Escape")
    expect(page.locator(OFFERS)).to_have_count(0)
    expect(field).to_be_focused()
    page.keyboard.type("chenche")
    expect(offers.first).to_contain_text("陈澈")
    page.keyboard.press("Enter")
    expect(field).to_have_value("谢谢 @陈澈 ")
    expect(page.locator(".mirror .at")).to_have_text("@陈澈")
    page.keyboard.press("Control+z")
    expect(field).to_have_value("谢谢 @chenche")
    page.keyboard.press("Escape")
    field.fill("")
    page.keyboard.type("好 :sahua")
    expect(offers.first).to_contain_text("撒花")
    page.keyboard.press("Tab")
    expect(field).to_have_value("好 🎉")
    expect(field).to_be_focused()
    asked = []
    page.on("request", lambda request: "/search/complete" in request.url and asked.append(request.url))
    page.keyboard.type(" 12:30 看 https://example.com/@wen\n```\n@wen #夜 :sahua")
    page.wait_for_timeout(500)
    assert asked == [], "a time, an address and code are no names"
    field.fill("")


def test_a_finger_chooses(visitor, server):
    (tag,) = server.ask("SELECT name FROM forum_tag ORDER BY uses DESC LIMIT 1")[0]
    page = visitor("member", width=390)
    write(page)
    page.keyboard.type(f"看 #{tag[:1]}")
    row = page.locator(OFFERS, has_text=tag).first
    expect(row).to_be_visible()
    box, caret = row.bounding_box(), page.locator(".mirror").bounding_box()
    assert box["height"] >= 44
    assert box["x"] >= 0 and box["x"] + box["width"] <= 390
    assert box["y"] > caret["y"]
    row.click()
    expect(page.locator(TEXT)).to_have_value(re.compile(rf"^看 #{re.escape(tag)}#? $"))
    expect(page.locator(TEXT)).to_be_focused()


def test_tools_and_keys_toggle_and_can_be_undone(visitor):
    page = visitor("member")
    write(page, "一二三")
    field = page.locator(TEXT)

    def chosen() -> str:
        return field.evaluate("e => e.value.slice(e.selectionStart, e.selectionEnd)")

    page.keyboard.press("Control+a")
    for key, value in [
        ("Control+b", "**一二三**"),
        ("Control+i", "***一二三***"),
        ("Control+b", "*一二三*"),
        ("Control+i", "一二三"),
        ("Control+e", "`一二三`"),
        ("Control+e", "一二三"),
        ("Control+Shift+Digit8", "- 一二三"),
        ("Control+Shift+Digit7", "1. 一二三"),
        ("Control+Shift+Digit0", "- [ ] 一二三"),
        ("Control+Shift+Digit0", "一二三"),
        ("Control+Shift+Digit9", "> 一二三"),
        ("Control+Shift+Digit9", "一二三"),
    ]:
        page.keyboard.press(key)
        expect(field).to_have_value(value)
        assert "一二三" in chosen()
    page.keyboard.press("Control+k")
    expect(field).to_have_value("[一二三](https://)")
    assert chosen() == "https://"
    page.keyboard.press("Control+z")
    expect(field).to_have_value("一二三")
    page.keyboard.press("Control+a")
    for name, value in [
        ("heading", "## 一二三"),
        ("heading", "一二三"),
        ("spoiler", "||一二三||"),
        ("spoiler", "一二三"),
    ]:
        page.locator(f"[data-mark={name}]").click()
        expect(field).to_have_value(value)
    page.keyboard.press("End")
    page.locator("[data-mark=table]").click()
    expect(field).to_have_value("一二三\n| 列 | 列 |\n| --- | --- |\n|  |  |\n")
    assert chosen() == "列"


def test_lists_go_on_and_tab_is_no_trap(visitor):
    page = visitor("member")
    write(page)
    field = page.locator(TEXT)
    page.keyboard.type("1. 一\n二\n\n> 引\n用\n\n- [x] 做\n")
    expect(field).to_have_value("1. 一\n2. 二\n\n> 引\n> 用\n\n- [x] 做\n- [ ] ")
    page.keyboard.type("再")
    page.keyboard.press("Tab")
    expect(field).to_have_value(re.compile(r"\n  - \[ \] 再$"))
    page.keyboard.press("Shift+Tab")
    expect(field).to_have_value(re.compile(r"\n- \[ \] 再$"))
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    expect(field).not_to_be_focused()
    expect(field).to_have_value(re.compile(r"\n- \[ \] 再$"))
    field.focus()
    field.press("Control+End")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.keyboard.type("完")
    page.keyboard.press("Tab")
    expect(field).not_to_be_focused()


def test_one_stop_of_the_tab_key_and_the_sheet_of_keys(visitor):
    say = in_words("zh-CN")
    page = visitor("member", width=390)
    write(page)
    bar = page.get_by_role("toolbar", name=say("Formatting"))
    assert bar.locator("button[tabindex='0']").count() == 1
    bar.locator("button").first.focus()
    page.keyboard.press("End")
    last = bar.locator("button").last
    expect(last).to_be_focused()
    box = last.bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 390, "what is beyond the edge is scrolled to"
    page.keyboard.press("Enter")
    sheet = page.get_by_role("dialog", name=say("Keys"))
    expect(sheet).to_be_visible()
    expect(sheet).to_contain_text(say("While you write"))
    page.keyboard.press("Escape")
    expect(sheet).to_have_count(0)
    expect(last).to_be_focused()
    page.locator(TEXT).focus()
    page.keyboard.type("?")
    expect(page.locator(TEXT)).to_have_value("?")
    page.locator(TEXT).fill("")
    page.locator(".composer .top a").focus()
    page.keyboard.press("?")
    expect(sheet).to_be_visible()


def test_tools_stay_above_the_keyboard_of_a_phone(visitor):
    page = visitor("member", width=390)
    write(page, "一\n" * 60)
    tools = page.locator(".composer .tools")
    assert abs(tools.bounding_box()["y"] + tools.bounding_box()["height"] - 844) <= 1
    page.evaluate(
        """() => {
          Object.defineProperty(visualViewport, "height", { get: () => 500, configurable: true });
          visualViewport.dispatchEvent(new Event("resize"));
        }"""
    )
    box = tools.bounding_box()
    assert abs(box["y"] + box["height"] - 500 - page.evaluate("visualViewport.offsetTop")) <= 1
    publish = page.locator(".composer .top button.main").bounding_box()
    assert 0 <= publish["y"] < 60


def test_a_pasted_picture_is_tried_again(visitor, watch):
    watch.forgive("ERR_FAILED")
    page = visitor("member")
    write(page, "看这张：")
    page.route(re.compile(r"/uploads$"), lambda route: route.abort())
    paste(page, picture=True)
    line = page.locator(".uploads > li")
    expect(line.locator("[data-act=retry]")).to_be_visible()
    expect(page.locator(TEXT)).to_have_value("看这张：\n")
    page.unroute(re.compile(r"/uploads$"))
    page.locator(TEXT).press("Control+End")
    line.locator("[data-act=retry]").click()
    expect(page.locator(TEXT)).to_have_value(re.compile(r"^看这张：\n!\[茶山\]\(/media/[0-9a-f]{24}/"))
    expect(page.locator(".mirror")).to_contain_text("/media/")
    line.locator("[data-act=drop]").click()
    expect(line).to_have_count(0)
    expect(page.locator(TEXT)).not_to_have_value(re.compile("/media/"))


def test_what_is_pasted_becomes_markdown(visitor):
    page = visitor("member")
    write(page, "说明书")
    field = page.locator(TEXT)
    page.keyboard.press("Control+a")
    paste(page, text="https://example.com/manual")
    expect(field).to_have_value("[说明书](https://example.com/manual)")
    field.fill("")
    paste(
        page,
        text="x",
        html="<meta charset=utf-8><h1>题</h1><p>一个<b>重</b>点，<a href='https://example.com/a b'>链接</a><script>alert(1)</script></p>"
        "<ul><li>一</li><li>二<ol><li>里面</li></ol></li></ul><blockquote><p>引</p></blockquote><pre>a\n b</pre>"
        "<b style='font-weight:normal'>不粗</b><a href='javascript:alert(1)'>坏</a> 1*2*3"
        "<table><tr><th>甲</th><th>乙</th></tr><tr><td>1</td></tr></table>",
    )
    expect(field).to_have_value(
        "## 题\n\n一个**重**点，[链接](https://example.com/a%20b)\n\n- 一\n- 二\n   1. 里面\n\n> 引\n\n```\na\n b\n```\n\n"
        "不粗坏 1\\*2\\*3\n\n| 甲 | 乙 |\n| --- | --- |\n| 1 |  |"
    )
    page.keyboard.press("Control+z")
    expect(field).to_have_value("")
    field.fill("```\n")
    field.press("Control+End")
    before = field.input_value()
    paste(page, text="x", html="<b>x</b>")
    page.wait_for_timeout(200)
    expect(field).to_have_value(before)


@pytest.mark.parametrize("lang", ["zh-CN", "en-GB"])
def test_a_draft_comes_back_and_one_starts_over(visitor, lang):
    say = in_words(lang)
    page = visitor("other", lang=lang)
    write(page, "写了一半")
    expect(page.locator("[data-draft-note]")).to_have_text(say("Draft saved"))
    page.wait_for_timeout(100)
    page.goto("/forum/")
    page.goto("/new/")
    ready(page)
    back = page.locator("[data-draft-back]")
    expect(back).to_be_visible()
    before, after = say("Your draft of {when} is back.").split("{when}")
    expect(page.locator("[data-draft-said]")).to_have_text(re.compile(rf"^{before}.*\d\d:\d\d.*{after}$"))
    expect(page.locator(TEXT)).to_have_value("写了一半")
    expect(page.locator(".mirror")).to_have_text("写了一半")
    back.get_by_role("link", name=say("Start over")).click()
    expect(page.locator(TEXT)).to_have_value("")
    expect(back).to_be_hidden()
    page.goto("/forum/")
    page.goto("/new/")
    ready(page)
    expect(page.locator(TEXT)).to_have_value("")
    expect(back).to_be_hidden()


def test_an_edit_that_was_left_comes_back(visitor, server):
    page = visitor("moderator")
    ((number, source),) = server.ask(
        "SELECT id, source FROM forum_post WHERE number = 2 AND state = 'published' ORDER BY id LIMIT 1"
    )
    write(page, "另一种说法", f"/posts/{number}/edit")
    expect(page.locator("[data-draft-note]")).not_to_have_text("")
    page.goto("/forum/")
    page.goto(f"/posts/{number}/edit")
    ready(page)
    expect(page.locator(TEXT)).to_have_value("另一种说法")
    page.locator("[data-draft-over]").click()
    expect(page.locator(TEXT)).to_have_value(source)
    page.goto(f"/posts/{number}/edit")
    ready(page)
    expect(page.locator(TEXT)).to_have_value(source)


def test_the_counter_counts_as_the_server_does(visitor, watch):
    watch.forgive("422")
    say = in_words("zh-CN")
    page = visitor("member")
    write(page, "字" * 100)
    found = page.evaluate(
        "async ([address, texts]) => { const { signs } = await import(address); return texts.map(signs) }",
        [module(page, "signs"), [text for text, _count in SIGNS]],
    )
    # A browser keeps a line end of two characters as one sign; a textarea has none.
    assert found == [count for _text, count in SIGNS]
    counts = page.locator("[data-behavior=counter]")
    expect(counts.nth(0)).to_be_hidden()
    expect(counts.nth(1)).to_be_hidden()
    page.locator("textarea[name=title]").fill("长" * 110 + "👨‍👩‍👧‍👦")
    expect(counts.nth(0)).to_have_text(say("Characters left: {n}").format(n=9))
    page.locator(TEXT).fill("字" * 50_003)
    expect(counts.nth(1)).to_have_text(say("Characters too many: {n}").format(n=3))
    page.locator(".composer .top button.main").click()
    expect(page.locator(".f:has(textarea[name=body]) .err")).to_contain_text("50,003")
    page.locator(TEXT).fill("好")
    page.locator("textarea[name=title]").fill("短")
    page.locator(".composer .top button.main").click()
    expect(page.locator(".f:has(textarea[name=title]) .err")).to_contain_text("再多说一点：至少2个汉字，或者4个字母。")


def test_the_reply_is_looked_at_before_it_is_sent(visitor, places):
    say = in_words("zh-CN")
    page = visitor("member", width=390)
    page.goto(places["plain"] + "?fresh=1")
    ready(page)
    page.locator("#reply").evaluate("form => form.classList.add('open')")
    page.locator("#r").fill("一段**重点**。\n" * 60)
    page.locator("#r").focus()
    page.locator("#r").press("Control+End")
    page.keyboard.type("末")
    box = page.locator("#reply .editor")
    seen = box.evaluate("e => [e.scrollTop + e.clientHeight, e.scrollHeight]")
    assert seen[0] >= seen[1] - 12, "the line that is written in is to be seen"
    page.locator("#reply").get_by_role("button", name=say("Preview")).click()
    expect(page.locator("#preview .prose strong").first).to_have_text("重点")
    page.locator("#r").fill("")


def test_a_poll_without_script(visitor):
    say = in_words("zh-CN")
    page = visitor("member", width=390, js=False)
    page.goto("/new/?fresh=1")
    page.get_by_label(say("Title of the topic")).fill("晚上用哪种灯光")
    page.locator(TEXT).fill("说说理由。")
    page.get_by_label(say("Board")).select_option("camera")
    page.locator(".kinds label", has=page.locator("[value=poll]")).click()
    choices = page.locator("input[name^=choices_]")
    expect(choices).to_have_count(0)
    page.get_by_role("button", name=say("Show its fields")).click()
    expect(page.locator(TEXT)).to_have_value("说说理由。")
    expect(page.locator(".err")).to_have_count(0)
    expect(choices).to_have_count(2)
    choices.nth(0).fill("暖光")
    choices.nth(1).fill("白光")
    page.get_by_role("button", name=say("Add a choice")).click()
    expect(choices).to_have_count(4)
    expect(choices.nth(1)).to_have_value("白光")
    choices.nth(2).fill("都不用")
    page.get_by_role("button", name=say("Publish")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("晚上用哪种灯光")
    expect(page.locator("input[name=choice]")).to_have_count(3)
    expect(page.locator("#poll legend")).to_have_text(say("Choose one"))
