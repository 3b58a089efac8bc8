"""Who would be told if an incident opened at a moment and nobody answered: the real rules, played through.

Pure. The ladder is made anew for each moment, so that hand-overs, quiet hours and office hours on the way
count. Sends nothing and keeps nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from crisis.alerts.escalation import next_call
from crisis.oncall.ladder import Ladder, Rung
from crisis.oncall.rota import Turn
from crisis.types import Alert, AlertKind, AlertState, Incident, Severity

Climb = Callable[[datetime], Ladder]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """At ``at`` these people would get a mail."""

    at: datetime
    rung: Rung
    turns: tuple[Turn, ...]
    round: int


def rehearse(climb: Climb, start: datetime, severity: Severity, *, most: int = 12) -> list[Told]:
    """The first ``most`` calls of an incident of this severity that opens at ``start``, unanswered.

    ``climb`` gives the ladder for a moment. Ends early where the rules end.
    """
    about = Incident(id=1, rumour_id="-", severity=severity, opened=start, updated=start)
    now, alerts = start, list[Alert]()
    found: list[Told] = []
    while len(found) < most:
        call = next_call(about, alerts, climb(now))
        if call is None:
            break
        if call.at > now:
            # The rota may be another one by then: look again when the time has come.
            now = call.at
            continue
        turns = tuple(t for t in call.rung.turns if t.person.id in call.people)
        found.append(Told(at=now, rung=call.rung, turns=turns, round=call.round))
        for one in call.people:
            alerts.append(_mail(len(alerts) + 1, one, now, call.rung.step, call.kind))
    return found


def _mail(number: int, person_id: int, now: datetime, step: int, kind: AlertKind) -> Alert:
    blank = Alert(
        incident_id=1,
        person_id=person_id,
        kind=kind,
        to="",
        subject="",
        text="",
        html="",
        message_id="",
        created=now,
        due=now,
    )
    return replace(blank, id=number, state=AlertState.SENT, sent_at=now, step=step)
