"""A picture of every page, in both languages, both schemes, on a phone and on a desk: `bin/test --gallery FOLDER`."""

import os
from pathlib import Path

import pytest

from tests.journeys.conftest import HEIGHT
from tests.journeys.pages import LANGUAGES, PLACES, SCHEMES

FOLDER = os.environ.get("TERRACE_GALLERY")
SHOWN = PLACES if FOLDER else [place for place in PLACES if place.name in {"home", "topic-member"}]
READERS = sorted({place.who or "stranger" for place in SHOWN})


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_gallery(visitor, places, watch, tmp_path, reader, lang):
    watch.forgive("404")
    folder = Path(FOLDER) if FOLDER else tmp_path
    folder.mkdir(parents=True, exist_ok=True)
    page = visitor(None if reader == "stranger" else reader, lang=lang)
    for place in SHOWN:
        if (place.who or "stranger") != reader:
            continue
        answer = page.goto(place.path.format(**places))
        assert answer.status == place.status, f"{place.name} answered {answer.status}"
        for width in (390, 1440):
            page.set_viewport_size({"width": width, "height": HEIGHT[width]})
            for scheme in SCHEMES:
                page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
                page.evaluate("document.fonts.ready")
                file = folder / f"{place.name}-{lang[:2]}-{width}-{scheme}.png"
                page.screenshot(path=file, full_page=bool(FOLDER))
                assert file.stat().st_size > 2000
