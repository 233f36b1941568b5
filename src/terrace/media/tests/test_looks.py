"""What comes after a picture is kept: lighter renditions, what it looks like, and a hint of it."""

import base64
from datetime import timedelta

import pytest
from PIL import Image, ImageDraw

from terrace.kernel.models import Delivery, EventRow
from terrace.media import actions, policies, queries
from terrace.media.actions import files, pictures
from terrace.media.models import Look, Upload
from terrace.media.tests.pictures import animation, picture, saved, scene

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


def keep(data, now, **how):
    return actions.keep_image(data, **{"member_id": 7, "name": "a.png", "now": now, **how})


# -- lighter renditions ----------------------------------------------------------------------------------------------


def drawn_lighter(upload):
    return {file.name for file in queries.folder(upload.key).iterdir()}


def test_lighter_renditions_are_drawn_by_the_worker_where_they_pay(now):
    upload = keep(saved(scene(3, (1300, 900)), quality=97), now)
    assert "source.webp" in drawn_lighter(upload)
    event = EventRow.objects.get(kind="media.PictureKept")
    assert event.data == {"upload_id": upload.pk, "member_id": 7}
    assert Delivery.objects.filter(event=event, listener="media.draw_lighter").exists()
    assert actions.draw_lighter(upload.pk) > 0
    names = drawn_lighter(upload)
    assert "source.webp" not in names
    for name in names:
        folder = queries.folder(upload.key)
        if name.endswith(".avif"):
            with Image.open(folder / name) as image:
                assert (image.format, f"{image.width}.avif") == ("AVIF", name)
                assert not image.getexif()
            assert (folder / name).stat().st_size < (folder / name).with_suffix(".webp").stat().st_size * 0.9
    assert actions.draw_lighter(upload.pk) == 0
    assert actions.draw_lighter(upload.pk + 1) == 0


def test_lighter_renditions_are_not_drawn_of_what_moves_or_is_small(now):
    keep(animation(), now)
    keep(picture("PNG", (200, 100)), now)
    keep(picture("PNG", (800, 800)), now, kind="avatar")
    assert not EventRow.objects.filter(kind="media.PictureKept").exists()


def test_a_picture_that_goes_while_it_is_drawn_is_no_trouble(now, monkeypatch):
    upload = keep(saved(scene(3)), now)
    real = pictures.lighter

    def draw(source, sizes):
        files.delete(upload.key)
        return real(source, sizes) or {320: b"x"}

    monkeypatch.setattr(pictures, "lighter", draw)
    assert actions.draw_lighter(upload.pk) == 0
    assert not queries.folder(upload.key).exists()


# -- looks -----------------------------------------------------------------------------------------------------------


def test_the_same_picture_saved_again_is_offered_and_not_kept_twice(now):
    first = keep(saved(scene(1), quality=95), now)
    copies = {
        "quality": saved(scene(1), quality=50),
        "smaller": saved(scene(1).resize((400, 300))),
        "format": saved(scene(1), "WEBP", quality=60),
    }
    for name, data in copies.items():
        with pytest.raises(policies.SentBefore) as told:
            keep(data, now + timedelta(hours=30))
        assert (told.value.upload.pk, told.value.status) == (first.pk, 409), name
    assert Upload.objects.count() == 1
    assert actions.delete_orphans(now + timedelta(hours=31)) == 0, "what was offered stays for another day"
    assert keep(copies["quality"], now, again=True).pk != first.pk
    assert keep(copies["smaller"], now, member_id=8).pk != first.pk, "nobody is told what others have sent"
    assert keep(saved(scene(2)), now).pk != first.pk
    assert keep(copies["format"], now, kind="avatar").pk != first.pk


def test_plain_pictures_have_no_look(now):
    white = keep(saved(Image.new("RGB", (300, 300), "white")), now)
    other = keep(saved(Image.new("RGB", (400, 300), (250, 250, 250))), now)
    assert (white.look, other.look) == ("", "")
    assert not Look.objects.exists()


def test_screenshots_are_told_apart(now):
    for page in range(6):
        image = Image.new("RGB", (540, 1200), (250, 250, 250))
        draw = ImageDraw.Draw(image)
        for line in range(14):
            step = (line * 2654435761 + page * 97531) % 2**32
            draw.rectangle((30, 80 + line * 75, 90 + step % 380, 100 + line * 75), fill=(30, 30, 30))
        keep(saved(image, "PNG"), now)
    assert Upload.objects.count() == 6


def test_a_blur_is_a_few_pixels(now):
    wide, tall = keep(saved(scene(1, (800, 400))), now), keep(saved(scene(2, (300, 900))), now)
    for upload in (wide, tall):
        columns, pixels = upload.blur.split(" ")
        assert len(base64.b64decode(pixels)) % (3 * int(columns)) == 0
        assert len(upload.blur) <= 120
    assert int(wide.blur[0]) > int(tall.blur[0])
    see_through = Image.new("RGBA", (300, 300), (200, 0, 0, 120))
    assert keep(saved(see_through, "PNG"), now).blur == ""
