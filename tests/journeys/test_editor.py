"""The mirror of the editor: it shows what is typed, styled, exactly where the caret believes it to be."""

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import ready
from tests.journeys.test_composer import TEXT, module, write

LONG = (
    """## 夜里拍不清楚 with Ridge 5

手持总是糊，**快门**慢了就糊，*emphasis* 和 _它_，~~删掉~~，`code span()`，||剧透在这里||。@Wen 看一下 #夜景 #night-mode 还有 #话题 标签#。
链接 [说明书](https://example.com/a/very/long/path) 和 https://example.com/plain?q=1 以及 AVATAR Wave To AV Ty fi ffi office “引号”……（括号），、。
> 引用一段别人的话，长一些，看看它怎么换行，换行之后**是不是**还在一起，字和字之间有没有差错 and a few words。
- [x] 做完了 done
  1. 第二层，**加粗**了的一整行字要和没有加粗的一样宽，不然光标就不在它该在的地方了 123 px
| 列 | 列 |
| --- | --- |
```python
def f(x):  # **not bold**
\treturn   x
```
A longer English paragraph: the quick brown fox jumps over the lazy dog, and *then* **it wrapped** around the edge, 没有空格的中文和English混排以及数字123和单位12 px之间 e\u0301 和两个   空格。

"""
    + "a" * 300
    + "字" * 200
)
# Each letter of the mirror stands where it stands in a plain line of the same look, and each line is as high as in a textarea.
ASTRAY = """() => {
  const box = document.querySelector(".editor");
  const [mirror, area] = [box.querySelector(".mirror"), box.querySelector("textarea")];
  const spots = (line) => {
    const walk = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
    const found = [];
    for (let node = walk.nextNode(); node; node = walk.nextNode())
      for (let at = 0; at < node.length; at += 1) {
        const range = document.createRange();
        range.setStart(node, at);
        range.setEnd(node, at + 1);
        const spot = range.getBoundingClientRect();
        found.push([spot.left, spot.top + scrollY]);
      }
    return found;
  };
  const trial = box.cloneNode(true);
  trial.removeAttribute("data-behavior");
  trial.querySelector("textarea").remove();
  box.after(trial);
  const wrong = [];
  for (const [number, text] of area.value.split("\\n").entries()) {
    const line = mirror.children[number];
    const plain = trial.querySelector(".mirror").children[number];
    if (text) plain.replaceChildren(text);
    const [one, other] = [spots(line), spots(plain)].map((all) => all.map(([x, y]) => [x, y]));
    const [top, start] = [line.getBoundingClientRect().top, plain.getBoundingClientRect().top];
    const off = one.findIndex(([x, y], at) => Math.abs(x - other[at][0]) > 0.5 || Math.abs(y - top - other[at][1] + start) > 0.5);
    if (off >= 0) wrong.push(`line ${number}, letter ${off} of ${text.slice(0, 40)}`);
  }
  trial.remove();
  // What a textarea needs for the line, and for all, without the mirror that stretches it.
  const needs = area.cloneNode();
  Object.assign(needs.style, { height: "1px", fieldSizing: "fixed" });
  needs.removeAttribute("id");
  needs.removeAttribute("placeholder");
  box.append(needs);
  const height = (text) => {
    needs.value = text;
    return needs.scrollHeight;
  };
  for (const [number, text] of area.value.split("\\n").entries()) {
    const tall = mirror.children[number].getBoundingClientRect().height;
    if (Math.abs(height(text) - tall) > 1) wrong.push(`line ${number} is ${height(text)} px high in the textarea, ${tall} in the mirror`);
  }
  const tall = mirror.lastChild.getBoundingClientRect().bottom - mirror.firstChild.getBoundingClientRect().top;
  if (Math.abs(height(area.value) - tall) > 1) wrong.push(`the textarea is ${height(area.value)} px high, the mirror ${tall}`);
  needs.remove();
  return wrong;
}"""


