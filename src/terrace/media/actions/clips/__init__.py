"""Videos and sounds: the container is read in Python and cleaned; what the codec says is the browser's business."""

import struct

from django.utils.translation import gettext

from terrace.kernel.errors import Invalid
from terrace.media.actions.clips import mp4, sound, webm
from terrace.media.actions.clips.parts import Broken, Clip, Foreign

__all__ = ["Clip", "kind_of", "read"]


def kind_of(head: bytes) -> str:
    """Return the container that the first bytes of a file name, such as "mp4", or nothing for what is no clip."""
    if head[4:8] == b"ftyp":
        end = min(int.from_bytes(head[:4]), len(head))
        brands = {head[at : at + 4].strip() for at in (8, *range(16, end - 3, 4))}
        return "mp4" if brands & mp4.BRANDS else ""
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        return "webm"
    if head.startswith(b"OggS"):
        return "ogg"
    if head[:4] == b"RIFF" and head[8:12] == b"WAVE":
        return "wav"
    return "mp3" if sound.is_mp3(head) else ""


_READERS = {
    "mp4": lambda data: mp4.Reader(data).clip(),
    "webm": webm.clip,
    "ogg": sound.ogg,
    "wav": sound.wav,
    "mp3": sound.mp3,
}


def read(data: bytes) -> Clip:
    """Return a video or a sound without anything that it does not need to play.

    Raises Invalid with a sentence for a file that is damaged (422) or that browsers do not play (415).
    """
    try:
        return _READERS[kind_of(data[:256])](data)
    except Foreign as error:
        raise Invalid(
            gettext(
                "Browsers do not play this kind of file. Save it as MP4 (H.264 or H.265), WebM, M4A, MP3, Ogg or WAV."
            ),
            field="file",
            status=415,
        ) from error
    except (Broken, struct.error, IndexError, OverflowError, KeyError) as error:
        raise Invalid(
            gettext("This file is damaged and cannot be played. Save it again, then retry."), field="file"
        ) from error
