"""Published fact checks: offered once, however many desks and answers bring them."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import date, datetime

from sqlite_utils import Database

from crisis.errors import NotFoundError
from crisis.store.rows import Row, maybe_moment, stamp
from crisis.types import CheckState, FactCheck, RumourStatus


class FactCheckRows:
    def __init__(self, db: Database) -> None:
        self._db = db

    def put(self, checks: Sequence[FactCheck], source_id: int, now: datetime) -> int:
        """Keep those whose article and claim are new; says how many.

        Of an article that is still offered, a verdict that changed is taken over: fact-checkers correct
        themselves, too.
        """
        new = 0
        for check in checks:
            key = claim_key(check.claim)
            changed = self._db.execute(
                "update fact_checks set verdict = ?, status = ? where url = ? and state = 'offered'"
                " and verdict <> ?",
                [check.verdict, check.status.value, check.url, check.verdict],
            ).rowcount
            if changed > 0 or not key:
                continue
            new += max(
                0,
                self._db.execute(
                    "insert or ignore into fact_checks (source_id, claim, claim_key, url, verdict, status,"
                    " publisher, published, lang, claimed, seen) values (?,?,?,?,?,?,?,?,?,?,?)",
                    [
                        *(source_id, check.claim, key, check.url, check.verdict),
                        *(check.status.value, check.publisher),
                        check.published.isoformat() if check.published else None,
                        *(check.lang, int(check.claimed), stamp(now)),
                    ],
                ).rowcount,
            )
        return new

    def get(self, check_id: int) -> FactCheck:
        rows = self._db.query("select * from fact_checks where id = ?", [check_id])
        for row in rows:
            return _check(row)
        raise NotFoundError(
            "Diesen Faktencheck gibt es nicht (mehr).",
            "There is no such fact check (any more).",
        )

    def offered(self, *, limit: int, before: int = 0) -> list[FactCheck]:
        """Those nobody has decided on, the newest first; ``before``: only ids below it, 0: all."""
        rows = self._db.query(
            "select * from fact_checks where state = 'offered' and (? = 0 or id < ?)"
            " order by id desc limit ?",
            [before, before, limit],
        )
        return [_check(row) for row in rows]

    def decided(self, *, limit: int) -> list[FactCheck]:
        """Those a person has decided on, the newest first."""
        rows = self._db.query(
            "select * from fact_checks where state <> 'offered' order by id desc limit ?", [limit]
        )
        return [_check(row) for row in rows]

    def waiting(self) -> int:
        """How many are offered."""
        return int(self._db.table("fact_checks").count_where("state = 'offered'"))

    def uncompared(self, *, limit: int) -> list[FactCheck]:
        """Offered ones of which nobody knows yet whether the catalogue has them."""
        rows = self._db.query(
            "select * from fact_checks where state = 'offered' and compared is null"
            " order by id limit ?",
            [limit],
        )
        return [_check(row) for row in rows]

    def compare(self, check_id: int, like: str, now: datetime) -> None:
        """Write down which entry says nearly the same; "" none."""
        self._db.execute(
            "update fact_checks set like = ?, compared = ? where id = ?",
            [like, stamp(now), check_id],
        )

    def decide(self, check_id: int, state: CheckState, rumour_id: str, was: CheckState) -> bool:
        """Move it on; False if somebody else has moved it from ``was`` meanwhile."""
        return bool(
            self._db.execute(
                "update fact_checks set state = ?, rumour_id = ? where id = ? and state = ?",
                [state.value, rumour_id, check_id, was.value],
            ).rowcount
        )


def claim_key(claim: str) -> str:
    """A claim as it is compared: letters and digits in small letters, nothing else."""
    folded = unicodedata.normalize("NFKC", claim).casefold()
    return "".join(char for char in folded if char.isalnum())[:400]


def _check(row: Row) -> FactCheck:
    return FactCheck(
        id=row["id"],
        source_id=row["source_id"],
        claim=row["claim"],
        url=row["url"],
        verdict=row["verdict"],
        status=RumourStatus(row["status"]),
        publisher=row["publisher"],
        published=date.fromisoformat(row["published"]) if row["published"] else None,
        lang=row["lang"],
        claimed=bool(row["claimed"]),
        seen=maybe_moment(row["seen"]),
        state=CheckState(row["state"]),
        rumour_id=row["rumour_id"],
        like=row["like"],
        compared=maybe_moment(row["compared"]),
    )
