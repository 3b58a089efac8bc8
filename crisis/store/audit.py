"""The audit log: two chains, the real one and the exercise's. Entries are never changed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime

from sqlite_utils import Database

from crisis.audit import BEGINNING, Place, chained, first_broken
from crisis.store.rows import Row, moment, plain, to_row
from crisis.types import AuditEntry


class AuditRows:
    def __init__(self, db: Database) -> None:
        self._db = db

    def append(self, entry: AuditEntry) -> AuditEntry:
        """Add an entry at the end of its chain. Call it in the transaction of what it tells about."""
        # What the entry says must be the same after it was read back, or its hash would not be.
        said = json.loads(plain({"before": entry.before, "after": entry.after}))
        kept = AuditEntry(
            at=entry.at,
            actor=entry.actor,
            action=entry.action,
            what=entry.what,
            incident_id=entry.incident_id,
            before=said["before"],
            after=said["after"],
            drill=entry.drill,
        )
        placed = chained(kept, self.head(drill=entry.drill))
        row = {**to_row(placed)}
        rowid = self._db.table("audit").insert(row).last_pk
        return next(iter(self._read("where id = ?", [int(rowid or 0)])))

    def head(self, *, drill: bool = False) -> str:
        """The last hash of a chain."""
        # Written out, not bound: only so are the indexes of each chain's own entries used.
        rows = self._db.query(
            f"select hash from audit where drill = {int(drill)} order by id desc limit 1"
        )
        return next((row["hash"] for row in rows), BEGINNING)

    def of_incident(self, incident_id: int) -> list[AuditEntry]:
        """What happened to an incident, in order."""
        return list(self._read("where incident_id = ? order by id", [incident_id]))

    def last_by_people(self, incident_id: int) -> datetime | None:
        """When somebody last did something on an incident; None where nobody has."""
        rows = self._db.query(
            "select at from audit where incident_id = ? and actor like 'person:%'"
            " order by id desc limit 1",
            [incident_id],
        )
        return next((moment(row["at"]) for row in rows), None)

    def of_object(self, what: str) -> list[AuditEntry]:
        return list(self._read("where what = ? order by id", [what]))

    def page(
        self, *, limit: int = 100, before: int | None = None, what: str = "", actor: str = ""
    ) -> list[AuditEntry]:
        """The newest entries, or those before the entry with id ``before``."""
        conditions, arguments = ["1 = 1"], []
        for condition, value in (
            ("id < ?", before),
            ("what = ?", what),
            ("actor = ?", actor),
        ):
            if value:
                conditions.append(condition)
                arguments.append(value)
        return list(
            self._read(
                f"where {' and '.join(conditions)} order by id desc limit ?", [*arguments, limit]
            )
        )

    def verify(self) -> int | None:
        """The id of the first broken entry of either chain, or None."""
        place = Place()
        while True:
            place, broken = self.verify_on(place, limit=10_000)
            if broken is not None or place.through:
                return broken

    def verify_on(self, place: Place, *, limit: int) -> tuple[Place, int | None]:
        """Go through ``limit`` entries from this place on: the place reached, and the first broken entry.

        What lies before the place is taken as checked. A log may have a million entries, and a page must
        not keep a process busy for all of them.
        """
        previous = BEGINNING
        if place.after:
            row = self._db.execute("select hash from audit where id = ?", [place.after]).fetchone()
            if row is None:  # gone since
                return place, place.after
            previous = row[0]
        last, count = place.after, 0

        def counted() -> Iterator[AuditEntry]:
            nonlocal last, count
            for found in self._read(
                "where drill = ? and id > ? order by id limit ?",
                [int(place.drill), place.after, limit],
            ):
                last, count = found.id, count + 1
                yield found

        broken = first_broken(counted(), previous)
        done = place.done + count
        if broken is not None:
            return place._replace(after=last, done=done), broken.id
        if count == limit:
            return place._replace(after=last, done=done), None
        return Place(drill=True, done=done, through=place.drill), None

    def count(self) -> int:
        """How many entries both chains have."""
        return int(self._db.execute("select count(*) from audit").fetchone()[0])

    def _read(self, condition: str, arguments: list[object]) -> Iterator[AuditEntry]:
        for row in self._db.query(f"select * from audit {condition}", arguments):
            yield entry_of(row)


def entry_of(row: Row) -> AuditEntry:
    return AuditEntry(
        id=row["id"],
        at=moment(row["at"]),
        actor=row["actor"],
        action=row["action"],
        what=row["what"],
        incident_id=row["incident_id"],
        before=json.loads(row["before"]),
        after=json.loads(row["after"]),
        drill=bool(row["drill"]),
        previous=row["previous"],
        hash=row["hash"],
    )
