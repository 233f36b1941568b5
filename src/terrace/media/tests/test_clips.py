"""Videos and sounds: read in Python, freed of what they do not need to play, kept within the limits of the level."""

import itertools
import struct
import zlib

import pytest

from terrace.kernel import options
from terrace.kernel.errors import Invalid, TooMany
from terrace.media import actions, policies, queries
from terrace.media.actions import clips
from terrace.media.actions.clips import mp4, webm
from terrace.media.models import Upload
from terrace.media.tests.clips import clip
from terrace.media.tests.pictures import picture, saved, scene

SECRETS = (b"Ridge", b"Secret", b"104.06", b"+30.65")
SOUND = [("plain.m4a", "m4a"), ("plain.mp3", "mp3"), ("opus.ogg", "ogg"), ("vorbis.ogg", "ogg")]
VIDEO = [
    ("plain.mp4", "mp4", 64, 36),
    ("phone.mov", "mp4", 64, 36),
    ("turned.mp4", "mp4", 36, 64),
    ("pieces.mp4", "mp4", 64, 36),
    ("hevc.mp4", "mp4", 64, 36),
    ("plain.webm", "webm", 64, 36),
    ("recorded.webm", "webm", 64, 36),
]


@pytest.mark.parametrize(("name", "ending", "width", "height"), VIDEO)
def test_videos_are_measured_and_cleaned(name, ending, width, height):
    read = clips.read(clip(name))
    assert (read.kind, read.ending, read.width, read.height) == ("video", ending, width, height)
    assert 0.9 < read.seconds < 1.6
    assert not any(secret in read.data for secret in SECRETS)
    again = clips.read(read.data)
    assert (again.seconds, again.data) == (pytest.approx(read.seconds), read.data), "written once, it stays the same"


@pytest.mark.parametrize(("name", "ending"), SOUND)
def test_sounds_are_measured_and_cleaned(name, ending):
    assert any(secret in clip(name) for secret in SECRETS)
    read = clips.read(clip(name))
    assert (read.kind, read.ending, read.width) == ("audio", ending, 0)
    assert 0.9 < read.seconds < 1.3
    assert not any(secret in read.data for secret in SECRETS)
    assert clips.read(read.data).data == read.data


def test_the_place_in_an_mp4_is_gone():
    for name in ("plain.mp4", "phone.mov", "pieces.mp4"):
        assert any(mark in clip(name) for mark in (b"\xa9xyz", b"loci")), name
        read = clips.read(clip(name))
        assert not any(mark in read.data for mark in (b"\xa9xyz", b"loci", b"udta", b"meta")), name
        assert len(read.data) == len(clip(name)), "nothing moves, so every offset holds"


def box(name, body):
    return struct.pack(">I4s", len(body) + 8, name) + body


def inside(data, name, more):
    """The file with a box added at the end of the first box of a name, and every size above it mended."""
    reader = mp4.Reader(data)
    found = next(each for each in reader.boxes(0, len(data)) if each.name == name)
    assert found.end == len(data), "only at the end, or the offsets of the data would move"
    return data[: found.start] + struct.pack(">I", found.end - found.start + len(more)) + data[found.start + 4 :] + more


def test_metadata_of_every_kind_goes():
    data = clip("plain.mp4")
    data = inside(data, b"moov", box(b"meta", b"\0\0\0\0" + b"com.apple.quicktime.location.ISO6709 Secret"))
    data = inside(data, b"moov", box(b"gps ", b"Ridge"))
    data += box(
        b"uuid", b"\xbe\x7a\xcf\xcb\x97\xa9\x42\xe8\x9c\x71\x99\x94\x91\xe3\xaf\xac<x:xmpmeta>Ridge</x:xmpmeta>"
    )
    data += box(b"free", b"freeGPS Ridge") + box(b"emsg", b"Ridge")
    read = clips.read(data)
    assert not any(secret in read.data for secret in SECRETS)
    assert len(read.data) == len(data)


def test_bytes_that_no_track_names_are_blanked():
    """Dashboard cameras write the way they went between the pictures."""
    data = clip("plain.mp4")
    mdat = data.index(b"mdat")
    read = clips.read(data + box(b"mdat", b"GPS 30.65 N Ridge"))
    assert b"Ridge" not in read.data
    assert read.data[mdat + 4 : mdat + 200] == data[mdat + 4 : mdat + 200], "what is played stays as it was"


def test_tracks_beside_picture_and_sound_go_with_their_data():
    data = clip("phone.mov")
    assert b"tmcd" in data
    read = clips.read(data)
    assert (read.tracks, b"tmcd" in read.data) == (1, False)


