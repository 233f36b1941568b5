"""`terrace messages`: collect the sentences of every room."""

import sys
from pathlib import Path

import click
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from terrace.kernel import catalogues

METHODS = [
    ("**/tests/**", "ignore"),
    ("**/migrations/**", "ignore"),
    ("**.py", "python"),
    ("**/templates/**.html", "jinja2"),
]
OPTIONS = {
    "**/templates/**.html": {
        "extensions": "jinja2.ext.do",
        "trimmed": "false",
        "newstyle_gettext": "true",
        "silent": "false",
    }
}
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
}


@click.command()
@click.option(
    "--check", is_flag=True, help="Change nothing; exit with 1 if a sentence is missing, fuzzy or without use."
)
def command(check: bool) -> None:
    """Collect the sentences of every room into its catalogue."""
    failed = False
    for room in rooms():
        problems = update(room, write=not check)
        for line in problems:
            print(f"{room.name}: {line}")
        failed = failed or bool(problems)
    if failed:
        sys.exit(1)


def rooms() -> list[Path]:
    """Return the rooms that say something."""
    return [path.parent for path in sorted(catalogues.PACKAGE.glob("*/__init__.py"))]


def collected(room: Path) -> Catalog:
    """Return the sentences in a room's code and templates."""
    catalogue = Catalog(domain="django", project="Terrace", version="", charset="utf-8")
    found = extract_from_dir(room, METHODS, OPTIONS, keywords=KEYWORDS, comment_tags=("Translators:",))
    for _file, _line, message, comments, context in found:
        if message:
            catalogue.add(message, None, auto_comments=comments, context=context)
    return catalogue


def update(room: Path, *, write: bool) -> list[str]:
    """Bring a room's Chinese catalogue up to date; return what is missing in it, fuzzy, or no longer used."""
    template = collected(room)
    file = room / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
    if not list(template) or not any(message.id for message in template):
        return []
    if file.exists():
        with file.open("rb") as lines:
            catalogue = read_po(lines, locale="zh_Hans")
    else:
        catalogue = Catalog(locale="zh_Hans", domain="django", project="Terrace", version="", charset="utf-8")
    known = {(message.id if isinstance(message.id, str) else message.id[0]) for message in catalogue if message.id}
    used = {(message.id if isinstance(message.id, str) else message.id[0]) for message in template if message.id}
    problems = [f"no longer used: {text!r}" for text in sorted(known - used)] if not write else []
    catalogue.update(template, no_fuzzy_matching=True, update_header_comment=False)
    for message in catalogue:
        if not message.id:
            continue
        texts = message.string if isinstance(message.string, tuple | list) else (message.string,)
        first = message.id if isinstance(message.id, str) else message.id[0]
        if not all(texts[:1]) or message.fuzzy:
            problems.append(f"{'fuzzy' if message.fuzzy else 'missing'}: {first!r}")
    if write:
        catalogue.obsolete.clear()
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("wb") as out:
            write_po(
                out, catalogue, width=120, sort_output=True, no_location=True, omit_header=False, ignore_obsolete=True
            )
    return problems
