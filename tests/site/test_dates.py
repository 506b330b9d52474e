"""Dates as people and other tools write them."""

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from litfass.dates import NotADate, moment

BERLIN = ZoneInfo("Europe/Berlin")
SUMMER = timezone(timedelta(hours=2))
WINTER = timezone(timedelta(hours=1))
NAIVE = datetime(2026, 12, 22, 9, 30)  # noqa: DTZ001 - TOML's local date and time


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2026-08-22", datetime(2026, 8, 22, tzinfo=SUMMER)),
        ("2026-8-2", datetime(2026, 8, 2, tzinfo=SUMMER)),
        ("2026/08/22", datetime(2026, 8, 22, tzinfo=SUMMER)),
        ("2026-12-22 09:30", datetime(2026, 12, 22, 9, 30, tzinfo=WINTER)),
        ("2010-10-03 10:20", datetime(2010, 10, 3, 10, 20, tzinfo=SUMMER)),
        ("2026-08-22 9:30 UTC", datetime(2026, 8, 22, 9, 30, tzinfo=UTC)),
        ("2026-08-22T09:30:00Z", datetime(2026, 8, 22, 9, 30, tzinfo=UTC)),
        ("2026-08-22 09:30:00 +0200", datetime(2026, 8, 22, 9, 30, tzinfo=SUMMER)),
        (" 2026-08-22 09:30 +2 ", datetime(2026, 8, 22, 9, 30, tzinfo=SUMMER)),
        (
            "2026-08-22t09:30:07.25-03:30",
            datetime(2026, 8, 22, 9, 30, 7, 250_000, timezone(-timedelta(hours=3, minutes=30))),
        ),
        (date(2026, 8, 22), datetime(2026, 8, 22, tzinfo=SUMMER)),
        (NAIVE, datetime(2026, 12, 22, 9, 30, tzinfo=WINTER)),
        (datetime(2026, 8, 22, tzinfo=UTC), datetime(2026, 8, 22, tzinfo=UTC)),
    ],
)
def test_date_has_a_fixed_offset_of_its_own_or_of_the_zone(written, expected):
    found = moment(written, BERLIN)
    assert found == expected
    assert found.utcoffset() == expected.utcoffset()
    assert isinstance(found.tzinfo, timezone)


def test_hour_that_a_clock_skips_is_still_a_moment():
    assert moment("2021-03-28 02:30", BERLIN).isoformat() == "2021-03-28T02:30:00+01:00"


def test_times_of_old_have_no_seconds_in_their_offset():
    assert moment("1850-01-01", BERLIN).isoformat() == "1850-01-01T00:00:00+00:53"


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("yesterday", 'is not a date: "yesterday"'),
        ("2026-02-30", 'is not a day of the calendar: "2026-02-30"'),
        ("2026-13-01 09:30", 'is not a day of the calendar: "2026-13-01 09:30"'),
        ("2026-08-22 25:00", 'is not a time of the day: "2026-08-22 25:00"'),
        ("2026-08-22 09:30 +99:00", 'is not a time of the day: "2026-08-22 09:30 +99:00"'),
        ("2026-08/22", 'is not a date: "2026-08/22"'),
        ("²026-08-22", 'is not a date: "²026-08-22"'),
        (20260822, 'is not a date: "20260822"'),
        (True, 'is not a date: "True"'),
        (["2026-08-22"], 'is not a date: "[…]"'),
        ({"a": 1}, 'is not a date: "{…}"'),
        pytest.param(16**5000, f'is not a date: "0x1{"0" * 37}"', id="too long to print"),
        ("2026-08-22" * 9, 'is not a date: "2026-08-222026-08-222026-08-222026-08-2…"'),
        ("0999-12-31", "is too far away: its year is not between 1000 and 9998"),
        ("9999-01-01", "is too far away: its year is not between 1000 and 9998"),
    ],
)
def test_what_is_no_date_is_refused_with_the_reason(value, message):
    with pytest.raises(NotADate) as caught:
        moment(value, BERLIN)
    assert str(caught.value) == message


@given(st.datetimes(NAIVE.replace(year=1000), NAIVE.replace(year=9998), timezones=st.timezones()))
def test_what_isoformat_writes_is_read_back(value):
    offset = value.utcoffset()
    if offset % timedelta(minutes=1):
        return
    found = moment(value.isoformat(), BERLIN)
    assert (found, found.utcoffset()) == (value.replace(tzinfo=timezone(offset)), offset)
