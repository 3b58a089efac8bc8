"""How bad it would be: four answers, a suggestion that never falls when an answer grows."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisis.incidents.handling import mentioned
from crisis.incidents.impact import Answers, speed_of, suggest
from crisis.types import Advice, Severity, Spread

STEP = st.integers(0, 3)
ANSWERS = st.builds(Answers, harm=STEP, people=STEP, speed=STEP, credible=STEP)


@given(ANSWERS, st.sampled_from(["harm", "people", "speed", "credible"]))
def test_neither_severity_nor_advice_falls_when_an_answer_grows(one: Answers, which: str) -> None:
    more = replace(one, **{which: min(3, getattr(one, which) + 1)})
    assert suggest(more).severity >= suggest(one).severity
    assert suggest(more).advice >= suggest(one).advice


@given(ANSWERS)
def test_a_suggestion_always_has_reasons_in_both_languages(one: Answers) -> None:
    assert suggest(one).reasons or suggest(one).advice is Advice.WEBSITE or one.harm == 1
    assert all(de and en for de, en in suggest(one).reasons)


@pytest.mark.parametrize(
    ("answers", "advice", "severity"),
    [
        ((3, 3, 3, 3), Advice.ANSWER, Severity.URGENT),
        ((3, 0, 0, 1), Advice.ANSWER, Severity.HIGH),
        ((0, 0, 0, 0), Advice.NONE, Severity.LOW),
        ((0, 3, 1, 0), Advice.NONE, Severity.ELEVATED),
        ((1, 0, 0, 1), Advice.WATCH, Severity.LOW),
        ((1, 1, 1, 2), Advice.WEBSITE, Severity.ELEVATED),
        ((1, 2, 3, 3), Advice.ANSWER, Severity.HIGH),
        ((2, 1, 0, 0), Advice.WATCH, Severity.ELEVATED),
    ],
)
def test_what_answers_come_to(
    answers: tuple[int, int, int, int], advice: Advice, severity: Severity
) -> None:
    harm, people, speed, credible = answers
    found = suggest(Answers(harm=harm, people=people, speed=speed, credible=credible))
    assert (found.advice, found.severity) == (advice, severity)


def test_an_answer_that_is_not_there_is_refused() -> None:
    with pytest.raises(ValueError, match="no answer"):
        suggest(Answers(harm=4, people=0, speed=0, credible=0))


@pytest.mark.parametrize(
    ("ten", "hour", "speed"), [(0, 0, 0), (0, 1, 1), (3, 3, 2), (0, 10, 2), (10, 10, 3), (0, 30, 3)]
)
def test_the_counts_answer_how_fast_it_is(ten: int, hour: int, speed: int) -> None:
    spread = Spread(posts=hour, last_10_minutes=ten, last_hour=hour, sources=1, usual_per_hour=1.0)
    assert speed_of(spread) == speed


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("@Ana bitte", [1]),
        ("Hallo @ana, @CHLOE!", [1, 3]),
        ("@Ana-Maria Kern weiß es", [2]),
        ("ana@musterstadt.example", []),
        ("@Anabel", []),
        ("@Ana @Ana", [1]),
        ("", []),
    ],
)
def test_who_is_named_in_a_note(text: str, who: list[int]) -> None:
    assert mentioned(text, {1: "Ana", 2: "Ana-Maria Kern", 3: "Chloe"}) == who
