"""The key of an attempt carries the time of its claim, and can be sent anywhere."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from litfass_syndication.attempt import claimed_at, key_time, new_key


@given(
    st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    st.binary(min_size=1, max_size=16),
)
def test_an_attempts_key_tells_the_time_of_the_claim(moment, random):
    key = new_key(moment, random)
    assert key_time(key) == moment
    assert re.fullmatch("[0-9a-f-]+", key)


@pytest.mark.parametrize("key", ["", "by-hand", "-ff", "12-", "xyz-00", "f" * 30 + "-00"])
def test_a_key_of_another_make_has_no_time(key):
    with pytest.raises(ValueError, match="not the key of an attempt"):
        key_time(key)


def test_a_key_of_another_make_has_no_time_of_its_own():
    otherwise = datetime(2020, 1, 1, tzinfo=UTC)
    assert claimed_at("by-hand", otherwise) == otherwise
    moment = datetime(2026, 5, 4, tzinfo=UTC)
    assert claimed_at(new_key(moment, b"litfass!"), otherwise) == moment
