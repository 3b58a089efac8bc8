"""Is the house alive, and when is somebody outside told."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisis.vitals import AGAIN, GRACE, Called, Finding, State, Vitals, call, examine, spoken, worst

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
LONG_AGO = NOW - timedelta(minutes=10)
WELL = Vitals(now=NOW, heartbeat=NOW, mail_server=True, reachable=1, sources=3)
MONITOR = (Finding("monitor", State.BAD, "steht", "stands"),)
BOTH = (*MONITOR, Finding("outbox", State.BAD, "voll", "full"))
FINE = (Finding("monitor", State.WELL, "läuft", "runs"),)


def test_a_house_that_is_well_says_so_everywhere() -> None:
    assert worst(examine(WELL)) is State.WELL
    assert worst(()) is State.WELL


@pytest.mark.parametrize(
    ("change", "code", "state", "word"),
    [
        ({"heartbeat": None}, "monitor", State.BAD, "noch nie"),
        ({"heartbeat": LONG_AGO}, "monitor", State.BAD, "10 Minuten"),
        ({"heartbeat": NOW + timedelta(hours=1)}, "monitor", State.WELL, "läuft"),
        ({"oldest_mail": LONG_AGO}, "outbox", State.BAD, "leert sich nicht"),
        ({"oldest_mail": NOW}, "outbox", State.WELL, "leert sich"),
        ({"mail_server": False}, "outbox", State.WARNING, "kein Mailserver"),
        ({"failed_mails": 2}, "outbox", State.WARNING, "2"),
        ({"reachable": 0}, "reach", State.BAD, "niemanden"),
        ({"waiting_posts": 7, "oldest_post": LONG_AGO}, "posts", State.BAD, "7"),
        ({"sources": 0}, "sources", State.WARNING, "keine Quelle"),
        ({"failing": 1}, "sources", State.WARNING, "1 von 3"),
        ({"failing": 3}, "sources", State.BAD, "Keine einzige"),
        ({"free_bytes": 1_000_000}, "disk", State.BAD, "1 MB"),
        ({"free_bytes": 10**10}, "disk", State.WELL, "frei"),
        (
            {"maintenance": NOW + timedelta(minutes=40)},
            "maintenance",
            State.WARNING,
            "endet in 40 Minuten",
        ),
        ({"database": "gesperrt"}, "database", State.BAD, "gesperrt"),
        ({"self_test": True}, "selftest", State.WARNING, "noch nie"),
        ({"self_test": True, "test_sent": NOW}, "selftest", State.WELL, "unterwegs"),
        (
            {"self_test": True, "test_sent": NOW - timedelta(hours=2)},
            "selftest",
            State.BAD,
            "ohne Antwort",
        ),
        (
            {"self_test": True, "test_sent": LONG_AGO, "test_answered": NOW},
            "selftest",
            State.WELL,
            "beantwortet",
        ),
    ],
)
def test_each_trouble_is_found_and_told_in_plain_words(
    change: dict[str, object], code: str, state: State, word: str
) -> None:
    found = examine(replace(WELL, **change))  # type: ignore[arg-type]
    (one,) = (finding for finding in found if finding.code == code)
    assert one.state is state
    assert word in one.say("de")
    assert one.say("en") != one.say("de")


def test_spans_are_said_as_people_say_them() -> None:
    assert spoken(timedelta(seconds=61)) == ("einer Minute", "a minute")
    assert spoken(timedelta(days=3)) == ("3 Tagen", "3 days")
    assert spoken(timedelta(seconds=-5)) == ("0 Sekunden", "0 seconds")


# --- calling for help ------------------------------------------------------------------------


def story(*looks: tuple[float, tuple[Finding, ...]]) -> list[str]:
    """What is called at looks so many seconds after noon."""
    called, told = Called(), []
    for seconds, findings in looks:
        what, called = call(called, findings, NOW + timedelta(seconds=seconds))
        told.append(what)
    return told


def test_short_trouble_calls_nobody_and_lasting_trouble_once() -> None:
    assert story((0, MONITOR), (60, FINE), (70, MONITOR), (130, MONITOR)) == ["", "", "", ""]
    assert story((0, MONITOR), (130, MONITOR), (190, MONITOR), (250, MONITOR)) == [
        "",
        "alarm",
        "",
        "",
    ]


def test_the_end_of_it_is_told_once() -> None:
    assert story((0, MONITOR), (130, MONITOR), (190, FINE), (250, FINE)) == [
        "",
        "alarm",
        "well",
        "",
    ]


def test_more_trouble_is_told_at_once_and_less_of_it_is_not() -> None:
    assert story((0, MONITOR), (130, MONITOR), (140, BOTH), (150, MONITOR), (160, BOTH)) == [
        "",
        "alarm",
        "alarm",
        "",
        "",
    ]


def test_lasting_trouble_is_told_again_after_six_hours() -> None:
    assert story((0, MONITOR), (130, MONITOR), (130 + AGAIN.total_seconds() - 1, MONITOR)) == [
        "",
        "alarm",
        "",
    ]
    assert (
        story((0, MONITOR), (130, MONITOR), (130 + AGAIN.total_seconds(), MONITOR))[-1] == "again"
    )


def test_maintenance_keeps_calls_back_and_what_is_bad_after_it_is_told() -> None:
    rest = (Finding("maintenance", State.WARNING, "Wartung", "maintenance"),)
    assert story((0, MONITOR), (60, (*MONITOR, *rest)), (900, (*MONITOR, *rest))) == ["", "", ""]
    assert story((0, (*MONITOR, *rest)), (900, MONITOR), (1021, MONITOR)) == ["", "", "alarm"]


def test_a_clock_that_is_put_back_delays_the_call_by_no_more_than_the_grace() -> None:
    called = Called(bad_since=NOW + timedelta(days=400))
    _, called = call(called, MONITOR, NOW)
    assert call(called, MONITOR, NOW + GRACE)[0] == "alarm"


LOOKS = st.lists(
    st.tuples(st.integers(1, 10_000), st.sampled_from([MONITOR, BOTH, FINE])), max_size=40
)


@given(LOOKS)
def test_whatever_happens_alarm_and_all_clear_take_turns(
    looks: list[tuple[int, tuple[Finding, ...]]],
) -> None:
    called, at, alarmed = Called(), NOW, False
    for seconds, findings in looks:
        at += timedelta(seconds=seconds)
        what, called = call(called, findings, at)
        if what == "well":
            assert alarmed
            assert findings is FINE
            alarmed = False
        elif what:
            assert findings is not FINE
            alarmed = True
        assert bool(called.told) == alarmed
