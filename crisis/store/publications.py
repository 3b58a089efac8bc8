"""What is to be done for answers on channels, and what became of it. Decides nothing about either."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlite_utils import Database

from crisis.errors import NotFoundError
from crisis.store.rows import Row, maybe_moment, moment, rewritten, stamp, to_row
from crisis.types import Publication, PublicationAct, PublicationState, Stuck

LEASE = timedelta(minutes=5)  # longer than signing in, pictures and a post may take together
_SETTLED = "('sent', 'replaced', 'removed', 'failed', 'cancelled', 'todo')"


class PublicationRows:
    def __init__(self, db: Database) -> None:
        self._db = db

    def add(self, publication: Publication) -> Publication:
        row = to_row(publication)
        return self.get(int(self._db.table("publications").insert(row).last_pk or 0))

    def get(self, publication_id: int) -> Publication:
        rows = self._db.query("select * from publications where id = ?", [publication_id])
        for found in publications_of(rows):
            return found
        raise NotFoundError(
            "Diese Veröffentlichung gibt es nicht.", "There is no such publication."
        )

    def of_response(self, response_id: int) -> list[Publication]:
        """Everything that was ever to be done for this answer, in order."""
        return publications_of(
            self._db.query(
                "select * from publications where response_id = ? order by id", [response_id]
            )
        )

    def replies(self, incident_id: int) -> list[Publication]:
        """Below which posts of an incident we answer, or did, in order."""
        return publications_of(
            self._db.query(
                "select * from publications where incident_id = ? and act = 'reply' order by id",
                [incident_id],
            )
        )

    def waiting_for(self, publication_id: int) -> list[Publication]:
        """What must not go out before this one."""
        return publications_of(
            self._db.query(
                "select * from publications where after = ? and state in ('waiting', 'sending')"
                " order by id",
                [publication_id],
            )
        )

    def claim(self, limit: int, claimant: str, now: datetime) -> list[Publication]:
        """Take up to ``limit`` that are due, the oldest first; nobody else gets them for five minutes.

        One that answers another post waits until that one is out; one that changes another waits until
        it is known what became of that one.
        """
        rows = self._db.query(
            "update publications set claimed_by = ?, claimed_until = ? where id in ("
            " select p.id from publications p"
            " where p.state in ('waiting', 'sending') and p.due <= ?"
            " and (p.claimed_until is null or p.claimed_until < ?)"
            " and (p.after is null or exists (select 1 from publications b where b.id = p.after"
            "  and b.state in ('sent', 'replaced', 'removed')))"
            " and (p.target is null or exists (select 1 from publications t where t.id = p.target"
            f"  and t.state in {_SETTLED}))"
            " order by p.due, p.id limit ?) returning *",
            [claimant, stamp(now + LEASE), stamp(now), stamp(now), limit],
        )
        return sorted(publications_of(rows), key=lambda row: (row.due, row.id))

    def keep(self, publication: Publication, claimant: str) -> bool:
        """Keep what became of it, if it is still ours; an unsettled one stays ours while ``claimed_by``
        says so."""
        row = to_row(publication, without=("id",))
        if publication.claimed_by is None:
            row["claimed_until"] = None
        where = "id = ? and claimed_by = ?"
        return rewritten(self._db, "publications", row, where, [publication.id, claimant])

    def change(self, publication: Publication) -> None:
        """Keep what a person or another answer made of it, whoever holds it."""
        row = {**to_row(publication, without=("id",)), "claimed_by": None, "claimed_until": None}
        rewritten(self._db, "publications", row, "id = ?", [publication.id])

    def give_back(self, claimant: str) -> None:
        """What claimants whose name begins so hold may be taken by others at once."""
        self._db.execute(
            "update publications set claimed_by = null, claimed_until = null"
            " where substr(claimed_by, 1, ?) = ?",
            [len(claimant), claimant],
        )

    def stuck(self, since: datetime) -> list[Stuck]:
        """What failed, waits for somebody's hand or is being tried again, of public answers since then.

        Of an answer that is withdrawn only what still has to be taken back counts.
        """
        rows = self._db.query(
            'select p.response_id, p.channel, r.title, r."values" as filled, p.created, p.due,'
            " case p.state when 'sending' then 'waiting' else p.state end as state"
            " from publications p join responses r on r.id = p.response_id"
            " where (p.state in ('todo', 'failed') or (p.state in ('waiting', 'sending')"
            " and p.attempts > 0)) and p.created >= ? and r.drill = 0 and (r.state = 'released'"
            " or (r.state = 'withdrawn' and p.act in ('retract', 'remove'))) order by p.id",
            [stamp(since)],
        )
        return [
            Stuck(
                response_id=row["response_id"],
                channel=row["channel"],
                state=PublicationState(row["state"]),
                title=row["title"],
                values=json.loads(row["filled"]),
                created=moment(row["created"]),
                due=moment(row["due"]),
            )
            for row in rows
        ]


def publications_of(rows: Iterable[Row]) -> list[Publication]:
    return [
        Publication(
            id=row["id"],
            response_id=row["response_id"],
            incident_id=row["incident_id"],
            channel=row["channel"],
            act=PublicationAct(row["act"]),
            part=row["part"],
            turn=row["turn"],
            text=row["text"],
            more=json.loads(row["more"]),
            key=row["key"],
            after=row["after"],
            target=row["target"],
            state=PublicationState(row["state"]),
            created=moment(row["created"]),
            due=moment(row["due"]),
            attempts=row["attempts"],
            begun=maybe_moment(row["begun"]),
            sent_at=maybe_moment(row["sent_at"]),
            remote=row["remote"],
            url=row["url"],
            problem_de=row["problem_de"],
            problem_en=row["problem_en"],
            done_by=row["done_by"],
            claimed_by=row["claimed_by"],
        )
        for row in rows
    ]
