"""Short videos and sounds, each of a second and a few kilobytes, made with ffmpeg (testsrc and sine, place and comment as
metadata) and, `recorded.webm`, with the recorder of a browser: without length, index and sizes."""

from pathlib import Path


def clip(name: str) -> bytes:
    """The bytes of one of them."""
    return (Path(__file__).parent / name).read_bytes()