def test_dates_and_names_go():
    reader = mp4.Reader(clip("plain.mp4"))
    assert b"VideoHandler" in clip("plain.mp4")
    data = reader.clip().data
    assert b"VideoHandler" not in data
    at = data.index(b"mvhd")
    assert clip("plain.mp4")[at + 8 : at + 16] != bytes(8)
    assert data[at + 8 : at + 16] == bytes(8)


def test_a_recording_of_a_browser_gets_length_and_index():
    """Chromium writes neither, so nobody could seek in it."""
    raw = clip("recorded.webm")
    assert webm.CUES.to_bytes(4) not in raw
    read = clips.read(raw)
    segment = next(each for each in webm.Reader(read.data).elements(0, len(read.data)) if each.id == webm.SEGMENT)
    reader = webm.Reader(read.data)
    parts = {each.id: each for each in reader.elements(segment.body, segment.end)}
    info = {each.id: each for each in reader.elements(parts[webm.INFO].body, parts[webm.INFO].end)}
    length = info[webm.DURATION]
    assert struct.unpack(">d", read.data[length.body : length.end])[0] == pytest.approx(read.seconds * 1000)
    points = list(reader.elements(parts[webm.CUES].body, parts[webm.CUES].end))
    assert points
    for point in points:
        place = point.end - 8
        (offset,) = struct.unpack(">Q", read.data[place : place + 8])
        start = segment.body + offset
        assert read.data[start : start + 4] == webm.CLUSTER.to_bytes(4), "the index names the place of a cluster"


def wav(seconds, *, more=b"", coding=1):
    body = b"fmt " + struct.pack("<IHHIIHH", 16, coding, 1, 8000, 8000, 1, 8) + more
    body += b"data" + struct.pack("<I", int(8000 * seconds)) + b"\x80" * int(8000 * seconds)
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WAVE" + body


def test_wav():
    note = b"LIST" + struct.pack("<I", 10) + b"INFORidge\0"
    read = clips.read(wav(2, more=note) + b"id3 \4\0\0\0Ridg")
    assert (read.kind, read.ending, read.seconds) == ("audio", "wav", 2.0)
    assert b"Rid" not in read.data
    with pytest.raises(Invalid):
        clips.read(wav(1, coding=0x55))


def test_an_mp3_is_its_frames_and_nothing_else():
    frames = clips.read(clip("plain.mp3")).data
    cover = b"ID3\3\0\0\0\0\x40\x00" + b"APIC" + b"\0" * 8188
    dressed = cover + frames + b"APETAGEX" + b"\0" * 100 + b"TAG" + b"Secret".ljust(125, b"\0")
    assert clips.read(dressed).data == frames
    for data in (cover, b"ID3\3\0\0\0\0\x7f\x7f" + b"<script>", b"\xff\xfb\x90\x00" + b"x" * 70_000):
        with pytest.raises(Invalid):
            clips.read(data)


