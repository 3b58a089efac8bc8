"""What people do on an incident beside answering: assess, check, hand over, edit notes, put files on it.

load -> check the right -> save -> write down who did it. Moves of the incident itself are in ``handle``.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from crisis.errors import IllegalMoveError, InvalidInputError, NotAllowedError, NotFoundError
from crisis.incidents import files
from crisis.incidents.handling import STEPS
from crisis.incidents.impact import Answers, suggest
from crisis.interfaces import Store
from crisis.rights import Act, require
from crisis.types import (
    OPEN_STATES,
    Advice,
    Assessment,
    Attachment,
    Check,
    Incident,
    Person,
    Severity,
    Transfer,
)
from crisis.workflows import handle, record

EDIT_WITHIN = timedelta(minutes=5)
MOST_FILES = 20  # on one incident


def assess(
    store: Store,
    incident_id: int,
    answers: Answers,
    decided: Advice,
    severity: Severity,
    by: Person,
    now: datetime,
) -> Assessment:
    """A person answers the four questions and decides; the severity follows what they decide."""
    with store.transaction():
        incident = _open(store, incident_id, by)
        suggestion = suggest(answers)
        kept = store.handling.assess(
            Assessment(
                incident_id=incident_id,
                wave=incident.wave,
                person_id=by.id,
                at=now,
                harm=answers.harm,
                people=answers.people,
                speed=answers.speed,
                credible=answers.credible,
                suggested=suggestion.advice,
                decided=decided,
                severity=severity,
            )
        )
        if severity != incident.severity:
            handle.rate(store, incident_id, severity, by, now)
        record.incident(
            store,
            incident,
            by,
            now,
            "incident.assessed",
            suggested=suggestion.advice.name.lower(),
            decided=decided.name.lower(),
        )
        return kept


def check(
    store: Store,
    incident_id: int,
    step: str,
    remark: str,
    by: Person,
    now: datetime,
    *,
    asked: Mapping[str, str] | None = None,
) -> None:
    """A step of the verification list is done. ``asked`` are those the playbooks add: key and text."""
    asked = asked or {}
    if step not in STEPS and step not in asked:
        raise NotFoundError("Diesen Prüfschritt gibt es nicht.", "There is no such step.")
    with store.transaction():
        incident = _open(store, incident_id, by)
        store.handling.tick(
            Check(
                incident_id=incident_id,
                wave=incident.wave,
                step=step,
                remark=handle.short(remark),
                person_id=by.id,
                at=now,
            )
        )
        record.incident(store, incident, by, now, "incident.checked", step=asked.get(step, step))


def uncheck(store: Store, incident_id: int, step: str, by: Person, now: datetime) -> None:
    """It is not done after all."""
    with store.transaction():
        incident = _open(store, incident_id, by)
        if step in store.handling.checks(incident_id, incident.wave):
            store.handling.untick(incident_id, incident.wave, step)
            record.incident(store, incident, by, now, "incident.unchecked", step=step)


def hand_over(
    store: Store, incident_id: int, to_id: int, text: str, by: Person, now: datetime
) -> Transfer:
    """Give the incident to somebody, with what they should know. It is theirs at once."""
    text = handle.short(text)
    if not text:
        raise InvalidInputError(
            "Bitte schreiben Sie in einem Satz, was getan ist und was als Nächstes kommt.",
            "Please write in a sentence what is done and what comes next.",
        )
    with store.transaction():
        incident = _open(store, incident_id, by)
        if to_id == by.id:
            raise InvalidInputError(
                "Sie haben den Vorfall schon selbst. Wählen Sie jemand anderen.",
                "You have this incident yourself. Choose somebody else.",
            )
        handle.assign(store, incident_id, to_id, by, now)
        kept = store.handling.hand_over(
            Transfer(incident_id=incident_id, from_id=by.id, to_id=to_id, text=text, at=now)
        )
        record.incident(
            store, incident, by, now, "incident.handed_over", to=to_id, transfer=kept.id
        )
        return kept


def accept(store: Store, incident_id: int, by: Person, now: datetime) -> None:
    """Whom the incident was handed to says that they have it."""
    with store.transaction():
        incident = _open(store, incident_id, by)
        transfer = store.handling.open_transfer(incident_id)
        if transfer is None or transfer.to_id != by.id:
            raise IllegalMoveError(
                "Hier gibt es keine Übergabe an Sie, die noch offen wäre.",
                "There is no open hand-over to you here.",
            )
        store.handling.accept(transfer.id, now)
        record.incident(
            store, incident, by, now, "incident.handover_accepted", transfer=transfer.id
        )


def read(store: Store, incident_id: int, by: Person, now: datetime) -> int:
    """A person has read the notes in which they are named; says how many."""
    with store.transaction():
        store.incidents.get(incident_id)
        return store.handling.read(incident_id, by.id, now)


# --- one's own notes -------------------------------------------------------------------------


def edit_note(store: Store, note_id: int, text: str, by: Person, now: datetime) -> int:
    """Change one's own note within five minutes; returns its incident."""
    text = handle.note_text(text)
    with store.transaction():
        incident = _own(store, note_id, by, now)
        store.handling.rewrite(note_id, text, now)
        record.incident(store, incident, by, now, "incident.note_edited", note=note_id)
        return incident.id


