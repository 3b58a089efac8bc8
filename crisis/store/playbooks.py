"""Who wrote and who approved which text of a playbook. The texts in force are files: see ``playbooks``."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlite_utils import Database

from crisis.store.rows import maybe_moment, moment, stamp, to_row
from crisis.types import Approval, PlaybookVersion


class PlaybookRows:
    def __init__(self, db: Database) -> None:
        self._db = db

    def record(self, version: PlaybookVersion, text: str) -> None:
        """Remember a text. One met again becomes the newest; its writer changes only if one is named."""
        self._db.execute(
            "insert into playbook_versions (name, sha256, text, seen, written_by)"
            " values (?, ?, ?, ?, ?) on conflict (name, sha256) do update set"
            " seen = excluded.seen, written_by = coalesce(excluded.written_by, written_by)",
            [version.name, version.sha256, text, stamp(version.seen), version.written_by],
        )

    def version(self, name: str, sha256: str) -> PlaybookVersion | None:
        rows = self._db.query(
            "select name, sha256, seen, written_by from playbook_versions"
            " where name = ? and sha256 = ?",
            [name, sha256],
        )
        for row in rows:
            return PlaybookVersion(
                name=row["name"],
                sha256=row["sha256"],
                seen=moment(row["seen"]),
                written_by=row["written_by"],
            )
        return None

    def latest(self, name: str) -> PlaybookVersion | None:
        """The text seen last."""
        rows = self._db.query(
            "select sha256 from playbook_versions where name = ? order by seen desc limit 1",
            [name],
        )
        return next((self.version(name, row["sha256"]) for row in rows), None)

    def versions(self, name: str, *, limit: int = 100) -> list[PlaybookVersion]:
        """Every text that was once in the folder, the one seen last first."""
        return [
            PlaybookVersion(
                name=row["name"],
                sha256=row["sha256"],
                seen=moment(row["seen"]),
                written_by=row["written_by"],
            )
            for row in self._db.query(
                "select name, sha256, seen, written_by from playbook_versions where name = ?"
                " order by seen desc, rowid desc limit ?",
                [name, limit],
            )
        ]

    def text(self, name: str, sha256: str) -> str | None:
        """The exact text once recorded under this hash."""
        rows = self._db.query(
            "select text from playbook_versions where name = ? and sha256 = ?", [name, sha256]
        )
        return next((row["text"] for row in rows), None)

    def approve(self, approval: Approval) -> Approval:
        rowid = self._db.table("approvals").insert(to_row(approval)).last_pk
        return replace(approval, id=int(rowid or 0))

    def approvals(self, name: str | None = None) -> list[Approval]:
        """Approvals, revoked ones too, the newest first."""
        rows = self._db.query(
            "select * from approvals where ? is null or name = ? order by id desc", [name, name]
        )
        return [
            Approval(
                id=row["id"],
                name=row["name"],
                sha256=row["sha256"],
                person_id=row["person_id"],
                at=moment(row["at"]),
                comment=row["comment"],
                drill=bool(row["drill"]),
                revoked_at=maybe_moment(row["revoked_at"]),
                needed=row["needed"],
            )
            for row in rows
        ]

    def revoke(self, approval_id: int, now: datetime) -> None:
        self._db.execute(
            "update approvals set revoked_at = ? where id = ? and revoked_at is null",
            [stamp(now), approval_id],
        )
