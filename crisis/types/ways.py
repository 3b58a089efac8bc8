"""Ways to reach people beside mail: gateways that send SMS, call or chat, and who is told through them.

Mail always goes as well, and it alone counts as reaching somebody, unless a way was confirmed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from crisis.types.alerts import AlertState


@dataclass(frozen=True, slots=True, kw_only=True)
class Gateway:
    """Another program that passes alerts on: its address and what it wants to be told, in its own form.

    ``url``, ``body`` may hold ``{text}`` and the like (``alerts.gateway_text``), ``headers`` only
    ``{secret}``. An empty ``body`` is the signed JSON of docs/operate/ways.md.
    """

    id: int = 0
    name: str
    url: str
    method: str = "POST"
    headers: tuple[str, ...] = ()  # "Name: value"
    content_type: str = "application/json"
    body: str = ""
    secret: str = field(default="", repr=False)  # sealed: see ``Bell``
    active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How else one person is told."""

    id: int = 0
    person_id: int
    gateway_id: int | None  # None: a short mail, as gateways from e-mail to SMS take it
    address: str = ""  # a number, a room, a mail address: what the gateway knows the person by
    confirmed_at: datetime | None = None  # somebody pressed the button of a test message
    failed_at: datetime | None = None  # it was refused for good
    problem_de: str = ""
    problem_en: str = ""

    @property
    def counts(self) -> bool:
        """Whether somebody told this way counts as reached."""
        return self.confirmed_at is not None and self.failed_at is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ring:
    """One message by another way than mail, waiting or sent. ``Alert`` is its sister."""

    id: int = 0
    way_id: int | None  # None: a step of the rules names the gateway itself
    gateway_id: int | None  # None: a short mail
    person_id: int | None
    incident_id: int | None  # None: a test, or several incidents at once
    wave: int = 1
    event: str  # raised, reopened, escalated, worse, still, taken, several, test
    address: str = ""
    payload: Mapping[str, Any] = field(default_factory=dict)
    counts: bool = False  # whether the way was confirmed when this was written
    priority: int = 1  # 0 goes first
    key: str  # the same at every try: by it a repeat is recognised
    created: datetime
    due: datetime
    attempts: int = 0
    state: AlertState = AlertState.PENDING
    sent_at: datetime | None = None
    problem_de: str = ""
    problem_en: str = ""
    carried_by: int | None = None  # the message in which it travels
    settled: bool = False  # the gateway was told how it ended, or need not be


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What goes over the wire to a gateway; the secret is put in at the last moment."""

    method: str
    url: str
    headers: tuple[str, ...]
    content_type: str
    body: bytes = field(repr=False)
    key: str
    secret: str = field(default="", repr=False)  # sealed
