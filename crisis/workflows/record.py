"""Write down what was done to an incident: one line of the audit log, in the transaction it tells about.

What a line says of other things (people, sources, models), the workflows of those write themselves.
"""

from __future__ import annotations

from datetime import datetime

from crisis import audit
from crisis.interfaces import Store
from crisis.types import Incident, Person


def incident(
    store: Store,
    of: Incident,
    by: Person | None,
    now: datetime,
    action: str,
    /,
    **after: object,
) -> None:
    """Who did what to the incident when, with what is worth knowing of it afterwards."""
    store.audit.append(audit.of_incident(now, by, action, of, after=after))
