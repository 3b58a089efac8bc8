"""The chain of entries that says who did what: how an entry is hashed, and where a chain is broken.

Pure. Does not keep entries (``store.audit``) and does not decide what is worth one (the workflows).
Each entry's hash covers the hash before it, so that changing, removing or swapping one shows. Entries of
an exercise form a chain of their own, which goes when the exercise goes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import NamedTuple

from crisis.types import AuditEntry, Incident, Person

BEGINNING = "0" * 64  # what the first entry of a chain calls the one before


def actor(by: Person | None) -> str:
    """How an entry names who acted: a person by number, so that the name can be forgotten later."""
    return "system" if by is None else f"person:{by.id}"


def entry(
    now: datetime,
    by: Person | None,
    action: str,
    what: str,
    *,
    incident_id: int | None = None,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
    drill: bool = False,
) -> AuditEntry:
    """An entry that is not part of a chain yet."""
    return AuditEntry(
        at=now,
        actor=actor(by),
        action=action,
        what=what,
        incident_id=incident_id,
        before=before or {},
        after=after or {},
        drill=drill,
    )


def of_incident(
    now: datetime,
    by: Person | None,
    action: str,
    incident: Incident,
    *,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
) -> AuditEntry:
    """An entry about an incident itself, for its timeline."""
    return entry(
        now,
        by,
        action,
        f"incident:{incident.id}",
        incident_id=incident.id,
        before=before,
        after=after,
        drill=incident.drill,
    )


def chained(new: AuditEntry, previous: str) -> AuditEntry:
    """The entry with its place in the chain: ``previous`` is the last entry's hash, or ``BEGINNING``."""
    placed = replace(new, previous=previous)
    return replace(placed, hash=digest(placed))


def digest(placed: AuditEntry) -> str:
    """SHA-256, in hex, over everything the entry says and over the hash before it."""
    said = [
        placed.previous,
        placed.at.astimezone(UTC).isoformat(timespec="microseconds"),
        placed.actor,
        placed.action,
        placed.what,
        placed.incident_id,
        dict(placed.before),
        dict(placed.after),
        placed.drill,
    ]
    text = json.dumps(said, ensure_ascii=True, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()


class Place(NamedTuple):
    """How far a check of both chains has come: the ordinary one first, then that of exercises."""

    drill: bool = False
    after: int = 0  # the last entry that was checked; 0: none of this chain
    done: int = 0  # entries checked so far, of both
    through: bool = False


def first_broken(entries: Iterable[AuditEntry], previous: str = BEGINNING) -> AuditEntry | None:
    """The first entry that does not follow from the one before it, or None for a whole chain.

    ``entries`` are one chain in its order, from the entry after the one with the hash ``previous``. That
    entries are missing at the end cannot be seen from the chain alone: keep the last hash elsewhere
    (``crisis audit verify`` prints it).
    """
    for found in entries:
        if found.previous != previous or found.hash != digest(found):
            return found
        previous = found.hash
    return None
