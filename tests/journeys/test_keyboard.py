"""The core story with the keyboard alone: the focus is always to be seen, and everything that opens also closes."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import ready

# What the focused element looks like: a ring of at least 2 px that is not clipped away, or the caret of a field.
SEEN = """() => {
  const here = document.activeElement;
  if (!here || here === document.body) return "nothing";
  const box = here.getBoundingClientRect();
  const ringed = (one) => {
    const look = getComputedStyle(one);
    return look.outlineStyle !== "none" && parseFloat(look.outlineWidth) >= 2 && look.outlineColor !== "rgba(0, 0, 0, 0)";
  };
  const parents = [here, here.parentElement, here.closest("label, .seg label, .check, .find, .seekbox, .pass, .pick")];
  const caret = here.matches("textarea, input:not([type]), input[type=text], input[type=search]");
  if (!caret && !parents.filter(Boolean).some(ringed) && ![...(here.labels ?? [])].some((one) => ringed(one) || [...one.children].some(ringed)))
    return `no ring: ${here.outerHTML.slice(0, 160)}`;
  if (box.width < 1 || box.height < 1) return `no size: ${here.outerHTML.slice(0, 160)}`;
  if (box.bottom < 1 || box.top > innerHeight - 1) return `off the screen: ${here.outerHTML.slice(0, 160)}`;
  const [x, y] = [Math.min(Math.max(box.left + Math.min(box.width, 40) / 2, 0), innerWidth - 1), box.top + Math.min(box.height, 24) / 2];
  const top = document.elementFromPoint(x, Math.min(Math.max(y, 0), innerHeight - 1));
  if (top && !here.contains(top) && !top.contains(here) && !here.closest("label")?.contains(top))
    return `covered by ${top.outerHTML.slice(0, 80)}: ${here.outerHTML.slice(0, 160)}`;
  return "";
}"""


def seen(page: Page) -> None:
    """Fail unless the focus can be seen."""
    assert page.evaluate(SEEN) == ""


def walk(page: Page, to: str, *, most: int = 120, key: str = "Tab") -> None:
    """Press Tab until the focus is on `to`; on every step the focus must be seen."""
    for _step in range(most):
        page.keyboard.press(key)
        seen(page)
        if page.evaluate("to => document.activeElement.matches(to)", to):
            return
    raise AssertionError(f"{most} times {key} did not lead to {to}")


@pytest.mark.parametrize(("lang", "width"), [("zh-CN", 1440), ("en-GB", 390)])
def test_a_topic_is_read_answered_and_liked_by_keyboard(visitor, places, lang, width):
    page = visitor("other" if lang == "zh-CN" else "english", lang=lang, width=width)
    page.goto(places["plain"])
    ready(page)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.matches('.skip')")
    seen(page)
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#main"
    number = (
        page.locator(".post", has=page.locator(".react button[aria-pressed=false]")).nth(1).get_attribute("data-number")
    )
    walk(page, f"#p{number} .react button")
    before = page.evaluate("document.activeElement.getAttribute('aria-pressed')")
    page.keyboard.press("Enter")
    like = page.locator(f"#p{number} .react button").first
    expect(like).to_have_attribute("aria-pressed", "false" if before == "true" else "true")
    seen(page)
    walk(page, f"#p{number} .react [data-reply-to]")
    page.keyboard.press("Enter")
    field = page.locator("#r")
    expect(field).to_be_focused()
    seen(page)
    expect(page.locator("[data-reply-label]")).to_contain_text(f"#{number}")
    words = "键盘也能写。" if lang == "zh-CN" else "Written without a mouse."
    page.keyboard.type(words)
    walk(page, "#reply .btn.main")
    page.keyboard.press("Enter")
    expect(page.locator(".post .prose", has_text=words)).to_be_visible()


def test_menus_open_move_and_close_by_keyboard(visitor, places):
    page = visitor("member", lang="zh-CN")
    page.goto(places["plain"])
    ready(page)
    page.locator(".menu.me > summary").focus()
    page.keyboard.press("Enter")
    menu = page.locator(".menu.me")
    expect(menu).to_have_attribute("open", "")
    page.keyboard.press("ArrowDown")
    seen(page)
    first = page.evaluate("document.activeElement.href")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.href") != first
    page.keyboard.press("Escape")
    expect(menu).not_to_have_attribute("open", "")
    assert page.evaluate("document.activeElement.matches('.menu.me > summary')"), "the focus went back"
    page.keyboard.press("Enter")
    expect(menu).to_have_attribute("open", "")
    page.keyboard.press("Shift+Tab")
    expect(menu).not_to_have_attribute("open", "")


def test_a_dialog_traps_the_focus_and_gives_it_back(visitor, places):
    page = visitor("member", lang="zh-CN")
    page.goto(places["plain"])
    ready(page)
    page.locator("#p3 details.menu > summary").focus()
    page.keyboard.press("Enter")
    walk(page, "#p3 .pop a[href$=flag]", most=8, key="ArrowDown")
    page.keyboard.press("Enter")
    dialog = page.locator("dialog[open]")
    expect(dialog).to_be_visible()
    for _step in range(14):
        page.keyboard.press("Tab")
        inside = page.evaluate(
            "document.activeElement === document.body || !!document.activeElement.closest('dialog[open]')"
        )
        assert inside, "the focus left the dialog"
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(page.locator("#p3 details.menu > summary")).to_be_focused()
    seen(page)


def test_the_keys_for_those_who_like_them(visitor, places):
    page = visitor("member", lang="zh-CN")
    page.goto(places["plain"])
    ready(page)
    page.keyboard.press("?")
    expect(page.locator("dialog[open]")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("dialog[open]")).to_have_count(0)
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.id") == "p2"
    page.keyboard.press("r")
    expect(page.locator("#r")).to_be_focused()
    page.keyboard.type("jjj/")
    expect(page.locator("#r")).to_have_value("jjj/")
    page.locator("#r").fill("")
    page.locator("#r").blur()
    page.keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()


@pytest.mark.parametrize(
    "path", ["/", "/b/ridge/", "/accounts/login/", "/settings/profile/", "/new/", "/search/?q=续航"]
)
@pytest.mark.parametrize("width", [390, 1440])
def test_the_focus_is_seen_all_the_way(visitor, path, width):
    page = visitor(None if "login" in path else "member", lang="zh-CN", width=width)
    page.goto(path)
    ready(page)
    page.evaluate("document.activeElement?.blur?.()")
    for _step in range(45):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            break
        seen(page)
