"""The folder of an upload: written whole or not at all, and taken away whole."""

import os
import shutil
from pathlib import Path

from terrace.media import queries

SOURCE = "source.webp"  # what lighter renditions are drawn from; it goes when they are there


def write(key: str, files: dict[str, bytes]) -> None:
    """Write files beside their place, then move the folder there: half an upload is never seen, not after a crash either."""
    place = queries.folder(key)
    unfinished = place.with_name(f".{key}")
    unfinished.mkdir(parents=True)
    try:
        for name, data in files.items():
            _write_down(unfinished / name, data)
        unfinished.rename(place)
        _settle(place.parent)
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise


def add(key: str, name: str, data: bytes) -> None:
    """Add one file to a folder that is there. Raises FileNotFoundError where it has gone."""
    place = queries.folder(key) / name
    unfinished = place.with_name(f".{name}")
    _write_down(unfinished, data)
    unfinished.rename(place)


def _write_down(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _settle(folder: Path) -> None:
    """Wait until the names in a folder are on the disk: the row that follows must not outlive them."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def delete(key: str) -> None:
    """Take an upload's folder away; none is well too."""
    shutil.rmtree(queries.folder(key), ignore_errors=True)
