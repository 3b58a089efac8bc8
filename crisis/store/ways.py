"""Ways beside mail, as rows: gateways, who is told through which, messages that wait or went."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

from sqlite_utils import Database

from crisis.errors import NotFoundError
from crisis.store.rows import Row, maybe_moment, moment, rewritten, stamp, to_row
from crisis.types import AlertState, Gateway, Ring, Way

LEASE = timedelta(seconds=90)  # longer than a gateway may take to answer
ENDS = "('taken', 'test')"  # events that nobody is told the end of


class WayRows:
    def __init__(self, db: Database) -> None:
        self._db = db

    # --- gateways ----------------------------------------------------------------------------

    def gateways(self) -> list[Gateway]:
        return [_gateway(row) for row in self._db.query("select * from gateways order by name")]

    def gateway(self, gateway_id: int) -> Gateway:
        for row in self._db.query("select * from gateways where id = ?", [gateway_id]):
            return _gateway(row)
        raise NotFoundError("Dieses Gateway gibt es nicht.", "There is no such gateway.")

    def put_gateway(self, gateway: Gateway) -> Gateway:
        """Add it, or change the one of its id."""
        row = to_row(gateway)
        if gateway.id:
            rewritten(self._db, "gateways", row, "id = ?", [gateway.id])
            return self.gateway(gateway.id)
        return self.gateway(int(self._db.table("gateways").insert(row).last_pk or 0))

    def remove_gateway(self, gateway_id: int) -> None:
        """Its ways go with it; what still waits for it does not go out."""
        self._db.execute(
            "update rings set state = 'cancelled' where gateway_id = ? and state = 'pending'",
            [gateway_id],
        )
        self._db.execute("delete from ways where gateway_id = ?", [gateway_id])
        self._db.execute("delete from gateways where id = ?", [gateway_id])

    # --- ways --------------------------------------------------------------------------------

    def all(self) -> list[Way]:
        return [_way(row) for row in self._db.query("select * from ways order by person_id, id")]

    def of(self, person_id: int) -> list[Way]:
        rows = self._db.query("select * from ways where person_id = ? order by id", [person_id])
        return [_way(row) for row in rows]

    def get(self, way_id: int) -> Way:
        for row in self._db.query("select * from ways where id = ?", [way_id]):
            return _way(row)
        raise NotFoundError("Diesen Weg gibt es nicht.", "There is no such way.")

    def add(self, way: Way) -> Way:
        """The same one twice is one."""
        row = to_row(way)
        marks = ", ".join("?" * len(row))
        self._db.execute(
            f"insert or ignore into ways ({', '.join(row)}) values ({marks})", [*row.values()]
        )
        rows = self._db.query(
            "select * from ways where person_id = ? and gateway_id is ? and address = ?",
            [way.person_id, way.gateway_id, way.address],
        )
        return next(_way(found) for found in rows)

    def remove(self, way_id: int) -> None:
        self._db.execute(
            "update rings set state = 'cancelled' where way_id = ? and state = 'pending'", [way_id]
        )
        self._db.execute("delete from ways where id = ?", [way_id])

    def confirm(self, way_id: int, now: datetime) -> None:
        """Somebody got a message; whatever was wrong is over."""
        self._db.execute(
            "update ways set confirmed_at = ?, failed_at = null, problem_de = '', problem_en = ''"
            " where id = ?",
            [stamp(now), way_id],
        )

    def recover(self, way_id: int) -> None:
        """A message over it was taken again."""
        self._db.execute(
            "update ways set failed_at = null, problem_de = '', problem_en = ''"
            " where id = ? and failed_at is not null",
            [way_id],
        )

    def fail(self, way_id: int, de: str, en: str, now: datetime) -> bool:
        """It is refused for good; False if that is known already."""
        cursor = self._db.execute(
            "update ways set failed_at = ?, problem_de = ?, problem_en = ?"
            " where id = ? and failed_at is null",
            [stamp(now), de, en, way_id],
        )
        return bool(cursor.rowcount == 1)

    # --- messages ----------------------------------------------------------------------------

    def put(self, ring: Ring) -> Ring:
        """Let it wait; the same one (by its key) twice is one."""
        row = to_row(ring)
        marks = ", ".join("?" * len(row))
        self._db.execute(
            f"insert or ignore into rings ({', '.join(row)}) values ({marks})", [*row.values()]
        )
        return next(
            _ring(found)
            for found in self._db.query("select * from rings where key = ?", [ring.key])
        )

    def ring(self, ring_id: int) -> Ring:
        for row in self._db.query("select * from rings where id = ?", [ring_id]):
            return _ring(row)
        raise NotFoundError("Diese Nachricht gibt es nicht.", "There is no such message.")

    def due(self, now: datetime) -> list[Ring]:
        """What may go now and is in nobody's hand, the most pressing first."""
        return _rings(
            self._db.query(
                "select * from rings where state = 'pending' and due <= ? and carried_by is null"
                " and (claimed_until is null or claimed_until < ?) order by priority, due, id",
                [stamp(now), stamp(now)],
            )
        )

    def is_due(self, now: datetime) -> bool:
        """Whether a message waits to go now."""
        rows = self._db.query(
            "select 1 from rings where state = 'pending' and due <= ? and carried_by is null"
            " and (claimed_until is null or claimed_until < ?) limit 1",
            [stamp(now), stamp(now)],
        )
        return next(rows, None) is not None

    def claim(self, limit: int, claimant: str, now: datetime) -> list[Ring]:
        """Take up to ``limit`` that are due, the most pressing first; nobody else gets them for 90 s."""
        rows = self._db.query(
            "update rings set claimed_by = ?, claimed_until = ? where id in ("
            " select id from rings where state = 'pending' and due <= ? and carried_by is null"
            " and (claimed_until is null or claimed_until < ?) order by priority, due, id limit ?"
            ") returning *",
            [claimant, stamp(now + LEASE), stamp(now), stamp(now), limit],
        )
        return sorted(_rings(rows), key=lambda ring: (ring.priority, ring.due, ring.id))

    def keep(self, ring: Ring, claimant: str) -> bool:
        """Keep what became of it and let go of it; that it went is kept whatever happened meanwhile."""
        row = {**to_row(ring, without=("id", "settled")), "claimed_by": None, "claimed_until": None}
        if ring.state is AlertState.SENT:
            kept = rewritten(self._db, "rings", row, "id = ?", [ring.id])
        else:
            where = "id = ? and state = 'pending' and claimed_by = ?"
            kept = rewritten(self._db, "rings", row, where, [ring.id, claimant])
        if kept and ring.state is not AlertState.PENDING:
            self._db.execute(
                "update rings set state = ?, sent_at = ? where carried_by = ? and state = 'pending'",
                [ring.state.value, stamp(ring.sent_at) if ring.sent_at else None, ring.id],
            )
        return kept

    def give_back(self, claimant: str) -> None:
        """What claimants whose name begins so hold may be taken by others at once."""
        self._db.execute(
            "update rings set claimed_by = null, claimed_until = null"
            " where substr(claimed_by, 1, ?) = ?",
            [len(claimant), claimant],
        )

    def carry(self, ring_id: int, ids: Collection[int]) -> None:
        """Let these travel in that one."""
        self._db.execute(
            f"update rings set carried_by = ? where id in ({_marks(ids)}) and state = 'pending'"
            " and claimed_by is null",
            [ring_id, *ids],
        )

    def parts(self, ring_id: int) -> list[Ring]:
        """What travels in that one."""
        return _rings(
            self._db.query("select * from rings where carried_by = ? order by id", [ring_id])
        )

    def hold(self, ids: Collection[int], until: datetime) -> None:
        """Let these wait until then."""
        self._db.execute(
            f"update rings set due = ? where id in ({_marks(ids)}) and state = 'pending'"
            " and claimed_by is null",
            [stamp(until), *ids],
        )

    def lately(self, ring: Ring, since: datetime) -> list[datetime]:
        """When messages went where this one goes, since then, in order."""
        rows = self._db.query(
            "select sent_at from rings where gateway_id is ? and address = ? and state = 'sent'"
            " and sent_at > ? and carried_by is null and event <> 'test' order by sent_at",
            [ring.gateway_id, ring.address, stamp(since)],
        )
        return [moment(row["sent_at"]) for row in rows]

    def reached(self, incident_id: int, wave: int) -> set[int]:
        """Who was told in this wave by a confirmed way, or is just being told."""
        rows = self._db.query(
            "select distinct person_id from rings where incident_id = ? and wave = ? and counts = 1"
            " and person_id is not null and state in ('sent', 'pending')",
            [incident_id, wave],
        )
        return {row["person_id"] for row in rows}

    def of_incident(self, incident_id: int) -> list[Ring]:
        return _rings(
            self._db.query("select * from rings where incident_id = ? order by id", [incident_id])
        )

    def failed_since(self, since: datetime) -> list[Ring]:
        """What was refused for good since then."""
        rows = self._db.query(
            "select * from rings where state = 'failed' and created >= ? order by id limit 200",
            [stamp(since)],
        )
        return _rings(rows)

    def recent(self, *, limit: int = 50) -> list[Ring]:
        return _rings(self._db.query("select * from rings order by id desc limit ?", [limit]))

    def to_settle(self, *, limit: int = 100) -> list[Ring]:
        """Messages that went for incidents somebody has taken or ended, and the gateway was not told."""
        return _rings(
            self._db.query(
                "select rings.* from rings join incidents on incidents.id = rings.incident_id"
                " where rings.state = 'sent' and rings.settled = 0"
                f" and rings.event not in {ENDS} and incidents.state <> 'new'"
                " order by rings.id limit ?",
                [limit],
            )
        )

    def settle(self, ids: Sequence[int]) -> None:
        """These gateways have been told, or need not be."""
        self._db.execute(f"update rings set settled = 1 where id in ({_marks(ids)})", [*ids])

    def forget(self, before: datetime) -> int:
        """Drop messages that were dealt with before then; says how many."""
        return int(
            self._db.execute(
                "delete from rings where state <> 'pending' and created < ?", [stamp(before)]
            ).rowcount
        )


