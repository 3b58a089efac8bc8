"""Answers: drafts, what waits for a second person, and what the public sees."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from sqlite_utils import Database

from crisis.errors import ConflictError, NotFoundError
from crisis.store.incidents import SPREAD
from crisis.store.rows import Row, maybe_moment, moment, rewritten, stamp, to_row
from crisis.types import PastAnswers, Picture, Response, ResponseState, RumourStatus


class ResponseRows:
    def __init__(self, db: Database) -> None:
        self._db = db

    def add(self, response: Response) -> Response:
        return self.get(int(self._db.table("responses").insert(to_row(response)).last_pk or 0))

    def get(self, response_id: int) -> Response:
        for found in responses_of(
            self._db.query("select * from responses where id = ?", [response_id])
        ):
            return found
        raise NotFoundError("Diese Antwort gibt es nicht.", "There is no such answer.")

    def update(self, response: Response) -> Response:
        """Keep the changed answer; ConflictError if somebody changed it since it was read."""
        row = to_row(replace(response, version=response.version + 1), without=("id",))
        seen = [response.id, response.version]
        if not rewritten(self._db, "responses", row, "id = ? and version = ?", seen):
            raise ConflictError(
                "Diese Antwort hat gerade jemand anderes geändert. Bitte neu laden und vergleichen,"
                " bevor Sie weitermachen.",
                "Somebody else has just changed this answer. Please reload and compare before you"
                " go on.",
            )
        return replace(response, version=response.version + 1)

    def of_incident(self, incident_id: int) -> list[Response]:
        return responses_of(
            self._db.query(
                "select * from responses where incident_id = ? order by id", [incident_id]
            )
        )

    def of_rumour(self, rumour_id: str, *, drill: bool) -> list[Response]:
        """Public or being written, in whatever incident, the newest first."""
        return responses_of(
            self._db.query(
                "select r.* from responses r join incidents i on i.id = r.incident_id"
                " where i.rumour_id = ? and i.drill = ? and r.state in"
                " ('draft', 'submitted', 'released') order by r.id desc limit 20",
                [rumour_id, int(drill)],
            )
        )

    def slugs(self) -> set[str]:
        """Addresses in use, or once used."""
        return {
            row["slug"]
            for row in self._db.query("select distinct slug from responses where slug <> ''")
        }

    def revisions(self, slug: str) -> list[Response]:
        """All that was ever public under this address, the newest first."""
        return responses_of(
            self._db.query(
                "select * from responses where slug = ?"
                " and state in ('released', 'superseded', 'withdrawn') order by revision desc",
                [slug],
            )
        )

    def public(self, *, drill: bool = False, limit: int = -1, offset: int = 0) -> list[Response]:
        """What stands under each address now, released or withdrawn, the newest first."""
        return responses_of(
            self._db.query(
                "select * from responses where state in ('released', 'withdrawn') and drill = ?"
                " order by released_at desc, id desc limit ? offset ?",
                [int(drill), limit, offset],
            )
        )

    def pinned(self, now: datetime) -> list[Response]:
        """What stands above all citizens' pages, the newest first."""
        return responses_of(
            self._db.query(
                "select * from responses where pinned_until > ? and state = 'released' and drill = 0"
                " order by released_at desc, id desc",
                [stamp(now)],
            )
        )

    def past(self, now: datetime, *, hours: int, fewest: int) -> dict[str, PastAnswers]:
        """By playbook what became of earlier answers, exercises and corrections aside; the newest 100 count.

        Where at least ``fewest`` posts came in the ``hours`` before a release, they are compared with as many
        hours after.
        """
        rows = self._db.query(
            "select r.playbook, r.state, r.released_at, r.incident_id from responses r"
            " where r.released_at is not null and r.replaces is null and r.drill = 0"
            " order by r.id desc limit 100"
        )
        found: dict[str, PastAnswers] = {}
        for row in rows:
            known = found.get(row["playbook"], PastAnswers())
            before, after = self._around(row["incident_id"], moment(row["released_at"]), now, hours)
            compared = after is not None and before >= fewest
            found[row["playbook"]] = PastAnswers(
                released=known.released + 1,
                withdrawn=known.withdrawn + (row["state"] == "withdrawn"),
                compared=known.compared + compared,
                fewer=known.fewer + (compared and after is not None and after < before),
            )
        return found

    def _around(
        self, incident_id: int, at: datetime, now: datetime, hours: int
    ) -> tuple[int, int | None]:
        """Posts so many hours before and after; None while these hours are not over."""
        span = timedelta(hours=hours)
        if at + span > now:
            return 0, None
        found = self._db.execute(
            "select coalesce(sum(a.seen < :at), 0), coalesce(sum(a.seen >= :at), 0)"
            f" from {SPREAD} where s.incident_id = :incident and a.seen >= :start and a.seen < :end",
            {
                "at": stamp(at),
                "incident": incident_id,
                "start": stamp(at - span),
                "end": stamp(at + span),
            },
        ).fetchone()
        return int(found[0]), int(found[1])

    def unreviewed(self) -> list[Response]:
        """Let out by one person and not looked at by a second one yet, the most pressing first."""
        return responses_of(
            self._db.query(
                "select * from responses where review_by is not null and reviewed_at is null"
                " and state in ('released', 'superseded') order by review_by, id"
            )
        )

    def waiting(self) -> list[Response]:
        """Answers that wait for a second person, the oldest first."""
        return responses_of(
            self._db.query("select * from responses where state = 'submitted' order by id")
        )

    def public_changes(self) -> str:
        """Another text whenever something was released, withdrawn or confirmed; "" before anything was."""
        ((released, withdrawn),) = self._db.execute(
            "select count(*), coalesce(sum(withdrawn_at is not null), 0) from responses"
            " where released_at is not null and drill = 0"
        )
        ((confirmed,),) = self._db.execute("select max(last) from update_plans where drill = 0")
        return f"{released}+{withdrawn}+{confirmed or ''}" if released else ""

    def all(self, *, limit: int = 100, offset: int = 0) -> list[Response]:
        return responses_of(
            self._db.query(
                "select * from responses order by id desc limit ? offset ?", [limit, offset]
            )
        )


def responses_of(rows: Iterable[Row]) -> list[Response]:
    return [
        Response(
            id=row["id"],
            incident_id=row["incident_id"],
            playbook=row["playbook"],
            playbook_sha256=row["playbook_sha256"],
            approval_id=row["approval_id"],
            lang=row["lang"],
            title=row["title"],
            values=json.loads(row["values"]),
            texts=json.loads(row["texts"]),
            pictures=tuple(Picture(**one) for one in json.loads(row["pictures"])),
            state=ResponseState(row["state"]),
            slug=row["slug"],
            revision=row["revision"],
            replaces=row["replaces"],
            follows=bool(row["follows"]),
            change_note=row["change_note"],
            claim=row["claim"],
            finding=RumourStatus(row["finding"]) if row["finding"] else None,
            pinned_until=maybe_moment(row["pinned_until"]),
            alone_because=row["alone_because"],
            review_by=maybe_moment(row["review_by"]),
            reviewed_by=row["reviewed_by"],
            reviewed_at=maybe_moment(row["reviewed_at"]),
            written_by=row["written_by"],
            written_at=moment(row["written_at"]),
            submitted_at=maybe_moment(row["submitted_at"]),
            released_by=row["released_by"],
            released_at=maybe_moment(row["released_at"]),
            withdrawn_at=maybe_moment(row["withdrawn_at"]),
            holding=bool(row["holding"]),
            drill=bool(row["drill"]),
            version=row["version"],
        )
        for row in rows
    ]
