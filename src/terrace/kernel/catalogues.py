"""Sentences in other languages: each room's `locale/` folder, compiled when its source is newer."""

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

PACKAGE = Path(__file__).resolve().parents[1]


def sources() -> list[Path]:
    """Return the catalogue of every room."""
    return sorted(PACKAGE.glob("*/locale/*/LC_MESSAGES/django.po"))


def compile_stale() -> list[Path]:
    """Compile the catalogues whose compiled form is missing or older than its source; return which."""
    compiled = []
    for source in sources():
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as lines:
            catalogue = read_po(lines)
        fresh = target.with_suffix(".tmp")
        with fresh.open("wb") as out:
            write_mo(out, catalogue)
        fresh.replace(target)
        compiled.append(source)
    return compiled
