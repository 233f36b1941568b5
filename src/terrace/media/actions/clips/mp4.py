"""MP4, M4A and QuickTime: a tree of boxes (ISO/IEC 14496-12).

What is not needed to play the file is overwritten in place, so that no offset moves: metadata (`udta`, `meta`, XMP),
tracks that are neither picture nor sound (cameras write the way they went into one), bytes of `mdat` that no track
names, and the dates.
"""

import struct
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from terrace.media.actions.clips.parts import MAX_PARTS, Broken, Clip, Foreign, check_side

BRANDS = frozenset(
    b"isom iso2 iso3 iso4 iso5 iso6 iso7 iso8 iso9 mp41 mp42 avc1 av01 M4V M4A M4B qt dash msnv 3gp4 3gp5 3gp6".split()
)
_TOP = frozenset((b"ftyp", b"moov", b"mdat", b"moof", b"sidx", b"styp", b"mfra"))
# Which boxes may stay inside which.
_INSIDE = {
    b"moov": frozenset((b"mvhd", b"trak", b"mvex")),
    b"trak": frozenset((b"tkhd", b"edts", b"mdia")),
    b"mdia": frozenset((b"mdhd", b"hdlr", b"minf")),
    b"minf": frozenset((b"vmhd", b"smhd", b"hdlr", b"dinf", b"stbl")),
    b"stbl": frozenset(b"stsd stts ctts stss stsc stsz stz2 stco co64 sgpd sbgp sdtp cslg stps".split()),
    b"mvex": frozenset((b"mehd", b"trex")),
    b"moof": frozenset((b"mfhd", b"traf")),
    b"traf": frozenset((b"tfhd", b"tfdt", b"trun", b"sbgp", b"sgpd", b"sdtp")),
    b"edts": frozenset((b"elst",)),
    b"dinf": frozenset((b"dref",)),
}
_DATED = frozenset((b"mvhd", b"tkhd", b"mdhd"))
_PICTURES = frozenset((b"avc1", b"avc3", b"hvc1", b"hev1", b"vp09", b"av01"))
_SOUNDS = frozenset((b"mp4a", b"Opus", b"fLaC", b".mp3", b"ac-3", b"ec-3"))


@dataclass(frozen=True)
class Box:
    """A box: its name, and where it, its content and what follows it begin."""

    name: bytes
    start: int
    body: int
    end: int


@dataclass
class Track:
    """What is known of one track."""

    number: int = 0
    handler: bytes = b""
    codec: bytes = b""
    width: int = 0
    height: int = 0
    turned: bool = False
    scale: int = 0
    ticks: int = 0
    tables: dict[bytes, Box] = field(default_factory=dict)

    @property
    def seconds(self) -> float:
        """How long it plays."""
        return self.ticks / self.scale if self.scale else 0.0


