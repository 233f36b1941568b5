"""A long topic: where one is, how one goes elsewhere, that more follows; a poll; who is meant by an @."""

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import PEOPLE, in_words, ready
from tests.journeys.test_composer import TEXT

HERE = "bars => bars.findIndex((bar) => bar.classList.contains('f'))"
STARTS = "scrub => scrub.dataset.starts.split(' ').map(Number)"


def place_of(starts, number):
    """Return the slice that a post stands in."""
    return max(place for place, start in enumerate(starts) if start <= number)


def days_of(scrub):
    """Return a function that gives the day of a post as the scrubber knows it."""
    days = [each.split(":", 1) for each in scrub.get_attribute("data-days").split("|")]
    return lambda number: [day for first, day in days if int(first) <= number][-1]


def test_the_scrubber_has_one_measure_for_all(visitor, places):
    page = visitor("member")
    page.goto(f"{places['long']}?at=20#p20")
    ready(page)
    scrub, bars, label = page.locator(".rail .scrub"), page.locator(".rail .scrub rect"), page.locator(".rail .at b")
    starts, slider = scrub.evaluate(STARTS), page.get_by_role("slider")
    expect(slider).to_be_visible()
    last = int(scrub.get_attribute("data-last"))
    day = days_of(scrub)

    def agrees():
        number = int(label.inner_text())
        assert bars.evaluate_all(HERE) == place_of(starts, number)
        assert page.locator(".rail [data-day]").inner_text() == day(number)
        assert slider.get_attribute("aria-valuenow") == str(number)
        return number

    expect(label).to_have_text("20")
    assert agrees() == 20
    slider.focus()
    for key, number in (("ArrowDown", 21), ("PageUp", 11), ("End", last), ("Home", 1)):
        page.keyboard.press(key)
        assert agrees() == number
    box = slider.bounding_box()
    across, each = box["x"] + 20, box["height"] / 48
    page.mouse.move(across, box["y"] + 1)
    page.mouse.down()
    for place in range(48):
        page.mouse.move(across, box["y"] + (place + 0.01) * each)
        assert agrees() == min(starts[place], last), "a line means the first post in it"
    page.mouse.move(across, box["y"] + 60 * each)
    assert agrees() == last
    full = next(place for place in range(20, 48) if place_of(starts, starts[place]) == place)
    page.mouse.move(across, box["y"] + (full + 0.01) * each)
    page.mouse.up()
    expect(page).to_have_url(f"{page.url.split('?')[0]}?at={starts[full]}#p{starts[full]}")


def test_the_place_in_a_topic_opens_as_a_sheet(visitor, places):
    say = in_words("zh-CN")
    page = visitor("member", width=390)
    page.goto(places["long"])
    ready(page)
    button = page.locator(".dock summary")
    sheet = page.get_by_role("dialog", name=say("In this topic"))
    button.click()
    expect(sheet.get_by_role("slider")).to_be_visible()
    expect(sheet.get_by_label(say("Go to post"))).to_be_visible()
    page.keyboard.press("Escape")
    expect(sheet).to_have_count(0)
    expect(button).to_be_focused()
    expect(page.locator(".rail .scrub")).to_have_count(1)
    expect(page.locator(".dock form.jump")).to_have_count(1)
    page.keyboard.press("Enter")
    sheet.get_by_role("slider").focus()
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    expect(page.locator(".post").last).to_be_visible()
    page.wait_for_url("**/?at=*")
    ready(page)
    page.locator(".dock summary").click()
    sheet.get_by_label(say("Go to post")).fill("3")
    page.keyboard.press("Enter")
    page.wait_for_url("**/?at=3#p3")


def test_the_contents_of_a_long_post_are_in_the_sheet(visitor, server):
    topic = server.ask("SELECT topic_id FROM forum_post WHERE number = 1 AND html LIKE '%<h2 id%<h2 id%' LIMIT 1")[0][0]
    page = visitor("member", width=390)
    page.goto(f"/t/{topic}/")
    ready(page)
    page.locator(".dock summary").click()
    page.locator("dialog .toc a").last.click()
    expect(page.locator("dialog")).to_have_count(0)
    expect(page.locator("h2:target")).to_be_in_viewport()
    expect(page.locator(".rail .toc")).to_have_count(1)


def test_the_place_without_script_is_a_number(visitor, places):
    say = in_words("zh-CN")
    page = visitor("member", width=390, js=False)
    page.goto(places["long"])
    page.locator(".dock summary").click()
    page.get_by_label(say("Go to post")).fill("25")
    page.get_by_role("button", name=say("Go"), exact=True).click()
    page.wait_for_url("**/?at=25#p25")