def _marks(ids: Collection[int]) -> str:
    return ", ".join("?" * len(ids))


def _gateway(row: Row) -> Gateway:
    return Gateway(
        id=row["id"],
        name=row["name"],
        url=row["url"],
        method=row["method"],
        headers=tuple(json.loads(row["headers"])),
        content_type=row["content_type"],
        body=row["body"],
        secret=row["secret"],
        active=bool(row["active"]),
    )


def _way(row: Row) -> Way:
    return Way(
        id=row["id"],
        person_id=row["person_id"],
        gateway_id=row["gateway_id"],
        address=row["address"],
        confirmed_at=maybe_moment(row["confirmed_at"]),
        failed_at=maybe_moment(row["failed_at"]),
        problem_de=row["problem_de"],
        problem_en=row["problem_en"],
    )


def _rings(rows: Iterable[Row]) -> list[Ring]:
    return [_ring(row) for row in rows]


def _ring(row: Row) -> Ring:
    return Ring(
        id=row["id"],
        way_id=row["way_id"],
        gateway_id=row["gateway_id"],
        person_id=row["person_id"],
        incident_id=row["incident_id"],
        wave=row["wave"],
        event=row["event"],
        address=row["address"],
        payload=json.loads(row["payload"]),
        counts=bool(row["counts"]),
        priority=row["priority"],
        key=row["key"],
        created=moment(row["created"]),
        due=moment(row["due"]),
        attempts=row["attempts"],
        state=AlertState(row["state"]),
        sent_at=maybe_moment(row["sent_at"]),
        problem_de=row["problem_de"],
        problem_en=row["problem_en"],
        carried_by=row["carried_by"],
        settled=bool(row["settled"]),
    )
