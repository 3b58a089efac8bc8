"""Who must be told next of an incident that nobody has taken, and when. Pure; writes no mail.

The rungs come from ``oncall.ladder`` and may change between two calls (a shift ended, somebody fell ill):
whoever stands in them now and was told least often comes next, so a new person on call comes before a
second round. Paging ends when the incident is taken or ended.

The rungs are gone through ``rounds`` times. Then it ends: three unanswered rounds mean that people
sleep or that mail does not reach them, and a fourth mail changes neither. An *urgent* incident is never
given up: after the last round one rung is told every hour, or after its own wait if that is longer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from crisis.oncall.ladder import Ladder, Rung
from crisis.types import Alert, AlertKind, AlertState, Incident, IncidentState, Severity

SLOW = timedelta(hours=1)  # between two mails of an urgent incident after the last round
_BEGINNINGS = frozenset({AlertKind.RAISED, AlertKind.REOPENED})
CALLS = _BEGINNINGS | {AlertKind.ESCALATED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """The next people to be told, at once, and from when on."""

    rung: Rung
    people: tuple[int, ...]  # of the rung, those whose turn it is
    at: datetime
    kind: AlertKind
    round: int  # how often this rung will have been told in this wave, this time included


def next_call(
    incident: Incident,
    alerts: Iterable[Alert],
    ladder: Ladder,
    *,
    declined: Collection[int] = (),
    reached: Collection[int] = (),
) -> Call | None:
    """The next call of this incident, due now or later; None if there is none.

    ``alerts`` are all mails of the incident; ``declined`` are people who said that they cannot: they count
    like an address that refuses, are not waited for and come last. ``reached`` are people who were told in
    this wave by another way than mail that they have confirmed: their refused mail does not count. None
    where somebody has taken it, where it has ended, where there is no rung, or, unless it is urgent, after
    the last round.
    """
    if incident.state is not IncidentState.NEW or not ladder.rungs:
        return None
    calls = _calls(alerts)
    if not calls:
        away = set(declined)
        first = min(
            ladder.rungs, key=lambda r: _dead(r, away)
        )  # the first one with somebody to reach
        kind = AlertKind.RAISED if incident.wave == 1 else AlertKind.REOPENED
        at = ladder.held(incident.updated)
        return Call(rung=first, people=tuple(_alive(first, away)), at=at, kind=kind, round=1)
    told = Counter((call.step, call.person_id) for call in calls)
    failed = {call.person_id for call in calls if call.state is AlertState.FAILED}
    dead = (failed - set(reached)) | set(declined)
    # ``min`` keeps the ladder's order among those told equally often.
    rung = min(ladder.rungs, key=lambda r: (_dead(r, dead), _gone_through(r, told, dead)))
    rounds = _gone_through(rung, told, dead)
    if rounds >= ladder.rounds and incident.severity is not Severity.URGENT:
        return None
    return Call(
        rung=rung,
        people=_whose_turn(rung, told, dead),
        at=ladder.held(_at(calls, ladder, rung, dead, set(reached), slow=rounds >= ladder.rounds)),
        kind=AlertKind.ESCALATED,
        round=rounds + 1,
    )


def due_call(
    incident: Incident,
    alerts: Iterable[Alert],
    ladder: Ladder,
    now: datetime,
    *,
    declined: Collection[int] = (),
    reached: Collection[int] = (),
) -> Call | None:
    """The call that must be made ``now``, or None if it is too early or there is none."""
    call = next_call(incident, alerts, ladder, declined=declined, reached=reached)
    return call if call is not None and call.at <= now else None


def told_by_nobody(alerts: Iterable[Alert]) -> bool:
    """Whether this wave has no call yet: its beginning waits for the end of the quiet hours."""
    return not _calls(alerts)


def _told(rung: Rung, person_id: int, told: Counter[tuple[int | None, int]]) -> int:
    """How often this person was told at this rung; mails from before rungs were kept count for each."""
    return told[rung.step, person_id] + told[None, person_id]


def _dead(rung: Rung, dead: set[int]) -> bool:
    return all(one in dead for one in rung.people)


def _alive(rung: Rung, dead: set[int]) -> Sequence[int]:
    """Those who can be reached; where that is nobody, all."""
    return [one for one in rung.people if one not in dead] or rung.people


def _gone_through(rung: Rung, told: Counter[tuple[int | None, int]], dead: set[int]) -> int:
    """How many rounds this rung has had; somebody new in it has had none."""
    return min(_told(rung, one, told) for one in _alive(rung, dead)) // rung.times


def _whose_turn(
    rung: Rung, told: Counter[tuple[int | None, int]], dead: set[int]
) -> tuple[int, ...]:
    alive = _alive(rung, dead)
    least = min(_told(rung, one, told) for one in alive)
    return tuple(one for one in alive if _told(rung, one, told) == least)


def _at(
    calls: Sequence[Alert],
    ladder: Ladder,
    rung: Rung,
    dead: set[int],
    otherwise: set[int],
    *,
    slow: bool,
) -> datetime:
    """When ``rung`` is told after the last call.

    The wait counts from when the mails left; one that is stuck counts from when it was written, so that a
    full mailbox holds nobody up. Where nobody of the last call can be reached, nobody is waited for,
    unless nobody of the next can be, either: that would be a stream of mails to addresses that refuse.
    """
    last = calls[-1]
    batch = [c for c in calls if c.created == last.created and c.step == last.step]
    reached = [
        c
        for c in batch
        if c.person_id not in dead
        and (c.state is not AlertState.FAILED or c.person_id in otherwise)
    ]
    if not reached and not _dead(rung, dead):
        return last.created
    before = next((r for r in ladder.rungs if r.step == last.step), rung)
    wait = max(before.wait, SLOW) if slow else before.wait
    return max(c.sent_at or c.created for c in reached or batch) + wait


def _calls(alerts: Iterable[Alert]) -> list[Alert]:
    """The mails of this wave that asked somebody, in order. "It got worse" asks nobody anew, and a
    cancelled mail was never read."""
    calls = [a for a in alerts if a.kind in CALLS and a.state is not AlertState.CANCELLED]
    calls.sort(key=lambda a: (a.created, a.id))
    begun = max((a.created for a in calls if a.kind in _BEGINNINGS), default=None)
    return calls if begun is None else [a for a in calls if a.created >= begun]