@pytest.mark.parametrize("width", [390, 1440])
def test_that_more_follows_cannot_be_missed(visitor, places, width):
    page = visitor("member", width=width)
    page.goto(places["long"])
    bar = page.locator(".rest [rel=next]").bounding_box()
    post = page.locator(".post").last.bounding_box()
    assert bar["height"] >= 48
    assert bar["width"] >= 0.7 * post["width"] - 8
    assert bar["y"] < page.locator("#after").bounding_box()["y"]


def test_posts_of_staff_do_not_touch(visitor, server):
    pair = """SELECT a.topic_id FROM forum_post a JOIN forum_post b ON a.topic_id = b.topic_id AND b.number = a.number + 1
              WHERE a.by_staff AND b.by_staff AND a.state = 'published' AND b.state = 'published' AND b.number < 20 LIMIT 1"""
    page = visitor("member", width=390)
    page.goto(f"/t/{server.ask(pair)[0][0]}/")
    second = page.locator(".post.team + .post.team").first
    gap = second.evaluate(
        "e => e.getBoundingClientRect().top - e.previousElementSibling.getBoundingClientRect().bottom"
    )
    assert gap >= 8


def test_what_a_solved_tile_says_stands_on_one_line(visitor, places):
    page = visitor(width=390)
    page.goto(places["solved"])
    bottoms = page.locator(".answer > p").first.evaluate("""line => [line.querySelector(".state").lastChild, line.querySelector("a").firstChild].map((text) => {
      const range = document.createRange();
      range.selectNodeContents(text);
      return [range.getBoundingClientRect().bottom, getComputedStyle(text.parentElement).fontSize];
    })""")
    assert bottoms[0] == bottoms[1]


@pytest.mark.parametrize("width", [390, 1440])
def test_a_poll_is_made_line_by_line(visitor, width):
    say = in_words("zh-CN")
    page = visitor("member", width=width)
    page.goto("/new/?fresh=1")
    ready(page)
    page.locator(".kinds label", has=page.locator("[value=poll]")).click()
    choices = page.locator("input[name^=choices_]")
    expect(choices).to_have_count(2)
    ready(page)
    choices.first.click()
    for number, text in enumerate(("三脚架", "手持", "靠着墙", "都行")):
        page.keyboard.insert_text(text)
        page.keyboard.press("Enter")
        expect(choices.nth(number + 1)).to_be_focused()
    expect(choices).to_have_count(5)
    page.get_by_role("button", name=say("Remove choice {n}").replace("{n}", "3")).click()
    expect(choices).to_have_count(4)
    expect(choices.nth(1)).to_be_focused()
    assert choices.evaluate_all("all => all.map((one) => [one.name, one.value])") == [
        ["choices_0", "三脚架"], ["choices_1", "手持"], ["choices_2", "都行"], ["choices_3", ""],
    ]  # fmt: skip
    most, day = page.get_by_label(say("At most")), page.get_by_label(say("The last day"))
    expect(most).to_be_hidden()
    page.get_by_role("switch", name=say("One may choose several")).press("Space")
    most.fill("2")
    expect(day).to_be_hidden()
    page.get_by_role("radio", name=say("Without an end")).press("ArrowRight")
    expect(day).to_be_visible()
    page.get_by_role("radio", name=say("Until a day")).press("ArrowRight")
    expect(page.get_by_role("radio", name=say("1 day"))).to_be_checked()
    expect(day).to_be_hidden()
    page.get_by_label(say("Title of the topic")).fill("夜里怎么拍")
    page.get_by_label(say("Board")).select_option("camera")
    page.locator(TEXT).fill("说说理由。")
    page.get_by_role("button", name=say("Publish")).click()
    expect(page.locator("#poll legend")).to_have_text(say("Choose up to %(n)s", n=2))
    expect(page.locator("#poll label")).to_have_text(["三脚架", "手持", "都行"])
    expect(page.locator("#poll")).to_contain_text(say("open until"))


def test_only_who_is_known_is_drawn_as_mentioned(visitor):
    page = visitor("member")
    asked = []
    page.on("request", lambda request: asked.append(request.url) if "/complete" in request.url else None)
    page.goto("/new/?fresh=1")
    ready(page)
    page.locator(TEXT).fill(f"@{PEOPLE['engineer']}看一下，@nobodyhere 和 @{PEOPLE['english'].lower()}，x@example.com")
    expect(page.locator(".mirror .at")).to_have_text([f"@{PEOPLE['engineer']}", f"@{PEOPLE['english'].lower()}"])
    number = len(asked)
    assert number == 3
    page.locator(TEXT).press("End")
    page.keyboard.type("，再说一句 @nobodyhere")
    page.wait_for_timeout(1500)
    assert sum("q=nobodyhere" in url for url in asked) <= 2, (
        "a name is confirmed once, beside what is offered while it is typed"
    )
    expect(page.locator(".mirror .at")).to_have_count(2)
    page.locator(TEXT).fill("")