def withdraw_note(store: Store, note_id: int, by: Person, now: datetime) -> int:
    """Take one's own note back within five minutes; its words are gone. Returns its incident."""
    with store.transaction():
        incident = _own(store, note_id, by, now)
        store.handling.withdraw(note_id, now)
        record.incident(store, incident, by, now, "incident.note_withdrawn", note=note_id)
        return incident.id


def _own(store: Store, note_id: int, by: Person, now: datetime) -> Incident:
    note: Mapping[str, object] = store.handling.note(note_id)
    incident = store.incidents.get(int(str(note["incident_id"])))
    require(by, Act.HANDLE, drill=incident.drill)
    written = note["written"]
    fresh = isinstance(written, datetime) and now - written <= EDIT_WITHIN
    if note["person_id"] != by.id or note["withdrawn"] is not None or not fresh:
        raise NotAllowedError(
            "Ändern lässt sich nur die eigene Notiz, in den ersten fünf Minuten. Schreiben Sie bitte"
            " eine neue dazu.",
            "Only your own note can be changed, within the first five minutes. Please add a new one.",
        )
    return incident


# --- files -----------------------------------------------------------------------------------


def attach(
    store: Store, incident_id: int, name: str, content: bytes, by: Person, now: datetime
) -> Attachment:
    """Put a file on the incident. What it is, its content says, not its name."""
    kind = files.kind(name, content)  # raises InvalidInputError for what may not be kept
    with store.transaction():
        incident = store.incidents.get(incident_id)
        require(by, Act.HANDLE, drill=incident.drill)
        if len(store.attachments.of_incident(incident_id)) >= MOST_FILES:
            raise InvalidInputError(
                f"Mehr als {MOST_FILES} Dateien nimmt ein Vorfall nicht auf. Löschen Sie zuerst eine.",
                f"An incident takes {MOST_FILES} files at most. Please delete one first.",
            )
        kept = store.attachments.add(
            Attachment(
                incident_id=incident_id,
                person_id=by.id,
                at=now,
                name=files.safe_name(name, kind),
                media_type=kind,
                size=len(content),
            ),
            content,
        )
        record.incident(
            store, incident, by, now, "incident.file_added", file=kept.id, size=kept.size
        )
        return kept


def detach(store: Store, incident_id: int, attachment_id: int, by: Person, now: datetime) -> None:
    """Delete a file for good."""
    with store.transaction():
        incident = store.incidents.get(incident_id)
        require(by, Act.HANDLE, drill=incident.drill)
        store.attachments.get(incident_id, attachment_id)
        store.attachments.remove(attachment_id)
        record.incident(store, incident, by, now, "incident.file_removed", file=attachment_id)


# --- common ----------------------------------------------------------------------------------


def _open(store: Store, incident_id: int, by: Person) -> Incident:
    incident = store.incidents.get(incident_id)
    require(by, Act.HANDLE, drill=incident.drill)
    if incident.state not in OPEN_STATES:
        raise IllegalMoveError(
            "Der Vorfall ist beendet. Öffnen Sie ihn zuerst wieder.",
            "The incident has ended. Please reopen it first.",
        )
    return incident
