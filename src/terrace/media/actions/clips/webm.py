"""WebM: a tree of elements (RFC 8794, RFC 9559), written anew.

Only the tracks and their blocks are taken over; tags, attachments, chapters, names and dates fall away. Browsers record
without a length and without an index, so both are made: without them nobody can seek.
"""

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from terrace.media.actions.clips.parts import MAX_PARTS, Broken, Clip, Foreign, check_side

EBML, SEGMENT, INFO, TRACKS, CLUSTER, CUES = 0x1A45DFA3, 0x18538067, 0x1549A966, 0x1654AE6B, 0x1F43B675, 0x1C53BB6B
# What may follow a cluster of unknown size and so ends it: seek head, info, tracks, cluster, cues, attachments, chapters, tags.
_LEVEL_1 = frozenset((0x114D9B74, INFO, TRACKS, CLUSTER, CUES, 0x1941A469, 0x1043A770, 0x1254C367))
DOC_TYPE, SCALE, DURATION, MUXER, WRITER = 0x4282, 0x2AD7B1, 0x4489, 0x4D80, 0x5741
ENTRY, NUMBER, KIND, CODEC, VIDEO, AUDIO, EVERY, ENCODINGS = 0xAE, 0xD7, 0x83, 0x86, 0xE0, 0xE1, 0x23E383, 0x6D80
WIDE, TALL = 0xB0, 0xBA
TIME, SIMPLE, GROUP, BLOCK = 0xE7, 0xA3, 0xA0, 0xA1
# Number, UID, kind, codec, private data, delay, pre-roll, duration of a frame, lacing, video, audio.
_OF_TRACK = frozenset((NUMBER, 0x73C5, KIND, CODEC, 0x63A2, 0x56AA, 0x56BB, EVERY, 0x9C, VIDEO, AUDIO))
# Block, its duration, what it refers to, padding to discard.
_OF_GROUP = frozenset((BLOCK, 0x9B, 0xFB, 0x75A2))
_CODECS = {b"V_VP8": 1, b"V_VP9": 1, b"V_AV1": 1, b"A_OPUS": 2, b"A_VORBIS": 2}


@dataclass(frozen=True)
class Element:
    """An element: its id, and where its content begins and ends; `end` is None while its size is unknown."""

    id: int
    body: int
    end: int | None


@dataclass
class Track:
    """What is known of one track."""

    number: int = 0
    kind: int = 0
    codec: bytes = b""
    width: int = 0
    height: int = 0
    raw: bytes = b""


@dataclass
class Cluster:
    """Blocks that share a time, in ticks; `key` is the time of the first from which a picture can be drawn."""

    time: int = 0
    key: int | None = None
    parts: list[bytes] = field(default_factory=list)


def clip(data: bytes) -> Clip:
    """Return a WebM written anew. Raises Broken and Foreign."""
    return Reader(data).clip()


