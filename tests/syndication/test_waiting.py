"""When to come back, as servers say it; how long to wait when they do not."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from litfass_syndication.waiting import backoff, retry_after

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "30"}, 30),
        ({"retry-after": " 1.5 "}, 1.5),
        ({"retry-after": "Mon, 04 May 2026 12:01:00 GMT"}, 60),
        ({"retry-after": "Mon, 04 May 2026 11:00:00 GMT"}, 0),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "-5"}, None),
        ({"retry-after": "9" * 400}, None),
        ({"x-ratelimit-reset": "2026-05-04T12:05:00.123456Z"}, 300.123456),
        ({"x-ratelimit-reset": "2026-05-04T12:05:00"}, 300),
        ({"ratelimit-reset": str(int(NOW.timestamp()) + 90)}, 90),
        ({"ratelimit-reset": "90"}, 90),
        ({"ratelimit-reset": ""}, None),
        ({"retry-after": "5", "x-ratelimit-reset": "2026-05-04T13:00:00Z"}, 5),
    ],
)
def test_what_a_server_says(headers, seconds):
    assert retry_after(headers, NOW) == pytest.approx(seconds)


@given(st.dictionaries(st.sampled_from(["retry-after", "ratelimit-reset"]), st.text()))
def test_nonsense_is_never_an_error(headers):
    wait = retry_after(headers, NOW)
    assert wait is None or wait >= 0


def test_waits_double_up_to_a_bound_and_are_scattered():
    assert [backoff(failures, 0.5) for failures in (1, 2, 3, 4)] == [1, 2, 4, 8]
    assert backoff(10**6, 0.5) == 30
    assert (backoff(1, 0.0), backoff(1, 1.0)) == (0.5, 1.5)
