"""Who must be told next of an incident that nobody has taken, and when. Pure; writes no mail.

The line of people comes from ``oncall.rota`` and may change between two calls (a shift ended): whoever
stands in it now and was asked least often is asked next, so a new person on call comes before a second
round. Paging ends when the incident is taken or ended.

The line is gone through at most ``ROUNDS`` times. Then it ends: three unanswered rounds mean that people
sleep or that mail does not reach them, and a fourth mail changes neither. An *urgent* incident is never
given up: after the last round one person is asked every hour, or every ``escalate_after`` if that is longer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from crisis.types import Alert, AlertKind, AlertState, Incident, IncidentState, Severity

ROUNDS = 3
SLOW = timedelta(hours=1)  # between two mails of an urgent incident after the last round
_BEGINNINGS = frozenset({AlertKind.RAISED, AlertKind.REOPENED})
_CALLS = _BEGINNINGS | {AlertKind.ESCALATED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """The next person to be told, and from when on."""

    person_id: int
    at: datetime
    kind: AlertKind
    round: int  # how often this person will have been asked in this wave, this time included
    after: int | None = None  # who was asked before and did not answer


def next_step(
    incident: Incident,
    alerts: Iterable[Alert],
    line: Sequence[int],
    escalate_after: timedelta,
) -> Step | None:
    """The next step of this incident, due now or later; None if there is none.

    ``alerts`` are all mails of the incident, ``line`` the ids of the people to be asked, first one first.
    None where somebody has taken it, where it has ended, where ``line`` is empty, or, unless it is
    urgent, where everybody was asked ``ROUNDS`` times.
    """
    if incident.state is not IncidentState.NEW or not line:
        return None
    calls = _calls(alerts)
    if not calls:
        kind = AlertKind.RAISED if incident.wave == 1 else AlertKind.REOPENED
        return Step(person_id=line[0], at=incident.updated, kind=kind, round=1)
    asked = Counter(call.person_id for call in calls)
    dead = {call.person_id for call in calls if call.state is AlertState.FAILED}
    # ``min`` keeps the line's order among those asked equally often.
    person = min(line, key=lambda id_: (id_ in dead, asked[id_]))
    if asked[person] >= ROUNDS and incident.severity is not Severity.URGENT:
        return None
    last = calls[-1]
    return Step(
        person_id=person,
        at=_at(last, person, dead, asked[person], escalate_after),
        kind=AlertKind.ESCALATED,
        round=asked[person] + 1,
        after=last.person_id if last.person_id != person else None,
    )


def due_step(
    incident: Incident,
    alerts: Iterable[Alert],
    line: Sequence[int],
    escalate_after: timedelta,
    now: datetime,
) -> Step | None:
    """The step that must be done ``now``, or None if it is too early or there is none."""
    step = next_step(incident, alerts, line, escalate_after)
    return step if step is not None and step.at <= now else None


def _at(
    last: Alert, person: int, dead: set[int], asked: int, escalate_after: timedelta
) -> datetime:
    """When ``person`` is asked after ``last``.

    The wait counts from when the mail left; one that is stuck counts from when it was written, so that a
    full mailbox holds nobody up. One that failed for good is not waited for, unless the next one failed
    too: that would be a stream of mails to addresses that refuse them.
    """
    if last.state is AlertState.FAILED and person not in dead:
        return last.created
    wait = escalate_after if asked < ROUNDS else max(escalate_after, SLOW)
    return (last.sent_at or last.created) + wait


def _calls(alerts: Iterable[Alert]) -> list[Alert]:
    """The mails of this wave that asked somebody, in order. "It got worse" asks nobody anew, and a
    cancelled mail was never read."""
    calls = [a for a in alerts if a.kind in _CALLS and a.state is not AlertState.CANCELLED]
    calls.sort(key=lambda a: (a.created, a.id))
    begun = max((a.created for a in calls if a.kind in _BEGINNINGS), default=None)
    return calls if begun is None else [a for a in calls if a.created >= begun]
