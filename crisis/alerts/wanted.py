"""Whether a mail that was written a while ago should still go out, and what goes first. Pure."""

from __future__ import annotations

from crisis.alerts.escalation import CALLS
from crisis.types import OPEN_STATES, Alert, AlertKind, Incident, IncidentState, Severity


def wanted(alert: Alert, incident: Incident | None) -> bool:
    """False for a call to an incident that somebody has taken or ended, and for news that is none."""
    if incident is None:
        return True
    if alert.kind in CALLS or alert.kind is AlertKind.COPY:
        return incident.state is IncidentState.NEW
    if alert.kind is AlertKind.WORSE:
        holder = incident.assignee in (None, alert.person_id)
        return holder and incident.state in OPEN_STATES
    if alert.kind is AlertKind.STILL:
        held = incident.state is IncidentState.ACKNOWLEDGED
        return held and incident.assignee == alert.person_id
    if alert.kind is AlertKind.TAKEN:
        return incident.state is not IncidentState.NEW
    return True


def priority(kind: AlertKind, severity: Severity) -> int:
    """What goes first: 0 calls to something urgent, 1 the others, 2 what only informs."""
    if kind in CALLS or kind is AlertKind.WORSE:
        return 0 if severity is Severity.URGENT else 1
    return 2 if kind in (AlertKind.TAKEN, AlertKind.COPY) else 1
