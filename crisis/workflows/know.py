"""What fact-checkers found out, offered to the catalogue: compare -> a person takes it or leaves it.

A published check never raises anything by itself: it is knowledge, and becomes an entry only by somebody's
decision, which may be taken back. The index is asked before the transaction begins.
"""

from __future__ import annotations

from datetime import datetime

from crisis import audit
from crisis.errors import ConflictError
from crisis.interfaces import House, Store
from crisis.rights import Act, require
from crisis.types import CheckState, Fact, FactCheck, Person, Rumour
from crisis.workflows import catalogue

BATCH = 20  # checks in one step of the monitor


def compare(house: House, now: datetime, *, limit: int = BATCH) -> int:
    """Find the entries that say nearly the same as what is offered; says how many were looked at."""
    checks = house.store.fact_checks.uncompared(limit=limit)
    if not checks:
        return 0
    index = house.index()
    found = index.match([one.claim for one in checks], [one.lang for one in checks], top=1)
    with house.store.transaction():
        for check, matches in zip(checks, found, strict=True):
            best = matches[0] if matches else None
            same = best is not None and best.score >= index.bands.suggest_at
            house.store.fact_checks.compare(check.id, best.rumour_id if best and same else "", now)
    return len(checks)


def fact_of(check: FactCheck) -> Fact:
    """The verdict as a fact of an entry, with its source: a start for what the authority itself says."""
    by = check.publisher or check.url
    said = f"{by}: „{check.verdict}“" if check.verdict else by
    return Fact(text=said, source=check.publisher, url=check.url, date=check.published)


def take(
    store: Store, check_id: int, rumour_id: str, by: Person | None, now: datetime
) -> FactCheck:
    """The check is in this entry of the catalogue now, which exists."""
    require(by, Act.WRITE_RUMOURS)
    store.rumours.get(rumour_id)
    return _decide(store, check_id, CheckState.TAKEN, by, now, rumour_id=rumour_id)


def add_to(store: Store, check_id: int, rumour_id: str, by: Person | None, now: datetime) -> Rumour:
    """Add the check to an entry that says the same: its claim as a phrasing, its verdict as a fact."""
    require(by, Act.WRITE_RUMOURS)
    check = store.fact_checks.get(check_id)
    with store.transaction():
        rumour = catalogue.enrich(
            store, rumour_id, check.claim if check.claimed else "", fact_of(check), by, now
        )
        _decide(store, check_id, CheckState.TAKEN, by, now, rumour_id=rumour_id)
        return rumour


def leave(store: Store, check_id: int, by: Person | None, now: datetime) -> FactCheck:
    """Not for us; it is not offered again."""
    require(by, Act.WRITE_RUMOURS)
    return _decide(store, check_id, CheckState.LEFT, by, now)


def offer_again(store: Store, check_id: int, by: Person | None, now: datetime) -> FactCheck:
    """Take a decision back. An entry that was made of it stays."""
    require(by, Act.WRITE_RUMOURS)
    return _decide(store, check_id, CheckState.OFFERED, by, now)


def _decide(
    store: Store,
    check_id: int,
    state: CheckState,
    by: Person | None,
    now: datetime,
    rumour_id: str = "",
) -> FactCheck:
    with store.transaction():
        before = store.fact_checks.get(check_id)
        if before.state is state and before.rumour_id == rumour_id:
            return before
        wanted = state is CheckState.OFFERED or before.state is CheckState.OFFERED
        if not wanted or not store.fact_checks.decide(check_id, state, rumour_id, before.state):
            raise ConflictError(
                "Über diesen Faktencheck hat schon jemand entschieden. Bitte laden Sie die Seite neu.",
                "Somebody has decided on this fact check already. Please load the page again.",
            )
        store.audit.append(
            audit.entry(
                now,
                by,
                f"check.{state.value}",
                f"check:{check_id}",
                after={"name": before.claim[:120], "url": before.url, "rumour": rumour_id},
            )
        )
        return store.fact_checks.get(check_id)
