"""Who is not waited for, whatever the rota says: who said they cannot, cannot be reached, or want quiet.

They come last and are not dropped: where nobody else is left, they are asked all the same, so that no rule
of anybody's silences the last one.
"""

from __future__ import annotations

from datetime import datetime

from crisis.interfaces import House
from crisis.types import CallAnswer, Incident, Severity


def of(house: House, incident: Incident, now: datetime) -> set[int]:
    """The people to be asked last about this incident."""
    store = house.store
    away = store.mails.answered(incident.id, incident.wave, CallAnswer.CANNOT)
    refused = {address for address, known in store.mails.addresses().items() if not known.reachable}
    if refused:
        other = {way.person_id for way in store.ways.all() if way.counts}
        people = (p for p in store.people.all() if p.email.casefold() in refused)
        away |= {person.id for person in people if person.id not in other}
    if incident.severity is not Severity.URGENT:
        local = now.astimezone(house.terms.timezone).time()
        away |= {person for person, quiet in store.mails.quiet().items() if quiet.holds(local)}
    return away
