"""Somebody's first day: sign up, speak, be answered, be found, change one's words; and what becomes of a bad one."""

import re
from itertools import count

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import eventually, in_words
from tests.journeys.hands import Keys, Pointer

STORY = {
    "zh-CN": {
        "handle": "纸飞机",
        "other": "阿禾",
        "seller": "老坎",
        "flagger": "林间",
        "title": "萤火台灯放窗边会不会晒坏",
        "body": "窗台朝西，下午三点以后直晒。外壳是塑料的，会不会变黄？",
        "typed_late": "窗台朝西，四点以后直晒。外壳是塑料的，会不会变黄？",
        "answer": "我的放了两年，没有变黄。",
        "bad": "加我，便宜出同款，量大从优。",
        "word": "晒坏",
        "reason": "这里不做买卖。",
    },
    "en-GB": {
        "handle": "PaperPlane",
        "other": "Wen",
        "seller": "Jonas",
        "flagger": "Dimas",
        "title": "Does the Firefly lamp fade on a sunny windowsill",
        "body": "It faces west and gets full sun after three. The shell is plastic: does it turn yellow?",
        "typed_late": "It faces west and gets full sun after four. The shell is plastic: does it turn yellow?",
        "answer": "Mine has stood there for two years and has not changed.",
        "bad": "Cheap ones here, write to me, the more the better.",
        "word": "windowsill",
        "reason": "We do not trade here.",
    },
}
BY_KEYS = {
    "handle": "铅笔头",
    "title": "旧台灯换个灯泡还能再用几年吗",
    "body": "家里那盏旧的，灯罩完好，灯泡发黄。换新灯泡划算吗？",
    "typed_late": "家里那盏旧的，灯罩完好，灯泡发黑。换新灯泡划算吗？",
    "answer": "划算，接口没变过，我换了两次。",
    "bad": "别修了，直接找我拿新的，进店报我名字。",
    "word": "灯泡",
}
numbers = count(1)


def sign_up(hand: Pointer, server, say, story) -> None:
    """Sign up by e-mail, with the code that was sent."""
    page = hand.page
    address = f"paper{next(numbers)}@example.com"
    page.goto("/")
    hand.press(page.get_by_role("link", name=say("Sign in")).first)
    hand.press(page.get_by_role("link", name=say("I am new here")))
    hand.write(page.get_by_label(say("Phone or e-mail")), address)
    hand.press(page.get_by_role("button", name=say("Send me a code")))
    code = re.search(r"\b\d{6}\b", server.mail_to(address))
    hand.write(page.get_by_label(say("The code you received")), code[0])
    hand.write(page.get_by_label(say("Handle")), story["handle"])
    hand.write(page.get_by_label(say("Password"), exact=True), "a lamp by the western window")
    hand.press(page.get_by_role("button", name=say("Create my account")))
    expect(page.get_by_role("heading", level=1)).to_have_text(say("Hello, %(name)s", name=story["handle"]))


def write_topic(hand: Pointer, say, story) -> str:
    """Write the first topic; a reload in the middle of it loses nothing. Returns its address."""
    page = hand.page
    hand.press(page.get_by_role("link", name=say("Say something")))
    title = page.get_by_label(say("Title of the topic"))
    text = page.get_by_role("textbox", name=say("Text"))
    hand.write(title, story["title"])
    hand.write(text, story["body"])
    hand.choose(page.get_by_label(say("Board")), "tea")
    hand.press(page.get_by_role("button", name=say("Preview")))
    expect(page.locator("#preview .prose")).to_contain_text(story["body"])
    note = page.locator("[data-draft-note]")
    expect(note).to_have_text(say("Draft saved"))
    page.reload()
    expect(title).to_have_value(story["title"])
    expect(text).to_have_value(story["body"])
    expect(page.locator("[data-draft-said]")).to_contain_text(say("Your draft of {when} is back.").split("{when}")[1])
    hand.choose(page.get_by_label(say("Board")), "tea")
    hand.press(page.get_by_role("button", name=say("Publish")))
    expect(page.get_by_role("heading", level=1)).to_have_text(story["title"])
    expect(page.locator("#p1 .prose")).to_contain_text(story["body"])
    return page.url


