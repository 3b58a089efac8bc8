"""Until when the next step of an incident should be done, by the authority's own targets."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from crisis.types import OPEN_STATES, Advice, Incident, IncidentState

_S = IncidentState


class Targets(NamedTuple):
    """How fast the authority wants to be; zero means no target. Both count from the beginning."""

    acknowledgement: timedelta = timedelta()
    answer: timedelta = timedelta()


def due(
    incident: Incident,
    targets: Targets,
    decided: Advice | None = None,
    promised: datetime | None = None,
) -> datetime | None:
    """When somebody should have taken it, or its first answer should be public; None: no hurry.

    ``decided``: what people decided to say, if they did; who waits or stays silent on purpose misses nothing.
    ``promised``: when people were told they would hear again; as long as it is open, that counts first.
    """
    if promised is not None and incident.state in OPEN_STATES - {_S.NEW}:
        return promised
    spans: Mapping[IncidentState, timedelta] = {
        _S.NEW: targets.acknowledgement,
        _S.ACKNOWLEDGED: targets.answer,
        _S.ANSWERING: targets.answer,
    }
    span = spans.get(incident.state, timedelta())
    waits = incident.state is _S.ACKNOWLEDGED and decided in (Advice.NONE, Advice.WATCH)
    # When a later wave began is not kept with the incident; there the hour begins with whoever took it.
    begun = incident.opened if incident.wave == 1 else incident.acknowledged_at
    return None if not span or waits or begun is None else begun + span
