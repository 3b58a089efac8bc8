"""Ask the next person where nobody has answered: open incidents -> who is due -> queue."""

from __future__ import annotations

from datetime import datetime

from crisis.alerts.escalation import due_step
from crisis.interfaces import House
from crisis.oncall.rota import Turn
from crisis.types import AlertKind, Incident, IncidentState
from crisis.workflows import tell


def escalate(house: House, now: datetime) -> int:
    """Queue what is due for incidents that nobody has taken; says how many mails."""
    waiting = [
        incident
        for incident in house.store.incidents.all_open()
        if incident.state is IncidentState.NEW and _due(house, incident, now) is not None
    ]
    if not waiting:
        return 0
    playbooks = tell.drawer(house)
    return sum(_ask(house, incident.id, playbooks, now) for incident in waiting)


def _due(house: House, incident: Incident, now: datetime) -> tuple[AlertKind, Turn, bool] | None:
    """The mail that must be written now: its kind, to whom, and whether anybody else is in line."""
    line = tell.in_line(house, incident, now)
    step = due_step(
        incident,
        house.store.alerts.of_incident(incident.id),
        [turn.person.id for turn in line],
        house.terms.escalate_after,
        now,
    )
    if step is None:
        return None
    turn = next(turn for turn in line if turn.person.id == step.person_id)
    return step.kind, turn, len(line) > 1


def _ask(house: House, incident_id: int, playbooks: tell.Drawer, now: datetime) -> int:
    store = house.store
    with store.transaction():
        # Looked at again: somebody may have taken it since, or another monitor have asked.
        incident = store.incidents.find(incident_id)
        due = None if incident is None else _due(house, incident, now)
        if incident is None or due is None:
            return 0
        kind, turn, followed = due
        tell.queue(
            house,
            incident,
            kind,
            store.incidents.spread(incident_id, now),
            playbooks,
            turn,
            now,
            followed=followed,
        )
        return 1
