"""What people type as a time, on clocks that are turned twice a year."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisis.errors import InvalidInputError
from crisis.oncall.wall_clock import instant

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("text", "later", "utc"),
    [
        ("2026-11-23T18:00", False, "2026-11-23T17:00"),
        ("2026-07-01T18:00", False, "2026-07-01T16:00"),
        (" 2026-07-01T18:00:00 ", False, "2026-07-01T16:00"),
        ("2026-07-01T18:00+05:00", False, "2026-07-01T13:00"),
        ("2026-10-25T02:30", False, "2026-10-25T00:30"),  # happens twice: the first
        ("2026-10-25T02:30", True, "2026-10-25T01:30"),  # the second
    ],
)
def test_a_local_time_is_an_instant(text: str, later: bool, utc: str) -> None:
    assert instant(text, BERLIN, later=later) == datetime.fromisoformat(utc).replace(tzinfo=UTC)


@pytest.mark.parametrize("later", [False, True])
def test_an_hour_that_does_not_exist_is_refused_in_plain_words(later: bool) -> None:
    with pytest.raises(InvalidInputError) as refused:
        instant("2026-03-29T02:30", BERLIN, later=later)
    assert "gibt es 02:30 Uhr nicht" in refused.value.de


@pytest.mark.parametrize("text", ["", "morgen", "2026-13-01T00:00", "25:00"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(InvalidInputError, match="no point in time"):
        instant(text, BERLIN)


@given(
    st.datetimes(datetime.fromisoformat("2020-01-01"), datetime.fromisoformat("2040-01-01")),
    st.booleans(),
)
def test_the_clock_on_the_wall_shows_what_was_typed(wall: datetime, later: bool) -> None:
    try:
        moment = instant(wall.isoformat(), BERLIN, later=later)
    except InvalidInputError:
        return
    assert moment.astimezone(BERLIN).replace(tzinfo=None) == wall
