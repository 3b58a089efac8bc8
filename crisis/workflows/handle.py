"""What people do with an incident: load -> move -> save -> write down who did it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from crisis import audit
from crisis.errors import InvalidInputError, NotAllowedError
from crisis.incidents.handling import mentioned
from crisis.incidents.lifecycle import Move, moved
from crisis.interfaces import House, Store
from crisis.rights import Act, require
from crisis.types import (
    Debrief,
    Ending,
    Incident,
    IncidentState,
    Note,
    Person,
    Severity,
    Stance,
    Verdict,
)
from crisis.workflows import place, tell, verdicts

LONGEST_NOTE = 10_000  # characters
LONGEST_SHORT = 2_000  # of a lesson, a hand-over, a remark


def acknowledge(
    store: Store, incident_id: int, by: Person, now: datetime, *, via: str = "desk"
) -> Incident:
    """``by`` takes the incident; whoever was paged for it before is paged no longer.

    ``via`` is "desk" or "mail". An incident that ``by`` has already is left as it is.
    """
    with store.transaction():
        incident = store.incidents.get(incident_id)
        require(by, Act.HANDLE, drill=incident.drill)
        if incident.state is IncidentState.ACKNOWLEDGED and incident.assignee == by.id:
            return incident
        after = replace(moved(incident, Move.ACKNOWLEDGE, now), assignee=by.id)
        store.alerts.cancel(incident_id)
        return _keep(store, incident, after, by, now, "incident.acknowledged", via=via)


def assign(
    store: Store, incident_id: int, to: int | None, by: Person | None, now: datetime
) -> Incident:
    """Give the incident to somebody, or (None) to nobody."""
    with store.transaction():
        incident = store.incidents.get(incident_id)
        require(by, Act.HANDLE, drill=incident.drill)
        if to is not None:
            person = store.people.get(to)
            if not person.active or (person.drill and not incident.drill):
                raise NotAllowedError(
                    f"{person.name} kann den Vorfall nicht übernehmen.",
                    f"{person.name} cannot take this incident.",
                )
        after = replace(incident, assignee=to, updated=now)
        return _keep(store, incident, after, by, now, "incident.assigned")


def note(
    store: Store,
    incident_id: int,
    text: str,
    by: Person,
    now: datetime,
    *,
    mention: Sequence[int] = (),
    via: str = "desk",
) -> Note:
    """Write something down on the incident; who is named (or in ``mention``) is shown that it waits.

    The audit log keeps that there is a note, not its words.
    """
    text = note_text(text)
    with store.transaction():
        incident = store.incidents.get(incident_id)
        require(by, Act.HANDLE, drill=incident.drill)
        kept = store.incidents.add_note(
            Note(incident_id=incident_id, person_id=by.id, text=text, written=now)
        )
        named = mentioned(text, {p.id: p.name for p in store.people.all() if p.active})
        to = sorted({*named, *mention} - {by.id})
        store.handling.mention(kept.id, to)
        _log(
            store,
            incident,
            by,
            now,
            "incident.noted",
            after={"note": kept.id}
            | ({"mentioned": to} if to else {})
            | ({"via": via} if via != "desk" else {}),
        )
        return kept


def note_text(text: str) -> str:
    """The words of a note, checked."""
    text = text.strip()
    if not text or len(text) > LONGEST_NOTE:
        raise InvalidInputError(
            f"Bitte schreiben Sie 1 bis {LONGEST_NOTE} Zeichen.",
            f"Please write 1 to {LONGEST_NOTE} characters.",
        )
    return text


def rate(store: Store, incident_id: int, severity: Severity, by: Person, now: datetime) -> Incident:
    """A person judges how much of a hurry there is; counts may raise it again, never lower it."""
    with store.transaction():
        incident = store.incidents.get(incident_id)
        require(by, Act.HANDLE, drill=incident.drill)
        after = replace(incident, severity=severity, updated=now)
        return _keep(store, incident, after, by, now, "incident.rated")


judge = verdicts.judge


def take_up(house: House, sighting_id: int, by: Person, now: datetime) -> Incident:
    """A suggestion fits: it joins the open incident of its rumour, or opens one."""
    store = house.store
    playbooks = tell.drawer(house)
    with store.transaction():
        sighting = judge(store, sighting_id, Verdict.FITS, by, now)
        if sighting.incident_id is not None:
            return store.incidents.get(sighting.incident_id)
        surely = replace(sighting, match=place.sure(sighting.match, Stance.SPREADS))
        incident = place.place(house, surely, playbooks, now, by=by)
        if incident is None:
            raise InvalidInputError(
                "Zu diesem Beitrag lässt sich kein Vorfall öffnen.",
                "No incident can be opened for this post.",
            )
        return incident


def dismiss(
    store: Store, incident_id: int, reason: str, by: Person, now: datetime, *, via: str = "desk"
) -> Incident:
    """The incident is no matter for us; the reason stays with it. ``via`` is "desk" or "mail"."""
    return _end(store, incident_id, Move.DISMISS, reason, by, now, via)


def close(
    store: Store,
    incident_id: int,
    reason: str,
    by: Person,
    now: datetime,
    *,
    ending: Ending = Ending.OTHER,
    lesson: str = "",
) -> Incident:
    """The work is done; how it ended and what was learned stay with it, for the next wave."""
    with store.transaction():
        incident = _end(store, incident_id, Move.CLOSE, reason, by, now)
        store.handling.debrief(
            Debrief(
                incident_id=incident_id,
                wave=incident.wave,
                ending=ending,
                reason=incident.end_reason,
                lesson=short(lesson),
                person_id=by.id,
                at=now,
            )
        )
        return incident


def reopen(store: Store, incident_id: int, reason: str, by: Person, now: datetime) -> Incident:
    """Work on it again. ConflictError where the rumour has another open incident by now."""
    with store.transaction():
        incident = store.incidents.get(incident_id)
        require(by, Act.HANDLE, drill=incident.drill)
        after = moved(incident, Move.REOPEN, now)
        return _keep(store, incident, after, by, now, "incident.reopened", reason=_reason(reason))


def _end(
    store: Store,
    incident_id: int,
    move: Move,
    reason: str,
    by: Person,
    now: datetime,
    via: str = "desk",
) -> Incident:
    with store.transaction():
        incident = store.incidents.get(incident_id)
        require(by, Act.HANDLE, drill=incident.drill)
        reason = _reason(reason)
        after = moved(incident, move, now, reason=reason)
        store.alerts.cancel(incident_id)
        action = "incident.closed" if move is Move.CLOSE else "incident.dismissed"
        more = {"via": via} if via != "desk" else {}
        return _keep(store, incident, after, by, now, action, reason=reason, **more)


def short(text: str) -> str:
    """A few words of a person, without blanks around; InvalidInputError where they are too many."""
    if len(text) > LONGEST_SHORT:
        raise InvalidInputError(
            f"Das ist zu lang: höchstens {LONGEST_SHORT} Zeichen. Gespeichert wurde noch nichts.",
            f"This is too long: at most {LONGEST_SHORT} characters. Nothing was saved yet.",
        )
    return text.strip()


def _reason(text: str) -> str:
    text = text.strip()
    if not text or len(text) > 1000:
        raise InvalidInputError(
            "Bitte schreiben Sie in einem Satz, warum (höchstens 1.000 Zeichen).",
            "Please write in a sentence why (at most 1,000 characters).",
        )
    return text


def _keep(
    store: Store,
    before: Incident,
    after: Incident,
    by: Person | None,
    now: datetime,
    action: str,
    **more: object,
) -> Incident:
    kept = store.incidents.update(after)
    changed = [
        name
        for name in ("state", "severity", "assignee", "wave")
        if getattr(before, name) != getattr(after, name)
    ]
    _log(
        store,
        before,
        by,
        now,
        action,
        before={name: getattr(before, name) for name in changed},
        after={name: getattr(after, name) for name in changed} | more,
    )
    return kept


def _log(
    store: Store,
    incident: Incident,
    by: Person | None,
    now: datetime,
    action: str,
    *,
    before: dict[str, object] | None = None,
    after: dict[str, object] | None = None,
) -> None:
    store.audit.append(audit.of_incident(now, by, action, incident, before=before, after=after))
