"""An exercise: people and an approval for it -> a local source -> play -> remove every trace.

What it makes is marked ``drill`` from its source on: posts, incident, mails, answers, even its audit log.
Nothing of it leaves the machine, and one call takes it away.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta

from crisis import audit, drills
from crisis.errors import IllegalMoveError, NotFoundError
from crisis.interfaces import House, Store
from crisis.rights import Act, require
from crisis.types import Drill, Person, Role, Source
from crisis.workflows import approve, subscribe

INTERVAL = 2  # seconds between two looks at the local feed: the exercise is an hour within a minute

DUTY = Person(
    name="Ana (Übung)",
    email="ana@uebung.invalid",
    roles=frozenset({Role.DUTY}),
    drill=True,
)
SECOND = Person(
    name="Chloé (Übung)",
    email="chloe@uebung.invalid",
    roles=frozenset({Role.APPROVER}),
    drill=True,
)


def start(
    house: House, scenario: drills.Scenario, by: Person | None, now: datetime, *, base_url: str
) -> Drill:
    """Play this scenario from now on; an earlier exercise is removed first.

    ``base_url`` is where the local feed is served. Raises IllegalMoveError while one is still playing,
    NotFoundError where the rumour or the playbook it needs is missing.
    """
    store = house.store
    require(by, Act.EXERCISE)
    rumour = store.rumours.find(scenario.rumour_id)
    playbook = next((p for p in house.shelf.playbooks() if p.name == scenario.playbook), None)
    if rumour is None or rumour.retired or playbook is None:
        raise NotFoundError(
            f"Für die Übung fehlen das Gerücht „{scenario.rumour_id}“ oder die Vorlage"
            f" „{scenario.playbook}“. „crisis init“ legt die Beispiele wieder an.",
            f"The exercise needs the rumour “{scenario.rumour_id}” and the playbook"
            f" “{scenario.playbook}”. “crisis init” puts the examples back.",
        )
    with store.transaction():
        if store.drill_plans.running() is not None:
            raise team_practises()
        latest = store.drills.latest()
        if latest is not None and not latest.removed:
            if now < latest.started + timedelta(seconds=latest.seconds):
                raise IllegalMoveError(
                    "Es läuft schon eine Übung. Warten Sie ihr Ende ab oder räumen Sie sie weg.",
                    "An exercise is running already. Wait for its end or remove it.",
                )
            remove(house, by, now)
        second = _player(store, SECOND, now)
        _player(store, DUTY, now)
        approve.approve(
            store, playbook, second, now, comment="Übung", drill=True, shelf=house.shelf
        )
        token = secrets.token_urlsafe(24)
        source = subscribe.add(
            store,
            Source(
                url=f"{base_url}/uebung/feed/{token}.xml",
                name=drills.marked(scenario.title),
                lang=scenario.lang,
                interval=INTERVAL,
                drill=True,
            ),
            None,
            now,
        )
        drill = store.drills.add(
            Drill(
                scenario=scenario.name,
                source_id=source.id,
                started=now,
                seconds=scenario.seconds,
                token=token,
            )
        )
        _log(store, by, now, "drill.started", drill)
        return drill


def remove(house: House, by: Person | None, now: datetime) -> Mapping[str, int]:
    """Take away all that exercises made, mails in the outbox folder too; says how many of which kind."""
    require(by, Act.EXERCISE)
    store = house.store
    if store.drill_plans.running() is not None:
        raise team_practises()
    with store.transaction():
        latest = store.drills.latest()
        counts = store.drills.remove_everything()
        if latest is not None and not latest.removed:
            _log(store, by, now, "drill.removed", latest)
    # Files last: should we crash here, the next removal finds them.
    return {**counts, "files": house.mailer.forget_exercise()}


def team_practises() -> IllegalMoveError:
    """A drill of the team is in the way."""
    return IllegalMoveError(
        "Gerade läuft eine Übung des Teams. Brechen Sie sie unter „Übungen“ ab, oder warten Sie ihr"
        " Ende ab.",
        "A drill of the team is running. Break it off under “Drills”, or wait for its end.",
    )


def _player(store: Store, part: Person, now: datetime) -> Person:
    return store.people.by_email(part.email) or store.people.add(part, now)


def _log(store: Store, by: Person | None, now: datetime, action: str, drill: Drill) -> None:
    # In the real chain: that an exercise took place is no exercise.
    store.audit.append(
        audit.entry(now, by, action, f"drill:{drill.id}", after={"scenario": drill.scenario})
    )
