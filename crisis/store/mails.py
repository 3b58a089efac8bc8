"""How mails reach people: what is known of addresses, what people answered, what came in, maintenance."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time

from sqlite_utils import Database

from crisis.errors import NotFoundError
from crisis.store.rows import Row, maybe_moment, moment, stamp, to_row
from crisis.types import AddressState, CallAnswer, Maintenance, Quiet


class MailRows:
    def __init__(self, db: Database) -> None:
        self._db = db

    # --- addresses ---------------------------------------------------------------------------

    def address(self, address: str) -> AddressState:
        """What is known of it; for one that nothing is known of, nothing."""
        rows = self._db.query("select * from addresses where address = ?", [address.casefold()])
        return next(map(_address, rows), AddressState(address=address.casefold()))

    def addresses(self) -> Mapping[str, AddressState]:
        """All that something is known of, by address (case folded)."""
        return {row["address"]: _address(row) for row in self._db.query("select * from addresses")}

    def confirm(self, address: str, now: datetime) -> None:
        """Somebody there got a mail; whatever was wrong with it is over."""
        self._db.execute(
            "insert into addresses (address, confirmed_at, problem_de, problem_en) values (?, ?, '', '')"
            " on conflict (address) do update set confirmed_at = excluded.confirmed_at,"
            " unreachable_at = null, problem_de = '', problem_en = ''",
            [address.casefold(), stamp(now)],
        )

    def fail(self, address: str, de: str, en: str, now: datetime) -> bool:
        """A server refuses it for good; False if that is known already."""
        cursor = self._db.execute(
            "insert into addresses (address, unreachable_at, problem_de, problem_en)"
            " values (?, ?, ?, ?) on conflict (address) do update set"
            " unreachable_at = excluded.unreachable_at, problem_de = excluded.problem_de,"
            " problem_en = excluded.problem_en where unreachable_at is null",
            [address.casefold(), stamp(now), de, en],
        )
        return cursor.rowcount == 1

    # --- answers to calls --------------------------------------------------------------------

    def answer(
        self, incident_id: int, wave: int, person_id: int, answer: CallAnswer, now: datetime
    ) -> bool:
        """Keep what somebody said; False if they had said so before."""
        cursor = self._db.execute(
            "insert or ignore into call_answers (incident_id, wave, person_id, answer, at)"
            " values (?, ?, ?, ?, ?)",
            [incident_id, wave, person_id, answer.value, stamp(now)],
        )
        return cursor.rowcount == 1

    def answered(self, incident_id: int, wave: int, answer: CallAnswer) -> set[int]:
        """Who said so in this wave."""
        rows = self._db.query(
            "select person_id from call_answers where incident_id = ? and wave = ? and answer = ?",
            [incident_id, wave, answer.value],
        )
        return {row["person_id"] for row in rows}

    # --- what came in ------------------------------------------------------------------------

    def receive(
        self, message_id: str, outcome: str, incident_id: int | None, now: datetime
    ) -> bool:
        """Remember what became of a mail that came in; False if it was dealt with before."""
        cursor = self._db.execute(
            "insert or ignore into received_mails (message_id, at, outcome, incident_id)"
            " values (?, ?, ?, ?)",
            [message_id, stamp(now), outcome, incident_id],
        )
        return cursor.rowcount == 1

    def received(self, message_id: str) -> bool:
        """Whether this mail was dealt with."""
        return bool(self._db.table("received_mails").count_where("message_id = ?", [message_id]))

    def forget_received(self, before: datetime) -> int:
        """Drop what came in before then; says how many."""
        return self._db.execute("delete from received_mails where at < ?", [stamp(before)]).rowcount

    # --- quiet hours of a person -------------------------------------------------------------

    def quiet(self) -> Mapping[int, Quiet]:
        """Whoever has quiet hours, by their id."""
        rows = self._db.query("select id, quiet from people where quiet <> ''")
        return {row["id"]: _quiet(row["quiet"]) for row in rows}

    def set_quiet(self, person_id: int, quiet: Quiet | None) -> None:
        """Give somebody quiet hours, or (None) none."""
        text = "" if quiet is None else f"{quiet.start:%H:%M}-{quiet.end:%H:%M}"
        self._db.execute("update people set quiet = ? where id = ?", [text, person_id])

    # --- maintenance -------------------------------------------------------------------------

    def add_maintenance(self, window: Maintenance) -> Maintenance:
        rowid = self._db.table("maintenance").insert(to_row(window)).last_pk
        return self.maintenance(int(rowid or 0))

    def maintenance(self, window_id: int) -> Maintenance:
        rows = self._db.query("select * from maintenance where id = ?", [window_id])
        for row in rows:
            return _window(row)
        raise NotFoundError("Diese Wartung gibt es nicht.", "There is no such maintenance.")

    def end_maintenance(self, window_id: int, now: datetime) -> bool:
        """End it before its time; False if it was ended before."""
        cursor = self._db.execute(
            "update maintenance set ended_at = ? where id = ? and ended_at is null",
            [stamp(now), window_id],
        )
        return cursor.rowcount == 1

    def tell_maintenance(self, window_id: int, now: datetime) -> bool:
        """Note that people are told of it; False if they were."""
        cursor = self._db.execute(
            "update maintenance set told = ? where id = ? and told is null", [stamp(now), window_id]
        )
        return bool(cursor.rowcount == 1)

    def untold_maintenance(self, now: datetime) -> list[Maintenance]:
        """Those that are over and nobody was told of."""
        rows = self._db.query(
            'select * from maintenance where told is null and start <= ? and ("end" <= ? or ended_at'
            " is not null) order by id",
            [stamp(now), stamp(now)],
        )
        return [_window(row) for row in rows]

    def windows(self, since: datetime) -> list[Maintenance]:
        """Those that end or ended after ``since``, by their beginning."""
        rows = self._db.query(
            'select * from maintenance where "end" > ? order by start, id', [stamp(since)]
        )
        return [_window(row) for row in rows]


def _address(row: Row) -> AddressState:
    return AddressState(
        address=row["address"],
        confirmed_at=maybe_moment(row["confirmed_at"]),
        unreachable_at=maybe_moment(row["unreachable_at"]),
        problem_de=row["problem_de"],
        problem_en=row["problem_en"],
    )


def _window(row: Row) -> Maintenance:
    return Maintenance(
        id=row["id"],
        start=moment(row["start"]),
        end=moment(row["end"]),
        reason=row["reason"],
        made_by=row["made_by"],
        made=moment(row["made"]),
        ended_at=maybe_moment(row["ended_at"]),
        told=maybe_moment(row["told"]),
    )


def _quiet(text: str) -> Quiet:
    start, _, end = text.partition("-")
    return Quiet(start=time.fromisoformat(start), end=time.fromisoformat(end))
