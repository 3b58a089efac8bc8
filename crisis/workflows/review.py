"""What could be better about entries of the catalogue: ask the index -> ask the room -> keep.

Done when an entry is saved and, little by little, by the monitor: pages read what was found. The index is
asked before the transaction begins. Changes no entry, and so leaves no line in the log.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from crisis.interfaces import House
from crisis.rumours import quality
from crisis.types import Person, Rumour
from crisis.workflows import catalogue

AGAIN_AFTER = timedelta(days=1)  # facts grow old and others change
BATCH = (
    20  # entries in one step of the monitor: under a second of work with 10,000 in the catalogue
)
_ASKED = 4  # phrasings of an entry that are compared with the catalogue
_NEAREST = 4


def save(
    house: House,
    rumour: Rumour,
    by: Person | None,
    now: datetime,
    *,
    began: Rumour | None = None,
    confirmed: Collection[str] = (),
) -> Rumour:
    """Keep an entry as ``catalogue.save`` does, and look at it at once."""
    kept = catalogue.save(house.store, rumour, by, now, began=began, confirmed=confirmed)
    review(house, [kept], now)
    return kept


def some(house: House, now: datetime, *, limit: int = BATCH) -> int:
    """Look at the entries that wait for it; says how many."""
    due = house.store.hints.due(now - AGAIN_AFTER, limit=limit)
    review(house, [rumour for i in due if (rumour := house.store.rumours.find(i))], now)
    return len(due)


def review(house: House, rumours: Sequence[Rumour], now: datetime) -> None:
    """Find out what could be better about these entries, and keep it.

    Whoever is found near an entry is looked at again, too: likeness goes both ways.
    """
    if not rumours:
        return
    found = {rumour.id: _hints(house, rumour, now) for rumour in rumours}
    store = house.store
    with store.transaction():
        for rumour_id, hints in found.items():
            before = {other for _code, other in store.hints.of(rumour_id) if other}
            after = {hint.other for hint in hints if hint.other}
            store.hints.put(rumour_id, [(hint.code, hint.other) for hint in hints], now)
            store.hints.again((before ^ after) - found.keys())


def _hints(house: House, rumour: Rumour, now: datetime) -> list[quality.Hint]:
    today = house.terms.today(now)
    own = [*quality.hints(rumour, today=today), *quality.languages(rumour)]
    if rumour.retired:
        return []
    index = house.index()
    asked = [rumour.text, *rumour.variants][:_ASKED]
    matches = index.match(asked, [rumour.lang] * len(asked), top=_NEAREST)
    ids = {match.rumour_id for some in matches for match in some} - {rumour.id}
    near = {i: other for i in ids if (other := house.store.rumours.find(i)) is not None}
    return [*own, *quality.around(rumour, near, matches, raise_at=index.bands.raise_at)]