def menu_of(hand: Pointer, number: int, entry: str) -> None:
    """Choose an entry of the menu at a post."""
    page = hand.page
    hand.press(page.locator(f"#p{number} details.menu > summary"))
    hand.press(page.locator(f"#p{number} details.menu .pop").get_by_text(entry, exact=True))


def answer(hand: Pointer, address: str, say, story) -> None:
    """Quote the first post and answer it."""
    page = hand.page
    page.goto(address)
    menu_of(hand, 1, say("Quote"))
    field = page.locator("#r")
    expect(field).to_be_focused()
    expect(field).to_have_value(re.compile(re.escape(story["body"])))
    page.keyboard.type(story["answer"])
    hand.press(page.locator("#reply").get_by_role("button", name=say("Reply"), exact=True))
    expect(page.locator("#p2 .prose")).to_contain_text(story["answer"])
    expect(page.locator("#p2 .prose blockquote")).to_contain_text(story["body"][:12])
    expect(page.locator("#p2 .prose blockquote a").first).to_have_attribute("href", re.compile(r"/p/\d+/|/t/\d+"))


def react(hand: Pointer, say) -> None:
    """Thank for the answer."""
    page = hand.page
    thanks = page.locator("#p2 .react").get_by_role("button", name=say("Thanks"))
    expect(thanks).to_have_attribute("aria-pressed", "false")
    hand.press(thanks)
    pressed = page.locator("#p2 .react").get_by_role("button", name=say("Thanks"))
    expect(pressed).to_have_attribute("aria-pressed", "true")
    expect(pressed).to_contain_text("1")


def find(hand: Pointer, say, story) -> None:
    """Find the topic by one of its words, marked where it stands."""
    page = hand.page
    page.goto("/")
    box = page.locator("#q")
    if box.is_visible():
        hand.write(box, story["word"])
        box.press("Enter")
    else:
        hand.press(page.locator(".bar").get_by_role("link", name=say("Search")))
        hand.write(page.locator("#seek"), story["word"])
        page.locator("#seek").press("Enter")
    hit = page.locator("#results .row", has=page.get_by_role("link", name=story["title"]))
    eventually(page, lambda: hit.count() > 0)
    expect(hit.locator("mark").first).to_be_visible()
    hand.press(hit.get_by_role("link", name=story["title"]))
    expect(page.get_by_role("heading", level=1)).to_have_text(story["title"])


def edit(hand: Pointer, address: str, say, story) -> None:
    """Change the first post; everybody can see what it said before."""
    page = hand.page
    page.goto(address)
    menu_of(hand, 1, say("Edit"))
    text = page.get_by_role("textbox", name=say("Text"))
    expect(text).to_have_value(re.compile(re.escape(story["body"])))
    hand.write(text, story["typed_late"])
    hand.press(page.get_by_role("button", name=say("Save")))
    expect(page.locator("#p1 .prose")).to_contain_text(story["typed_late"])
    expect(page.locator("#p1 .sub")).to_contain_text(say("edited"))
    menu_of(hand, 1, say("What changed"))
    expect(page.locator(".revisions")).to_contain_text(story["body"])
    expect(page.locator(".revisions")).to_contain_text(story["typed_late"])


def say_something_bad(hand: Pointer, address: str, say, story) -> None:
    """Write a reply that is not welcome here."""
    page = hand.page
    page.goto(address)
    if page.locator(".dock").is_visible():
        hand.press(page.locator(".dock").get_by_role("link", name=say("Write a reply")))
    hand.write(page.locator("#r"), story["bad"])
    hand.press(page.locator("#reply").get_by_role("button", name=say("Reply"), exact=True))
    expect(page.locator("#p3 .prose")).to_contain_text(story["bad"])


