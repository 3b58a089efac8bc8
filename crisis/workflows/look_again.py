"""Do posts of open incidents still stand where they stood? due -> ask -> forget, or follow the edit.

Gentle: a place is asked for after some hours, no host more than a few times an hour, and only while the
incident is open. ``look`` may take long and touches no database; ``keep`` writes what it brought in one
transaction. Streams tell of deletions by themselves, this is for everything else and for what they missed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from crisis import audit
from crisis.errors import CrisisError
from crisis.interfaces import Fetch, House, Reader, Store
from crisis.sources import again
from crisis.sources.again import Question, Way
from crisis.types import Appearance, FeedContent, FeedPost, SourceKind
from crisis.workflows.spool import spool

EVERY = timedelta(hours=6)  # between two looks at a place
SOONER = timedelta(hours=1)  # where it was missing: once may be a fault of the server
TIMES = 2  # missing so often in a row, it is gone
A_HOST = 20  # questions an hour
AT_ONCE = 4  # questions under way together


@dataclass(frozen=True, slots=True)
class Seen:
    """What asking brought. Of places in neither nothing was learned."""

    question: Question
    missing: frozenset[int] = frozenset()
    there: frozenset[int] = frozenset()
    said: FeedPost | None = None  # what stands there now, where the answer says so


def due(store: Store, now: datetime) -> list[Question]:
    """What is to be asked now; marks it as asked, so that nobody asks it again soon."""
    places = store.appearances.to_look_at(now, now - EVERY, now - SOONER, limit=200)
    if not places:
        return []
    asked = store.appearances.looked_at(now - timedelta(hours=1))
    sources = {source.id: source for source in store.sources.all()}
    wanted = again.questions(
        (place, sources[place.source_id].kind, sources[place.source_id].url) for place in places
    )
    may = again.affordable(asked, wanted, A_HOST)[:AT_ONCE]
    beyond = {place.id for place in places} - {one.id for question in wanted for one in question.of}
    with store.transaction():
        for question in may:
            store.appearances.looking([one.id for one in question.of], question.host, now)
        store.appearances.looking(sorted(beyond), "", now)  # nobody can be asked about these
    return may


def look(fetch: Fetch, reader: Reader, question: Question) -> Seen:
    """Ask. What goes wrong says nothing of the post."""
    every = frozenset(place.id for place in question.of)
    try:
        if question.way is Way.PAGE:
            return _by_status(question, fetch.status(question.url))
        fetched = fetch.fetch(question.url)
        if question.way is Way.POSTS:
            missing = again.missing(question, fetched.body)
            return Seen(question, missing, every - missing)
        content = reader.read(fetched, SourceKind.MASTODON)
        return Seen(question, there=every, said=content.posts[0] if content.posts else None)
    except CrisisError as error:
        return _by_status(question, getattr(error, "status", None))


def _by_status(question: Question, status: int | None) -> Seen:
    every = frozenset(place.id for place in question.of)
    if status in again.GONE:
        return Seen(question, missing=every)
    return Seen(question, there=every if status is not None and status < 300 else frozenset())


def keep(store: Store, seen: Seen, now: datetime) -> int:
    """Write down what asking brought; says how many places were forgotten."""
    gone = 0
    with store.transaction():
        for place in seen.question.of:
            if place.id in seen.missing and store.appearances.missed(place.id) >= TIMES:
                gone += store.posts.withdraw(place.source_id, [place.key], now)
                _log(store, place, now)
            elif place.id in seen.there:
                store.appearances.stands(place.id)
        if seen.said is not None:
            _follow(store, seen.question.of[0], seen.said, now)
    return gone


def look_again(house: House, now: datetime) -> int:
    """Ask all that is due, one after the other; says how many places were forgotten."""
    return sum(
        keep(house.store, look(house.fetch, house.reader, question), now)
        for question in due(house.store, now)
    )


def _follow(store: Store, place: Appearance, said: FeedPost, now: datetime) -> None:
    """What is written there now, through the same door as everything: an edit is compared anew."""
    source = store.sources.find(place.source_id)
    if source is not None and said.key == place.key:
        spool(store, source, FeedContent(posts=(said,)), now)


def _log(store: Store, place: Appearance, now: datetime) -> None:
    for sighting in store.sightings.of_post(place.post_id):
        store.audit.append(
            audit.entry(
                now,
                None,
                "post.gone",
                f"post:{place.post_id}",
                incident_id=sighting.incident_id,
                after={"source": place.source_id},
            )
        )
