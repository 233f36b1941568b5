"""MP3, Ogg and WAV: of each, what is heard, written anew; titles, covers, comments and dates fall away."""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from terrace.media.actions.clips.parts import MAX_PARTS, Broken, Clip, Foreign

# ISO/IEC 11172-3 and 13818-3: kbit/s of layer III, and samples per second of MPEG 1, 2 and 2.5.
_RATES_1 = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_RATES_2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
_SAMPLING = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
JUNK = 65_536  # bytes between frames that are passed over


def is_mp3(head: bytes) -> bool:
    """Whether a file begins like an MP3: with a tag or with a frame."""
    return head.startswith(b"ID3") or _frame(head, 0) is not None


def _frame(data: bytes, at: int) -> tuple[int, int, int] | None:
    """Return (bytes, samples, samples per second) of the frame that begins here, or None."""
    if at + 4 > len(data) or data[at] != 0xFF or data[at + 1] & 0xE6 != 0xE2:  # eleven bits of sync, layer III
        return None
    version, rate, sampling = data[at + 1] >> 3 & 3, data[at + 2] >> 4, data[at + 2] >> 2 & 3
    if version == 1 or rate in (0, 15) or sampling == 3:
        return None
    hertz, samples = _SAMPLING[version][sampling], 1152 if version == 3 else 576
    kbits = (_RATES_1 if version == 3 else _RATES_2)[rate]
    return samples // 8 * kbits * 1000 // hertz + (data[at + 2] >> 1 & 1), samples, hertz


def _after_id3(data: bytes) -> int:
    """Return where the sound begins: behind the tags of ID3v2, whose size is four numbers of seven bits."""
    at = 0
    while data[at : at + 3] == b"ID3":
        size = data[at + 6 : at + 10]
        if len(size) < 4:
            raise Broken("a cut tag")
        at += 10 + (size[0] << 21 | size[1] << 14 | size[2] << 7 | size[3]) + (10 if data[at + 5] & 0x10 else 0)
    return at


def mp3(data: bytes) -> Clip:
    """Return the frames of an MP3 and nothing else. Raises Broken."""
    at, seconds, junk = _after_id3(data), 0.0, 0
    frames: list[bytes] = []
    end = len(data) - 128 if data[-128:-125] == b"TAG" else len(data)
    while at < end and len(frames) < MAX_PARTS:
        found = _frame(data, at)
        # A frame counts when another follows it, or nothing does: four bytes alone are met by chance.
        if found and (at + found[0] >= end or _frame(data, at + found[0]) or data[at + found[0] :][:3] in _TAGS):
            size, samples, hertz = found
            if at + size <= end:
                frames.append(data[at : at + size])
                seconds += samples / hertz
            at += size
        elif data[at : at + 8] == b"APETAGEX" or data[at : at + 9] == b"LYRICSBEG":
            break
        else:
            at += 1
            junk += 1
            if junk > JUNK:
                raise Broken("no frames")
    if len(frames) < 3:
        raise Broken("no frames")
    return Clip("audio", "mp3", 0, 0, seconds, b"".join(frames))


_TAGS = (b"APE", b"LYR", b"TAG")


