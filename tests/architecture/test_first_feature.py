"""The tutorial in docs/first-feature.md works as it is written: its blocks are applied to a copy, its commands and tests are run."""

import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.architecture import laws

ROOT = Path(__file__).parents[2]
TUTORIAL = ROOT / "docs" / "first-feature.md"
RUFF = str(Path(sys.executable).parent / "ruff")
CHECK = "bin/terrace messages --check"
_PLACE = re.compile(r"\*\*`([^`]+)`\*\*")


@dataclass(frozen=True)
class Block:
    """One fenced block: the file it belongs to (empty for commands), its language, its lines."""

    file: str
    language: str
    lines: list[str]


def blocks(text: str) -> list[Block]:
    """Return the fenced blocks in order; a block belongs to the file that was last named on a line of its own."""
    found: list[Block] = []
    place, fence, lines = "", "", []
    for line in text.splitlines():
        if fence and line == "```":
            found.append(Block("" if fence == "sh" else place, fence, lines))
            fence = ""
        elif fence:
            lines.append(line)
        elif line.startswith("```"):
            fence, lines = line.removeprefix("```"), []
        elif named := _PLACE.fullmatch(line):
            place = named[1]
    return found


def changed(text: str, patch: list[str]) -> str:
    """Return `text` with one change made: the block's other lines, whole or their beginnings, must stand in it once."""
    old = [line[1:] for line in patch if not line.startswith("+")]
    lines = text.splitlines()
    at = [n for n in range(len(lines)) if _stands(lines[n : n + len(old)], old)]
    assert len(at) == 1, f"these lines stand in the file {len(at)} times:\n" + "\n".join(old)
    made, place = lines[: at[0]], at[0]
    for line in patch:
        if line.startswith("+"):
            made.append(line[1:])
            continue
        if not line.startswith("-"):
            made.append(lines[place])
        place += 1
    return "\n".join(made + lines[place:]) + "\n"


def _stands(lines: list[str], old: list[str]) -> bool:
    together = zip(lines, old, strict=True) if len(lines) == len(old) else ()
    return bool(lines) and len(lines) == len(old) and all(a.startswith(b) if b.strip() else not a for a, b in together)


def translated(text: str, entries: list[str]) -> str:
    """Return the catalogue `text` with the sentences of `entries` filled in where they have none yet."""
    for entry in "\n".join(entries).split("\n\n"):
        message, words = entry.split("\n")
        empty = f'{message}\nmsgstr ""\n'
        assert empty in text or entry in text, f"the catalogue has no empty {message}"
        text = text.replace(empty, f"{message}\n{words}\n")
    return text


def apply(block: Block, house: Path) -> None:
    """Write one block into the copy."""
    path = house / block.file
    if block.language == "diff":
        path.write_text(changed(path.read_text("utf-8"), block.lines), "utf-8")
    elif block.language == "po":
        path.write_text(translated(path.read_text("utf-8"), block.lines), "utf-8")
    else:
        assert not path.exists(), f"{block.file} is there already"
        path.write_text("\n".join(block.lines) + "\n", "utf-8")


def run(line: str, house: Path) -> subprocess.CompletedProcess:
    """Run a command of the tutorial in the copy, on SQLite, whatever the tests around it use."""
    words = shlex.split(line)
    start = {"bin/terrace": [sys.executable, "-m", "terrace"], "python": [sys.executable], "ruff": [RUFF]}[words[0]]
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("TERRACE_", "PYTEST_", "PYTHON", "DJANGO_"))
    }
    environment = {
        **kept,
        "PYTHONPATH": str(house / "src"),
        "TERRACE_DATA": str(house / "data"),
        "TERRACE_SECRET_KEY": "a-key-for-the-tutorial-that-guards-nothing-0123456789",
        "TERRACE_HOSTS": "testserver,127.0.0.1,localhost",
        "TERRACE_LOG_LEVEL": "CRITICAL",
    }
    return subprocess.run([*start, *words[1:]], env=environment, cwd=house, capture_output=True, text=True, check=False)


@pytest.fixture
def house(tmp_path):
    """A copy of what the tutorial touches."""
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("*.jsonl"))
    (tmp_path / "tests").mkdir()
    for name in ("pyproject.toml", "conftest.py", "tests/__init__.py", "tests/settings.py"):
        shutil.copy(ROOT / name, tmp_path / name)
    memory = Path("/dev/shm")  # a database on it is made in half the time
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as data:
        (tmp_path / "data").symlink_to(data)
        yield tmp_path


@pytest.mark.slow
def test_the_tutorial_works(house):
    before = set(house.rglob("*.py"))
    touched, ran = set(), []
    tutorial = TUTORIAL.read_text("utf-8")
    for block in blocks(tutorial):
        if block.language != "sh":
            apply(block, house)
            touched.add(block.file)
            continue
        for line in block.lines:
            result = run(line, house)
            ran.append(line)
            # The bare `messages` ends with 1 as long as a sentence has no Chinese. What others lack is not the tutorial's
            # fault, and bin/test tells of it.
            if line == CHECK:
                lacking = [sentence for sentence in re.findall("'(.+?)'", result.stdout) if f'"{sentence}"' in tutorial]
                assert lacking == []
            elif line != "bin/terrace messages":
                assert result.returncode == 0, f"{line}\n{result.stdout}\n{result.stderr}"
    assert any("pytest" in line for line in ran)
    new = {path.relative_to(house).as_posix() for path in set(house.rglob("*.py")) - before}
    assert any("/migrations/" in name for name in new)
    touched |= new
    for law in laws.ALL:
        broken = [
            each for each in law(house / "src" / "terrace") if f"src/terrace/{re.split('[ :]', each)[0]}" in touched
        ]
        assert broken == [], law.__name__
    python = [str(house / name) for name in sorted(new) if "/migrations/" not in name]
    for check in (["check", "-q", "--no-cache"], ["format", "-q", "--check", "--no-cache"]):
        result = subprocess.run([RUFF, *check, *python], cwd=house, capture_output=True, text=True, check=False)
        assert result.returncode == 0, result.stdout + result.stderr


def test_a_change_is_made_where_its_lines_stand():
    text = "a = 1\nb = 2\n\nc = 3\n"
    assert changed(text, [" b = 2", "+b2 = 2"]) == "a = 1\nb = 2\nb2 = 2\n\nc = 3\n"
    assert changed(text, ["-a = 1", "+a = 0", " b"]) == "a = 0\nb = 2\n\nc = 3\n"
    assert changed(text, ["+x", "", " c ="]) == "a = 1\nb = 2\nx\n\nc = 3\n"


@pytest.mark.parametrize("patch", [[" d = 4", "+e"], ["+e", " "]])
def test_a_change_that_fits_nowhere_is_an_error(patch):
    with pytest.raises(AssertionError):
        changed("a\n\nb\n\n", patch)


def test_a_block_belongs_to_the_file_named_above_it():
    text = "**`a.py`**\n\n```diff\n+x\n```\n\n```diff\n+y\n```\n\n```sh\nls\n```\n"
    assert [(block.file, block.language) for block in blocks(text)] == [("a.py", "diff"), ("a.py", "diff"), ("", "sh")]
