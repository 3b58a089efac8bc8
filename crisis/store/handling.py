"""What people leave on an incident beside notes: how bad it would be, checks, hand-overs, lessons, mentions.

Decides nothing. Files are in ``attachments``, merges in ``merges``.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlite_utils import Database

from crisis.errors import ConflictError, NotFoundError
from crisis.store.rows import Row, maybe_moment, moment, stamp, to_row
from crisis.types import (
    Advice,
    Assessment,
    Check,
    Debrief,
    Ending,
    Mention,
    Severity,
    Transfer,
)


class HandlingRows:
    def __init__(self, db: Database) -> None:
        self._db = db

    # --- how bad it would be -----------------------------------------------------------------

    def assess(self, assessment: Assessment) -> Assessment:
        rowid = self._db.table("assessments").insert(to_row(assessment)).last_pk
        return replace(assessment, id=int(rowid or 0))

    def assessment(self, incident_id: int, wave: int) -> Assessment | None:
        """The newest of this wave, if anybody has assessed it."""
        for row in self._db.query(
            "select * from assessments where incident_id = ? and wave = ? order by id desc limit 1",
            [incident_id, wave],
        ):
            return Assessment(
                **{
                    **row,
                    "at": moment(row["at"]),
                    "suggested": Advice(row["suggested"]),
                    "decided": Advice(row["decided"]),
                    "severity": Severity(row["severity"]),
                }
            )
        return None

    # --- what was learned --------------------------------------------------------------------

    def debrief(self, debrief: Debrief) -> Debrief:
        rowid = self._db.table("debriefs").insert(to_row(debrief)).last_pk
        return replace(debrief, id=int(rowid or 0))

    def debriefs(self, rumour_id: str, *, drill: bool, limit: int = 5) -> list[Debrief]:
        """How earlier incidents of the rumour ended, the newest first."""
        rows = self._db.query(
            "select d.* from debriefs d join incidents i on i.id = d.incident_id"
            " where i.rumour_id = ? and i.drill = ? order by d.id desc limit ?",
            [rumour_id, int(drill), limit],
        )
        return [
            Debrief(**{**row, "at": moment(row["at"]), "ending": Ending(row["ending"])})
            for row in rows
        ]

    # --- hand-overs --------------------------------------------------------------------------

    def hand_over(self, transfer: Transfer) -> Transfer:
        rowid = self._db.table("transfers").insert(to_row(transfer)).last_pk
        return replace(transfer, id=int(rowid or 0))

    def open_transfer(self, incident_id: int) -> Transfer | None:
        """The newest hand-over of the incident, if nobody has accepted it yet."""
        rows = self._db.query(
            "select * from transfers where incident_id = ? order by id desc limit 1", [incident_id]
        )
        found = next((_transfer(row) for row in rows), None)
        return found if found and found.accepted_at is None else None

    def handed_to(self, person_id: int) -> list[Transfer]:
        """What waits for this person to accept, of incidents that are open."""
        rows = self._db.query(
            "select h.* from transfers h join incidents i on i.id = h.incident_id"
            " where h.to_id = ? and h.accepted_at is null and i.ended_at is null"
            " and h.id = (select max(id) from transfers where incident_id = h.incident_id)"
            " order by h.id",
            [person_id],
        )
        return [_transfer(row) for row in rows]

    def accept(self, transfer_id: int, now: datetime) -> None:
        """Claimed by update: the second of two gets a ConflictError."""
        cursor = self._db.execute(
            "update transfers set accepted_at = ? where id = ? and accepted_at is null",
            [stamp(now), transfer_id],
        )
        if cursor.rowcount != 1:
            raise ConflictError(
                "Diese Übergabe ist schon angenommen.", "This hand-over is accepted already."
            )

    # --- the verification list ---------------------------------------------------------------

    def tick(self, check: Check) -> None:
        """The step is done; done again it keeps the newer remark."""
        self._db.table("checks").upsert(to_row(check), pk=("incident_id", "wave", "step"))

    def untick(self, incident_id: int, wave: int, step: str) -> None:
        self._db.execute(
            "delete from checks where incident_id = ? and wave = ? and step = ?",
            [incident_id, wave, step],
        )

    def checks(self, incident_id: int, wave: int) -> dict[str, Check]:
        """The steps that are done, by key."""
        rows = self._db.query(
            "select * from checks where incident_id = ? and wave = ?", [incident_id, wave]
        )
        return {row["step"]: Check(**{**row, "at": moment(row["at"])}) for row in rows}

    # --- notes -------------------------------------------------------------------------------

    def mention(self, note_id: int, people: list[int]) -> None:
        """These people should read the note; those named already keep what they have seen."""
        for person_id in people:
            self._db.execute(
                "insert into mentions (note_id, person_id) values (?, ?) on conflict do nothing",
                [note_id, person_id],
            )

    def mentions(self, person_id: int) -> list[Mention]:
        """The notes this person should still read, oldest first."""
        rows = self._db.query(
            "select n.* from mentions m join notes n on n.id = m.note_id"
            " where m.person_id = ? and m.seen_at is null and n.withdrawn is null order by n.id",
            [person_id],
        )
        return [
            Mention(
                note_id=row["id"],
                incident_id=row["incident_id"],
                by_id=row["person_id"],
                text=row["text"],
                at=moment(row["written"]),
            )
            for row in rows
        ]

    def read(self, incident_id: int, person_id: int, now: datetime) -> int:
        """This person has read the notes of the incident; says how many were new to them."""
        return int(
            self._db.execute(
                "update mentions set seen_at = ? where person_id = ? and seen_at is null"
                " and note_id in (select id from notes where incident_id = ?)",
                [stamp(now), person_id, incident_id],
            ).rowcount
        )

    def note(self, note_id: int) -> Row:
        """One note as it stands: text, incident, writer, when written, edited and withdrawn."""
        for row in self._db.query("select * from notes where id = ?", [note_id]):
            return {
                **row,
                "written": moment(row["written"]),
                "edited": maybe_moment(row["edited"]),
                "withdrawn": maybe_moment(row["withdrawn"]),
            }
        raise NotFoundError("Diese Notiz gibt es nicht.", "There is no such note.")

    def rewrite(self, note_id: int, text: str, now: datetime) -> None:
        self._db.execute(
            "update notes set text = ?, edited = ? where id = ?", [text, stamp(now), note_id]
        )

    def withdraw(self, note_id: int, now: datetime) -> None:
        """The words are gone; that there was a note stays."""
        self._db.execute(
            "update notes set text = '', withdrawn = ? where id = ?", [stamp(now), note_id]
        )

    def edits(self, incident_id: int) -> dict[int, tuple[bool, bool]]:
        """Of each note of the incident: whether it was edited, whether it was withdrawn."""
        rows = self._db.query(
            "select id, edited, withdrawn from notes where incident_id = ?", [incident_id]
        )
        return {row["id"]: (bool(row["edited"]), bool(row["withdrawn"])) for row in rows}


def _transfer(row: Row) -> Transfer:
    return Transfer(
        **{**row, "at": moment(row["at"]), "accepted_at": maybe_moment(row["accepted_at"])}
    )
