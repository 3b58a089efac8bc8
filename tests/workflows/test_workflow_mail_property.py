"""Whatever happens in whatever order: nobody is called for what is taken, and urgent is never forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mail_story import Night, post_office
from post_office import Counter
from quick import empty_database

from crisis.errors import CrisisError
from crisis.store import Store
from crisis.types import IncidentState

HAPPENS = st.lists(
    st.sampled_from(
        [
            *("wait 1", "wait 9", "wait 11", "wait 31", "wait 61"),
            *("smtp down", "smtp up", "smtp 451", "smtp 550", "restart", "claimed", "twice"),
            *("ana takes", "eve takes", "ana cannot", "eve cannot", "vera leaves"),
            *("ana quiet 12:00-15:00", "eve quiet 00:00-23:59", "ana confirms"),
            *("maintain 30", "rumour", "rumour high"),
        ]
    ),
    max_size=9,
)


@pytest.fixture(scope="module")
def office() -> Iterator[tuple[Counter, int]]:
    with post_office() as opened:
        yield opened


def played(night: Night, sentences: list[str]) -> None:
    """What cannot happen now (to take what is taken) does not."""
    for sentence in sentences:
        try:
            night.tells(sentence)
        except CrisisError:
            continue


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sentences=HAPPENS)
def test_urgent_is_never_forgotten_and_taken_is_left_in_peace(
    office: tuple[Counter, int], sentences: list[str]
) -> None:
    with TemporaryDirectory() as folder, Store(empty_database(Path(folder) / "c.db")) as store:
        night = Night(store, *office)
        night.tells("rumour urgent")
        first = night.incident.id
        played(night, sentences)
        assert night.nobody_is_paged_for_what_is_taken()
        office[0].moods.clear()
        night.tells("smtp up")
        before = len(night.said)
        if store.incidents.get(first).state is IncidentState.NEW:
            night.wait(65)
            called = [line for line in night.said[before:] if line.split()[2] != "taken"]
            assert called, "somebody must be called within the hour"
        else:
            night.wait(25)
            assert night.nobody_is_paged_for_what_is_taken()
