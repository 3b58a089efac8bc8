"""People, who is on call, and links that work once."""

from __future__ import annotations

import json
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime

from sqlite_utils import Database

from crisis.errors import NotFoundError
from crisis.store.driver import unique
from crisis.store.rows import Row, maybe_moment, moment, stamp, to_row
from crisis.types import Link, Person, Role, Shift


class PeopleRows:
    def __init__(self, db: Database) -> None:
        self._db = db

    def add(self, person: Person, now: datetime) -> Person:
        """A new person, who cannot sign in yet. ConflictError where the address is taken."""
        row = {**to_row(person), "password_hash": "", "created": stamp(now)}
        with _one_address():
            return self.get(int(self._db.table("people").insert(row).last_pk or 0))

    def get(self, person_id: int) -> Person:
        for row in self._db.query("select * from people where id = ?", [person_id]):
            return _person(row)
        raise NotFoundError("Diese Person gibt es hier nicht.", "There is no such person here.")

    def by_email(self, email: str) -> Person | None:
        rows = self._db.query("select * from people where lower(email) = lower(?)", [email.strip()])
        return next((_person(row) for row in rows), None)

    def all(self) -> list[Person]:
        return [_person(row) for row in self._db.query("select * from people order by drill, id")]

    def update(self, person: Person) -> None:
        with _one_address():
            self._db.table("people").update(person.id, to_row(person, without=("id",)))

    def set_password(self, person_id: int, password_hash: str) -> None:
        self._db.table("people").update(person_id, {"password_hash": password_hash})

    def password_hash(self, person_id: int) -> str:
        """The argon2 hash, or "" for somebody who has not set a password."""
        rows = self._db.query("select password_hash from people where id = ?", [person_id])
        return next((row["password_hash"] for row in rows), "")

    def shifts(self, now: datetime, *, until: datetime | None = None) -> list[Shift]:
        """Shifts that are running or come later (before ``until``, if given), by their start."""
        rows = self._db.query(
            'select * from shifts where "end" > ? and (? is null or start < ?) order by start, id',
            [stamp(now), until and stamp(until), until and stamp(until)],
        )
        return [
            Shift(
                id=row["id"],
                person_id=row["person_id"],
                start=moment(row["start"]),
                end=moment(row["end"]),
                drill=bool(row["drill"]),
                level=row["level"],
            )
            for row in rows
        ]

    def add_shift(self, shift: Shift) -> Shift:
        rowid = self._db.table("shifts").insert(to_row(shift)).last_pk
        return replace(shift, id=int(rowid or 0))

    def remove_shift(self, shift_id: int) -> None:
        self._db.execute("delete from shifts where id = ?", [shift_id])

    def put_link(
        self, purpose: str, person_id: int | None, token_hash: str, expires: datetime, now: datetime
    ) -> None:
        """A link for one purpose, known by the hash of its secret only."""
        self._db.table("links").insert(
            {
                "purpose": purpose,
                "person_id": person_id,
                "token_hash": token_hash,
                "created": stamp(now),
                "expires": stamp(expires),
            }
        )

    def find_link(self, purpose: str, token_hash: str, now: datetime) -> int | None:
        """Whose unused, unexpired link this is: the person's id, 0 for nobody's yet, None for no link."""
        rows = self._db.query(
            "select person_id from links where purpose = ? and token_hash = ? and used is null"
            " and expires > ?",
            [purpose, token_hash, stamp(now)],
        )
        return next((row["person_id"] or 0 for row in rows), None)

    def link_used(self, purpose: str, token_hash: str) -> bool:
        """Whether this link has had its one use."""
        return bool(
            self._db.table("links").count_where(
                "purpose = ? and token_hash = ? and used is not null", [purpose, token_hash]
            )
        )

    def use_link(self, purpose: str, token_hash: str, now: datetime) -> bool:
        """Claim the link; True for exactly one caller. A signed link without a row gets one here."""
        cursor = self._db.execute(
            "insert into links (purpose, token_hash, created, expires, used) values (?, ?, ?, ?, ?)"
            " on conflict (purpose, token_hash) do update set used = excluded.used"
            " where used is null",
            [purpose, token_hash, stamp(now), stamp(now), stamp(now)],
        )
        return cursor.rowcount == 1

    def links(self, purpose: str, *, limit: int) -> list[Link]:
        """The newest links whose purpose begins so, newest first."""
        rows = self._db.query(
            "select purpose, person_id, created, used from links"
            " where substr(purpose, 1, ?) = ? order by id desc limit ?",
            [len(purpose), purpose, limit],
        )
        return [
            Link(
                purpose=row["purpose"],
                person_id=row["person_id"],
                created=moment(row["created"]),
                used=maybe_moment(row["used"]),
            )
            for row in rows
        ]

    def link_purposes(self, token_hash: str) -> list[str]:
        """What the links with this secret are for."""
        rows = self._db.query("select purpose from links where token_hash = ?", [token_hash])
        return [row["purpose"] for row in rows]

    def any_link_used(self, purpose: str) -> bool:
        """Whether some link for this purpose has had its use."""
        rows = self._db.query(
            "select 1 from links where purpose = ? and used is not null limit 1", [purpose]
        )
        return next(rows, None) is not None

    def drop_links(self, purpose: str) -> None:
        """Earlier links for this purpose, still unused, work no longer."""
        self._db.execute("delete from links where purpose = ? and used is null", [purpose])


def _one_address() -> AbstractContextManager[None]:
    return unique(
        "Diese E-Mail-Adresse gehört schon jemand anderem.",
        "This e-mail address belongs to somebody else already.",
    )


def _person(row: Row) -> Person:
    return Person(
        id=row["id"],
        name=row["name"],
        email=row["email"],
        roles=frozenset(Role(role) for role in json.loads(row["roles"])),
        lang=row["lang"],
        active=bool(row["active"]),
        drill=bool(row["drill"]),
    )
