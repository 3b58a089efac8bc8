"""The list that answers are mailed to. Decides nothing about who belongs onto it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlite_utils import Database

from crisis.errors import NotFoundError
from crisis.store.rows import Row, maybe_moment, moment, rewritten, stamp, to_row
from crisis.types import Subscriber


class SubscriberRows:
    def __init__(self, db: Database) -> None:
        self._db = db

    def add(self, subscriber: Subscriber) -> Subscriber:
        return self.get(int(self._db.table("subscribers").insert(to_row(subscriber)).last_pk or 0))

    def get(self, subscriber_id: int) -> Subscriber:
        found = self.find(subscriber_id)
        if found is None:
            raise NotFoundError(
                "Diese Adresse steht nicht (mehr) im Verteiler.",
                "This address is not on the list (any more).",
            )
        return found

    def find(self, subscriber_id: int) -> Subscriber | None:
        return self._one("id = ?", subscriber_id)

    def by_address(self, address: str) -> Subscriber | None:
        """However it is written: case does not count."""
        return self._one("address = ?", address)

    def _one(self, condition: str, value: object) -> Subscriber | None:
        rows = self._db.query(f"select * from subscribers where {condition}", [value])
        return next(iter(_subscribers(rows)), None)

    def all(self) -> list[Subscriber]:
        return _subscribers(
            self._db.query("select * from subscribers order by name collate nocase, id")
        )

    def confirmed(self, channel: str) -> list[Subscriber]:
        """Those of one list that get mails, in the order in which they came."""
        return _subscribers(
            self._db.query(
                "select * from subscribers where confirmed_at is not null and left_at is null"
                " and channel = ? order by id",
                [channel],
            )
        )

    def to_ask(self, now: datetime, *, limit: int) -> list[Subscriber]:
        """Those that have not been asked yet whether they want mails."""
        return _subscribers(
            self._db.query(
                "select * from subscribers where asked_at is null and confirmed_at is null"
                " and left_at is null and due <= ? order by due limit ?",
                [stamp(now), limit],
            )
        )

    def update(self, subscriber: Subscriber) -> None:
        row = to_row(subscriber, without=("id",))
        rewritten(self._db, "subscribers", row, "id = ?", [subscriber.id])

    def remove(self, subscriber_id: int) -> None:
        self._db.execute("delete from subscribers where id = ?", [subscriber_id])


def _subscribers(rows: Iterable[Row]) -> list[Subscriber]:
    return [
        Subscriber(
            id=row["id"],
            address=row["address"],
            name=row["name"],
            channel=row["channel"],
            added_by=row["added_by"],
            added=moment(row["added"]),
            asked_at=maybe_moment(row["asked_at"]),
            confirmed_at=maybe_moment(row["confirmed_at"]),
            left_at=maybe_moment(row["left_at"]),
            due=moment(row["due"]),
            attempts=row["attempts"],
            problem_de=row["problem_de"],
            problem_en=row["problem_en"],
        )
        for row in rows
    ]
