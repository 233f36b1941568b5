"""Working time: the fast reckoning against a slow one that looks at every minute."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from terrace.products.models import Team
from terrace.products.policies import add_working_minutes, is_at_work, working_minutes

MINUTE = timedelta(minutes=1)
# Clocks that move by an hour, by half an hour, at midnight, not at all, and a place that once left out a day.
ZONES = [
    "Asia/Shanghai",
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "America/Santiago",
    "Africa/Cairo",
    "Asia/Beirut",
    "Asia/Kathmandu",
    "Atlantic/Azores",
    "America/Havana",
    "Pacific/Apia",
]
OFFICE = {str(day): [540, 1080] for day in range(5)}


def team_of(hours, zone="Asia/Shanghai", holidays=()):
    return Team(name="x", zone=zone, hours=hours, holidays=[day.isoformat() for day in holidays])


def works(team, moment):
    """Whether the clock on the wall says so."""
    wall = moment.astimezone(ZoneInfo(team.zone))
    hours = team.hours.get(str(wall.weekday()))
    if hours is None or wall.date().isoformat() in team.holidays:
        return False
    return hours[0] <= wall.hour * 60 + wall.minute < hours[1]


def slowly(team, start, end):
    """Count minute by minute."""
    return sum(works(team, start + n * MINUTE) for n in range(max(0, (end - start) // MINUTE)))


def slowly_after(team, start, minutes):
    while minutes:
        minutes -= works(team, start)
        start += MINUTE
    return start


spans = st.tuples(st.integers(0, 1439), st.integers(1, 1440)).map(
    lambda pair: [min(pair[0], pair[1] - 1), max(pair[0] + 1, pair[1])]
)
weeks = st.dictionaries(st.sampled_from("0123456"), spans, max_size=7)


def days_of_change(zone):
    """Return the days of 2026, in UTC, on which a clock is moved."""
    moments = [datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=n) for n in range(366)]
    offsets = [moment.astimezone(ZoneInfo(zone)).utcoffset() for moment in moments]
    return [before for before, one, other in zip(moments, offsets, offsets[1:], strict=False) if one != other]


CHANGES = [(zone, day) for zone in ZONES for day in days_of_change(zone)]
CHANGES.append(("Pacific/Apia", datetime(2011, 12, 30, tzinfo=UTC)))  # the day that was left out
usual = st.tuples(
    st.sampled_from(ZONES),
    st.integers(0, 3 * 365 * 1440).map(lambda minutes: datetime(2025, 1, 1, tzinfo=UTC) + minutes * MINUTE),
)
changing = st.tuples(st.sampled_from(CHANGES), st.integers(-2 * 1440, 1440)).map(
    lambda pair: (pair[0][0], pair[0][1] + pair[1] * MINUTE)
)
# Nights are when clocks are moved: hours that begin or end in one.
nights = st.tuples(st.integers(0, 240), st.integers(1, 240)).map(
    lambda pair: [min(pair[0], pair[1] - 1), max(pair[0] + 1, pair[1])]
)
every_day = st.builds(lambda span: dict.fromkeys("0123456", span), st.one_of(nights, spans))


@settings(max_examples=400, deadline=None)
@given(
    st.one_of(weeks, every_day),
    st.one_of(changing, usual),
    st.integers(-60, 5 * 1440),
    st.lists(st.integers(0, 5), max_size=2),
)
def test_the_same_as_minute_by_minute(hours, place, length, off):
    zone, start = place
    team = team_of(hours, zone, [start.date() + timedelta(days=n) for n in off])
    end = start + length * MINUTE
    assert working_minutes(team, start, end) == slowly(team, start, end)


@settings(max_examples=200, deadline=None)
@given(st.one_of(weeks.filter(bool), every_day), st.one_of(changing, usual), st.integers(0, 600))
def test_adding_goes_to_the_same_moment(hours, place, minutes):
    zone, start = place
    team = team_of({day: span if span[1] - span[0] > 60 else [30, 150] for day, span in hours.items()}, zone)
    found = add_working_minutes(team, start, minutes)
    assert found == slowly_after(team, start, minutes)
    assert working_minutes(team, start, found) == minutes


@settings(max_examples=150, deadline=None)
@given(st.one_of(weeks, every_day), st.one_of(changing, usual))
def test_at_work_is_what_the_wall_says(hours, place):
    zone, moment = place
    team = team_of(hours, zone)
    assert is_at_work(team, moment) == works(team, moment)


def test_an_evening_question_waits_for_the_morning():
    team = team_of(OFFICE)
    friday = datetime(2026, 7, 17, 9, 30, tzinfo=UTC)  # 17:30 in Shanghai
    monday = datetime(2026, 7, 20, 2, 0, tzinfo=UTC)
    assert working_minutes(team, friday, monday) == 30 + 60
    assert add_working_minutes(team, friday, 90) == monday
    holiday = team_of(OFFICE, holidays=[date(2026, 7, 20)])
    assert working_minutes(holiday, friday, monday) == 30
    assert add_working_minutes(holiday, friday, 90) == monday + timedelta(days=1)


def test_an_hour_that_the_clock_skips_is_no_work_and_one_that_it_repeats_is_twice():
    night = {"6": [0, 360]}
    berlin = ZoneInfo("Europe/Berlin")

    def sunday(month, day):
        start = datetime(2026, month, day, tzinfo=berlin).astimezone(UTC)
        return working_minutes(team_of(night, "Europe/Berlin"), start, start + timedelta(days=1))

    assert (sunday(3, 29), sunday(6, 7), sunday(10, 25)) == (300, 360, 420)


def test_seconds_do_not_make_a_minute(now):
    team = team_of({str(day): [0, 1440] for day in range(7)})
    assert working_minutes(team, now, now + timedelta(seconds=119)) == 1
    assert working_minutes(team, now, now) == 0
    assert working_minutes(team, now, now - timedelta(days=1)) == 0


def test_a_team_that_never_works(now):
    assert working_minutes(team_of({}), now, now + timedelta(days=9)) == 0
    assert add_working_minutes(team_of({}), now, 0) == now
    with pytest.raises(ValueError, match="never works"):
        add_working_minutes(team_of({}), now, 1)
    with pytest.raises(ValueError, match="forward"):
        add_working_minutes(team_of(OFFICE), now, -1)
