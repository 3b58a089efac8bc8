"""Whoever is responsible for sources is told how they do: look -> note what is new -> mail it, once.

A source is told of when it fails for hours, when it is silent for longer than is usual for it, when it
has ended, and when it is well again. What was told is noted in the same transaction,
so that a process that dies mails neither twice nor never.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from crisis import audit
from crisis.alerts.draft import addressed
from crisis.alerts.source_letter import News, about_sources
from crisis.interfaces import House, Store
from crisis.rights import Act, may
from crisis.sources.silence import RHYTHM, is_silent
from crisis.types import Person, Source
from crisis.workflows import letterhead, maintenance

FAILING = timedelta(hours=3)  # since its first failure, after which people are told
FEWEST = 3  # failures in a row, whatever the time: a machine that slept wakes to an old failure


def look(house: House, now: datetime) -> int:
    """Write the mails about what has changed since the last look; says how many."""
    store, terms = house.store, house.terms
    if maintenance.current(store, now) is not None:
        return 0  # looked at again afterwards: what is well by then is nobody's mail
    found = [one for source in store.sources.all() if (one := _news(store, source, now))]
    if not found:
        return 0
    sender = letterhead.sender(terms)
    with store.transaction():
        new = [one for one in found if _note(store, one, now)]
        people = responsible(store) if new else []
        for person in people:
            mail = about_sources(
                person=person, news=new, link=house.links.sources(), sender=sender, now=now
            )
            store.alerts.put(addressed(mail, person, now))
        return len(people)


def responsible(store: Store) -> list[Person]:
    """Who may change sources, and so can do something about them."""
    return [
        person
        for person in store.people.all()
        if person.active and not person.drill and may(person, Act.MANAGE_SOURCES)
    ]


def state(store: Store, source: Source, now: datetime) -> str:
    """How a source does in one word: "ended", "failing", "silent" or "" for well."""
    if source.ended is not None:
        return "ended"
    since = source.failing_since
    if since is not None and now - since >= FAILING and source.failures >= FEWEST:
        return "failing"
    # One failure is no recovery of what was told, and no new trouble either.
    if source.failures:
        return source.told
    if is_silent(source, store.sources.hours(source.id, now - RHYTHM), now):
        return "silent"
    return ""


def _news(store: Store, source: Source, now: datetime) -> News | None:
    """What is to be told of a source; None where people know all there is."""
    if source.drill or not (source.active or source.ended):
        return None
    found = state(store, source, now)
    if found == source.told:
        return None
    if found == "ended":
        return News(source, "ended", source.ended or now)
    if found == "failing":
        return News(source, "failing", source.failing_since or now)
    if found == "silent":
        return News(source, "silent", source.last_new_post or source.added or now)
    return News(source, "well", source.last_success or now)


def _note(store: Store, one: News, now: datetime) -> bool:
    """Remember that people are told; False if another process has told them."""
    source = store.sources.find(one.source.id)
    if source is None or source.told != one.source.told:
        return False
    told = "" if one.what == "well" else one.what
    store.sources.update(replace(source, told=told))
    store.audit.append(
        audit.entry(
            now,
            None,
            f"source.told_{one.what}",
            f"source:{source.id}",
            after={"name": source.name, "since": one.since.isoformat()},
        )
    )
    return True