class Reader:
    """Reads and cleans one file."""

    def __init__(self, data: bytes) -> None:
        self.data = bytearray(data)
        self.left = MAX_PARTS
        self.tracks: list[Track] = []
        self.defaults: dict[int, int] = {}
        self.mdats: list[Box] = []
        self.fragmented = False
        self.foreign_tracks = False

    def clip(self) -> Clip:
        """Return the cleaned file. Raises Broken and Foreign."""
        tops = list(self.boxes(0, len(self.data)))
        if [box.name for box in tops].count(b"moov") != 1:
            raise Broken("not one table of contents")
        self.mdats = [box for box in tops if box.name == b"mdat"]
        self.fragmented = any(box.name == b"moof" for box in tops)
        for box in sorted(tops, key=lambda box: box.name != b"moov"):
            if box.name not in _TOP:
                self.wipe(box)
            elif box.name == b"moov":
                self.walk(box, None)
            elif box.name == b"moof":
                self.fragment(box)
        return self.judged()

    def judged(self) -> Clip:
        """Say what the tracks amount to."""
        pictures = [track for track in self.tracks if track.handler == b"vide"]
        sounds = [track for track in self.tracks if track.handler == b"soun"]
        if not pictures and not sounds:
            raise Broken("nothing to play")
        for track in pictures + sounds:
            if track.codec not in (_PICTURES if track in pictures else _SOUNDS):
                raise Foreign(track.codec.decode("latin-1"))
        if self.fragmented and self.foreign_tracks:
            raise Foreign("a track beside picture and sound")
        if not self.fragmented:
            self.blank_rest()
        seconds = max(track.seconds for track in self.tracks)
        if not 0 < seconds < 86_400:
            raise Broken("no length")
        if not pictures:
            return Clip("audio", "m4a", 0, 0, seconds, bytes(self.data))
        first = pictures[0]
        width, height = (first.height, first.width) if first.turned else (first.width, first.height)
        check_side(width, height)
        return Clip("video", "mp4", width, height, seconds, bytes(self.data), len(self.tracks))

    def boxes(self, start: int, end: int) -> Iterator[Box]:
        """Yield the boxes between two places; they must fill the space."""
        while start + 8 <= end:
            self.left -= 1
            if self.left < 0:
                raise Broken("too many boxes")
            size, name = struct.unpack_from(">I4s", self.data, start)
            body = start + 8
            if size == 1:
                if start + 16 > end:
                    raise Broken("a cut size")
                (size,) = struct.unpack_from(">Q", self.data, body)
                body += 8
            elif size == 0 and end == len(self.data):
                size = end - start
            if size < body - start or start + size > end:
                raise Broken("a box that does not fit")
            yield Box(name, start, body, start + size)
            start += size

    def wipe(self, box: Box) -> None:
        """Turn a box into free space of zeros."""
        self.data[box.start + 4 : box.start + 8] = b"free"
        self.data[box.body : box.end] = bytes(box.end - box.body)

    def walk(self, parent: Box, track: Track | None) -> None:
        """Keep of a box what may stay in it, and read what is known there."""
        for box in self.boxes(parent.body, parent.end):
            if box.name not in _INSIDE[parent.name]:
                self.wipe(box)
            elif box.name == b"trak":
                self.track(box)
            elif box.name in _INSIDE:
                self.walk(box, track)
            else:
                self.leaf(box, track)

    def track(self, box: Box) -> None:
        """Read a track; one that is neither picture nor sound goes."""
        track = Track()
        self.walk(box, track)
        if track.handler in (b"vide", b"soun"):
            self.tracks.append(track)
        else:
            self.foreign_tracks = True
            self.wipe(box)

    def leaf(self, box: Box, track: Track | None) -> None:
        """Read one box without children and take dates and names out of it."""
        at, size = box.body, box.end - box.body
        version = self.data[at] if size else 0
        if box.name in _DATED:
            self.need(size, 32 if version else 20)
            self.data[at + 4 : at + (20 if version else 12)] = bytes(16 if version else 8)
        if box.name == b"trex":
            self.need(size, 24)
            number, _index, ticks = struct.unpack_from(">III", self.data, at + 4)
            self.defaults[number] = ticks
        if track is None:
            return
        if box.name == b"tkhd":
            self.header(at, size, version, track)
        elif box.name == b"mdhd":
            (track.scale,) = struct.unpack_from(">I", self.data, at + (20 if version else 12))
        elif box.name == b"hdlr":
            self.need(size, 24)
            # The one in `minf` of QuickTime says where the data is, not what they are.
            track.handler = track.handler or bytes(self.data[at + 8 : at + 12])
            self.data[at + 24 : box.end] = bytes(box.end - at - 24)
        elif box.name == b"dref":
            self.references(box)
        elif box.name == b"stsd":
            self.description(box, track)
        elif box.name == b"stts":
            track.ticks = sum(count * ticks for count, ticks in self.rows(box, ">II"))
        track.tables.setdefault(box.name, box)

    def need(self, size: int, least: int) -> None:
        """Raise Broken where a box is shorter than its kind."""
        if size < least:
            raise Broken("a box that is too short")

    def header(self, at: int, size: int, version: int, track: Track) -> None:
        """Read the number of a track and whether it is shown lying on its side."""
        at_matrix = at + (52 if version else 40)
        self.need(size, at_matrix - at + 44)
        (track.number,) = struct.unpack_from(">I", self.data, at + (20 if version else 12))
        a, b = struct.unpack_from(">ii", self.data, at_matrix)
        track.turned = a == 0 and b != 0

    def references(self, box: Box) -> None:
        """Refuse a file whose data lies in another one."""
        self.need(box.end - box.body, 8)
        for entry in self.boxes(box.body + 8, box.end):
            self.need(entry.end - entry.body, 4)
            if not self.data[entry.body + 3] & 1:
                raise Foreign("data in another file")
            self.data[entry.body + 4 : entry.end] = bytes(entry.end - entry.body - 4)

    def description(self, box: Box, track: Track) -> None:
        """Read the codec and the size of the coded picture; one kind per track."""
        self.need(box.end - box.body, 8)
        entries = list(self.boxes(box.body + 8, box.end))
        if not entries or len({entry.name for entry in entries}) != 1:
            raise Foreign("several codecs in one track")
        track.codec = entries[0].name
        if track.codec in _PICTURES:
            self.need(entries[0].end - entries[0].body, 28)
            track.width, track.height = struct.unpack_from(">HH", self.data, entries[0].body + 24)

    def rows(self, box: Box, shape: str, skip: int = 8) -> Iterator[tuple[int, ...]]:
        """Yield the rows of a table whose count stands right before them."""
        size = struct.calcsize(shape)
        if box.end - box.body < skip:
            raise Broken("a table that is too short")
        (count,) = struct.unpack_from(">I", self.data, box.body + skip - 4)
        if count * size > box.end - box.body - skip or count > self.left:
            raise Broken("a table that is cut")
        self.left -= count
        yield from struct.iter_unpack(shape, self.data[box.body + skip : box.body + skip + count * size])

    def fragment(self, moof: Box) -> None:
        """Add what a fragment plays, and clean it."""
        for box in self.boxes(moof.body, moof.end):
            if box.name not in _INSIDE[b"moof"]:
                self.wipe(box)
            elif box.name == b"traf":
                self.run(box)

    def run(self, traf: Box) -> None:
        """Add the samples of one track in one fragment to its length."""
        track, ticks = None, 0
        for box in self.boxes(traf.body, traf.end):
            if box.name not in _INSIDE[b"traf"]:
                self.wipe(box)
            elif box.name == b"tfhd":
                self.need(box.end - box.body, 8)
                flags, number = struct.unpack_from(">II", self.data, box.body)
                track = next((each for each in self.tracks if each.number == number), None)
                ticks = self.defaults.get(number, 0)
                at = box.body + 8 + (8 if flags & 1 else 0) + (4 if flags & 2 else 0)
                if flags & 8:
                    self.need(box.end, at + 4)
                    (ticks,) = struct.unpack_from(">I", self.data, at)
            elif box.name == b"trun" and track is not None:
                track.ticks += self.run_ticks(box, ticks)

    def run_ticks(self, box: Box, each: int) -> int:
        """Return how long a run of samples plays, in ticks."""
        self.need(box.end - box.body, 8)
        flags, count = struct.unpack_from(">II", self.data, box.body)
        at = box.body + 8 + (4 if flags & 1 else 0) + (4 if flags & 4 else 0)
        row = 4 * (flags >> 8 & 0xF).bit_count()
        if at + count * row > box.end or count > self.left:
            raise Broken("a run that is cut")
        self.left -= count
        if not flags & 0x100:
            return count * each
        return sum(struct.unpack_from(">I", self.data, at + row * number)[0] for number in range(count))

    def blank_rest(self) -> None:
        """Overwrite what lies among the data and belongs to no track that stays. Raises Broken for data that is not there."""
        used = deque(sorted(span for track in self.tracks for span in self.chunks(track)))
        for mdat in self.mdats:
            at = mdat.body
            while used and used[0][0] < mdat.end:
                start, end = used.popleft()
                if start < mdat.body or end > mdat.end:
                    raise Broken("data outside of its box")
                if start > at:
                    self.data[at:start] = bytes(start - at)
                at = max(at, end)
            self.data[at : mdat.end] = bytes(mdat.end - at)
        if used:
            raise Broken("data that is not there")

    def chunks(self, track: Track) -> Iterator[tuple[int, int]]:
        """Yield where the data of a track lies."""
        tables = track.tables
        if not {b"stsc", b"stsz"} <= tables.keys() or not {b"stco", b"co64"} & tables.keys():
            raise Broken("no table of samples")
        long = b"co64" in tables
        offsets = [at for (at,) in self.rows(tables[b"co64" if long else b"stco"], ">Q" if long else ">I")]
        runs = list(self.rows(tables[b"stsc"], ">III"))
        box = tables[b"stsz"]
        self.need(box.end - box.body, 12)
        (fixed,) = struct.unpack_from(">I", self.data, box.body + 4)
        sizes = [] if fixed else [size for (size,) in self.rows(box, ">I", 12)]
        at = run = 0
        for number, offset in enumerate(offsets, 1):
            while run + 1 < len(runs) and runs[run + 1][0] <= number:
                run += 1
            if not runs or runs[0][0] != 1:
                raise Broken("chunks without samples")
            count = runs[run][1]
            if not fixed and at + count > len(sizes):
                raise Broken("samples that are not there")
            yield offset, offset + (count * fixed if fixed else sum(sizes[at : at + count]))
            at += count
