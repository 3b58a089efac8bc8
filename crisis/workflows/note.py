"""From a verdict to what may stay of it: draw -> describe by numbers -> keep.

Numbers are made outside transactions, from posts that are still here; what is kept has no word of them
(``matching.verdicts``). Learns nothing: see ``workflows.learn``.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from crisis.errors import NotFoundError
from crisis.interfaces import House, Store
from crisis.matching.verdicts import Judged, basis, numbers_of
from crisis.types import Lesson, Sighting
from crisis.workflows.judge import shipped

BATCH = 500  # posts described at a time


def note(house: House, *, limit: int = 4 * BATCH) -> int:
    """Keep the numbers of verdicts given since; says of how many. Must go before retention."""
    store = house.store
    with store.transaction():
        store.lessons.drop_taken_back()
    done = 0
    while done < limit:
        drawn = _drawn(house, min(BATCH, limit - done))
        if not drawn:
            break
        with store.transaction():
            for lesson in drawn:
                if _still(store, lesson):
                    store.lessons.put(lesson)
        done += len(drawn)
    return done


def _drawn(house: House, limit: int) -> list[Lesson]:
    """Lessons of verdicts that are due, with numbers made by the program as it is now."""
    index, store = house.index(), house.store
    base = shipped(store)
    made_with = basis(base)
    due = [_sighting(store, number) for number in store.lessons.due(made_with, limit=limit)]
    sightings = [sighting for sighting in due if sighting is not None and sighting.verdict]
    if not sightings:
        return []
    asked = {sighting.match.rumour_id for sighting in sightings}
    rumours = [r for r in store.rumours.all(retired=True) if not r.retired or r.id in asked]
    pairs = [Judged(s.post.text, s.post.lang, s.match.rumour_id) for s in sightings]
    return [
        _lesson(
            house, sighting, made_with, found.own if found else {}, found.rival if found else {}
        )
        for sighting, found in zip(
            sightings, numbers_of(pairs, rumours, base, index.sight), strict=True
        )
    ]


def _lesson(
    house: House,
    sighting: Sighting,
    made_with: str,
    own: Mapping[str, float],
    rival: Mapping[str, float],
) -> Lesson:
    assert sighting.verdict is not None  # noqa: S101 - only those with a verdict are due
    day = house.terms.today(sighting.verdict_at or sighting.found)
    return Lesson(
        sighting_id=sighting.id,
        rumour_id=sighting.match.rumour_id,
        verdict=sighting.verdict,
        week=day - timedelta(days=day.weekday()),
        model=sighting.match.model,
        basis=made_with,
        own=own,
        rival=rival,
    )


def _still(store: Store, lesson: Lesson) -> bool:
    """Whether the verdict is what it was when its numbers were made."""
    assert lesson.sighting_id is not None  # noqa: S101 - drawn from a sighting
    sighting = _sighting(store, lesson.sighting_id)
    return sighting is not None and sighting.verdict == lesson.verdict


def _sighting(store: Store, number: int) -> Sighting | None:
    """The sighting, unless retention has taken it meanwhile."""
    try:
        return store.sightings.get(number)
    except NotFoundError:
        return None
