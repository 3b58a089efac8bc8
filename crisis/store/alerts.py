"""The outbox: mails that wait, were sent or failed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlite_utils import Database

from crisis.errors import NotFoundError
from crisis.store.rows import Row, maybe_moment, moment, rewritten, stamp, to_row
from crisis.types import Alert, AlertKind, AlertState

LEASE = timedelta(seconds=90)  # longer than an SMTP conversation may take


class AlertRows:
    def __init__(self, db: Database) -> None:
        self._db = db

    def put(self, alert: Alert) -> Alert:
        """Put a mail into the outbox."""
        return self.get(int(self._db.table("alerts").insert(to_row(alert)).last_pk or 0))

    def get(self, alert_id: int) -> Alert:
        for alert in alerts_of(self._db.query("select * from alerts where id = ?", [alert_id])):
            return alert
        raise NotFoundError("Diese Mail gibt es nicht.", "There is no such mail.")

    def claim(self, limit: int, claimant: str, now: datetime) -> list[Alert]:
        """Take up to ``limit`` mails that are due, the oldest first; nobody else gets them for 90 s."""
        rows = self._db.query(
            "update alerts set claimed_by = ?, claimed_until = ? where id in ("
            " select id from alerts where state = 'pending' and due <= ?"
            " and (claimed_until is null or claimed_until < ?) order by due, id limit ?"
            ") returning *",
            [claimant, stamp(now + LEASE), stamp(now), stamp(now), limit],
        )
        return sorted(alerts_of(rows), key=lambda alert: (alert.due, alert.id))

    def rewrite(self, alert: Alert) -> bool:
        """Give a mail that still waits newer words; False if it is on its way already."""
        cursor = self._db.execute(
            "update alerts set subject = ?, text = ?, html = ?"
            " where id = ? and state = 'pending' and claimed_by is null",
            [alert.subject, alert.text, alert.html, alert.id],
        )
        return cursor.rowcount == 1

    def update(self, alert: Alert) -> bool:
        """Keep what became of a mail, and let go of it; False if it is gone, as with its exercise."""
        row = {**to_row(alert, without=("id",)), "claimed_by": None, "claimed_until": None}
        return rewritten(self._db, "alerts", row, "id = ?", [alert.id])

    def give_back(self, claimant: str) -> None:
        """What claimants whose name begins so hold may be taken by others at once."""
        self._db.execute(
            "update alerts set claimed_by = null, claimed_until = null"
            " where substr(claimed_by, 1, ?) = ?",
            [len(claimant), claimant],
        )

    def of_incident(self, incident_id: int) -> list[Alert]:
        return alerts_of(
            self._db.query("select * from alerts where incident_id = ? order by id", [incident_id])
        )

    def cancel(self, incident_id: int) -> int:
        """Take back the paging mails of an incident that have not gone out; says how many.

        One that is just being handed over can no longer be stopped.
        """
        cursor = self._db.execute(
            "update alerts set state = 'cancelled' where incident_id = ? and state = 'pending'"
            " and claimed_by is null and kind in ('raised', 'reopened', 'escalated', 'worse')",
            [incident_id],
        )
        return cursor.rowcount

    def recent(self, *, limit: int = 100, offset: int = 0) -> list[Alert]:
        return alerts_of(
            self._db.query(
                "select * from alerts order by id desc limit ? offset ?", [limit, offset]
            )
        )

    def tests(self, *, limit: int) -> list[Alert]:
        """The newest test mails, newest first."""
        return alerts_of(
            self._db.query(
                "select * from alerts where kind = 'test' order by id desc limit ?", [limit]
            )
        )

    def count(self, state: AlertState) -> int:
        return self._db.table("alerts").count_where("state = ?", [state.value])

    def due_since(self, now: datetime) -> datetime | None:
        """Since when the longest waiting mail has been due; None where none is."""
        row = self._db.execute(
            "select min(due) from alerts where state = 'pending' and due <= ?", [stamp(now)]
        ).fetchone()
        return maybe_moment(row[0])

    def failed_since(self, since: datetime) -> int:
        """How many mails written since then have failed for good."""
        return self._db.table("alerts").count_where(
            "state = 'failed' and created >= ?", [stamp(since)]
        )

    def last_sent(self) -> datetime | None:
        """When the mail server last took a mail."""
        row = self._db.execute("select max(sent_at) from alerts where state = 'sent'").fetchone()
        return maybe_moment(row[0])

    def forget(self, before: datetime) -> int:
        """Drop mails that were dealt with before then; says how many."""
        return self._db.execute(
            "delete from alerts where state <> 'pending' and created < ?", [stamp(before)]
        ).rowcount


def alerts_of(rows: Iterable[Row]) -> list[Alert]:
    return [
        Alert(
            id=row["id"],
            incident_id=row["incident_id"],
            person_id=row["person_id"],
            kind=AlertKind(row["kind"]),
            to=row["to"],
            subject=row["subject"],
            text=row["text"],
            html=row["html"],
            message_id=row["message_id"],
            in_reply_to=row["in_reply_to"],
            created=moment(row["created"]),
            due=moment(row["due"]),
            attempts=row["attempts"],
            state=AlertState(row["state"]),
            sent_at=maybe_moment(row["sent_at"]),
            last_error=row["last_error"],
            drill=bool(row["drill"]),
            step=row["step"],
            policy=row["policy"],
            rule=row["rule"],
        )
        for row in rows
    ]
