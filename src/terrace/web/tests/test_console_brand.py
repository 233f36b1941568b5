"""What the desk says of a brand's pictures."""

import io

import pytest
from PIL import Image

from terrace.web.tests.test_brand import PAGE, desk, operator, read, typed, upload  # noqa: F401

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("ink", "ground", "told"),
    [
        ((10, 12, 10, 255), (0, 0, 0, 0), "dark colours this logo"),
        ((250, 252, 250, 255), (0, 0, 0, 0), "light colours this logo"),
        ((40, 120, 50, 255), (0, 0, 0, 0), None),
        ((10, 12, 10, 255), (20, 20, 20, 255), None),
    ],
)
def test_a_logo_that_one_theme_would_swallow_is_named(desk, ink, ground, told):  # noqa: F811
    drawn = Image.new("RGBA", (300, 100), ground)
    drawn.paste(ink, (60, 30, 240, 70))
    out = io.BytesIO()
    drawn.save(out, "PNG")
    assert desk.post(PAGE, typed() | {"logo": upload(out.getvalue())}).status_code == 302
    note = read(desk.get(PAGE)).css_first("#who .note")
    assert (told in note.text()) if told else note is None
