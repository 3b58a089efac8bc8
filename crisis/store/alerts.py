"""The outbox: mails that wait, were sent or failed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from sqlite_utils import Database

from crisis.errors import NotFoundError
from crisis.store.rows import Row, maybe_moment, moment, rewritten, stamp, to_row
from crisis.types import Alert, AlertKind, AlertState

# The kinds that ask somebody to act; what only informs goes out whatever happens.
CALLS = "'raised', 'reopened', 'escalated'"
_PAGING = f"{CALLS}, 'worse', 'still', 'copy'"
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
        """Take up to ``limit`` mails that are due, the most pressing and then the oldest first, those of an
        exercise after all real ones; nobody else gets them for 90 s. What travels in another mail is left
        to that one."""
        rows = self._db.query(
            "update alerts set claimed_by = ?, claimed_until = ? where id in ("
            " select id from alerts where state = 'pending' and due <= ? and carried_by is null"
            " and (claimed_until is null or claimed_until < ?) order by drill, priority, due, id limit ?"
            ") returning *",
            [claimant, stamp(now + LEASE), stamp(now), stamp(now), limit],
        )
        return sorted(
            alerts_of(rows), key=lambda alert: (alert.drill, alert.priority, alert.due, alert.id)
        )

    def still(self, alert_id: int, claimant: str, now: datetime) -> bool:
        """Whether a claimed mail may go out now; keeps the claim for another 90 s if so.

        False once it was cancelled, somebody else has it, or one that travels in it need not go.
        """
        cursor = self._db.execute(
            "update alerts set claimed_until = ? where id = ? and claimed_by = ? and state = 'pending'"
            " and not exists (select 1 from alerts as part where part.carried_by = alerts.id"
            " and part.state <> 'pending')",
            [stamp(now + LEASE), alert_id, claimant],
        )
        return cursor.rowcount == 1

    def rewrite(self, alert: Alert) -> bool:
        """Give a mail that still waits newer words; False if it is on its way already."""
        cursor = self._db.execute(
            "update alerts set subject = ?, text = ?, html = ?, posts = ?,"
            " priority = min(priority, ?), due = min(due, ?)"
            " where id = ? and state = 'pending' and claimed_by is null and carried_by is null",
            [
                *(alert.subject, alert.text, alert.html, alert.posts, alert.priority),
                *(stamp(alert.due), alert.id),
            ],
        )
        return cursor.rowcount == 1

    def update(self, alert: Alert, claimant: str | None = None) -> bool:
        """Keep what became of a mail that ``claimant`` (None: whoever) had in hand, and let go of it.

        That it went out is kept whatever happened meanwhile, since it did; anything else only while the mail
        still waits and is theirs. False if nothing was kept: cancelled, somebody else's, or gone.
        """
        row = {**to_row(alert, without=("id", "followed_up"))}
        row |= {"claimed_by": None, "claimed_until": None}
        if alert.state is AlertState.SENT:
            kept = rewritten(self._db, "alerts", row, "id = ?", [alert.id])
        else:
            where = "id = ? and (? is null or (state = 'pending' and claimed_by = ?))"
            kept = rewritten(self._db, "alerts", row, where, [alert.id, claimant, claimant])
        if kept and alert.kind is AlertKind.BUNDLE and alert.state is not AlertState.PENDING:
            self._parts_follow(alert)
        return kept

    def _parts_follow(self, bundle: Alert) -> None:
        """What travelled in a bundle fares as it did."""
        self._db.execute(
            "update alerts set state = ?, sent_at = ?, last_error = ?, attempts = attempts + 1"
            " where carried_by = ? and state = 'pending'",
            [
                bundle.state.value,
                None if bundle.sent_at is None else stamp(bundle.sent_at),
                bundle.last_error,
                bundle.id,
            ],
        )

    def stop(self, alert_id: int, claimant: str) -> bool:
        """Let a mail in hand not go out; what should have travelled in it waits by itself again."""
        cursor = self._db.execute(
            "update alerts set state = 'cancelled', claimed_by = null, claimed_until = null"
            " where id = ? and (state = 'pending' or state = 'cancelled') and claimed_by = ?",
            [alert_id, claimant],
        )
        if cursor.rowcount == 1:
            self._db.execute(
                "update alerts set carried_by = null where carried_by = ? and state = 'pending'",
                [alert_id],
            )
        return cursor.rowcount == 1

    # --- many at once ------------------------------------------------------------------------

    def gatherable(self, now: datetime) -> Mapping[str, list[Alert]]:
        """Mails about incidents that are due and in nobody's hand, by address, the most pressing first."""
        found: dict[str, list[Alert]] = {}
        rows = self._db.query(
            "select * from alerts where state = 'pending' and due <= ? and carried_by is null"
            " and incident_id is not null and kind <> 'bundle'"
            " and (claimed_until is null or claimed_until < ?) order by priority, due, id",
            [stamp(now), stamp(now)],
        )
        for alert in alerts_of(rows):
            found.setdefault(alert.to.casefold(), []).append(alert)
        return found

    def lately(self, address: str, since: datetime, *, drill: bool = False) -> list[datetime]:
        """When mails about incidents went to this address since then, in order; a bundle is one.

        With ``drill`` those of exercises as well: they hold up one another, never a real one.
        """
        rows = self._db.query(
            "select sent_at from alerts where lower(\"to\") = lower(?) and state = 'sent' and sent_at > ?"
            " and carried_by is null and (incident_id is not null or kind = 'bundle') and drill <= ?"
            " order by sent_at",
            [address, stamp(since), int(drill)],
        )
        return [moment(row["sent_at"]) for row in rows]

    def carry(self, bundle_id: int, alert_ids: Sequence[int]) -> int:
        """Let these travel in a bundle; says how many still could."""
        marks = ", ".join("?" * len(alert_ids))
        return self._db.execute(
            f"update alerts set carried_by = ? where id in ({marks}) and state = 'pending'"
            " and carried_by is null and claimed_by is null",
            [bundle_id, *alert_ids],
        ).rowcount

    def parts(self, bundle_id: int) -> list[Alert]:
        """What travels in a bundle."""
        return alerts_of(
            self._db.query("select * from alerts where carried_by = ? order by id", [bundle_id])
        )

    def drop(self, alert_ids: Sequence[int]) -> None:
        """These are not needed: a newer one to the same person says the same."""
        marks = ", ".join("?" * len(alert_ids))
        self._db.execute(
            f"update alerts set state = 'cancelled' where id in ({marks}) and state = 'pending'"
            " and claimed_by is null",
            [*alert_ids],
        )

    def hurry(self, now: datetime) -> int:
        """What waits for another try may go now: the mail server is back. Says how many."""
        return self._db.execute(
            "update alerts set due = ? where state = 'pending' and attempts > 0 and due > ?"
            " and claimed_by is null",
            [stamp(now), stamp(now)],
        ).rowcount

    def hold(self, alert_ids: Sequence[int], until: datetime) -> None:
        """Let these wait until then."""
        marks = ", ".join("?" * len(alert_ids))
        self._db.execute(
            f"update alerts set due = ? where id in ({marks}) and state = 'pending'"
            " and claimed_by is null",
            [stamp(until), *alert_ids],
        )

    # --- what became of it -------------------------------------------------------------------

    def to_follow_up(self, *, limit: int = 200) -> list[Alert]:
        """Calls that went out for incidents somebody has taken or ended, and nobody told so yet."""
        return alerts_of(
            self._db.query(
                "select alerts.* from alerts join incidents on incidents.id = alerts.incident_id"
                " where alerts.state = 'sent' and alerts.followed_up is null"
                f" and alerts.incident_id is not null and alerts.kind in ({CALLS})"
                " and incidents.state <> 'new'"
                " order by alerts.incident_id, alerts.id limit ?",
                [limit],
            )
        )

    def follow_up(self, alert_ids: Sequence[int], now: datetime) -> None:
        """Whoever got these has been told how it went on, or need not be."""
        marks = ", ".join("?" * len(alert_ids))
        self._db.execute(
            f"update alerts set followed_up = ? where id in ({marks})", [stamp(now), *alert_ids]
        )

    def unsettle(self, incident_id: int) -> None:
        """The incident is open again: whoever was called in this wave is to hear anew how it goes on."""
        self._db.execute(
            f"update alerts set followed_up = null where incident_id = ? and kind in ({CALLS})"
            " and created >= (select max(created) from alerts as first where first.incident_id = ?"
            " and first.kind in ('raised', 'reopened'))",
            [incident_id, incident_id],
        )

    def posts_told(self, incident_id: int) -> int:
        """How many posts the last mail about an incident spoke of; 0 where there is none.

        One that was cancelled counts: somebody took the incident then, and saw how many there were.
        """
        rows = self._db.query(
            "select max(posts) as told from alerts where incident_id = ?",
            [incident_id],
        )
        return next((row["told"] or 0 for row in rows), 0)

    def by_message_id(self, message_ids: Sequence[str]) -> Alert | None:
        """Our mail with the first of these Message-IDs that is one of ours."""
        for message_id in message_ids:
            rows = self._db.query("select * from alerts where message_id = ?", [message_id])
            for alert in alerts_of(rows):
                return alert
        return None

    def bounced(self, alert_id: int, said: str) -> bool:
        """A mail that was accepted came back; False if that is known."""
        cursor = self._db.execute(
            "update alerts set state = 'failed', last_error = ? where (id = ? or carried_by = ?)"
            " and state = 'sent'",
            [said, alert_id, alert_id],
        )
        return cursor.rowcount > 0

    def give_up(self, address: str, said: str) -> int:
        """What waits for an address that refuses is not tried; says how many mails."""
        return self._db.execute(
            "update alerts set state = 'failed', last_error = ? where lower(\"to\") = lower(?)"
            " and state = 'pending' and kind <> 'test'",
            [said, address],
        ).rowcount

    def is_due(self, now: datetime) -> bool:
        """Whether a mail waits to be handed over now."""
        rows = self._db.query(
            "select 1 from alerts where state = 'pending' and due <= ? and carried_by is null"
            " and (claimed_until is null or claimed_until < ?) limit 1",
            [stamp(now), stamp(now)],
        )
        return next(rows, None) is not None

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

    def cancel(self, incident_id: int, *, person_id: int | None = None) -> int:
        """Take back the paging mails of an incident (to this person) that have not gone out; says how many.
        Whatever should go by another way than mail stops with them.

        One that a worker has in hand is stopped as well: it asks (``still``) right before handing it over.
        """
        cursor = self._db.execute(
            "update alerts set state = 'cancelled' where incident_id = ? and state = 'pending'"
            f" and kind in ({_PAGING}) and person_id = coalesce(?, person_id)",
            [incident_id, person_id],
        )
        self._db.execute(
            "update rings set state = 'cancelled' where incident_id = ? and state = 'pending'"
            " and event not in ('taken', 'test') and coalesce(person_id, 0) ="
            " coalesce(?, person_id, 0)",
            [incident_id, person_id],
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

    def troubled(self, since: datetime, late: timedelta) -> list[Alert]:
        """Mails written since then that failed for good, or went out only so long after another try."""
        rows = self._db.query(
            "select * from alerts where created >= ? and drill = 0 and carried_by is null"
            " and (state = 'failed' or (state = 'sent' and attempts > 1"
            "  and (julianday(sent_at) - julianday(created)) * 86400 >= ?)) order by id limit 200",
            [stamp(since), late.total_seconds()],
        )
        return alerts_of(rows)

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
            travels=bool(row["travels"]),
            step=row["step"],
            policy=row["policy"],
            rule=row["rule"],
            priority=row["priority"],
            posts=row["posts"],
            carried_by=row["carried_by"],
            followed_up=maybe_moment(row["followed_up"]),
        )
        for row in rows
    ]