REFUSED = {
    "another codec": (clip("old.mp4"), 415),
    "matroska": (clip("plain.webm").replace(b"webm", b"matr", 1), 415),
    "locked": (clip("plain.mp4").replace(b"avc1", b"encv"), 415),
    "cut mp4": (clip("plain.mp4")[:1500], 422),
    "cut webm": (clip("plain.webm")[:-900], 422),
    "cut ogg": (clip("opus.ogg")[:-30], 422),
    "head alone": (b"\0\0\0\x18ftypisom\0\0\2\0isomiso2mp41", 422),
    "page behind a head": (b"\0\0\0\x18ftypisom\0\0\2\0isomiso2mp41<html><script>alert(1)</script>", 422),
    "data elsewhere": (clip("plain.mp4").replace(b"url \0\0\0\1", b"url \0\0\0\0"), 415),
    "samples beyond the end": (clip("plain.mp4").replace(b"mdat", b"free"), 422),
    "a billion rows": (clip("plain.mp4").replace(b"stts\0\0\0\0\0\0\0", b"stts\0\0\0\0\x7f\0\0"), 422),
    "no end": (b"\x1a\x45\xdf\xa3\x01\xff\xff\xff\xff\xff\xff\xff", 422),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_does_not_play_is_refused(name):
    data, status = REFUSED[name]
    assert clips.kind_of(data[:256])
    with pytest.raises(Invalid) as told:
        clips.read(data)
    assert told.value.status == status


def test_a_giant_picture_is_refused():
    data = bytearray(clip("plain.mp4"))
    at = data.index(b"avc1", data.index(b"stsd")) + 28
    data[at : at + 4] = struct.pack(">HH", 16_000, 9_000)
    with pytest.raises(Invalid) as told:
        clips.read(bytes(data))
    assert told.value.status == 415


def test_a_length_that_lies_does_not_help():
    """The head of a film says one second, its samples an hour."""
    data = bytearray(clip("plain.mp4"))
    at = data.index(b"stts") + 12
    data[at + 4 : at + 8] = struct.pack(">I", 3600 * 10_240 // 10)
    assert clips.read(bytes(data)).seconds > 3000


@pytest.mark.parametrize("name", [name for name, *_rest in VIDEO] + [name for name, _ending in SOUND])
def test_damage_is_refused_or_harmless(name):
    numbers = (zlib.crc32(f"{name} {each}".encode()) for each in itertools.count())
    whole = clip(name)
    for _each in range(150):
        data = bytearray(whole)
        for _change in range(1 + next(numbers) % 9):
            data[next(numbers) % len(data)] = next(numbers) % 256 if next(numbers) % 2 else 0xFF
        part = bytes(data if next(numbers) % 2 else data[: 40 + next(numbers) % len(data)])
        if clips.kind_of(part[:256]):
            try:
                clips.read(part)
            except Invalid as told:
                assert told.status in (415, 422)


# -- keeping ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def _store(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


def keep(data, now, **how):
    return actions.keep_clip(
        data, **{"member_id": 7, "name": "夜市.mp4", "now": now, "limits": policies.limits_at(1), **how}
    )


@pytest.mark.usefixtures("_store")
def test_a_video_is_kept_with_its_poster(now):
    upload = keep(clip("plain.mp4"), now, poster=saved(scene(1, (700, 394))))
    assert (upload.kind, upload.ending, upload.width, upload.height) == ("video", "mp4", 64, 36)
    assert (upload.widths, upload.seconds, upload.name) == ([320, 640, 700], pytest.approx(1.128), "夜市")
    names = {file.name for file in queries.folder(upload.key).iterdir()}
    assert names == {"clip.mp4", "320.webp", "640.webp", "700.webp"}
    assert keep(clip("plain.mp4"), now).pk == upload.pk, "the same is kept once"
    assert Upload.objects.count() == 1


@pytest.mark.usefixtures("_store")
def test_a_video_without_a_poster_and_a_sound(now):
    assert keep(clip("plain.webm"), now).widths == []
    sound = keep(clip("plain.m4a"), now, poster=picture())
    assert (sound.kind, sound.widths, sound.width) == ("audio", [], 0)


@pytest.mark.usefixtures("_store")
def test_a_poster_is_verified_like_any_picture(now):
    with pytest.raises(Invalid):
        keep(clip("plain.mp4"), now, poster=b"<svg onload=alert(1)>")
    assert not Upload.objects.exists()


STEPS = [
    {"level": 1, "per_day": 2, "video_mb": 0, "video_seconds": 0, "audio_mb": 1, "audio_seconds": 60},
    {"level": 3, "per_day": 9, "video_mb": 1, "video_seconds": 1, "audio_mb": 1, "audio_seconds": 60},
    {"level": 5, "per_day": 9, "video_mb": 2, "video_seconds": 30, "audio_mb": 1, "audio_seconds": 60},
]


@pytest.mark.usefixtures("_store")
def test_limits_by_level(now):
    options.put("media.limits", STEPS, now)
    options.forget()
    with pytest.raises(Invalid) as told:
        keep(clip("plain.mp4"), now, limits=policies.limits_at(2))
    assert told.value.sentence == "You cannot send videos yet. From level 3 on it is 1 MB and 1 s."
    long = clip("plain.mp4") + box(b"free", b"\0" * 1_200_000)
    with pytest.raises(Invalid) as told:
        keep(long, now, limits=policies.limits_at(4))
    assert told.value.sentence == "This file is 2 MB; the limit is 1 MB. From level 5 on it is 2 MB and 30 s."
    assert told.value.status == 413
    film = bytearray(clip("plain.mp4"))
    at = film.index(b"stts") + 12
    film[at + 4 : at + 8] = struct.pack(">I", 50 * 10_240 // 10)
    with pytest.raises(Invalid) as told:
        keep(bytes(film), now, limits=policies.limits_at(5))
    assert told.value.sentence.startswith("This lasts 50 s; the limit is 30 s.")
    assert keep(clip("plain.mp4"), now, limits=policies.limits_at(5)).kind == "video"
    keep(clip("opus.ogg"), now, limits=policies.limits_at(1))
    with pytest.raises(TooMany):
        keep(clip("vorbis.ogg"), now, limits=policies.limits_at(1))
