"""The living page: who sees it, in which language and theme, and that nothing is missing from it."""

import pytest
from django.test import Client
from selectolax.lexbor import LexborHTMLParser

from terrace.members import actions as members
from terrace.web import colours, styleguide
from terrace.web.tests.test_navigation import browser

pytestmark = pytest.mark.django_db
PARTS = [
    ".shades svg", ".contrasts td", ".t-3xl", ".btn.main", ".btn[aria-disabled]", ".field.bad", ".pass", ".field.code", ".opts",
    ".check", ".ladder .ring", ".stack", ".row .marks", ".card .pic", ".post.team", ".react", ".chip.bad", ".filters", ".seg", ".pager",
    ".glyph", ".state.wait", ".state.off", ".climb", ".empty .contour", ".bones", "dialog.sheet", ".toast", ".note.bad", ".kpis", ".chart .a",
    ".table", ".meter .f", ".steps .f", ".editor textarea", ".marks [data-mark=table]", ".back", ".count.over",
]  # fmt: skip


@pytest.mark.parametrize(
    ("role", "demo", "status"),
    [(None, False, 404), ("member", False, 404), ("moderator", False, 200), (None, True, 200), ("member", True, 200)],
)
def test_staff_see_it_and_everybody_in_the_demo(now, settings, role, demo, status):
    settings.TERRACE_DEMO = demo
    client = browser(members.create_member("某人", role=role, now=now)) if role else Client()
    assert client.get("/styleguide").status_code == status


@pytest.mark.parametrize("lang", ["zh-hans", "en"])
@pytest.mark.parametrize("theme", ["", "light", "dark"])
def test_every_part_in_both_languages_and_themes(settings, lang, theme):
    settings.TERRACE_DEMO = True
    page = Client(headers={"accept-language": "en"}).get(f"/styleguide?lang={lang}&theme={theme}")
    tree = LexborHTMLParser(page.content.decode())
    assert [part for part in PARTS if tree.css_first(part) is None] == []
    html = tree.css_first("html")
    assert html.attributes["lang"] == {"en": "en", "zh-hans": "zh-Hans"}[lang]
    assert html.attributes.get("data-theme", "") == theme
    assert page.headers["Content-Language"] == lang
    current = [each.attributes["href"] for each in tree.css(".switches5 [aria-current]")]
    assert len(current) == 2 and all(f"lang={lang}" in each for each in current)


def test_nonsense_in_the_address_is_the_readers_own(settings):
    settings.TERRACE_DEMO = True
    page = Client(headers={"accept-language": "en"}).get("/styleguide?lang=tlh&theme=neon")
    assert 'lang="en"' in page.content.decode() and "data-theme" not in page.content.decode().split("<body")[0]


def test_the_contrasts_are_those_of_the_art_direction():
    rows = {row["name"]: row["pairs"] for row in styleguide._contrasts(colours.palette())}
    assert [f"{one:.2f} / {other:.2f}" for one, other in rows["accent"]] == [
        "5.87 / 9.83", "5.47 / 8.94", "5.04 / 7.83", "5.24 / 7.53", "5.36 / 7.64", "5.20 / 7.76",
    ]  # fmt: skip
    assert min(min(pair) for pairs in rows.values() for pair in pairs) >= 4.5
