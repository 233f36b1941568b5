"""The floors, held by import-linter; the contracts are in pyproject.toml."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LINT = Path(sys.executable).parent / "lint-imports"

# What is planted → the contract that must break.
FAULTS = {
    "upwards": ("kernel/clock.py", "import terrace.forum.actions"),
    "sideways": ("search/actions.py", "import terrace.notifications.actions"),
    "inside": ("forum/models.py", "import terrace.forum.views"),
    "tables": ("search/actions.py", "import terrace.forum.models"),
    "attic": ("attic/__init__.py", ""),
}


def lint(source: Path) -> subprocess.CompletedProcess:
    environment = {**os.environ, "PYTHONPATH": str(source)}
    command = [str(LINT), "--config", str(ROOT / "pyproject.toml"), "--no-cache"]
    return subprocess.run(command, env=environment, cwd=source, capture_output=True, text=True, check=False)


def test_floors_hold():
    result = lint(ROOT / "src")
    assert result.returncode == 0, result.stdout


@pytest.fixture
def empty_house(tmp_path):
    """A house with every room and piece of furniture, and no imports."""
    rooms = [each.parent.name for each in (ROOT / "src" / "terrace").glob("*/__init__.py")]
    for room in rooms:
        folder = tmp_path / "terrace" / room
        folder.mkdir(parents=True)
        for name in (
            "__init__",
            "urls",
            "views",
            "console",
            "listeners",
            "tasks",
            "forms",
            "actions",
            "queries",
            "policies",
            "models",
            "events",
            "cards",
            "clock",
        ):
            (folder / f"{name}.py").touch()
    (tmp_path / "terrace" / "__init__.py").touch()
    (tmp_path / "terrace" / "__main__.py").touch()
    return tmp_path


def test_empty_house_is_lawful(empty_house):
    result = lint(empty_house)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize("fault", FAULTS)
def test_planted_fault_is_found(fault, empty_house):
    name, line = FAULTS[fault]
    file = empty_house / "terrace" / name
    file.parent.mkdir(exist_ok=True)
    file.write_text(line + "\n")
    assert lint(empty_house).returncode == 1