class Reader:
    """Reads one file."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.left = MAX_PARTS
        self.resume = len(data)
        self.scale = 1_000_000
        self.tracks: dict[int, Track] = {}
        self.clusters: list[Cluster] = []
        self.times: dict[int, list[int]] = {}

    def clip(self) -> Clip:
        """Read everything, then write it again."""
        tops = self.elements(0, len(self.data))
        head = next(tops, None)
        if head is None or head.id != EBML or head.end is None:
            raise Broken("no head")
        if self.child(head, DOC_TYPE) != b"webm":
            raise Foreign("not WebM")
        segment = next((each for each in tops if each.id == SEGMENT), None)
        if segment is None:
            raise Broken("no segment")
        self.segment(segment)
        return self.written()

    def vint(self, at: int, *, keep_mark: bool) -> tuple[int, int]:
        """Return (value, what follows) of a number whose length its first byte tells; -1 for a size that is unknown."""
        first = self.data[at]
        length = 9 - first.bit_length()
        if length > 8 or at + length > len(self.data):
            raise Broken("a number that is cut")
        value = int.from_bytes(self.data[at : at + length])
        if keep_mark:
            return value, at + length
        value &= (1 << 7 * length) - 1
        return (-1 if value == (1 << 7 * length) - 1 else value), at + length

    def elements(self, start: int, end: int) -> Iterator[Element]:
        """Yield the elements between two places."""
        while start < end:
            self.left -= 1
            if self.left < 0:
                raise Broken("too many elements")
            name, at = self.vint(start, keep_mark=True)
            size, body = self.vint(at, keep_mark=False)
            if size < 0:
                if name not in (SEGMENT, CLUSTER):
                    raise Broken("an element without an end")
                yield Element(name, body, None)
                # Whoever reads its content tells where it ended.
                start = self.resume if name == CLUSTER else end
                continue
            if body + size > end:
                raise Broken("an element that does not fit")
            yield Element(name, body, body + size)
            start = body + size

    def child(self, parent: Element, name: int) -> bytes:
        """Return the content of the first child of this id, without the zeros behind it, or nothing."""
        found = next((each for each in self.elements(parent.body, parent.end or 0) if each.id == name), None)
        return self.data[found.body : found.end].rstrip(b"\0") if found else b""

    def number(self, element: Element) -> int:
        """Return an unsigned number."""
        return int.from_bytes(self.data[element.body : element.end])

    def segment(self, segment: Element) -> None:
        """Read what the file plays."""
        for each in self.elements(segment.body, segment.end or len(self.data)):
            if each.id == INFO:
                found = next((one for one in self.elements(each.body, each.end or 0) if one.id == SCALE), None)
                self.scale = self.number(found) if found else self.scale
            elif each.id == TRACKS:
                for entry in self.elements(each.body, each.end or 0):
                    if entry.id == ENTRY:
                        self.entry(entry)
            elif each.id == CLUSTER:
                self.cluster(each)

    def entry(self, entry: Element) -> None:
        """Read one track; one that is neither picture nor sound falls away."""
        track, parts = Track(), []
        for each in self.elements(entry.body, entry.end or 0):
            if each.id == ENCODINGS:
                raise Foreign("packed or locked data")
            if each.id == NUMBER:
                track.number = self.number(each)
            elif each.id == KIND:
                track.kind = self.number(each)
            elif each.id == CODEC:
                track.codec = self.data[each.body : each.end].rstrip(b"\0")
            elif each.id == VIDEO:
                for one in self.elements(each.body, each.end or 0):
                    if one.id in (WIDE, TALL):
                        setattr(track, "width" if one.id == WIDE else "height", self.number(one))
            if each.id in _OF_TRACK:
                parts.append(element(each.id, self.data[each.body : each.end]))
        if track.kind not in (1, 2):
            return
        if _CODECS.get(track.codec) != track.kind:
            raise Foreign(track.codec.decode("latin-1"))
        track.raw = element(ENTRY, b"".join(parts))
        self.tracks[track.number] = track

    def cluster(self, cluster: Element) -> None:
        """Take the blocks of the tracks that stay."""
        found = Cluster()
        at, end = cluster.body, len(self.data) if cluster.end is None else cluster.end
        while at < end:
            name, _at = self.vint(at, keep_mark=True)
            if cluster.end is None and name in _LEVEL_1:
                break
            each = next(self.elements(at, end))
            if each.end is None:
                raise Broken("an element without an end")
            if each.id == TIME:
                found.time = self.number(each)
            elif each.id == SIMPLE:
                self.block(found, each, element(SIMPLE, self.data[each.body : each.end]), None)
            elif each.id == GROUP:
                self.group(found, each)
            at = each.end
        self.resume = at
        self.clusters.append(found)

    def group(self, cluster: Cluster, group: Element) -> None:
        """Take a block that comes with facts about it."""
        children = [each for each in self.elements(group.body, group.end or 0) if each.id in _OF_GROUP]
        block = next((each for each in children if each.id == BLOCK), None)
        if block is None:
            return
        raw = element(GROUP, b"".join(element(each.id, self.data[each.body : each.end]) for each in children))
        self.block(cluster, block, raw, all(each.id != 0xFB for each in children))

    def block(self, cluster: Cluster, block: Element, raw: bytes, key: bool | None) -> None:
        """Note when a block plays, and keep it."""
        number, at = self.vint(block.body, keep_mark=False)
        track = self.tracks.get(number)
        if track is None:
            return
        (offset,) = struct.unpack_from(">h", self.data, at)
        time = cluster.time + offset
        if key is None:
            key = bool(self.data[at + 2] & 0x80)
        self.times.setdefault(number, []).append(time)
        if key and track.kind == 1 and cluster.key is None:
            cluster.key = time
        cluster.parts.append(raw)

    def seconds(self) -> float:
        """Return how long it plays: to the last block and, by the mean, as long as one lasts."""
        ends = []
        for times in self.times.values():
            last, first = max(times), min(times)
            ends.append(last + ((last - first) / (len(times) - 1) if len(times) > 1 else 0))
        return max(ends, default=0) * self.scale / 1e9

    def written(self) -> Clip:
        """Write the file: length, tracks, index, clusters."""
        pictures = [track for track in self.tracks.values() if track.kind == 1 and track.number in self.times]
        seconds = self.seconds()
        if not self.times or not 0 < seconds < 86_400:
            raise Broken("nothing to play")
        width, height = (pictures[0].width, pictures[0].height) if pictures else (0, 0)
        if pictures:
            check_side(width, height)
        clusters = [each for each in self.clusters if each.parts]
        bodies = [element(CLUSTER, element(TIME, uint(each.time)) + b"".join(each.parts)) for each in clusters]
        length = struct.pack(">d", seconds * 1e9 / self.scale)
        info = element(
            INFO,
            element(SCALE, uint(self.scale)) + element(DURATION, length) + element(MUXER, b"T") + element(WRITER, b"T"),
        )
        head = info + element(TRACKS, b"".join(track.raw for track in self.tracks.values()))
        number = pictures[0].number if pictures else 0
        room = len(_cues(number, [(each.key, 0) for each in clusters])) if pictures else 0
        places, at = [], len(head) + room
        for each, body in zip(clusters, bodies, strict=True):
            places.append((each.key, at))
            at += len(body)
        cues = _cues(number, places) if pictures else b""
        data = b"".join([_HEAD, SEGMENT.to_bytes(4), _size(at), head, cues, *bodies])
        return Clip("video" if pictures else "audio", "webm", width, height, seconds, data, len(self.tracks))


def _cues(number: int, places: Iterable[tuple[int | None, int]]) -> bytes:
    """Return the index: when a picture can be drawn from, and where. Its length does not hang on the numbers."""
    points = [
        element(
            0xBB,
            element(0xB3, time.to_bytes(8))
            + element(0xB7, element(0xF7, uint(number)) + element(0xF1, at.to_bytes(8))),
        )
        for time, at in places
        if time is not None and time >= 0
    ]
    return element(CUES, b"".join(points)) if points else b""


def uint(value: int) -> bytes:
    """Return a number in as few bytes as it needs."""
    return value.to_bytes(max(1, (value.bit_length() + 7) // 8))


def _size(size: int) -> bytes:
    for length in range(1, 9):
        if size < (1 << 7 * length) - 1:
            return (size | 1 << 7 * length).to_bytes(length)
    raise Broken("too long")


def element(name: int, body: bytes) -> bytes:
    """Return an element."""
    return uint(name) + _size(len(body)) + body


_HEAD = element(
    EBML,
    element(0x4286, b"\1")
    + element(0x42F7, b"\1")
    + element(0x42F2, b"\4")
    + element(0x42F3, b"\x08")
    + element(DOC_TYPE, b"webm")
    + element(0x4287, b"\4")
    + element(0x4285, b"\2"),
)
