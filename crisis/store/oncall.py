"""Layers, absences, learners, swaps, the rules of alerting, and what was changed in the rota."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import date, datetime, time
from typing import Any

from sqlite_utils import Database

from crisis.errors import NotFoundError
from crisis.store.driver import unique
from crisis.store.rows import Row, maybe_moment, moment, rewritten, stamp, to_json, to_row
from crisis.types import (
    DEFAULT_POLICY,
    Absence,
    AbsenceCalendar,
    Hours,
    Layer,
    OnHolidays,
    Policy,
    PolicyStep,
    Rhythm,
    Role,
    RotaChange,
    Severity,
    Shadowing,
    Swap,
    SwapState,
    Target,
    TargetKind,
)

# What may be undone, and the table it lies in.
NOUNS = {"layer": "layers", "shift": "shifts", "absence": "absences", "shadowing": "shadowings"}


class OncallRows:
    def __init__(self, db: Database) -> None:
        self._db = db

    # --- layers ------------------------------------------------------------------------------

    def layers(self) -> list[Layer]:
        """Those in use and those put aside, by level and rank."""
        return [
            _layer(row) for row in self._db.query("select * from layers order by level, rank, id")
        ]

    def layer(self, layer_id: int) -> Layer:
        for row in self._db.query("select * from layers where id = ?", [layer_id]):
            return _layer(row)
        raise NotFoundError("Diesen Plan gibt es nicht.", "There is no such layer.")

    def put_layer(self, layer: Layer) -> Layer:
        """Add it, or keep its changes where it has a number."""
        row = to_row(layer)
        if layer.id:
            if not rewritten(self._db, "layers", row, "id = ?", [layer.id]):
                raise NotFoundError("Diesen Plan gibt es nicht mehr.", "This layer is gone.")
            return layer
        return replace(layer, id=int(self._db.table("layers").insert(row).last_pk or 0))

    def remove_layer(self, layer_id: int) -> None:
        self._db.execute("delete from layers where id = ?", [layer_id])

    # --- absences ----------------------------------------------------------------------------

    def absences(self, since: datetime) -> list[Absence]:
        """Those that are running or to come, by their beginning."""
        rows = self._db.query(
            'select * from absences where "end" > ? order by start, id', [stamp(since)]
        )
        return [_absence(row) for row in rows]

    def absence(self, absence_id: int) -> Absence:
        for row in self._db.query("select * from absences where id = ?", [absence_id]):
            return _absence(row)
        raise NotFoundError("Diese Abwesenheit gibt es nicht.", "There is no such absence.")

    def add_absence(self, absence: Absence) -> Absence:
        rowid = self._db.table("absences").insert(to_row(absence)).last_pk
        return replace(absence, id=int(rowid or 0))

    def remove_absence(self, absence_id: int) -> None:
        self._db.execute("delete from absences where id = ?", [absence_id])

    def calendars(self) -> list[AbsenceCalendar]:
        return [_calendar(r) for r in self._db.query("select * from absence_calendars order by id")]

    def calendar(self, calendar_id: int) -> AbsenceCalendar:
        for row in self._db.query("select * from absence_calendars where id = ?", [calendar_id]):
            return _calendar(row)
        raise NotFoundError("Diesen Kalender gibt es nicht.", "There is no such calendar.")

    def put_calendar(self, calendar: AbsenceCalendar) -> AbsenceCalendar:
        """Add it, or keep what became of reading it; ConflictError where the person has it already."""
        row = to_row(calendar)
        if calendar.id:
            rewritten(self._db, "absence_calendars", row, "id = ?", [calendar.id])
            return calendar
        with unique(
            "Dieser Kalender ist für diese Person schon eingetragen.",
            "This calendar is entered for this person already.",
        ):
            rowid = self._db.table("absence_calendars").insert(row).last_pk
        return replace(calendar, id=int(rowid or 0))

    def remove_calendar(self, calendar_id: int) -> None:
        """Its absences go with it."""
        self._db.execute("delete from absence_calendars where id = ?", [calendar_id])

    def replace_absences(self, calendar_id: int, absences: Sequence[Absence]) -> bool:
        """What the calendar says now instead of what it said; False if that is the same."""
        rows = self._db.query("select * from absences where calendar_id = ?", [calendar_id])
        before = sorted((stamp(a.start), stamp(a.end)) for a in map(_absence, rows))
        if before == sorted((stamp(a.start), stamp(a.end)) for a in absences):
            return False
        self._db.execute("delete from absences where calendar_id = ?", [calendar_id])
        for absence in absences:
            self._db.table("absences").insert(to_row(replace(absence, calendar_id=calendar_id)))
        return True

    # --- learners ----------------------------------------------------------------------------

    def shadowings(self, since: datetime) -> list[Shadowing]:
        rows = self._db.query(
            'select * from shadowings where "end" > ? order by start, id', [stamp(since)]
        )
        return [
            Shadowing(
                id=row["id"],
                learner_id=row["learner_id"],
                mentor_id=row["mentor_id"],
                start=moment(row["start"]),
                end=moment(row["end"]),
            )
            for row in rows
        ]

    def add_shadowing(self, shadowing: Shadowing) -> Shadowing:
        rowid = self._db.table("shadowings").insert(to_row(shadowing)).last_pk
        return replace(shadowing, id=int(rowid or 0))

    def remove_shadowing(self, shadowing_id: int) -> None:
        self._db.execute("delete from shadowings where id = ?", [shadowing_id])

    # --- swaps -------------------------------------------------------------------------------

    def swap(self, swap_id: int) -> Swap:
        for row in self._db.query("select * from swaps where id = ?", [swap_id]):
            return _swap(row)
        raise NotFoundError("Diesen Tausch gibt es nicht.", "There is no such swap.")

    def swaps(self, since: datetime) -> list[Swap]:
        """Those whose time is not over yet, the newest first."""
        rows = self._db.query(
            'select * from swaps where max("end", coalesce(back_end, "end")) > ? order by id desc',
            [stamp(since)],
        )
        return [_swap(row) for row in rows]

    def add_swap(self, swap: Swap) -> Swap:
        return replace(swap, id=int(self._db.table("swaps").insert(to_row(swap)).last_pk or 0))

    def settle_swap(self, swap_id: int, state: SwapState, now: datetime) -> bool:
        """Answer an offer; False if it was answered already."""
        cursor = self._db.execute(
            "update swaps set state = ?, answered = ? where id = ? and state = 'offered'",
            [state.value, stamp(now), swap_id],
        )
        return bool(cursor.rowcount == 1)

    # --- rules of alerting -------------------------------------------------------------------

    def policy(self) -> Policy:
        """The version in use; the program's own where none was ever made."""
        return next(iter(self.policies(limit=1)), DEFAULT_POLICY)

    def policies(self, *, limit: int = 50) -> list[Policy]:
        """Versions, the newest first."""
        rows = self._db.query("select * from policies order by id desc limit ?", [limit])
        return [_policy(row) for row in rows]

    def add_policy(self, policy: Policy) -> Policy:
        row = to_row(replace(policy, id=0), without=("steps",))
        row["steps"] = to_json([_plain(asdict(step)) for step in policy.steps])
        return replace(policy, id=int(self._db.table("policies").insert(row).last_pk or 0))

    # --- what was changed --------------------------------------------------------------------

    def raw(self, noun: str, row_id: int) -> dict[str, Any] | None:
        """A row of the rota as it lies there; None if there is none."""
        rows = self._db.query(f"select * from {NOUNS[noun]} where id = ?", [row_id])
        return next((dict(row) for row in rows), None)

    def put_back(self, noun: str, row_id: int, row: dict[str, Any] | None) -> None:
        """Make the row what it was, with its old number; None removes it."""
        self._db.execute(f"delete from {NOUNS[noun]} where id = ?", [row_id])
        if row is not None:
            self._db.table(NOUNS[noun]).insert(row)

    def note_change(self, change: RotaChange) -> RotaChange:
        row = {
            "at": stamp(change.at),
            "by": change.by,
            "noun": change.noun,
            "row_id": change.row_id,
            "before": None if change.before is None else to_json(change.before),
            "after": None if change.after is None else to_json(change.after),
        }
        rowid = self._db.table("rota_changes").insert(row).last_pk
        return replace(change, id=int(rowid or 0))

    def changes(self, *, limit: int = 20) -> list[RotaChange]:
        """The newest first, those undone included."""
        rows = self._db.query("select * from rota_changes order by id desc limit ?", [limit])
        return [_change(row) for row in rows]

    def change(self, change_id: int) -> RotaChange:
        for row in self._db.query("select * from rota_changes where id = ?", [change_id]):
            return _change(row)
        raise NotFoundError("Diese Änderung gibt es nicht.", "There is no such change.")

    def mark_undone(self, change_id: int) -> bool:
        cursor = self._db.execute(
            "update rota_changes set undone = 1 where id = ? and undone = 0", [change_id]
        )
        return bool(cursor.rowcount == 1)

    # --- a person's own calendar -------------------------------------------------------------

    def put_feed(self, person_id: int, token_hash: str, now: datetime) -> None:
        """A new secret address for this person; earlier ones work no longer."""
        self.drop_feed(person_id)
        self._db.table("rota_feeds").insert(
            {"token_hash": token_hash, "person_id": person_id, "made": stamp(now)}
        )

    def drop_feed(self, person_id: int) -> bool:
        cursor = self._db.execute("delete from rota_feeds where person_id = ?", [person_id])
        return bool(cursor.rowcount)

    def feed_made(self, person_id: int) -> datetime | None:
        rows = self._db.query("select made from rota_feeds where person_id = ?", [person_id])
        return next((moment(row["made"]) for row in rows), None)

    def feed_owner(self, token_hash: str) -> int | None:
        rows = self._db.query("select person_id from rota_feeds where token_hash = ?", [token_hash])
        return next((row["person_id"] for row in rows), None)

    # --- warnings of gaps --------------------------------------------------------------------

    def warn(self, level: int, start: datetime, now: datetime) -> bool:
        """Note that this gap is being told of; False if it was already."""
        cursor = self._db.execute(
            "insert or ignore into gap_warnings (level, start, told) values (?, ?, ?)",
            [level, stamp(start), stamp(now)],
        )
        return bool(cursor.rowcount == 1)

    def forget(self, before: datetime) -> int:
        """Drop what was over before then; says how many rows."""
        day = stamp(before)
        return sum(
            int(self._db.execute(statement, [day]).rowcount)
            for statement in (
                'delete from absences where "end" < ?',
                'delete from shadowings where "end" < ?',
                "delete from rota_changes where at < ?",
                "delete from gap_warnings where start < ?",
                'delete from swaps where "end" < ? and coalesce(back_end, "end") <= "end"',
            )
        )


