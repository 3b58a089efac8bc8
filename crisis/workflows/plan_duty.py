"""The rota and the rules of alerting are planned: check the right -> check -> save -> write down, undoably.

Layers, absences, learners, the policy; and undo for all of them and for shifts. Shifts themselves are
entered in ``admit``, swaps agreed in ``swap``.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from crisis import audit
from crisis.errors import ConflictError, IllegalMoveError, InvalidInputError, NotAllowedError
from crisis.interfaces import Store
from crisis.oncall.check import policy_problem
from crisis.rights import Act, may, require
from crisis.types import (
    LEVELS,
    Absence,
    AbsenceCalendar,
    Layer,
    Person,
    Policy,
    Rhythm,
    RotaChange,
    Shadowing,
)

LONGEST_NAME, LONGEST_NOTE = 60, 200
LONGEST_ABSENCE = timedelta(days=400)
LONGEST_LENGTH = {Rhythm.HOURS: 24 * 31, Rhythm.DAILY: 366, Rhythm.WEEKLY: 52, Rhythm.WORKDAYS: 260}


def keep_layer(store: Store, layer: Layer, by: Person | None, now: datetime) -> Layer:
    """Add a layer or change it. Raises InvalidInputError for what cannot be a layer."""
    require(by, Act.PLAN_DUTY)
    _check_layer(store, layer)
    with store.transaction():
        before = store.oncall.raw("layer", layer.id) if layer.id else None
        kept = store.oncall.put_layer(layer)
        note_change(store, "layer", kept.id, before, by, now)
        action = "layer.changed" if before else "layer.added"
        _log(store, by, now, action, f"layer:{kept.id}", name=kept.name, people=kept.people)
        return kept


def remove_layer(store: Store, layer_id: int, by: Person | None, now: datetime) -> None:
    """Take a layer out of the rota; it can be put back."""
    require(by, Act.PLAN_DUTY)
    with store.transaction():
        layer = store.oncall.layer(layer_id)
        before = store.oncall.raw("layer", layer_id)
        store.oncall.remove_layer(layer_id)
        note_change(store, "layer", layer_id, before, by, now)
        _log(store, by, now, "layer.removed", f"layer:{layer_id}", name=layer.name)


def add_absence(store: Store, absence: Absence, by: Person | None, now: datetime) -> Absence:
    """Somebody cannot be reached for a time. People enter their own; planners those of everybody."""
    _own_or_plan(by, absence.person_id)
    if not absence.start < absence.end or absence.end - absence.start > LONGEST_ABSENCE:
        raise InvalidInputError(
            "Die Abwesenheit muss nach ihrem Beginn enden und darf höchstens 400 Tage dauern.",
            "The absence must end after it begins and may last 400 days at most.",
        )
    if absence.end <= now:
        raise InvalidInputError(
            "Diese Abwesenheit ist schon vorbei.", "This absence is over already."
        )
    with store.transaction():
        store.people.get(absence.person_id)
        kept = store.oncall.add_absence(absence)
        note_change(store, "absence", kept.id, None, by, now)
        what = f"person:{absence.person_id}"
        _log(store, by, now, "absence.added", what, start=absence.start, end=absence.end)
        return kept


def remove_absence(store: Store, absence_id: int, by: Person | None, now: datetime) -> None:
    """They can be reached after all."""
    with store.transaction():
        absence = store.oncall.absence(absence_id)
        _own_or_plan(by, absence.person_id)
        if absence.calendar_id is not None:
            raise IllegalMoveError(
                "Diese Abwesenheit steht in einem Kalender. Ändern Sie sie bitte dort; hier kommt sie"
                " beim nächsten Lesen wieder.",
                "This absence stands in a calendar. Please change it there; here it would come back"
                " with the next reading.",
            )
        before = store.oncall.raw("absence", absence_id)
        store.oncall.remove_absence(absence_id)
        note_change(store, "absence", absence_id, before, by, now)
        _log(store, by, now, "absence.removed", f"person:{absence.person_id}")


def add_calendar(
    store: Store, person_id: int, url: str, by: Person | None, now: datetime
) -> AbsenceCalendar:
    """Read a person's absences from this address from now on."""
    _own_or_plan(by, person_id)
    url = url.strip()
    if url.startswith("webcal://"):
        url = "https://" + url.removeprefix("webcal://")
    if not url.startswith(("https://", "http://")) or len(url) > 2000:
        raise InvalidInputError(
            "Bitte geben Sie die Adresse des Kalenders ein; sie beginnt mit https:// oder webcal://.",
            "Please enter the calendar's address; it begins with https:// or webcal://.",
        )
    with store.transaction():
        store.people.get(person_id)
        kept = store.oncall.put_calendar(AbsenceCalendar(person_id=person_id, url=url))
        _log(store, by, now, "absence.calendar_added", f"person:{person_id}", calendar=kept.id)
        return kept


