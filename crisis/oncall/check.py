"""What rules of alerting must be before they may hold. Pure."""

from __future__ import annotations

from crisis.types import LEVELS, Policy, PolicyStep, TargetKind

MOST_STEPS = 10
LONGEST_WAIT = 24 * 60  # minutes
MOST_TIMES, MOST_ROUNDS = 5, 10


def policy_problem(policy: Policy) -> tuple[str, str] | None:
    """What is wrong with the rules, in German and English; None where they may hold."""
    if not 1 <= len(policy.steps) <= MOST_STEPS:
        return (
            f"Es braucht mindestens einen Schritt und höchstens {MOST_STEPS}.",
            f"There must be at least one step and at most {MOST_STEPS}.",
        )
    if not 1 <= policy.rounds <= MOST_ROUNDS:
        return (
            f"Die Zahl der Runden muss zwischen 1 und {MOST_ROUNDS} liegen.",
            f"The number of rounds must be between 1 and {MOST_ROUNDS}.",
        )
    if (policy.quiet_from is None) != (policy.quiet_until is None):
        return (
            "Bitte geben Sie Beginn und Ende der Ruhezeit an, oder keins von beiden.",
            "Please give both the beginning and the end of the quiet hours, or neither.",
        )
    if policy.office_from >= policy.office_until:
        return (
            "Die Bürozeit muss nach ihrem Beginn enden.",
            "The office hours must end after they begin.",
        )
    for number, step in enumerate(policy.steps, 1):
        problem = _step_problem(step)
        if problem is not None:
            return f"Schritt {number}: {problem[0]}", f"Step {number}: {problem[1]}"
    return None


def _step_problem(step: PolicyStep) -> tuple[str, str] | None:
    if not step.targets:
        return "Bitte wählen Sie, wer alarmiert wird.", "Please choose who is alerted."
    if not 0 <= step.wait <= LONGEST_WAIT:
        return (
            "Die Wartezeit muss zwischen 1 Minute und 24 Stunden liegen.",
            "The waiting time must be between 1 minute and 24 hours.",
        )
    if not 1 <= step.times <= MOST_TIMES:
        return (
            f"Wiederholt wird ein Schritt 1- bis {MOST_TIMES}-mal.",
            f"A step is told 1 to {MOST_TIMES} times.",
        )
    for target in step.targets:
        if target.kind in (TargetKind.LEVEL, TargetKind.ROTA) and target.level not in LEVELS:
            return "Diese Ebene gibt es nicht.", "There is no such level."
        if target.kind is TargetKind.PEOPLE and not target.people:
            return "Bitte wählen Sie mindestens eine Person.", "Please choose at least one person."
    return None
