"""Until when the next step of an incident should be done, by the authority's own targets."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from crisis.types import Advice, Incident, IncidentState

_S = IncidentState


def due(
    incident: Incident,
    *,
    acknowledgement: timedelta,
    answer: timedelta,
    decided: Advice | None = None,
) -> datetime | None:
    """When somebody should have taken it, or its first answer should be public; None: no hurry.

    ``acknowledgement`` and ``answer`` count from when the incident was opened; zero means no target.
    ``decided``: what people decided to say, if they did; who waits or stays silent on purpose misses nothing.
    """
    spans: Mapping[IncidentState, timedelta] = {
        _S.NEW: acknowledgement,
        _S.ACKNOWLEDGED: answer,
        _S.ANSWERING: answer,
    }
    span = spans.get(incident.state, timedelta())
    waits = incident.state is _S.ACKNOWLEDGED and decided in (Advice.NONE, Advice.WATCH)
    # When a later wave began is not kept with the incident; there the hour begins with whoever took it.
    begun = incident.opened if incident.wave == 1 else incident.acknowledged_at
    return None if not span or waits or begun is None else begun + span
