"""Tell the next where nobody has answered: open incidents -> who is due -> queue."""

from __future__ import annotations

from datetime import datetime

from crisis.alerts.escalation import Call, due_call
from crisis.interfaces import House
from crisis.oncall.duty import Duty
from crisis.oncall.ladder import Ladder
from crisis.types import Incident, IncidentState, Severity
from crisis.workflows import maintenance, out_of_reach, roster, tell


def escalate(house: House, now: datetime) -> int:
    """Queue what is due for incidents that nobody has taken; says how many calls were made."""
    waiting = [
        incident
        for incident in house.store.incidents.all_open()
        if incident.state is IncidentState.NEW and not maintenance.holds(house.store, incident, now)
    ]
    if not waiting:
        return 0
    look = _Look(house, now)
    due = [incident for incident in waiting if look.due(incident) is not None]
    if not due:
        return 0
    playbooks = tell.drawer(house)
    return sum(_call(house, incident.id, playbooks, now) for incident in due)


def one(house: House, incident_id: int, now: datetime) -> int:
    """Queue what is due for this incident now; says how many calls were made."""
    return _call(house, incident_id, tell.drawer(house), now)


class _Look:
    """What is planned, read once for many incidents."""

    def __init__(self, house: House, now: datetime) -> None:
        self._house, self._now = house, now
        self.planned: Duty = roster.of_house(house, now)
        self._ladders: dict[tuple[Severity, bool], Ladder] = {}

    def ladder(self, incident: Incident) -> Ladder:
        key = incident.severity, incident.drill
        if key not in self._ladders:
            self._ladders[key] = roster.rungs(self._house, self.planned, incident, self._now)
        return self._ladders[key]

    def due(self, incident: Incident) -> Call | None:
        """The call that must be made now."""
        alerts = self._house.store.alerts.of_incident(incident.id)
        away = out_of_reach.of(self._house, incident, self._now)
        reached = self._house.store.ways.reached(incident.id, incident.wave)
        return due_call(
            incident, alerts, self.ladder(incident), self._now, declined=away, reached=reached
        )


def _call(house: House, incident_id: int, playbooks: tell.Drawer, now: datetime) -> int:
    store = house.store
    with store.transaction():
        # Looked at again: somebody may have taken it since, another monitor have called, or the rota
        # have changed.
        incident = store.incidents.find(incident_id)
        if incident is None:
            return 0
        look = _Look(house, now)
        call = look.due(incident)
        if call is None:
            return 0
        tell.call_out(
            house,
            incident,
            call.kind,
            store.incidents.spread(incident_id, now),
            playbooks,
            call.rung,
            call.people,
            look.planned,
            look.ladder(incident),
            now,
        )
        return 1
