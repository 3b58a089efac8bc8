"""How bad would it be, and should we answer at all: four questions, a suggestion, its reasons. Pure.

Keeps nothing and decides nothing: a person does, and may decide otherwise.

The questions follow the impact analysis of the British Government Communication Service's *RESIST 2*
toolkit (part 4: what is affected, who is reached, how likely it is to grow) and its *FACT* model (annex D:
find, assess, create, target), which asks to correct what could do harm and to beware of making the rest
better known. The steps and where they lead are ours.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from crisis.types import Advice, Severity, Spread

MOST = 3  # every question is answered with 0 to 3


class Question(StrEnum):
    """What is asked, in this order."""

    HARM = "harm"
    PEOPLE = "people"
    SPEED = "speed"
    CREDIBLE = "credible"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """0 (hardly) to 3 (very much) for each question."""

    harm: int
    people: int
    speed: int
    credible: int


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What four answers come to, and why: (German, English) sentences."""

    severity: Severity
    advice: Advice
    reasons: tuple[tuple[str, str], ...]


def suggest(answers: Answers) -> Suggestion:
    """Severity and advice. Neither ever falls when an answer grows.

    Raises ValueError for an answer outside 0 to 3.
    """
    for value in (answers.harm, answers.people, answers.speed, answers.credible):
        if not 0 <= value <= MOST:
            raise ValueError(f"{value} is no answer")
    advice = _advice(answers)
    return Suggestion(_severity(answers), advice, _reasons(answers, advice))


def _severity(answers: Answers) -> Severity:
    """Harm counts twice; where life and limb are at stake it is never less than high."""
    points = 2 * answers.harm + answers.people + answers.speed + answers.credible  # 0 to 15
    steps = ((11, Severity.URGENT), (8, Severity.HIGH), (4, Severity.ELEVATED))
    level = next((level for least, level in steps if points >= least), Severity.LOW)
    return max(level, Severity.HIGH) if answers.harm == MOST else level


def _advice(answers: Answers) -> Advice:
    fast, believed = answers.speed >= 2, answers.credible >= 2
    if answers.harm >= 2:
        if answers.credible:
            return Advice.ANSWER
        return Advice.WEBSITE if fast else Advice.WATCH
    if answers.harm == 1:
        if fast and believed:
            return Advice.ANSWER
        return Advice.WEBSITE if fast or (believed and answers.people) else Advice.WATCH
    if fast and believed and answers.people >= 2:
        return Advice.WEBSITE
    return Advice.WATCH if answers.credible and (fast or answers.people >= 2) else Advice.NONE


def _reasons(answers: Answers, advice: Advice) -> tuple[tuple[str, str], ...]:
    reasons = []
    if answers.harm == MOST:
        reasons.append(("Es geht um Leib und Leben.", "Life and limb are at stake."))
    elif answers.harm == 2:
        reasons.append(
            ("Wer es glaubt, kann zu Schaden kommen.", "Whoever believes it may come to harm.")
        )
    elif not answers.harm:
        reasons.append(("Es schadet kaum jemandem.", "It harms hardly anybody."))
    if answers.speed >= 2:
        reasons.append(
            (
                "Es verbreitet sich schnell: Jede Minute zählt.",
                "It spreads fast: every minute counts.",
            )
        )
    elif advice <= Advice.WATCH:
        reasons.append(
            (
                "Es verbreitet sich kaum; eine Antwort würde es erst bekannt machen.",
                "It hardly spreads; an answer would only make it known.",
            )
        )
    if answers.credible >= 2:
        reasons.append(("Viele werden es glauben.", "Many will believe it."))
    elif not answers.credible:
        reasons.append(("Kaum jemand wird es glauben.", "Hardly anybody will believe it."))
    if answers.people >= 2:
        reasons.append(("Es betrifft viele Menschen.", "It concerns many people."))
    return tuple(reasons)


def speed_of(spread: Spread) -> int:
    """The answer to "how fast" that the counts themselves give, for the form to begin with."""
    if spread.last_10_minutes >= 10 or spread.last_hour >= 30:
        return 3
    if spread.last_10_minutes >= 3 or spread.last_hour >= 10:
        return 2
    return 1 if spread.last_hour else 0
