"""Mails of the team's drills: how one of them leaves, and those that tell of a drill itself.

What belongs to a drill (alerts, reviews) is written where the real one is; here it is marked and let out.
What tells of a drill (announced, called off, over, overdue) is no part of it and survives it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from crisis.alerts import drill_letters as letters
from crisis.alerts.draft import addressed
from crisis.alerts.exercise import marked
from crisis.interfaces import House, Store
from crisis.rights import Act, may
from crisis.types import Alert, DrillPlan, DrillState, Person
from crisis.workflows import letterhead

LAST = 2  # priority: what only informs waits for what calls


def as_sent(store: Store, alert: Alert) -> Alert:
    """The mail as it leaves: one of an exercise says so, and goes to people only while the team practises."""
    if not alert.drill:
        return alert
    person = store.people.get(alert.person_id)
    travels = store.drill_plans.running() is not None and not person.drill
    return replace(marked(alert, person.lang), travels=travels)


def concerned(store: Store) -> list[Person]:
    """Who takes part in a drill: everybody who takes incidents, answers or approves."""
    return [p for p in store.people.all() if p.active and not p.drill and may(p, Act.ANSWER)]


def tell(house: House, plan: DrillPlan, people: Iterable[Person], now: datetime) -> int:
    """Write to these what became of the drill, as its state says; inside the caller's transaction."""
    letter = {
        DrillState.WAITING: letters.announced,
        DrillState.CALLED_OFF: letters.called_off,
        DrillState.MISSED: letters.missed,
        DrillState.DONE: letters.over,
        DrillState.BROKEN_OFF: letters.broken_off,
    }[plan.state]
    count = 0
    for person in people:
        draft = letter(
            plan=plan,
            to=person,
            link=house.links.drill(plan.id),
            sender=letterhead.sender(house.terms),
            now=now,
        )
        house.store.alerts.put(replace(addressed(draft, person, now), priority=LAST))
        count += 1
    return count