def remove_calendar(store: Store, calendar_id: int, by: Person | None, now: datetime) -> None:
    """Read it no longer; the absences from it go."""
    with store.transaction():
        calendar = store.oncall.calendar(calendar_id)
        _own_or_plan(by, calendar.person_id)
        store.oncall.remove_calendar(calendar_id)
        what = f"person:{calendar.person_id}"
        _log(store, by, now, "absence.calendar_removed", what, calendar=calendar_id)


def add_learner(store: Store, shadowing: Shadowing, by: Person | None, now: datetime) -> Shadowing:
    """Somebody learns: gets copies of what their mentor is told, and never counts as cover."""
    require(by, Act.PLAN_DUTY)
    if shadowing.learner_id == shadowing.mentor_id or not shadowing.start < shadowing.end:
        raise InvalidInputError(
            "Bitte wählen Sie zwei verschiedene Personen und ein Ende nach dem Beginn.",
            "Please choose two different people and an end after the beginning.",
        )
    with store.transaction():
        for one in (shadowing.learner_id, shadowing.mentor_id):
            _active(store.people.get(one))
        kept = store.oncall.add_shadowing(shadowing)
        note_change(store, "shadowing", kept.id, None, by, now)
        what = f"person:{kept.learner_id}"
        _log(store, by, now, "learner.added", what, mentor=kept.mentor_id)
        return kept


def remove_learner(store: Store, shadowing_id: int, by: Person | None, now: datetime) -> None:
    """They learn no longer."""
    require(by, Act.PLAN_DUTY)
    with store.transaction():
        before = store.oncall.raw("shadowing", shadowing_id)
        store.oncall.remove_shadowing(shadowing_id)
        note_change(store, "shadowing", shadowing_id, before, by, now)
        _log(store, by, now, "learner.removed", f"shadowing:{shadowing_id}")


def keep_policy(
    store: Store, policy: Policy, based_on: int, by: Person | None, now: datetime
) -> Policy:
    """Make a new version of the rules of alerting. ``based_on`` is the version it was made from.

    Raises InvalidInputError for rules that cannot be, ConflictError where another version came between.
    """
    require(by, Act.PLAN_DUTY)
    problem = policy_problem(policy)
    if problem is not None:
        raise InvalidInputError(*problem)
    with store.transaction():
        before = store.oncall.policy()
        if before.id != based_on:
            raise ConflictError(
                "Inzwischen hat jemand die Regeln geändert. Bitte sehen Sie sich die neue Fassung an."
                " Ihre Änderung ist nicht gespeichert.",
                "Somebody has changed the rules meanwhile. Please look at the new version. Your change"
                " has not been saved.",
            )
        for step in policy.steps:
            for target in step.targets:
                for one in target.people:
                    _active(store.people.get(one))
        made = Policy(
            **{f: getattr(policy, f) for f in _POLICY_FIELDS},
            by=by.id if by is not None else None,
            made=now,
        )
        kept = store.oncall.add_policy(made)
        _log(store, by, now, "policy.changed", f"policy:{kept.id}", steps=len(kept.steps))
        return kept


