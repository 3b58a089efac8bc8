"""Decide on suggestions, and take that back: load -> say -> join or leave an incident -> write down.

Posts that say the same are decided on together. When an incident opens at all is ``incidents.decide``'s.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from crisis.errors import ConflictError
from crisis.interfaces import House
from crisis.rights import Act, require
from crisis.types import Incident, IncidentState, Person, Verdict
from crisis.workflows import handle, record, verdicts

UNDO_WITHIN = timedelta(hours=12)  # a shift


def decide(
    house: House, sighting_id: int, verdict: Verdict, by: Person, now: datetime
) -> Incident | None:
    """Say a word on a suggestion and on all that wait and say the same; the incident it is in now, if any.

    Raises ConflictError where somebody else has decided meanwhile: nothing is changed then.
    """
    store = house.store
    with store.transaction():
        together = store.suggestions.like(sighting_id)
        if sighting_id not in together:
            store.sightings.get(sighting_id)  # says so where it is gone altogether
            raise ConflictError(
                "Über diesen Beitrag hat gerade schon jemand entschieden. Es bleibt bei dessen Wort.",
                "Somebody else has just decided on this post. Their word stands.",
            )
        incident = None
        for number in together:
            if verdict is Verdict.FITS:
                incident = handle.take_up(house, number, by, now)
            else:
                verdicts.judge(store, number, verdict, by, now)
        return incident


def take_back(house: House, sighting_id: int, by: Person, now: datetime) -> int:
    """Take back one's own word: the posts wait again, and leave the incident they had joined.

    An incident that had nothing else is dismissed. Says how many posts wait again. Raises ConflictError
    where it was not this person's word, or too long ago.
    """
    store = house.store
    with store.transaction():
        together = store.suggestions.said_with(sighting_id, by.id, now - UNDO_WITHIN)
        if not together:
            raise ConflictError(
                "Das lässt sich nicht mehr zurücknehmen: Es war nicht Ihr Wort, oder es ist zu lange her.",
                "This can no longer be taken back: it was not your word, or it was too long ago.",
            )
        left: set[int] = set()
        for number in together:
            sighting = verdicts.judge(store, number, None, by, now)
            if sighting.incident_id is not None:
                store.sightings.move(number, None)
                left.add(sighting.incident_id)
        for incident_id in left:
            _leave(house, store.incidents.get(incident_id), by, now)
        return len(together)


def _leave(house: House, incident: Incident, by: Person, now: datetime) -> None:
    store = house.store
    require(by, Act.HANDLE, drill=incident.drill)
    posts = store.incidents.spread(incident.id, now).posts
    after = store.incidents.update(replace(incident, posts=posts, updated=now))
    record.incident(store, after, by, now, "incident.posts_left", posts=posts)
    if not store.sightings.count_of_incident(incident.id) and after.state is IncidentState.NEW:
        reason = (
            "Der Vorschlag dazu wurde zurückgenommen."
            if by.lang == "de"
            else ("The suggestion behind it was taken back.")
        )
        handle.dismiss(store, incident.id, reason, by, now)
