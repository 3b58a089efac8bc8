"""Counting an incident's posts once after many changed, instead of once for each of them.

Triggers keep what stays of an incident's posts (``schema_counts``): right for one post, and a minute's work
for ten thousand at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlite_utils import Database

from crisis.store.schema_counts import ANEW


@contextmanager
def at_once(db: Database, *incident_ids: int | None) -> Iterator[None]:
    """Change many sightings of these incidents; their numbers are brought up to date at the end.

    Call it inside a transaction: nobody else ever sees the numbers as they were.
    """
    db.execute("insert into counting_held (one) values (1)")
    yield
    db.execute("delete from counting_held")
    for incident_id in {number for number in incident_ids if number is not None}:
        db.execute("delete from incident_counts where incident_id = ?", [incident_id])
        db.execute(ANEW.format(which="s.incident_id = ?"), [incident_id])
