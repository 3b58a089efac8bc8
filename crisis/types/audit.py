"""Who did what to what, and what it was before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """Who did what to what, and what it was before. Chained: ``hash`` covers ``previous``."""

    id: int = 0
    at: datetime
    actor: str  # "person:3", "monitor", "cli"
    action: str  # "incident.opened", "playbook.approved", ...
    what: str  # "incident:12", "rumour:trinkwasser-vergiftet"
    incident_id: int | None = None
    before: Mapping[str, object] = field(default_factory=dict)
    after: Mapping[str, object] = field(default_factory=dict)
    drill: bool = False
    previous: str = ""
    hash: str = ""
