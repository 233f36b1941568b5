"""What may be sent, by level, and what an operator may choose."""

from types import SimpleNamespace

import pytest

from terrace.kernel import options
from terrace.media import policies

pytestmark = pytest.mark.django_db


def member(level, staff=False):
    return SimpleNamespace(level=level, is_staff_role=staff)


@pytest.mark.parametrize(
    ("who", "step"), [(member(1), 0), (member(2), 0), (member(3), 1), (member(8), 2), (member(1, True), 2)]
)
def test_limits_follow_the_level_and_staff_have_the_highest(who, step):
    assert policies.limits_of(who) == policies.steps()[step]


GOOD = {"level": 1, "per_day": 5, "video_mb": 5, "video_seconds": 5, "audio_mb": 5, "audio_seconds": 5}


@pytest.mark.parametrize(
    "steps",
    [
        [],
        [{**GOOD, "level": 2}],
        [GOOD, GOOD],
        [GOOD, {**GOOD, "level": 3}, {**GOOD, "level": 2}],
        [{**GOOD, "per_day": 0}],
        [{**GOOD, "video_mb": -1}],
        [{**GOOD, "video_mb": 201}],
        [{**GOOD, "audio_seconds": 100_000}],
        [{**GOOD, "video_mb": "many"}],
    ],
)
def test_what_an_operator_may_not_choose(steps, now):
    with pytest.raises(ValueError):
        options.put("media.limits", steps, now)


def test_what_an_operator_chooses_holds(now):
    options.put("media.limits", [GOOD, {**GOOD, "level": 4, "per_day": 50}], now)
    options.forget()
    assert [policies.limits_at(level).per_day for level in (1, 3, 4, 8)] == [5, 5, 50, 50]
