"""Files that people put on an incident. Kept in the database, so that one backup holds everything.

What may be put there is decided elsewhere.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlite_utils import Database

from crisis.errors import NotFoundError
from crisis.store.rows import Row, moment, stamp, to_row
from crisis.types import Attachment

_ABOUT = "id, incident_id, person_id, at, name, media_type, size"


class AttachmentRows:
    def __init__(self, db: Database) -> None:
        self._db = db

    def add(self, attachment: Attachment, content: bytes) -> Attachment:
        row = {**to_row(attachment), "content": content}
        return replace(attachment, id=int(self._db.table("attachments").insert(row).last_pk or 0))

    def get(self, incident_id: int, attachment_id: int) -> Attachment:
        rows = self._db.query(
            f"select {_ABOUT} from attachments where id = ? and incident_id = ?",
            [attachment_id, incident_id],
        )
        for row in rows:
            return _attachment(row)
        raise NotFoundError("Diese Datei gibt es hier nicht.", "There is no such file here.")

    def content(self, attachment_id: int) -> bytes:
        row = self._db.execute(
            "select content from attachments where id = ?", [attachment_id]
        ).fetchone()
        return bytes(row[0]) if row else b""

    def of_incident(self, incident_id: int) -> list[Attachment]:
        rows = self._db.query(
            f"select {_ABOUT} from attachments where incident_id = ? order by id", [incident_id]
        )
        return [_attachment(row) for row in rows]

    def remove(self, attachment_id: int) -> None:
        self._db.execute("delete from attachments where id = ?", [attachment_id])

    def forget(self, ended_before: datetime) -> int:
        """Forget the files of incidents that ended before then; says how many."""
        return int(
            self._db.execute(
                "delete from attachments where incident_id in (select id from incidents"
                " where ended_at is not null and ended_at < ?)",
                [stamp(ended_before)],
            ).rowcount
        )


def _attachment(row: Row) -> Attachment:
    return Attachment(**{**row, "at": moment(row["at"])})
