"""The steps of a rule of alerting as a form has them: read what was typed, move, insert and remove steps.

Shows nothing and keeps nothing: see ``alert_rules``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import time

from werkzeug.datastructures import MultiDict

from crisis.desk.words import _
from crisis.oncall.check import MOST_STEPS
from crisis.types import LEVELS, Hours, Policy, PolicyStep, Role, Severity, Target, TargetKind


def values(step: PolicyStep) -> set[str]:
    """A step's targets as the values of its boxes."""
    found: set[str] = set()
    for target in step.targets:
        if target.kind is TargetKind.PEOPLE:
            found |= {f"person:{one}" for one in target.people}
        elif target.kind is TargetKind.ROLE:
            found.add(f"role:{target.role.value}")
        elif target.kind is TargetKind.LINE:
            found.add("line")
        else:
            found.add(f"{target.kind.value}:{target.level}")
    return found | {f"gateway:{one}" for one in step.gateways}


def _targets(values: Sequence[str]) -> tuple[Target, ...]:
    targets: list[Target] = []
    people = []
    for value in values:
        kind, _colon, what = value.partition(":")
        if value == "line":
            targets.append(Target(kind=TargetKind.LINE))
        elif kind in ("level", "rota") and what in {str(n) for n in LEVELS}:
            targets.append(Target(kind=TargetKind(kind), level=int(what)))
        elif kind == "role" and what in {role.value for role in Role}:
            targets.append(Target(kind=TargetKind.ROLE, role=Role(what)))
        elif kind == "person" and what.isdigit():
            people.append(int(what))
    if people:
        targets.append(Target(kind=TargetKind.PEOPLE, people=tuple(people)))
    return tuple(targets)


def read(
    before: Policy, form: MultiDict[str, str], problems: dict[str, str], *, whole: bool = False
) -> Policy:
    """What was typed; a step without anybody is left out, unless the ``whole`` form is wanted."""
    count = min(form.get("schritte", 0, type=int), MOST_STEPS)
    steps = [_step(form, number) for number in range(1, count + 1)]
    return replace(
        before,
        steps=tuple(step for step in steps if step.targets or whole),
        rounds=form.get("rounds", before.rounds, type=int),
        quiet_from=_time(form, "quiet_from", problems),
        quiet_until=_time(form, "quiet_until", problems),
        quiet_below=severity(form.get("quiet_below", ""), before.quiet_below),
        office_from=_time(form, "office_from", problems) or before.office_from,
        office_until=_time(form, "office_until", problems) or before.office_until,
        note=" ".join(form.get("note", "").split())[:200],
    )


def _step(form: MultiDict[str, str], number: int) -> PolicyStep:
    hours = form.get(f"hours-{number}", "")
    return PolicyStep(
        targets=_targets(form.getlist(f"ziel-{number}")),
        wait=max(form.get(f"wait-{number}", 0, type=int), 0),
        times=form.get(f"times-{number}", 1, type=int),
        severity=severity(form.get(f"severity-{number}", ""), Severity.LOW),
        hours=Hours(hours) if hours in set(Hours) else Hours.ALWAYS,
        gateways=tuple(
            int(value.removeprefix("gateway:"))
            for value in form.getlist(f"ziel-{number}")
            if value.startswith("gateway:") and value.removeprefix("gateway:").isdigit()
        ),
    )


def severity(text: str, otherwise: Severity = Severity.HIGH) -> Severity:
    known = {str(severity.value): severity for severity in Severity}
    return known.get(text, otherwise)


def _time(form: MultiDict[str, str], name: str, problems: dict[str, str]) -> time | None:
    text = form.get(name, "").strip()
    if not text:
        return None
    try:
        return time.fromisoformat(text).replace(second=0, microsecond=0, tzinfo=None)
    except ValueError:
        problems[name] = _("Bitte geben Sie eine Uhrzeit wie 22:00 an.")
        return None


BLANK = PolicyStep(targets=())


def edited(steps: Sequence[PolicyStep], wish: str) -> tuple[tuple[PolicyStep, ...], int] | None:
    """The steps after one press of a button, and which of them to look at (from 1); None for no such button.

    ``wish`` is "schritt" (one more at the end), or "davor", "hoch", "runter" and "weg" with a step's number.
    """
    found = list(steps)
    if wish == "schritt":
        return (*found, BLANK)[:MOST_STEPS], min(len(found) + 1, MOST_STEPS)
    what, _dash, text = wish.partition("-")
    at = int(text) - 1 if text.isdigit() else -1
    if not 0 <= at < len(found):
        return None
    if what == "davor" and len(found) < MOST_STEPS:
        found.insert(at, BLANK)
        return tuple(found), at + 1
    if what in ("hoch", "runter"):
        to = at + (1 if what == "runter" else -1)
        if not 0 <= to < len(found):
            return None
        found[at], found[to] = found[to], found[at]
        return tuple(found), to + 1
    if what == "weg":
        del found[at]
        return tuple(found) or (BLANK,), min(at + 1, max(len(found), 1))
    return None
