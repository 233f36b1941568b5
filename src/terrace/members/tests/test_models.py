"""The ladder."""

import pytest

from terrace.members.models import LADDER, level_at, progress_at

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("growth", "level", "progress"),
    [
        (0, 1, 0),
        (10, 1, 50),
        (19, 1, 95),
        (20, 2, 0),
        (80, 3, 0),
        (7999, 7, 99),
        (8000, 8, 100),
        (10**9, 8, 100),
        (-5, 1, -25),
    ],
)
def test_growth_makes_level_and_progress(growth, level, progress):
    assert level_at(growth) == level
    if growth >= 0:
        assert progress_at(growth) == progress


def test_ladder_rises():
    steps = [growth for growth, _title in LADDER]
    assert steps == sorted(set(steps)) and len(steps) == 8
