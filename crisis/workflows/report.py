"""The facts of a report: load incidents, answers, duty and health -> a ``Situation``. Changes nothing.

Words and layout are made of it in ``crisis.reports``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, tzinfo

from crisis.channels.networks import NETWORKS
from crisis.figures.courses import Course, waves
from crisis.figures.overview import steps
from crisis.figures.spans import Step
from crisis.interfaces import Store
from crisis.oncall.rota import turns
from crisis.reports.situation import Case, Duty, Health, Situation, initials
from crisis.types import AlertState, Incident, Person, PublicationAct, ResponseState, Shift
from crisis.workflows import roster

MOST = 50  # incidents of which a report tells
SILENT = timedelta(seconds=60)  # a monitor that was not heard of for so long is down
HEARTBEAT = "monitor.heartbeat"
_TOLD = frozenset(
    {
        *(ResponseState.SUBMITTED, ResponseState.RELEASED, ResponseState.WITHDRAWN),
        ResponseState.SUPERSEDED,
    }
)


def gather(
    store: Store,
    now: datetime,
    start: datetime,
    end: datetime,
    *,
    authority: str,
    zone: tzinfo,
    mail: bool,
    courses: Sequence[Course] = (),
    targets: Mapping[Step, float | None] | None = None,
    public_url: str = "",
    incident_id: int | None = None,
    names: bool = False,
    drill: bool = False,
    federal_state: str = "",
) -> Situation:
    """What was open or happened from ``start`` to ``end``, or one incident, as it stands ``now``.

    ``courses`` are those that began in that time, for the figures. Staff by initials unless ``names``.
    Raises NotFoundError for an incident that is not there.
    """
    people = {person.id: person for person in store.people.all()}
    if incident_id is None:
        found = store.incidents.touched(start, end, drill=drill, limit=MOST + 1)
        more = max(0, store.incidents.count_touched(start, end, drill=drill) - MOST)
    else:
        found, more = [store.incidents.get(incident_id)], 0
    cases = [_case(store, one, people, now, names=names) for one in found[:MOST]]
    begun = [wave for course in courses for wave in waves(course) if start <= wave.begun <= end]
    return Situation(
        authority=authority,
        zone=zone,
        now=now,
        start=start,
        end=end,
        cases=cases,
        more=more,
        health=_health(store, now, mail=mail),
        duty=_duty(
            roster.shifts(store, zone, federal_state, now), list(people.values()), now, names=names
        ),
        steps=steps(begun, now, targets or {}),
        targets=targets or {},
        public_url=public_url,
        drill=any(case.incident.drill for case in cases),
    )


def _case(
    store: Store, one: Incident, people: Mapping[int, Person], now: datetime, *, names: bool
) -> Case:
    return Case(
        incident=one,
        rumour=store.rumours.find(one.rumour_id),
        spread=store.incidents.spread(one.id, now),
        first_post=store.incidents.first_post_at(one.id),
        speed=store.incidents.speed(one.id, now),
        answers=[a for a in store.responses.of_incident(one.id) if a.state in _TOLD],
        channels=_channels(store, one),
        assignee=initials(people.get(one.assignee or 0), names=names),
        notes=len(store.incidents.notes(one.id)),
    )


def _channels(store: Store, one: Incident) -> list[tuple[tuple[str, str], datetime]]:
    """When an answer of the incident was first out on each channel, in order."""
    found: dict[str, datetime] = {}
    for answer in store.responses.of_incident(one.id):
        for row in store.publications.of_response(answer.id):
            if row.act is PublicationAct.PUBLISH and row.sent_at is not None:
                found[row.channel] = min(row.sent_at, found.get(row.channel, row.sent_at))
    ordered = sorted(found.items(), key=lambda item: item[1])
    return [((NETWORKS[code].de, NETWORKS[code].en), at) for code, at in ordered]


def _health(store: Store, now: datetime, *, mail: bool) -> Health:
    text = store.facts.get(HEARTBEAT)
    seen = datetime.fromisoformat(text) if text else None
    sources = [source for source in store.sources.all() if source.active and not source.drill]
    return Health(
        monitor_seen=seen,
        monitor_silent=seen is None or now - seen > SILENT,
        mail=mail,
        failed_mails=store.alerts.count(AlertState.FAILED),
        sources=len(sources),
        failing=[source.name for source in sources if source.failures],
        suggestions=store.sightings.count_suggestions(),
    )


def _duty(shifts: Sequence[Shift], people: Sequence[Person], now: datetime, *, names: bool) -> Duty:
    line = turns(shifts, people, now, catch_all=None)
    first, second = (*line, None, None)[:2]
    running = [s for s in shifts if first and s.person_id == first.person.id and s.start <= now]
    coming = [s for s in shifts if second and s.person_id == second.person.id and s.start > now]
    return Duty(
        now=initials(first.person, names=names) if first else "",
        until=running[0].end if running else None,
        next=initials(second.person, names=names) if second else "",
        since=coming[0].start if coming else None,
    )
