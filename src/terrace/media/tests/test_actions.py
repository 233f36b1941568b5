"""What comes in is decoded, cleaned, drawn, kept once, and swept away when nothing uses it."""

import io
from datetime import timedelta

import pytest
from PIL import Image, PngImagePlugin

from terrace.kernel.errors import Invalid, TooMany
from terrace.media import actions, policies, queries
from terrace.media.models import Upload, Use
from terrace.media.tests.pictures import (
    HEIC,
    animation,
    picture,
    png_header,
    saved,
    tiny_gif,
    wide_gamut,
    with_exif,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


def keep(data, now, **how):
    return actions.keep_image(data, **{"member_id": 7, "name": "a.png", "now": now, **how})


def opened(upload, width):
    return Image.open(queries.folder(upload.key) / f"{width}.webp")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "AVIF"])
def test_each_format_is_written_anew_as_webp(kind, now):
    upload = keep(picture(kind, (1200, 900)), now)
    assert upload.widths == [320, 640, 960, 1200]
    assert (upload.width, upload.height) == (1200, 900)
    for width in upload.widths:
        with opened(upload, width) as image:
            assert image.format == "WEBP"
            assert image.size == (width, width * 3 // 4)


def corners(image):
    wide, tall = image.size
    return [image.convert("RGB").getpixel(at)[0] > 150 for at in ((9, 9), (wide - 9, 9), (9, tall - 9))]


def test_pictures_from_iphones(now):
    """A HEIC that lies on its side comes out upright, without EXIF, place and XMP."""
    assert b"Ridge Phones" in HEIC
    assert b"Exif" in HEIC
    assert b"<secret>" in HEIC
    upload = keep(HEIC, now, name="IMG_0001.HEIC")
    assert (upload.width, upload.height, upload.widths) == (120, 160, [120])
    with opened(upload, 120) as image:
        assert image.size == (120, 160)
        assert corners(image) == [False, True, False], "red in the upper left, turned to the right"
        assert not image.getexif()
    for file in queries.folder(upload.key).iterdir():
        assert not any(mark in file.read_bytes() for mark in (b"Ridge", b"Exif", b"EXIF", b"XMP", b"secret"))
    with pytest.raises(Invalid):  # the mark alone is no picture
        keep(HEIC[:40] + b"\0" * 200, now)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF", "HEIC"])
def test_a_place_in_any_format_goes(kind, now):
    exif = Image.Exif()
    exif[0x010F] = "Ridge Phones"
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (30.0, 39.0, 0.0)
    data = HEIC if kind == "HEIC" else picture(kind, exif=exif.tobytes())
    upload = keep(data, now)
    with opened(upload, max(upload.widths)) as image:
        assert not image.getexif()
    assert all(b"Ridge" not in file.read_bytes() for file in queries.folder(upload.key).iterdir())


def test_nothing_is_enlarged(now):
    small = keep(picture("PNG", (200, 100)), now)
    assert small.widths == [200]
    assert queries.file_at(queries.address(small.key), session_key="") is None  # its uploader's, until a place shows it
    large = keep(picture("JPEG", (2600, 100)), now)
    assert large.widths == [320, 640, 960, 1920]


def test_orientation_is_applied_and_exif_is_gone(now):
    upload = keep(with_exif(6), now)
    assert (upload.width, upload.height) == (300, 400)
    with opened(upload, 300) as image:
        assert image.size == (300, 400)
        assert not image.getexif()
        assert not image.info.get("xmp")
    for file in queries.folder(upload.key).iterdir():
        data = file.read_bytes()
        assert b"Ridge Phones" not in data
        assert b"EXIF" not in data


def test_colours_become_srgb(now):
    upload = keep(wide_gamut(), now)
    with opened(upload, 64) as image:
        assert "icc_profile" not in image.info


@pytest.mark.parametrize(
    "mode, colour", [("RGBA", (9, 9, 9, 80)), ("L", (9,)), ("P", (9,)), ("I;16", (900,)), ("1", (1,)), ("LA", (9, 80))]
)
def test_every_mode_of_png(mode, colour, now):
    image = Image.new(mode, (40, 30), colour if len(colour) > 1 else colour[0])
    out = io.BytesIO()
    image.save(out, "PNG")
    assert keep(out.getvalue(), now).widths == [40]


def test_cmyk(now):
    out = io.BytesIO()
    Image.new("CMYK", (40, 30), (9, 9, 9, 9)).save(out, "JPEG")
    with opened(keep(out.getvalue(), now), 40) as image:
        assert image.mode == "RGB"


def test_an_animation_moves_in_a_post_and_stands_still_in_lists(now):
    upload = keep(animation(), now)
    with opened(upload, 500) as moving, opened(upload, 320) as still:
        assert moving.n_frames == 3
        assert getattr(still, "n_frames", 1) == 1


@pytest.mark.parametrize("kind", ["WEBP", "PNG", "AVIF"])
def test_animations_of_other_formats_move_too(kind, now):
    frames = [Image.new("RGB", (80, 60), (each * 60, 80, 120)) for each in range(3)]
    upload = keep(saved(frames[0], kind, save_all=True, append_images=frames[1:], duration=80), now)
    with opened(upload, 80) as image:
        assert image.n_frames == 3


def test_an_animation_beyond_the_limits_is_refused_with_what_to_do(now):
    for data in (animation(250, (20, 20)), animation(40, (900, 900)), tiny_gif(100_000)):
        with pytest.raises(Invalid) as told:
            keep(data, now)
        assert told.value.status == 413
        assert "as a video" in told.value.sentence
    still = keep(animation(250, (20, 20)), now, kind="avatar")
    with opened(still, 20) as image:
        assert getattr(image, "n_frames", 1) == 1


def test_avatars_are_squares_for_everybody(now):
    upload = keep(picture("JPEG", (900, 500)), now, kind="avatar")
    assert upload.open
    assert upload.widths == [64, 128, 256]
    with opened(upload, 128) as image:
        assert image.size == (128, 128)
    small = keep(picture("PNG", (100, 300)), now, kind="avatar")
    file = queries.file_at(f"/media/{small.key}/128.webp", session_key="", avif=True)
    assert (file.path.name, file.type, file.open, file.varies) == ("100.webp", "image/webp", True, False)


PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\n"
NOT_PICTURES = {
    "url": b"http://127.0.0.1:8000/console/",
    "path": b"/etc/passwd",
    "file url": b"file:///etc/passwd",
    "svg": b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">'
    b'<image xlink:href="file:///etc/passwd"/></svg>',
    "pdf": PDF,
    "pdf in a jpeg comment": b"\xff\xd8\xff\xfe\x00\x40" + PDF + picture("JPEG")[2:],
    "pdf before a gif": b"GIF89a" + PDF,
    "php": b"<?php system($_GET['c']); ?>",
    "php behind a mark": b"\x89PNG\r\n\x1a\n<?php system($_GET['c']); ?>",
    "gif mark and html": b"GIF89a<script>alert(1)</script>",
    "zip": b"PK\x03\x04" + b"\0" * 40,
    "html": b"<html><body onload=alert(1)>",
    "postscript": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 1 1\n(/etc/passwd) run",
    "data uri": b"data:image/png;base64,iVBORw0KGgo=",
    "bmp": picture("BMP"),
    "tiff": picture("TIFF"),
    "video": b"\0\0\0\x18ftypisom\0\0\2\0isomiso2mp41",
    "truncated": picture("PNG")[:120],
    "half a jpeg": picture("JPEG", (900, 600))[:2000],
    "page behind a picture": picture("PNG", (50, 50)) + b"<?php system('id'); ?>",
    "page in a jpeg comment": b"\xff\xd8\xff\xfe\0\x20" + b"<html><script>alert(1)</script>" + picture("JPEG")[2:],
    "page in exif": picture("JPEG", comment=b"<!DOCTYPE html><body onload=alert(1)>"),
    "svg behind a bom": b"\xef\xbb\xbf<svg onload=alert(1)>",
    "empty": b"",
}


@pytest.mark.parametrize("name", NOT_PICTURES)
def test_what_is_no_picture_is_refused(name, now):
    """SSRF-MEDIA and UPLOAD-RCE of attack_classes.jsonl: the decoder gets bytes only, after their mark was looked at."""
    with pytest.raises(Invalid) as told:
        keep(NOT_PICTURES[name], now, name="../../x.php.png")
    assert told.value.field == "file"
    assert told.value.status in (415, 422)
    assert not Upload.objects.exists()
    assert not list(queries.folder("xx").parent.parent.rglob("*.webp"))


def test_what_stands_behind_a_picture_is_not_kept(now):
    """Phones put a second picture or a short film behind the first; it falls away."""
    upload = keep(picture("JPEG", (50, 50)) + b"MotionPhoto_Data" + b"\0\0\0\x18ftypmp42" * 9, now)
    found = list(queries.folder(upload.key).iterdir())
    assert found
    assert all(b"ftyp" not in file.read_bytes() for file in found)


@pytest.mark.parametrize("size", [(50_000, 50_000), (16_384, 10), (8200, 6200), (10, 60_000)])
def test_pixel_bombs_are_refused_before_they_are_decoded(size, now):
    """DOS-MEDIA: the size is read from the header; nothing of the picture is."""
    with pytest.raises(Invalid) as told:
        keep(png_header(*size), now)
    assert "50" in told.value.sentence
    assert told.value.status == 413


def test_photographs_of_64_million_pixels_are_taken_because_a_jpeg_is_decoded_smaller(now):
    upload = keep(saved(Image.new("L", (9280, 6920)), quality=20), now)
    assert (upload.width, upload.height, upload.widths[-1]) == (9280, 6920, 1920)
    with pytest.raises(Invalid):  # one that is sent in several passes has to be held whole
        keep(saved(Image.new("L", (9280, 6921)), quality=20, progressive=True), now)


def test_a_small_file_with_much_in_it_is_refused(now):
    """A ratio of 1000 to 1 inside a text chunk."""
    notes = PngImagePlugin.PngInfo()
    notes.add_text("note", "0" * 120_000_000, zip=True)
    data = picture("PNG", (10, 10), pnginfo=notes)
    assert len(data) < 200_000
    with pytest.raises(Invalid):
        keep(data, now)


def test_too_many_bytes(now):
    with pytest.raises(Invalid) as told:
        keep(b"\xff\xd8\xff" + b"\0" * (24 * 1024 * 1024), now)
    assert told.value.sentence == "This picture is 25 MB; the limit is 20 MB. Compress and retry."


@pytest.mark.parametrize(
    "name, kept",
    [
        ("照片 1.jpg", "照片 1"),
        ("../../etc/passwd", "passwd"),
        ("a](javascript:alert(1))![.png", "a javascript:alert 1"),
        ("x\x00.php.png", "x.php"),
        ("C:\\fakepath\\夕阳.heic", "夕阳"),
        ("<img src=x onerror=alert(1)>.gif", "img src=x onerror=alert 1"),
        (".htaccess", ""),
    ],
)
def test_names_can_stand_in_markdown_and_name_no_file(name, kept, now):
    upload = keep(picture(), now, name=name)
    assert upload.name == kept
    assert {file.name for file in queries.folder(upload.key).iterdir()} == {"320.webp", "400.webp", "source.webp"}


def test_the_same_picture_is_kept_once(now):
    first, second = keep(picture(), now), keep(picture(), now)
    assert first.pk == second.pk
    assert keep(picture(), now, member_id=8).pk != first.pk
    assert keep(picture(), now, kind="avatar").pk != first.pk


def test_keys_cannot_be_guessed(now):
    keys = {keep(picture(colour=(each, 0, 0)), now).key for each in range(5)}
    assert len(keys) == 5
    assert all(len(key) == 24 for key in keys)  # 96 bits in hexadecimal


def limited(per_day):
    return policies.Limits(1, per_day, 1, 1, 1, 1)


def test_the_daily_limit(now):
    two = limited(2)
    for each in range(2):
        keep(picture(colour=(each, 0, 0)), now + timedelta(hours=each), limits=two)
    with pytest.raises(TooMany) as told:
        keep(picture(colour=(9, 9, 9)), now + timedelta(hours=2), limits=two)
    assert told.value.retry_after == 22 * 3600
    keep(picture(colour=(9, 9, 9)), now + timedelta(hours=2), limits=limited(3))
    keep(picture(colour=(9, 9, 9)), now + timedelta(hours=2), member_id=8, limits=two)
    keep(picture(colour=(8, 9, 9)), now + timedelta(hours=25), limits=two)
    keep(picture(colour=(7, 7, 7)), now + timedelta(hours=2), limits=two, kind="avatar")  # counted apart


def test_a_place_uses_exactly_what_it_was_said_to(now):
    one, two = keep(picture(), now), keep(picture(colour=(1, 2, 3)), now)
    for _twice in range(2):
        actions.keep([one.pk, two.pk, two.pk, 999], place="post:1")
    assert queries.places_of(one.pk) == ["post:1"]
    actions.keep([two.pk], place="post:1")
    assert queries.places_of(one.pk) == []
    actions.release(place="post:1")
    assert not Use.objects.exists()
    with pytest.raises(ValueError, match="place"):
        actions.keep([one.pk], place="nowhere")


def test_a_departed_member_leaves_only_what_is_shown(now, django_capture_on_commit_callbacks):
    shown, unused, face = (
        keep(picture(), now),
        keep(picture(colour=(1, 1, 1)), now),
        keep(picture(), now, kind="avatar"),
    )
    actions.keep([shown.pk], place="post:1")
    actions.keep([face.pk], place="avatar:7")
    with django_capture_on_commit_callbacks(execute=True):
        actions.forget_member(7, now)
        actions.forget_member(7, now)
    assert list(Upload.objects.values_list("pk", "name")) == [(shown.pk, "")]
    assert not queries.folder(unused.key).exists()