def _plain(value: Any) -> Any:
    """Enums as their values, also deep inside."""
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return getattr(value, "value", value)


def _clock(text: str | None) -> time | None:
    return time.fromisoformat(text) if text else None


def _layer(row: Row) -> Layer:
    return Layer(
        id=row["id"],
        name=row["name"],
        level=row["level"],
        rank=row["rank"],
        people=tuple(json.loads(row["people"])),
        rhythm=Rhythm(row["rhythm"]),
        length=row["length"],
        begins=date.fromisoformat(row["begins"]),
        handover=time.fromisoformat(row["handover"]),
        weekdays=frozenset(json.loads(row["weekdays"])),
        opens=_clock(row["opens"]),
        closes=_clock(row["closes"]),
        holidays=OnHolidays(row["holidays"]),
        active=bool(row["active"]),
    )


def _absence(row: Row) -> Absence:
    return Absence(
        id=row["id"],
        person_id=row["person_id"],
        start=moment(row["start"]),
        end=moment(row["end"]),
        note=row["note"],
        calendar_id=row["calendar_id"],
    )


def _calendar(row: Row) -> AbsenceCalendar:
    return AbsenceCalendar(
        id=row["id"],
        person_id=row["person_id"],
        url=row["url"],
        checked=maybe_moment(row["checked"]),
        due=maybe_moment(row["due"]),
        problem=row["problem"],
    )