_POLICY_FIELDS = (
    *("steps", "rounds", "quiet_from", "quiet_until", "quiet_below"),
    *("office_from", "office_until", "note"),
)


def undo(store: Store, change_id: int, by: Person | None, now: datetime) -> None:
    """Make one change of the rota not have been. ConflictError where the row was changed again since."""
    require(by, Act.PLAN_DUTY)
    with store.transaction():
        change = store.oncall.change(change_id)
        now_there = store.oncall.raw(change.noun, change.row_id)
        if change.undone or now_there != (dict(change.after) if change.after else None):
            raise ConflictError(
                "Das wurde inzwischen weiter geändert und lässt sich so nicht mehr zurücknehmen."
                " Geändert ist nichts.",
                "This has been changed again since and can no longer be undone like this. Nothing has"
                " changed.",
            )
        before = dict(change.before) if change.before else None
        store.oncall.put_back(change.noun, change.row_id, before)
        store.oncall.mark_undone(change_id)
        _log(store, by, now, "rota.undone", f"{change.noun}:{change.row_id}", change=change_id)


def note_change(
    store: Store,
    noun: str,
    row_id: int,
    before: Mapping[str, Any] | None,
    by: Person | None,
    now: datetime,
) -> None:
    """Keep what a row was and what it is now, so that it can be undone."""
    store.oncall.note_change(
        RotaChange(
            at=now,
            by=by.id if by is not None else None,
            noun=noun,
            row_id=row_id,
            before=before,
            after=store.oncall.raw(noun, row_id),
        )
    )


def _check_layer(store: Store, layer: Layer) -> None:
    if not layer.name.strip() or len(layer.name) > LONGEST_NAME or not layer.name.isprintable():
        raise InvalidInputError(
            f"Bitte geben Sie dem Plan einen Namen mit höchstens {LONGEST_NAME} Zeichen.",
            f"Please give the layer a name of at most {LONGEST_NAME} characters.",
        )
    if layer.level not in LEVELS or not 1 <= layer.rank <= 99:
        raise InvalidInputError("Diese Ebene gibt es nicht.", "There is no such level.")
    if not layer.people or len(set(layer.people)) != len(layer.people):
        raise InvalidInputError(
            "Bitte wählen Sie mindestens eine Person, und jede nur einmal.",
            "Please choose at least one person, and nobody twice.",
        )
    if not 1 <= layer.length <= LONGEST_LENGTH[layer.rhythm]:
        raise InvalidInputError(
            f"Die Länge muss zwischen 1 und {LONGEST_LENGTH[layer.rhythm]} liegen.",
            f"The length must be between 1 and {LONGEST_LENGTH[layer.rhythm]}.",
        )
    if (layer.opens is None) != (layer.closes is None):
        raise InvalidInputError(
            "Bitte geben Sie Beginn und Ende der Uhrzeiten an, oder keins von beiden.",
            "Please give both the beginning and the end of the hours, or neither.",
        )
    for one in layer.people:
        _active(store.people.get(one))


def _active(person: Person) -> None:
    if not person.active or person.drill:
        raise NotAllowedError(
            f"{person.name} ist nicht mehr aktiv.", f"{person.name} is no longer active."
        )


def _own_or_plan(by: Person | None, person_id: int) -> None:
    """Everybody on duty may enter their own; for others it takes the right to plan."""
    if by is not None and by.id == person_id and may(by, Act.OWN_DUTY):
        return
    require(by, Act.PLAN_DUTY)


def _log(
    store: Store, by: Person | None, now: datetime, action: str, what: str, **after: object
) -> None:
    store.audit.append(audit.entry(now, by, action, what, after=after))