def flag(hand: Pointer, address: str, say) -> None:
    """Flag it, in a dialog that the page opens."""
    page = hand.page
    page.goto(address)
    menu_of(hand, 3, say("Flag"))
    sheet = page.locator("dialog[open]")
    expect(sheet.get_by_role("heading")).to_have_text(say("Flag this post?"))
    hand.tick(sheet.get_by_label(say("Advertising or spam")))
    hand.press(sheet.get_by_role("button", name=say("Flag")))
    expect(page.locator("#toasts")).to_contain_text(
        say("Thank you. A moderator reads it, and you will hear what came of it.")
    )


def decide(hand: Pointer, say, story) -> None:
    """Hide it in the queue, with a reason in one's own words."""
    page = hand.page
    page.goto("/console/queue/")
    job = page.locator(".jobs .job", has_text=story["seller"]).or_(
        page.locator(".jobs .job", has_text=story["title"][:8])
    )
    eventually(page, lambda: job.count() > 0)
    hand.press(job.first)
    expect(page.locator("#case .orig")).to_contain_text(story["bad"])
    hand.write(page.locator("#message"), story["reason"])
    hand.press(page.get_by_role("button", name=re.compile(say("Hide and tell"))))
    expect(page.locator(".note.good")).to_contain_text(say("Post hidden"))


def hear_of_answer(hand: Pointer, say, story) -> None:
    """The bell tells of the answer, and its notice leads there."""
    page = hand.page
    page.goto("/")
    eventually(page, lambda: page.locator(".bar .bell .pip").is_visible())
    hand.press(page.locator(".bar .bell"))
    hand.press(page.locator(".notices li", has_text=story["other"]).first.get_by_role("link"))
    expect(page.locator("#p2 .prose")).to_contain_text(story["answer"])


def hear_of_it(hand: Pointer, say, story) -> None:
    """The author reads what became of the post, and why; the words stay away from everybody else."""
    page = hand.page
    page.goto("/")
    eventually(page, lambda: page.locator(".bar .bell .pip").is_visible())
    hand.press(page.locator(".bar .bell"))
    told = page.get_by_role("link", name=say("A moderator hid your post in “%(topic)s”", topic=story["title"]))
    eventually(page, lambda: told.count() > 0)
    expect(page.locator(".notices li", has=told)).to_contain_text(story["reason"])
    hand.press(told)
    expect(page.get_by_role("heading", level=1)).to_have_text(say("A decision about your post"))
    expect(page.locator("main")).to_contain_text(story["reason"])
    hand.press(page.locator("main").get_by_role("link", name=re.compile(re.escape(story["title"]))))
    expect(page.locator("#p3")).to_contain_text(say("Hidden."))
    expect(page.locator("#p3")).to_contain_text(story["reason"])


@pytest.mark.parametrize(
    ("lang", "width", "by"), [("zh-CN", 390, Pointer), ("en-GB", 1440, Pointer), ("zh-CN", 1440, Keys)]
)
def test_first_day(visitor, server, watch, lang, width, by):
    say, story = in_words(lang), dict(STORY[lang])
    if by is Keys:
        story |= BY_KEYS

    def somebody(who=None):
        return by(visitor(who, lang=lang, width=width))

    newcomer = somebody()
    sign_up(newcomer, server, say, story)
    address = write_topic(newcomer, say, story)
    answer(somebody(story["other"]), address, say, story)
    hear_of_answer(newcomer, say, story)
    react(newcomer, say)
    find(newcomer, say, story)
    edit(newcomer, address, say, story)
    seller = somebody(story["seller"])
    say_something_bad(seller, address, say, story)
    flag(somebody(story["flagger"]), address, say)
    decide(somebody("moderator"), say, story)
    hear_of_it(seller, say, story)
    stranger = visitor(lang=lang, width=width)
    stranger.goto(address)
    expect(stranger.locator("#p2")).to_be_visible()
    expect(stranger.locator("body")).not_to_contain_text(story["bad"])
    stranger.goto("/moderation/")
    expect(stranger.locator("main")).to_contain_text(say("Post hidden"))
    expect(stranger.locator("main")).not_to_contain_text(story["seller"])