def _swap(row: Row) -> Swap:
    return Swap(
        id=row["id"],
        from_id=row["from_id"],
        to_id=row["to_id"],
        level=row["level"],
        start=moment(row["start"]),
        end=moment(row["end"]),
        back_start=maybe_moment(row["back_start"]),
        back_end=maybe_moment(row["back_end"]),
        note=row["note"],
        state=SwapState(row["state"]),
        offered=moment(row["offered"]),
        answered=maybe_moment(row["answered"]),
    )


def _policy(row: Row) -> Policy:
    return Policy(
        id=row["id"],
        steps=tuple(_step(step) for step in json.loads(row["steps"])),
        rounds=row["rounds"],
        quiet_from=_clock(row["quiet_from"]),
        quiet_until=_clock(row["quiet_until"]),
        quiet_below=Severity(row["quiet_below"]),
        office_from=time.fromisoformat(row["office_from"]),
        office_until=time.fromisoformat(row["office_until"]),
        note=row["note"],
        by=row["by"],
        made=maybe_moment(row["made"]),
    )


def _step(kept: dict[str, Any]) -> PolicyStep:
    targets = tuple(
        Target(
            kind=TargetKind(target["kind"]),
            level=target["level"],
            people=tuple(target["people"]),
            role=Role(target["role"]),
        )
        for target in kept["targets"]
    )
    return PolicyStep(
        targets=targets,
        wait=kept["wait"],
        times=kept["times"],
        severity=Severity(kept["severity"]),
        hours=Hours(kept["hours"]),
        gateways=tuple(kept.get("gateways", ())),  # rules of earlier versions name none
    )


def _change(row: Row) -> RotaChange:
    return RotaChange(
        id=row["id"],
        at=moment(row["at"]),
        by=row["by"],
        noun=row["noun"],
        row_id=row["row_id"],
        before=json.loads(row["before"]) if row["before"] else None,
        after=json.loads(row["after"]) if row["after"] else None,
        undone=bool(row["undone"]),
    )
