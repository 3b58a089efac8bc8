"""Two incidents become one, and part again; posts go to another rumour: load -> move -> count -> write down.

Texts, notes and answers of an incident that was merged stay with it and are shown from the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from crisis.errors import ConflictError, IllegalMoveError, InvalidInputError, NotFoundError
from crisis.incidents.lifecycle import Move, allowed, moved
from crisis.interfaces import House, Store
from crisis.rights import Act, require
from crisis.types import (
    OPEN_STATES,
    Incident,
    IncidentState,
    Person,
    Severity,
    Sighting,
    Stance,
    Verdict,
)
from crisis.workflows import place, record, tell, verdicts

MOST_POSTS = 500  # split off at once


def merge(house: House, from_id: int, into_id: int, by: Person, now: datetime) -> Incident:
    """The first incident goes on in the second: its posts go over, it ends, nobody is called for it.

    Raises InvalidInputError for an incident and itself, IllegalMoveError where one has ended or one is an
    exercise and the other is not.
    """
    store = house.store
    with store.transaction():
        source, target = store.incidents.get(from_id), store.incidents.get(into_id)
        require(by, Act.HANDLE, drill=source.drill and target.drill)
        if from_id == into_id:
            raise InvalidInputError(
                "Bitte wählen Sie einen anderen Vorfall.", "Please choose another incident."
            )
        if source.drill != target.drill:
            raise IllegalMoveError(
                "Übung und Wirklichkeit lassen sich nicht zusammenführen.",
                "An exercise and reality cannot be merged.",
            )
        if target.state not in OPEN_STATES or not allowed(source, Move.MERGE):
            raise IllegalMoveError(
                "Zusammenführen lassen sich nur offene Vorfälle. Einer ist inzwischen beendet.",
                "Only open incidents can be merged. One of them has ended by now.",
            )
        before = {"state": source.state.value, "assignee": source.assignee}
        reason = f"Zusammengeführt mit Vorfall {into_id} · merged with incident {into_id}"
        ended = store.incidents.update(moved(source, Move.MERGE, now, reason=reason))
        store.alerts.cancel(from_id)
        ids = store.merges.move(from_id, into_id)
        store.merges.keep(from_id, into_id, by.id, now, before, ids)
        after = _counted(store, target, now, least=source.severity)
        record.incident(store, ended, by, now, "incident.merged_away", into=into_id, posts=len(ids))
        record.incident(store, after, by, now, "incident.merged", of=from_id, posts=len(ids))
        return after


def part(house: House, from_id: int, by: Person, now: datetime) -> Incident:
    """Undo a merge: the posts that are still there go back, and the incident is open again as it was.

    Raises ConflictError where its rumour has another open incident by now.
    """
    store = house.store
    with store.transaction():
        merge_ = store.merges.away(from_id)
        if merge_ is None:
            raise NotFoundError(
                "Dieser Vorfall ist nicht zusammengeführt.", "This incident is not merged."
            )
        source, target = store.incidents.get(from_id), store.incidents.get(merge_.into_id)
        require(by, Act.HANDLE, drill=source.drill)
        if target.state not in OPEN_STATES:
            raise IllegalMoveError(
                "Der andere Vorfall ist beendet. Öffnen Sie ihn zuerst wieder.",
                "The other incident has ended. Please reopen it first.",
            )
        posts = store.merges.undo(merge_, now)
        back = replace(
            moved(source, Move.PART, now),
            state=IncidentState(merge_.before["state"]),
            assignee=merge_.before["assignee"],
            acknowledged_at=source.acknowledged_at,
            corrected_at=source.corrected_at,
        )
        opened = store.incidents.latest(source.rumour_id, drill=source.drill)
        if opened is not None and opened.id != from_id and opened.ended_at is None:
            raise ConflictError(
                f"Zu diesem Gerücht ist inzwischen Vorfall {opened.id} offen. Führen Sie ihn zuerst zusammen"
                " oder schließen Sie ihn ab.",
                f"Incident {opened.id} is open for this rumour by now. Merge or close it first.",
            )
        after = _counted(store, store.incidents.update(back), now)
        _counted(store, store.incidents.get(target.id), now)
        record.incident(store, after, by, now, "incident.parted", of=target.id, posts=posts)
        record.incident(store, target, by, now, "incident.parted", of=from_id, posts=posts)
        return after


def split(
    house: House,
    incident_id: int,
    sighting_ids: Sequence[int],
    rumour_id: str,
    by: Person,
    now: datetime,
) -> Incident:
    """These posts carry another rumour: they go to its open incident, or open one. Here they do not fit.

    Raises InvalidInputError for no or too many posts, or the same rumour; NotFoundError for a post that is
    not of this incident.
    """
    store, wanted = house.store, sorted(set(sighting_ids))
    if not 1 <= len(wanted) <= MOST_POSTS:
        raise InvalidInputError(
            f"Bitte wählen Sie 1 bis {MOST_POSTS} Beiträge aus. Geändert wurde nichts.",
            f"Please select 1 to {MOST_POSTS} posts. Nothing was changed.",
        )
    playbooks = tell.drawer(house)
    with store.transaction():
        incident = store.incidents.get(incident_id)
        require(by, Act.HANDLE, drill=incident.drill)
        rumour = store.rumours.get(rumour_id)
        chosen = [store.sightings.get(number) for number in wanted]
        if any(one.incident_id != incident_id for one in chosen):
            raise NotFoundError(
                "Einige dieser Beiträge gehören nicht mehr zu diesem Vorfall. Geändert wurde nichts.",
                "Some of these posts are no longer part of this incident. Nothing was changed.",
            )
        if any(one.match.rumour_id == rumour.id for one in chosen):
            raise InvalidInputError(
                "Einige dieser Beiträge gehören schon zu diesem Gerücht. Geändert wurde nichts.",
                "Some of these posts belong to this rumour already. Nothing was changed.",
            )
        verdicts.judge_all(store, incident_id, wanted, Verdict.DOES_NOT_FIT, by, now)
        target = None
        for one in chosen:
            target = _placed(house, one, rumour.id, playbooks, by, now) or target
        if target is None or target.id == incident_id:
            raise IllegalMoveError(
                "Zu diesem Gerücht lässt sich kein eigener Vorfall öffnen. Geändert wurde nichts.",
                "No incident of its own can be opened for this rumour. Nothing was changed.",
            )
        _counted(store, store.incidents.get(incident_id), now)
        record.incident(
            store, incident, by, now, "incident.split", into=target.id, posts=len(wanted)
        )
        record.incident(
            store, target, by, now, "incident.split_from", of=incident_id, posts=len(wanted)
        )
        return target


def _placed(
    house: House,
    sighting: Sighting,
    rumour_id: str,
    playbooks: tell.Drawer,
    by: Person,
    now: datetime,
) -> Incident | None:
    match = place.sure(replace(sighting.match, rumour_id=rumour_id), Stance.SPREADS)
    fresh = Sighting(post=sighting.post, match=match, found=sighting.found)
    incident = place.place(house, fresh, playbooks, now, by=by)
    kept = next(
        one
        for one in house.store.sightings.of_post(sighting.post.id)
        if one.match.rumour_id == rumour_id
    )
    verdicts.judge(house.store, kept.id, Verdict.FITS, by, now)
    return incident


def _counted(
    store: Store, incident: Incident, now: datetime, *, least: Severity = Severity.LOW
) -> Incident:
    """The incident with its posts as they are now, and no less urgent than ``least``."""
    posts = store.incidents.spread(incident.id, now).posts
    level = max(incident.severity, least)
    return store.incidents.update(replace(incident, posts=posts, severity=level, updated=now))
