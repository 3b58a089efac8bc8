"""What one answer did: how fast it went out, and how the rumour went on before and after. Part of its page.

Says "before" and "after", never "because of": most waves fall by themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from crisis.desk import figure_tables, here, incident_spread
from crisis.desk.words import _
from crisis.figures.answers import Moment, Reached, way
from crisis.types import (
    AlertState,
    Incident,
    PublicationAct,
    Response,
    ResponseState,
)

_OUT = (ResponseState.RELEASED, ResponseState.SUPERSEDED, ResponseState.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Effect:
    """What there is to show. ``wave``: the chart, where there are enough posts."""

    steps: Sequence[tuple[str, Reached]]  # its name in words
    wave: incident_spread.Wave | None

    def said(self, one: Reached) -> str:
        """How long after the first post, exactly enough to compare."""
        return (
            figure_tables.duration(one.after.total_seconds() / 60) if one.after is not None else ""
        )


def effect(response: Response, incident: Incident) -> Effect | None:
    """None for what was never public."""
    if response.state not in _OUT:
        return None
    names = _names()
    return Effect(
        [
            (names.get(one.name) or figure_tables.way_name(one.name), one)
            for one in steps(response, incident)
        ],
        incident_spread.of_incident(incident, response),
    )


def steps(response: Response, incident: Incident) -> list[Reached]:
    """From the first post to every channel."""
    store = here.store()
    sent = [a.sent_at for a in store.alerts.of_incident(incident.id) if a.state is AlertState.SENT]
    channels: dict[str, datetime | None] = {}
    for row in store.publications.of_response(response.id):
        if row.act is PublicationAct.PUBLISH and (row.sent_at or row.done_by is None):
            known = channels.get(row.channel)
            channels[row.channel] = min(filter(None, (known, row.sent_at)), default=None)
    return way(
        {
            Moment.FIRST_POST: store.incidents.first_post_at(incident.id),
            Moment.OPENED: incident.opened,
            Moment.ALERTED: min((at for at in sent if at is not None), default=None),
            Moment.ACKNOWLEDGED: incident.acknowledged_at,
            Moment.SUBMITTED: response.submitted_at,
            Moment.RELEASED: response.released_at,
        },
        channels,
    )


def _names() -> dict[str, str]:
    return {
        Moment.FIRST_POST: _("Erster Beitrag"),
        Moment.OPENED: _("Vorfall erkannt"),
        Moment.ALERTED: _("Alarm verschickt"),
        Moment.ACKNOWLEDGED: _("Übernommen"),
        Moment.SUBMITTED: _("Zur Freigabe gegeben"),
        Moment.RELEASED: _("Freigegeben, auf der Website"),
    }
