"""Many rows at once, with ids that were given before: for furnishing a demonstration, for nothing else.

Checks nothing that the nouns' own files check; triggers and foreign keys watch as ever.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlite_utils import Database

from crisis.store.rows import Row, stamp, to_row
from crisis.types import (
    Alert,
    AuditEntry,
    Incident,
    Note,
    Post,
    Response,
    Rumour,
    Sighting,
)


class BulkRows:
    def __init__(self, db: Database) -> None:
        self._db = db

    def first_free(self, noun: str) -> int:
        """The first number that no row of this noun ever had."""
        row = self._db.execute(
            "select coalesce(max(seq), 0) from sqlite_sequence where name = ?", [noun]
        ).fetchone()
        highest = self._db.execute(f'select coalesce(max(id), 0) from "{noun}"').fetchone()
        return max(int(row[0]), int(highest[0])) + 1

    def rumours(self, rumours: Iterable[Rumour]) -> None:
        self._put("rumours", [to_row(rumour) for rumour in rumours])

    def incidents(self, incidents: Iterable[Incident]) -> None:
        self._put("incidents", [to_row(incident) for incident in incidents])

    def posts(self, posts: Iterable[Post]) -> None:
        self._put("posts", [{**to_row(post), "triaged": 1} for post in posts])

    def sightings(self, sightings: Iterable[Sighting]) -> None:
        self._put("sightings", [_sighting(sighting) for sighting in sightings])

    def notes(self, notes: Iterable[Note]) -> None:
        self._put("notes", [to_row(note) for note in notes])

    def alerts(self, alerts: Iterable[Alert]) -> None:
        self._put("alerts", [to_row(alert) for alert in alerts])

    def responses(self, responses: Iterable[Response]) -> None:
        self._put("responses", [to_row(response) for response in responses])

    def entries(self, entries: Iterable[AuditEntry]) -> None:
        """Entries that have their place in the chain already."""
        self._put("audit", [to_row(entry) for entry in entries])

    def measured(self) -> None:
        """Let the database learn how its rows are spread, so that it finds the best way to them."""
        self._db.execute("analyze")

    def _put(self, table: str, rows: Sequence[Row]) -> None:
        if not rows:
            return
        columns = ", ".join(f'"{name}"' for name in rows[0])
        marks = ", ".join("?" * len(rows[0]))
        self._db.conn.executemany(
            f'insert into "{table}" ({columns}) values ({marks})',
            [list(row.values()) for row in rows],
        )


def _sighting(sighting: Sighting) -> Row:
    return {
        "id": sighting.id,
        "post_id": sighting.post.id,
        **to_row(sighting.match),
        "incident_id": sighting.incident_id,
        "found": stamp(sighting.found),
        "verdict": sighting.verdict.value if sighting.verdict else None,
        "verdict_by": sighting.verdict_by,
        "verdict_at": stamp(sighting.verdict_at) if sighting.verdict_at else None,
        "kin": sighting.kin,
    }