@pytest.mark.parametrize(("width", "lang"), [(1440, "zh-CN"), (390, "zh-CN"), (390, "en-GB")])
def test_every_letter_stands_where_the_caret_is(visitor, width, lang):
    page = visitor("english" if lang == "en-GB" else "member", width=width, lang=lang)
    write(page, LONG)
    assert page.locator(".mirror").inner_text().replace("\n", "") == LONG.replace("\n", "")
    assert page.evaluate(ASTRAY) == []
    page.evaluate("() => document.documentElement.style.setProperty('text-autospace', 'normal')")
    assert page.evaluate(ASTRAY) == []
    page.evaluate(
        "() => { for (const one of document.querySelector('.editor').children) one.style.textAutospace = 'normal' }"
    )
    area, mirror = page.locator(TEXT), page.locator(".mirror")
    assert abs(area.evaluate("e => e.scrollHeight") - mirror.evaluate("e => e.scrollHeight")) <= 1
    page.evaluate(
        "() => { for (const one of document.querySelector('.editor').children) one.style.textAutospace = '' }"
    )
    page.evaluate("() => (document.documentElement.style.fontSize = '200%')")
    assert page.evaluate(ASTRAY) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_what_is_typed_looks_like_what_it_makes(visitor):
    page = visitor("member")
    write(page)
    page.keyboard.type("# 标题 **粗**")
    page.keyboard.press("Enter")
    page.keyboard.type("一个 **重点** 和 <b onclick=alert(1)>不是标签</b> 和 [链接](/forum/)")
    mirror = page.locator(".mirror")
    expect(mirror.locator("div.in-head .b")).to_have_text(["标题 ", "**", "粗", "**"])
    expect(mirror.locator("div").nth(1).locator(".b:not(.m)")).to_have_text("重点")
    expect(mirror.locator(".a")).to_have_text("链接")
    assert mirror.locator("b, a, [onclick]").count() == 0, "what is typed is text"
    assert page.locator(TEXT).evaluate("e => getComputedStyle(e).webkitTextFillColor") == "rgba(0, 0, 0, 0)"
    page.emulate_media(forced_colors="active")
    assert page.locator(TEXT).evaluate("e => getComputedStyle(e).webkitTextFillColor") != "rgba(0, 0, 0, 0)"
    expect(mirror).to_be_hidden()


def test_only_lines_that_changed_are_drawn_again(visitor):
    page = visitor("member")
    write(page)
    drawn = page.evaluate(
        """async (address) => {
          const { reflection } = await import(address);
          const mirror = document.createElement("div");
          const draw = reflection(mirror);
          const lines = Array.from({ length: 400 }, (_, at) => `第 ${at} 行，**五十个字上下**的一行文字，写得很长很长，一直写到这里为止，再加上一点点。`);
          const counts = [];
          const next = () => { const before = draw.count; draw(lines.join("\\n")); counts.push(draw.count - before); };
          next();
          lines[200] += "字"; next();
          lines.splice(100, 0, "新的一行"); next();
          lines.splice(50, 3); next();
          lines[300] = "```"; next();
          lines[300] = "不是代码"; next();
          counts.push(mirror.children.length, mirror.textContent === lines.join(""), lines.join("\\n").length > 15_000);
          return counts;
        }""",
        module(page, "editor"),
    )
    assert drawn == [400, 1, 1, 0, 98, 98, 398, True, True]


def test_one_undo_takes_back_what_was_typed_in_one_go(visitor):
    page = visitor("member")
    write(page)
    page.keyboard.type("one **two** and three")
    expect(page.locator(".mirror .b:not(.m)")).to_have_text("two")
    page.keyboard.press("Control+z")
    expect(page.locator(TEXT)).to_have_value("")
    page.keyboard.press("Control+Shift+z")
    expect(page.locator(TEXT)).to_have_value("one **two** and three")


@pytest.mark.parametrize("width", [390, 1440])
def test_a_long_text_is_written_and_looked_at_in_view(visitor, width):
    page = visitor("member", width=width)
    page.goto("/new/?fresh=1")
    ready(page)
    title = page.locator("[name=title]")
    title.fill("一行标题")
    title.press("Enter")
    expect(page.locator(TEXT)).to_be_focused()
    expect(title).to_have_value("一行标题")
    page.keyboard.insert_text("\n".join(f"第 {number} 行" for number in range(60)))
    for _ in range(45):
        page.keyboard.press("ArrowUp")
    tools = page.locator(".composer .tools").bounding_box()
    line = page.locator(".mirror > div").nth(14).bounding_box()
    if width > 700:
        assert line["y"] >= tools["y"] + tools["height"], "the line that is written lies under the tools"
    assert 0 <= line["y"] < 844
    page.locator("button[name=preview]").click()
    expect(page.locator("#preview .prose")).to_be_in_viewport()
    page.locator(TEXT).press("x")
    expect(page.locator("#preview .prose")).to_have_count(0)
