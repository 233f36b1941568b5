"""WCAG 2.2 AA and best practice, by axe-core, on every page: each width, each language and each scheme at least once.

With TERRACE_AXE=all (`bin/test --all` sets it) every page in every language, scheme and width.
"""

import json
import os
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.journeys.conftest import HEIGHT
from tests.journeys.pages import LANGUAGES, PLACES, SCHEMES, Place

AXE = Path(__file__).parent / "vendor" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
WIDTHS = [320, 390, 1440]
WHOLE = os.environ.get("TERRACE_AXE") == "all"
READERS = sorted({place.who or "stranger" for place in PLACES})


def sample(number: int) -> dict[str, list[tuple[int, str]]]:
    """Return (width, scheme) by language for the page of this number: over any six pages every pair of settings is met."""
    if WHOLE:
        return {lang: [(width, scheme) for width in WIDTHS for scheme in SCHEMES] for lang in LANGUAGES}
    first, second, third = (WIDTHS[(number + step) % 3] for step in range(3))
    one, two = ("light", "dark") if number % 2 else ("dark", "light")
    zh, en = ("zh-CN", "en-GB") if number // 2 % 2 else ("en-GB", "zh-CN")
    return {zh: [(first, one), (second, two)], en: [(third, one if number // 3 % 2 else two)]}


def violations(page: Page, tags: list[str] = TAGS) -> list[str]:
    """Return what axe finds, with where and why."""
    if not page.evaluate("typeof window.axe === 'object'"):
        page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate(
        "tags => axe.run(document, { runOnly: tags, resultTypes: ['violations'] }).then(r => JSON.stringify(r.violations))",
        tags,
    )
    return [
        f"{each['id']}: {node['target']} {node['failureSummary'].splitlines()[-1].strip()} {node['html'][:160]}"
        for each in json.loads(found)
        for node in each["nodes"]
    ]


def sideways(page: Page) -> bool:
    """Return whether the page can be scrolled sideways."""
    return page.evaluate("document.documentElement.scrollWidth > innerWidth")


@pytest.mark.parametrize("reader", READERS)
def test_every_page_is_open_to_everybody(visitor, places, watch, reader):
    watch.forgive("404")
    who = None if reader == "stranger" else reader
    bad = []
    for lang in LANGUAGES:
        page = visitor(who, lang=lang)
        for number, place in enumerate(PLACES):
            if place.who != who:
                continue
            bad += [f"{place.name} {lang} {line}" for line in _seen(page, place, places, sample(number)[lang])]
        page.context.close()
    assert bad == [], "\n".join(bad)


def _seen(page: Page, place: Place, places: dict[str, str], settings: list[tuple[int, str]]) -> list[str]:
    """Open a page and return what is wrong with it in each setting."""
    page.set_viewport_size({"width": settings[0][0], "height": HEIGHT[settings[0][0]]})
    page.emulate_media(color_scheme=settings[0][1], reduced_motion="reduce")
    answer = page.goto(place.path.format(**places))
    if answer.status != place.status:
        return [f"answered {answer.status} instead of {place.status}"]
    bad = []
    for width, scheme in settings:
        page.set_viewport_size({"width": width, "height": HEIGHT[width]})
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        # A letter stands inside the page of a mail reader, which has the landmarks.
        tags = TAGS[:-1] if place.name.startswith("letter") else TAGS
        bad += [f"{width} {scheme} {line}" for line in violations(page, tags)]
        if sideways(page):
            bad.append(f"{width} {scheme} scrolls sideways")
    return bad
