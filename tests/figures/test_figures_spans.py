"""Times with those that still wait: nothing is dropped, nothing is called what it is not."""

from __future__ import annotations

from datetime import timedelta
from statistics import median_low

import pytest
from builders import NOON
from hypothesis import given
from hypothesis import strategies as st

from crisis.figures.courses import Course, Happening, Wave, waves
from crisis.figures.spans import Met, Span, Step, met, quantile, span, summary, survival, within
from crisis.types import IncidentState


def after(minutes: float, *, reached: bool = True) -> Span:
    return Span(minutes, reached, NOON)


def wave(**changes: object) -> Wave:
    course = Course(incident_id=1, rumour_id="wasser", opened=NOON)
    made = Wave(
        course=course,
        number=1,
        begun=NOON,
        first_post=NOON - timedelta(minutes=5),
        alerted=None,
        acknowledged=None,
        answered=None,
        ended=None,
        dismissed=False,
    )
    return made._replace(**changes)  # type: ignore[arg-type]


# Remission of leukaemia under 6-MP (Freireich et al., Blood 21, 1963), the textbooks' example.
REMISSION = [
    *[(6, True)] * 3,
    *((6, False), (7, True), (9, False), (10, True), (10, False), (11, False), (13, True)),
    *((16, True), (17, False), (19, False), (20, False), (22, True), (23, True), (25, False)),
    *((32, False), (32, False), (34, False), (35, False)),
]


def test_the_textbook_example_comes_out_as_in_the_textbook() -> None:
    spans = [after(minutes, reached=reached) for minutes, reached in REMISSION]
    found = {at: round(share, 3) for at, share in survival(spans)}
    assert found == {
        6: 0.857,
        7: 0.807,
        10: 0.753,
        13: 0.690,
        16: 0.627,
        22: 0.538,
        23: 0.448,
    }
    assert quantile(spans, 0.5) == 23
    assert quantile(spans, 0.9) is None


@given(st.lists(st.integers(0, 500), min_size=1))
def test_without_open_ones_it_is_the_lower_median(minutes: list[int]) -> None:
    assert quantile([after(one) for one in minutes], 0.5) == median_low(minutes)


@given(
    st.lists(st.tuples(st.integers(0, 500), st.booleans()), min_size=1),
    st.floats(0.01, 0.99),
)
def test_an_open_one_never_makes_it_look_faster(
    pairs: list[tuple[int, bool]], share: float
) -> None:
    spans = [after(at, reached=reached) for at, reached in pairs]
    through = [one for one in spans if one.reached]
    fast = quantile(through, share)
    found = quantile(spans, share)
    assert found is None or fast is None or found >= fast


@given(st.lists(st.tuples(st.integers(0, 500), st.booleans())), st.integers(0, 500))
def test_shares_lie_between_nothing_and_all(pairs: list[tuple[int, bool]], limit: int) -> None:
    spans = [after(at, reached=reached) for at, reached in pairs]
    shares = [share for _at, share in survival(spans)]
    assert shares == sorted(shares, reverse=True)
    assert all(-1e-9 <= share <= 1 for share in shares)
    share = within(spans, limit)
    assert share is None if not spans else share is not None and 0 <= share <= 1 + 1e-9


def test_each_step_is_measured_from_where_it_says() -> None:
    made = wave(
        alerted=NOON + timedelta(minutes=1),
        acknowledged=NOON + timedelta(minutes=4),
        answered=NOON + timedelta(minutes=30),
    )
    minutes = {step: span(made, step, NOON) for step in Step}
    assert {step: one.minutes for step, one in minutes.items() if one} == {
        Step.DETECTION: 5,
        Step.ALERT: 1,
        Step.ACKNOWLEDGEMENT: 4,
        Step.ANSWER: 30,
        Step.CORRECTION: 35,
    }


def test_who_still_waits_has_waited_at_least_so_long() -> None:
    now = NOON + timedelta(hours=2)
    found = summary([wave(), wave(acknowledged=NOON)], Step.ACKNOWLEDGEMENT, now)
    assert (found.counted, found.waiting, found.median) == (2, 1, 0)
    assert found.waiting_since == NOON
    assert found.longest == 120
    assert found.p90 is None
    assert found.few


def test_what_ended_without_an_answer_is_counted_by_itself() -> None:
    over = wave(ended=NOON + timedelta(hours=1))
    found = summary([over, wave(answered=NOON + timedelta(minutes=9))], Step.ANSWER, NOON)
    assert (found.counted, found.waiting, found.without, found.median) == (1, 0, 1, 9)
    unknown = over._replace(first_post=None)
    assert summary([unknown], Step.CORRECTION, NOON).without == 0


def test_a_clock_put_back_counts_as_nothing_and_is_said() -> None:
    made = wave(acknowledged=NOON - timedelta(minutes=3))
    found = summary([made], Step.ACKNOWLEDGEMENT, NOON)
    assert (found.median, found.backwards) == (0, 1)


@pytest.mark.parametrize(
    ("spans", "target", "expected"),
    [
        ([], 10, Met.NOTHING),
        ([(5, True)], None, Met.NOTHING),
        ([(5, True)], 10, Met.MET),
        ([(10, True)], 10, Met.MET),
        ([(11, True)], 10, Met.MISSED),
        ([(5, True), (7, False), (8, False)], 10, Met.UNKNOWN),
        ([(5, True), (7, False), (12, False)], 10, Met.MISSED),
    ],
)
def test_a_target_is_met_missed_or_not_to_be_said_yet(
    spans: list[tuple[int, bool]], target: float | None, expected: Met
) -> None:
    made = [
        wave(begun=NOON - timedelta(minutes=at), acknowledged=NOON if reached else None)
        for at, reached in spans
    ]
    assert met(summary(made, Step.ACKNOWLEDGEMENT, NOON, target), target) is expected


def test_a_rumour_that_comes_back_is_a_wave_of_its_own() -> None:
    hours = [NOON + timedelta(hours=number) for number in range(8)]
    course = Course(
        incident_id=1,
        rumour_id="wasser",
        state=IncidentState.DISMISSED,
        opened=hours[0],
        first_post=hours[0],
        ended_at=hours[7],
        events=(
            (Happening.ALERTED, hours[0]),
            (Happening.RELEASED, hours[1]),
            (Happening.CLOSED, hours[2]),
            (Happening.REOPENED, hours[4]),
            (Happening.ALERTED, hours[5]),
            (Happening.ACKNOWLEDGED, hours[6]),
            (Happening.DISMISSED, hours[7]),
        ),
    )
    first, second = waves(course)
    assert (first.begun, first.alerted, first.answered) == (hours[0], hours[0], hours[1])
    assert first.acknowledged == hours[1]  # who answers has taken it
    assert (first.ended, first.dismissed) == (hours[2], False)
    assert (second.begun, second.alerted, second.acknowledged) == (hours[4], hours[5], hours[6])
    assert second.answered is None and second.first_post is None
    assert (second.ended, second.dismissed) == (hours[7], True)


def test_the_columns_of_an_incident_go_before_its_events() -> None:
    course = Course(
        incident_id=1, rumour_id="w", opened=NOON, acknowledged_at=NOON + timedelta(minutes=2)
    )
    (only,) = waves(course)
    assert only.acknowledged == NOON + timedelta(minutes=2)
    assert only.ended is None and not only.dismissed
