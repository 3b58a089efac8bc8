"""Fill an empty desk with a made-up town: make -> keep -> chain the log, all or nothing.

For looking at a full desk and for measuring one. Refuses a desk that has work of its own: what is made here
cannot be told from it and taken out again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from crisis.audit import chained
from crisis.demo import phrases
from crisis.demo.making import Town
from crisis.demo.plan import Claim, Ids, Size, Story, World
from crisis.errors import ConflictError
from crisis.interfaces import House
from crisis.playbooks.parse import sha256
from crisis.rights import Act, may
from crisis.types import Approval, Layer, Person, PlaybookVersion, Role, Source
from crisis.workflows.judge import shipped

BATCH = 100  # incidents kept at a time
PLAYBOOK = "beispiel"


@dataclass(frozen=True, slots=True)
class Furnished:
    """What is there now."""

    rumours: int
    incidents: int
    posts: int
    entries: int


def furnish(
    house: House, size: Size, now: datetime, *, heard: Callable[[int, int], None] | None = None
) -> Furnished:
    """Fill the desk. ``heard`` is told how many incidents of how many are done."""
    store = house.store
    with store.transaction():
        _refuse_a_desk_in_use(house)
        world = _world(house, now)
        _rota(house, now)
        town = Town(size, world)
        claims = town.claims()
        store.bulk.rumours(claim.rumour for claim in claims)
        incidents, posts, entries = _stories(house, town, claims, size, heard)
        store.bulk.measured()
    return Furnished(len(claims), incidents, posts, entries)


def _refuse_a_desk_in_use(house: House) -> None:
    if house.store.incidents.any():
        raise ConflictError(
            "Auf diesem Arbeitsplatz gibt es schon Vorfälle. Das Beispiel füllt nur einen leeren:"
            " Legen Sie mit CRISIS_INSTANCE=ordner einen zweiten an. Es wurde nichts geändert.",
            "There are incidents on this desk already. The example fills an empty one only: make a"
            " second with CRISIS_INSTANCE=folder. Nothing was changed.",
        )


def _world(house: House, now: datetime) -> World:
    """The people, sources and the approved text that the town needs."""
    store = house.store
    people = [_joins(house, name, now) for name in phrases.PEOPLE]
    sources = [
        # Nobody asks them: they do not exist.
        store.sources.add(
            Source(
                url=f"https://quelle-{number}.example/feed",
                name=name,
                lang="de",
                active=False,
                last_success=now,
                last_new_post=now,
                added=now,
            )
        )
        for number, name in enumerate(phrases.SOURCES, 1)
    ]
    digest = sha256(phrases.PLAYBOOK)
    version = PlaybookVersion(name=PLAYBOOK, sha256=digest, seen=now, written_by=people[0].id)
    store.playbooks.record(version, phrases.PLAYBOOK)
    approval = store.playbooks.approve(
        Approval(name=PLAYBOOK, sha256=digest, person_id=people[1].id, at=now)
    )
    ids = Ids(
        posts=store.bulk.first_free("posts"),
        sightings=store.bulk.first_free("sightings"),
        incidents=store.bulk.first_free("incidents"),
        responses=store.bulk.first_free("responses"),
    )
    return World(now, people, sources, approval, shipped(store).version, ids)


def _rota(house: House, now: datetime) -> None:
    """A rota of whoever really works here, so that the calendar shows something; an own one stays.

    The town's own people take no turns: nobody of them may ever be called.
    """
    store = house.store
    people = [
        person.id
        for person in store.people.all()
        if person.active and not person.drill and may(person, Act.OWN_DUTY)
    ]
    if not people or store.oncall.layers():
        return
    today = house.terms.today(now)
    begins = today - timedelta(days=today.weekday() + 28)
    behind = people[1:] + people[:1]
    for level, name, turns in ((1, "Bereitschaft", people), (2, "Hintergrund", behind)):
        if level == 1 or len(people) > 1:
            store.oncall.put_layer(
                Layer(name=name, level=level, people=tuple(turns), begins=begins)
            )


def _joins(house: House, name: str, now: datetime) -> Person:
    """Somebody who once worked here: no mail ever goes to them, and nobody can sign in as them."""
    email = f"{name.lower().replace(' ', '.')}@musterstadt.example"
    roles = frozenset({Role.DUTY, Role.APPROVER})
    known = house.store.people.by_email(email)
    made = Person(name=name, email=email, roles=roles, active=False)
    return known or house.store.people.add(made, now)


def _stories(
    house: House,
    town: Town,
    claims: list[Claim],
    size: Size,
    heard: Callable[[int, int], None] | None,
) -> tuple[int, int, int]:
    incidents = posts = entries = told = 0
    batch: list[Story] = []
    for story in town.stories(claims):
        batch.append(story)
        incidents += story.incident is not None
        posts += len(story.sightings)
        if len(batch) < BATCH and story.incident is not None:
            continue
        entries += _keep(house, batch)
        batch = []
        if heard is not None and incidents > told:
            heard(incidents, size.incidents)
        told = incidents
    return incidents, posts, entries


def _keep(house: House, batch: list[Story]) -> int:
    bulk = house.store.bulk
    bulk.incidents(story.incident for story in batch if story.incident is not None)
    bulk.posts(sighting.post for story in batch for sighting in story.sightings)
    bulk.sightings(sighting for story in batch for sighting in story.sightings)
    bulk.notes(note for story in batch for note in story.notes)
    bulk.alerts(alert for story in batch for alert in story.alerts)
    bulk.responses(response for story in batch for response in story.responses)
    head, placed = house.store.audit.head(), []
    for entry in sorted((e for story in batch for e in story.entries), key=lambda e: e.at):
        kept = chained(entry, head)
        head = kept.hash
        placed.append(kept)
    bulk.entries(placed)
    return len(placed)
