"""`terrace messages`: collect the sentences of every room."""

import sys
from pathlib import Path

import click
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from terrace.kernel import catalogues

METHODS = [
    ("**/tests/**", "ignore"),
    ("**/migrations/**", "ignore"),
    ("**.py", "python"),
    ("**/templates/**.html", "jinja2"),
]
# As web/jinja.py makes the environment: what is cut from a block at runtime must be cut from its sentence here.
OPTIONS = {
    "**/templates/**.html": {
        "extensions": "jinja2.ext.do",
        "trimmed": "false",
        "newstyle_gettext": "true",
        "silent": "false",
        "trim_blocks": "true",
        "lstrip_blocks": "true",
    }
}
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
HEAD = """# The {room} room in Chinese.
msgid ""
msgstr ""
"Language: zh_Hans\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"""
Key = tuple[str | None, str]  # context, sentence


@click.command()
@click.option(
    "--check",
    is_flag=True,
    help="Change nothing; exit with 1 if a sentence is missing, fuzzy, without use, or said in two ways.",
)
def command(check: bool) -> None:
    """Collect the sentences of every room into its catalogue."""
    failed = False
    for room in rooms():
        for line in update(room, write=not check):
            print(f"{room.name}: {line}")
            failed = True
    for line in said_twice():
        print(line)
        failed = True
    if failed:
        sys.exit(1)


def rooms() -> list[Path]:
    """Return the folders of all rooms."""
    return [path.parent for path in sorted(catalogues.PACKAGE.glob("*/__init__.py"))]


def source(room: Path) -> Path:
    """Return where a room keeps its Chinese."""
    return room / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"


def key(message: Message) -> Key:
    """Return what tells one sentence from another."""
    return message.context, message.id if isinstance(message.id, str) else message.id[0]


def collected(room: Path) -> Catalog:
    """Return the sentences in a room's code and templates."""
    catalogue = Catalog(domain="django", charset="utf-8")
    found = extract_from_dir(room, METHODS, OPTIONS, keywords=KEYWORDS, comment_tags=("Translators:",))
    for _file, _line, message, comments, context in found:
        if message:
            catalogue.add(message, None, auto_comments=comments, context=context)
    return catalogue


def translated(room: Path) -> Catalog:
    """Return a room's Chinese catalogue as it stands in its file; an empty one where there is none."""
    file = source(room)
    if not file.exists():
        return Catalog(locale="zh_Hans", domain="django", charset="utf-8")
    with file.open("rb") as lines:
        return read_po(lines, locale="zh_Hans", domain="django")


def update(room: Path, *, write: bool) -> list[str]:
    """Bring a room's Chinese catalogue up to date; return what is missing in it, fuzzy, or no longer used.

    With `write` the sentences that are no longer used are dropped from the file and not told.
    """
    template, catalogue = collected(room), translated(room)
    used = {key(message) for message in template if message.id}
    known = {key(message) for message in catalogue if message.id}
    if not used and not known:
        return []
    catalogue.update(template, no_fuzzy_matching=True, update_header_comment=False, update_creation_date=False)
    problems = [] if write else [f"no longer used: {text!r}" for _context, text in sorted(known - used, key=str)]
    for message in catalogue:
        if not message.id:
            continue
        texts = [message.string] if isinstance(message.string, str) else message.string
        if message.fuzzy:
            problems.append(f"fuzzy: {key(message)[1]!r}")
        elif not texts or not all(texts):
            problems.append(f"missing: {key(message)[1]!r}")
    if write:
        _write(room, catalogue)
    return problems


def _write(room: Path, catalogue: Catalog) -> None:
    """Write a catalogue so that running twice changes nothing: sorted, without dates, places and what is not used."""
    file = source(room)
    file.parent.mkdir(parents=True, exist_ok=True)
    catalogue.obsolete.clear()
    fresh = file.with_suffix(".new")
    with fresh.open("wb") as out:
        out.write((HEAD.format(room=room.name) + "\n").encode())
        write_po(out, catalogue, width=120, sort_output=True, no_location=True, omit_header=True, ignore_obsolete=True)
    fresh.replace(file)


def said_twice() -> list[str]:
    """Return the sentences that two rooms translate in two ways: at runtime all rooms share one catalogue."""
    said: dict[Key, tuple[str, str]] = {}
    problems = []
    for room in rooms():
        for message in translated(room):
            text = message.string if isinstance(message.string, str) else "".join((message.string or ())[:1])
            if not message.id or not text:
                continue
            other, before = said.setdefault(key(message), (room.name, text))
            if before != text:
                problems.append(f"{other} and {room.name}: {key(message)[1]!r} is both {before!r} and {text!r}")
    return problems
