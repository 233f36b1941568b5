"""Real data for tests: a folder outside the repository, read and never copied."""

import json
import os
from pathlib import Path

import pytest

FOLDER = Path(os.environ.get("TERRACE_TEST_DATA") or Path(__file__).parents[5] / "shared" / "data")


def rows(name: str) -> list[dict]:
    """The rows of a JSON Lines file; the test skips with a sentence where the file is absent."""
    path = FOLDER / name
    if not path.exists():
        pytest.skip(f"{name} is not in {FOLDER}; set TERRACE_TEST_DATA to the folder that holds it")
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]
