"""Whatever colour a brand has: it can be read, on every ground, in both themes."""

import re
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from terrace.web import brand_sheet, colours, stylesheet
from terrace.web.brand_sheet import Look

HEXES = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")
THEMES = ("light", "dark")


def meanings(dark):
    return {name: colours.to_hex(pair[dark]) for name, pair in colours.MEANINGS.items()}


def check(accent, paper):
    made = colours.palette(accent, paper)
    for dark, theme in enumerate((made.light, made.dark)):
        shown = theme.hexes | meanings(dark)
        for ground in ("page", "tread", "tread-2", "wash", "straw-wash", "clay-wash"):
            for text in ("ink", "ink-2", "ink-3", "accent", "accent-hi", "straw-ink", "clay"):
                found = colours.contrast(shown[text], shown[ground])
                assert found >= colours.TEXT, f"{accent} {paper} {THEMES[dark]}: {text} on {ground} has {found:.2f}"
        for ground in ("accent", "accent-hi"):
            assert colours.contrast(shown["on-accent"], shown[ground]) >= colours.TEXT, (accent, paper, THEMES[dark])
        for ground in ("page", "tread", "tread-2"):
            assert colours.contrast(shown["edge"], shown[ground]) >= colours.EDGE, (accent, paper, THEMES[dark])


@given(HEXES, st.sampled_from(sorted(colours.PAPERS)))
@settings(max_examples=300, deadline=None)
@example("#ffd100", "rice")
@example("#e60012", "rose")
@example("#0a1f8f", "mist")
@example("#000000", "plain")
@example("#ffffff", "plain")
@example("#0000ff", "sand")
@example("#00ff00", "rice")
def test_every_colour_is_readable_in_both_themes(accent, paper):
    check(accent, paper)


def test_all_round_the_wheel_on_every_paper():
    for hue in range(0, 360, 6):
        for chroma in (0.0, 0.03, 0.05, 0.12, 0.3):
            for light in (0.1, 0.5, 0.9):
                check(colours.to_hex((light, chroma, hue)), ("rice", "plain", "sand", "mist", "rose")[hue // 6 % 5])


@given(HEXES)
@settings(max_examples=200, deadline=None)
def test_the_hue_stays(accent):
    _light, chroma, hue = colours.oklch(accent)
    if chroma < 0.06:
        return
    for theme in (colours.palette(accent).light, colours.palette(accent).dark):
        found = dict(theme.tokens)["accent"]
        assert abs((found[2] - hue + 180) % 360 - 180) < 0.01
        assert found[1] <= chroma + 0.001, "never more colourful than the brand's own"


@given(HEXES)
@settings(max_examples=300, deadline=None)
def test_a_colour_comes_back_from_oklch(hexed):
    assert colours.to_hex(colours.oklch(hexed)) == hexed


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [("#ffffff", "#000000", 21.0), ("#777777", "#ffffff", 4.48), ("#2a7134", "#fdfdfb", 5.87)],
)
def test_contrast_is_that_of_wcag(one, other, found):
    assert colours.contrast(one, other) == pytest.approx(found, abs=0.005)


def test_our_own_colours_are_those_of_the_style_sheet():
    text = (stylesheet.FOLDER / "tokens.css").read_text("utf-8")
    light, dark = (
        dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6});", part)) for part in text.split("@media (prefers", 2)[:2]
    )
    made = colours.palette()
    assert made.light.hexes | meanings(0) == light
    assert made.dark.hexes | meanings(1) == {name: dark[name] for name in light}


@pytest.mark.parametrize("wrong", ["red", "#fff", "#12345g", "", "#1234567", "#2a7134;}body{display:none"])
def test_what_is_no_colour_is_refused(wrong):
    with pytest.raises(ValueError, match="not a colour"):
        colours.palette(wrong)


def test_a_brand_like_ours_has_no_style_sheet():
    assert brand_sheet.sheet(Look()) == ""
    assert brand_sheet.version(Look()) == ""
    assert brand_sheet.sheet(Look(accent=colours.ACCENT.upper())) == ""


@pytest.mark.parametrize("paper", sorted(colours.PAPERS))
@pytest.mark.parametrize("corners", sorted(brand_sheet.CORNERS))
@pytest.mark.parametrize("font", sorted(brand_sheet.FONTS))
def test_the_style_sheet_is_whole_and_small(paper, corners, font):
    text = brand_sheet.sheet(Look("#e60012", paper, corners, font))
    assert text.count("{") == text.count("}")
    assert "url(" not in text and "@import" not in text and "http" not in text
    assert 'data-theme="dark"' in text and "light-dark(oklch(" in text
    assert len(text) < 6000


def test_another_look_has_another_version():
    looks = [Look(), Look("#e60012"), Look(paper="sand"), Look(corners="sharp"), Look(font="serif")]
    assert len({brand_sheet.version(each) for each in looks}) == len(looks)


def test_the_tokens_of_the_sheet_are_those_of_the_product():
    """A token that the operator's sheet forgets would keep our colour beside theirs."""
    named = set(re.findall(r"--([a-z0-9-]+):#", brand_sheet.sheet(Look("#e60012"))))
    own = set(re.findall(r"--([a-z0-9-]+): #", (Path(stylesheet.FOLDER) / "tokens.css").read_text("utf-8")))
    assert own - named == set(colours.MEANINGS), "straw and clay keep their meaning"


@pytest.mark.parametrize(
    ("accent", "name"), [("#e60012", "clay"), ("#ffb400", "straw"), ("#0a1f8f", ""), ("#2a7134", ""), ("#777777", "")]
)
def test_a_hue_that_is_taken_for_a_meaning_is_named(accent, name):
    assert colours.near(accent) == name
