"""What the tests of this room are made of: one incident, its posts, and the mail about it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from builders import NOON, incident, match, person, post, rumour, sighting

from crisis.alerts.compose import Draft, addressed, compose
from crisis.oncall.rota import ON_CALL
from crisis.types import Alert, AlertKind, Reason, Severity, Spread

LINK = "https://desk.example/a/abc.def"
SPREAD = Spread(posts=14, last_10_minutes=9, last_hour=14, sources=3, usual_per_hour=2)


def draft(kind: AlertKind = AlertKind.RAISED, **changes: Any) -> Draft:
    """A mail to Ana about poisoned water."""
    said = match(reasons=(Reason(code="words", weight=2.0, words=("Wasser", "vergiftet")),))
    known: dict[str, Any] = {
        "kind": kind,
        "incident": incident(id=12, opened=NOON - timedelta(minutes=20), severity=Severity.URGENT),
        "rumour": rumour(),
        "spread": SPREAD,
        "sightings": [sighting(match=said)],
        "sources": {1: "Stadtgespräch"},
        "suggestion": "Das Trinkwasser ist in Ordnung",
        "link": LINK,
        "person": person(id=3),
        "why": ON_CALL,
        "authority": "Musterstadt",
        "zone": ZoneInfo("Europe/Berlin"),
        "domain": "musterstadt.example",
        "now": NOON,
        "answer_within": timedelta(minutes=10),
    }
    return compose(**{**known, **changes})


def mail(**changes: Any) -> Alert:
    """A row of the outbox."""
    row = addressed(draft(), person(id=3), NOON, incident=incident(id=12))
    return replace(row, id=7, **changes)


def posted(text: str, **changes: Any) -> Any:
    return sighting(post=post(id=1, text=text, **changes))
