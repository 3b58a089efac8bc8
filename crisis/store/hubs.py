"""Subscriptions at hubs of feeds: one a source, and those we are leaving."""

from __future__ import annotations

from datetime import datetime

from sqlite_utils import Database

from crisis.errors import NotFoundError
from crisis.sources.hub import LONGEST
from crisis.store.rows import Row, maybe_moment, moment, stamp, to_row
from crisis.types import HubLease


class HubRows:
    def __init__(self, db: Database) -> None:
        self._db = db

    def add(self, lease: HubLease) -> HubLease:
        rowid = self._db.table("hub_leases").insert(to_row(lease)).last_pk
        return self.get(int(rowid or 0))

    def find(self, lease_id: int) -> HubLease | None:
        rows = self._db.query("select * from hub_leases where id = ?", [lease_id])
        return next((_lease(row) for row in rows), None)

    def get(self, lease_id: int) -> HubLease:
        found = self.find(lease_id)
        if found is None:
            raise NotFoundError(
                "Dieses Abonnement gibt es nicht.", "There is no such subscription."
            )
        return found

    def of_source(self, source_id: int) -> HubLease | None:
        """The source's subscription, unless we are leaving it."""
        rows = self._db.query(
            "select * from hub_leases where source_id = ? and leaving = 0", [source_id]
        )
        return next((_lease(row) for row in rows), None)

    def due(self, now: datetime) -> list[HubLease]:
        """Those of which the hub is to be asked, the longest overdue first."""
        rows = self._db.query(
            # Further away than any lease ends it was written by a clock that has jumped since.
            "select * from hub_leases where next_due <= ? or next_due > ? order by next_due, id",
            [stamp(now), stamp(now + LONGEST)],
        )
        return [_lease(row) for row in rows]

    def update(self, lease: HubLease) -> None:
        self._db.table("hub_leases").update(lease.id, to_row(lease, without=("id",)))

    def remove(self, lease_id: int) -> None:
        self._db.execute("delete from hub_leases where id = ?", [lease_id])


def _lease(row: Row) -> HubLease:
    return HubLease(
        id=row["id"],
        source_id=row["source_id"],
        hub=row["hub"],
        topic=row["topic"],
        nonce=row["nonce"],
        leaving=bool(row["leaving"]),
        asked=maybe_moment(row["asked"]),
        until=maybe_moment(row["until"]),
        pushed=maybe_moment(row["pushed"]),
        next_due=moment(row["next_due"]),
        failures=row["failures"],
        last_error=row["last_error"],
        last_error_en=row["last_error_en"],
    )