def wav(data: bytes) -> Clip:
    """Return format and samples of a WAV and nothing else. Raises Broken and Foreign."""
    shape = samples = b""
    at = 12
    while at + 8 <= len(data) and not samples:
        name, size = struct.unpack_from("<4sI", data, at)
        if name == b"fmt ":
            shape = data[at + 8 : at + 8 + size]
        elif name == b"data":
            samples = data[at + 8 : at + 8 + size]
        at += 8 + size + size % 2
    if len(shape) < 16 or not samples:
        raise Broken("no samples")
    coding, _channels, _hertz, per_second, frame, _bits = struct.unpack_from("<HHIIHH", shape)
    if coding not in (1, 3, 0xFFFE):
        raise Foreign("compressed")
    if per_second < 1 or frame < 1 or len(shape) > 64:
        raise Broken("no rate")
    samples = samples[: len(samples) // frame * frame]
    body = b"WAVEfmt " + struct.pack("<I", len(shape)) + shape + b"data" + struct.pack("<I", len(samples)) + samples
    whole = b"RIFF" + struct.pack("<I", len(body)) + body
    return Clip("audio", "wav", 0, 0, len(samples) / per_second, whole)


@dataclass(frozen=True)
class Page:
    """A page of Ogg (RFC 3533)."""

    flags: int
    granule: int
    serial: int
    laces: bytes
    body: bytes


def _pages(data: bytes) -> Iterator[Page]:
    at = 0
    for _each in range(MAX_PARTS):
        if at >= len(data):
            return
        if data[at : at + 4] != b"OggS" or at + 27 > len(data):
            raise Broken("no page")
        flags, granule, serial, _number, _crc, count = struct.unpack_from("<xBqIIIB", data, at + 4)
        laces = data[at + 27 : at + 27 + count]
        start = at + 27 + count
        body = data[start : start + sum(laces)]
        if len(body) != sum(laces):
            raise Broken("a cut page")
        yield Page(flags, granule, serial, laces, body)
        at = start + len(body)
    raise Broken("too many pages")


_MIRRORED = bytes(int(f"{each:08b}"[::-1], 2) for each in range(256))


def _checksum(data: bytes) -> int:
    """Return Ogg's checksum: the polynomial of zlib's, read from the other side, beginning and ending without inversion."""
    mirrored = zlib.crc32(data.translate(_MIRRORED), 0xFFFFFFFF) ^ 0xFFFFFFFF
    return int(f"{mirrored:032b}"[::-1], 2)


def _page(page: Page, number: int) -> bytes:
    head = struct.pack("<4sBBqIIIB", b"OggS", 0, page.flags, page.granule, page.serial, number, 0, len(page.laces))
    whole = bytearray(head + page.laces + page.body)
    struct.pack_into("<I", whole, 22, _checksum(bytes(whole)))
    return bytes(whole)


def _packets(pages: Iterator[Page], wanted: int) -> list[bytes]:
    """Return the next packets; the last of them ends its page, as the heads of Opus and Vorbis do."""
    done: list[bytes] = []
    open_packet = bytearray()
    for page in pages:
        at = 0
        for lace in page.laces:
            open_packet += page.body[at : at + lace]
            at += lace
            if lace < 255:
                done.append(bytes(open_packet))
                open_packet.clear()
        if len(done) >= wanted and not open_packet:
            break
    if len(done) != wanted:
        raise Broken("heads that do not end")
    return done


def _laced(packets: list[bytes], serial: int) -> list[Page]:
    """Return packets as pages of at most 255 pieces."""
    pieces: list[bytes] = []
    for packet in packets:
        pieces += [packet[at : at + 255] for at in range(0, len(packet), 255)]
        if len(packet) % 255 == 0:
            pieces.append(b"")
    pages = []
    for at in range(0, len(pieces), 255):
        part = pieces[at : at + 255]
        continued = at > 0 and len(pieces[at - 1]) == 255
        ends = any(len(each) < 255 for each in part)
        pages.append(Page(int(continued), 0 if ends else -1, serial, bytes(len(each) for each in part), b"".join(part)))
    return pages


def ogg(data: bytes) -> Clip:
    """Return Opus or Vorbis in Ogg with an empty comment. Raises Broken and Foreign."""
    pages = _pages(data)
    first = next(pages, None)
    if first is None or not first.flags & 2:
        raise Broken("no beginning")
    if first.body.startswith(b"OpusHead") and len(first.body) >= 19:
        hertz, skipped = 48_000, struct.unpack_from("<H", first.body, 10)[0]
        _packets(pages, 1)
        heads = [b"OpusTags" + struct.pack("<I", 0) + struct.pack("<I", 0)]
    elif first.body.startswith(b"\1vorbis") and len(first.body) >= 30:
        hertz, skipped = struct.unpack_from("<I", first.body, 12)[0], 0
        _comment, setup = _packets(pages, 2)
        heads = [b"\3vorbis" + struct.pack("<II", 0, 0) + b"\1", setup]
    else:
        raise Foreign("neither Opus nor Vorbis")
    whole = [first, *_laced(heads, first.serial)]
    for page in pages:
        if page.serial != first.serial:
            raise Foreign("several streams")
        whole.append(page)
    last = max((page.granule for page in whole), default=0)
    if hertz < 1 or last <= skipped:
        raise Broken("nothing to hear")
    written = b"".join(_page(page, number) for number, page in enumerate(whole))
    return Clip("audio", "ogg", 0, 0, (last - skipped) / hertz, written)
