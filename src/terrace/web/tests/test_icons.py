"""Icons from one picture, and from our mark where there is none."""

import io

import pytest
from django.test import Client
from PIL import Image
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from terrace.kernel import options
from terrace.kernel.errors import Invalid
from terrace.members import actions as members
from terrace.web import brand, colours, icons, rebrand

pytestmark = pytest.mark.django_db
RED, CLEAR = (200, 20, 30, 255), (0, 0, 0, 0)


def picture(ground, size=(600, 600), spot=(20, 90, 200, 255)):
    made = Image.new("RGBA", size, ground)
    made.paste(spot, (size[0] // 3, size[1] // 3, size[0] * 2 // 3, size[1] * 2 // 3))
    out = io.BytesIO()
    made.save(out, "PNG")
    return out.getvalue()


class File(io.BytesIO):
    """What Django hands over of an upload."""

    @property
    def size(self):
        return len(self.getvalue())


@pytest.fixture
def operator(now, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    icons.draw.cache_clear()
    return members.create_member("若溪", role="operator", now=now)


def drawn(name, source=""):
    return Image.open(io.BytesIO(icons.draw(name, source, colours.ACCENT, "rice")))


def near(one, other, by=12):
    return all(abs(a - b) <= by for a, b in zip(one[:3], other[:3], strict=True))


@pytest.mark.parametrize("name", sorted(icons.SIZES))
def test_the_mark_in_every_size(name):
    found = drawn(name)
    side, _share = icons.SIZES[name]
    assert (found.format, found.size) == ("PNG", (side, side))
    shades = found.convert("RGB").getcolors(1 << 18)
    assert len(shades) > 2, "something is drawn"
    if not name.startswith("favicon"):
        assert near(found.convert("RGB").getpixel((1, 1)), (0x2A, 0x71, 0x34))


@pytest.mark.parametrize("name", [name for name in sorted(icons.SIZES) if "maskable" in name])
def test_a_maskable_mark_keeps_to_the_safe_zone(name):
    """Nothing is drawn outside the circle of 40 % of the side around the middle (W3C, "safe zone")."""
    found = drawn(name).convert("RGB")
    side = found.width
    ground = found.getpixel((0, 0))
    outside = [
        (x, y)
        for x in range(0, side, 3)
        for y in range(0, side, 3)
        if (x - side / 2) ** 2 + (y - side / 2) ** 2 > (0.4 * side) ** 2 and not near(found.getpixel((x, y)), ground, 8)
    ]
    assert outside == []


def test_a_picture_with_a_ground_fills_and_one_without_stands_on_white(operator, now):
    full = rebrand.keep_picture("icon", File(picture(RED)), member=operator, now=now)
    clear = rebrand.keep_picture("icon", File(picture(CLEAR, size=(700, 600))), member=operator, now=now)
    assert near(drawn("icon-192.png", full).getpixel((2, 2)), RED)
    assert near(drawn("maskable-192.png", full).getpixel((2, 2)), RED), "its ground goes on around it"
    assert near(drawn("apple-180.png", clear).getpixel((2, 2)), (255, 255, 255))
    assert drawn("apple-180.png", clear).mode == "RGB", "iOS draws transparency black"
    assert drawn("favicon-48.png", clear).convert("RGBA").getpixel((1, 1))[3] == 0, "a tab has its own ground"


def test_a_picture_that_is_gone_is_the_mark(operator):
    assert icons.draw("icon-192.png", "0" * 24, colours.ACCENT, "rice") == icons.draw(
        "icon-192.png", "", colours.ACCENT, "rice"
    )


def test_icons_have_another_address_when_they_are_others():
    own = brand.blank()
    names = {brand.icons_version(each) for each in (own, own | {"icon": "a" * 24}, own | {"logo": "b" * 24})}
    assert len(names) == 3
    assert brand.icons_version(own | {"fans": {"zh": "米粉", "en": ""}}) == brand.icons_version(own)


def test_a_logo_that_is_a_word_keeps_its_shape_and_stands_for_the_name(operator, now):
    values = brand.blank()
    square = rebrand.keep_picture("logo", File(picture(RED)), member=operator, now=now)
    word = rebrand.keep_picture("logo", File(picture(RED, size=(1000, 200))), member=operator, now=now)
    banner = rebrand.keep_picture("logo", File(picture(RED, size=(2400, 200))), member=operator, now=now)
    shown = [brand._brand(values | {"logo": key}, "en").logo for key in (square, word, banner)]
    assert [(each.width, each.is_word) for each in shown] == [(28, False), (140, True), (180, True)]
    assert [each.url for each in shown] == [
        f"/media/{square}/128.webp",
        f"/media/{word}/640.webp",
        f"/media/{banner}/640.webp",
    ]
    assert brand._brand(values, "en").logo is None
    for key, classes in ((square, "brand"), (word, "brand word")):
        options.put("brand.logo", key, now)
        options.forget()
        link = HTMLParser(Client().get("/").content.decode()).css_first("a.brand")
        assert (link.attributes["class"], link.text().strip()) == (classes, "梯田"), (
            "the name is there for who cannot see it"
        )


def test_a_small_picture_is_no_icon(operator, now):
    with pytest.raises(Invalid):
        rebrand.keep_picture("icon", File(picture(RED, size=(1600, 64))), member=operator, now=now)
    assert rebrand.keep_picture("logo", File(picture(RED, size=(64, 64))), member=operator, now=now)
