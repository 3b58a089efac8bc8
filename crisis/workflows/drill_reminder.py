"""When the last drill of the team is too long ago: see -> note it -> one mail to who is responsible.

Counted are drills that ran to their end. Where there never was one, the time counts from the first look.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from crisis import audit
from crisis.alerts.draft import addressed
from crisis.alerts.drill_letters import overdue as letter
from crisis.interfaces import House, Store
from crisis.rights import Act, may
from crisis.types import DrillKind, DrillPlan, Person
from crisis.workflows import drill_mails, letterhead
from crisis.workflows.remind import MORNING

SINCE = "drills.since"
"""Fact: since when drills are waited for where there was none yet."""
TOLD = "drills.told"
"""Fact: which drill is too long ago, as the mail about it said: its number, 0 for none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Overdue:
    """No drill for longer than the authority wants."""

    last: DrillPlan | None
    since: datetime  # when it became overdue
    planned: DrillPlan | None  # one that everybody knows of is coming


def overdue(store: Store, every: timedelta, now: datetime) -> Overdue | None:
    """Whether it is time for a drill. ``every`` of no length: nobody is reminded."""
    if every <= timedelta():
        return None
    last = store.drill_plans.last_done()
    since = store.facts.get(SINCE)
    begun = (last.ended or last.due) if last else datetime.fromisoformat(since) if since else now
    if now < begun + every:
        return None
    coming = [p for p in store.drill_plans.waiting() if p.kind is DrillKind.PLANNED]
    return Overdue(last=last, since=begun + every, planned=coming[0] if coming else None)


def remind(house: House, now: datetime) -> int:
    """Write the mail once it is time, in the morning; says how many."""
    store, terms = house.store, house.terms
    every = terms.drill_every
    if every <= timedelta():
        return 0
    if not store.facts.get(SINCE):
        with store.transaction():
            store.facts.set(SINCE, now.isoformat())
    found = overdue(store, every, now)
    if found is None or found.planned is not None:
        return 0
    number = str(found.last.id if found.last else 0)
    if store.facts.get(TOLD) == number or now.astimezone(terms.timezone).hour < MORNING:
        return 0
    with store.transaction():
        if store.facts.get(TOLD) == number:
            return 0
        store.facts.set(TOLD, number)
        people = responsible(house)
        day = terms.today(found.last.ended or found.last.due) if found.last else None
        for person, address in people:
            mail = letter(
                to=person,
                last=day,
                days=every.days,
                link=house.links.drills(),
                sender=letterhead.sender(house.terms),
                now=now,
            )
            kept = replace(addressed(mail, person, now), to=address, priority=drill_mails.LAST)
            store.alerts.put(kept)
        store.audit.append(
            audit.entry(now, None, "drill.overdue", "drills", after={"last": int(number)})
        )
        return len(people)


def responsible(house: House) -> list[tuple[Person, str]]:
    """Who is reminded, and at which address: the one in the settings, else every administrator."""
    people = [p for p in house.store.people.all() if p.active and not p.drill]
    keepers = [p for p in people if may(p, Act.MANAGE_PEOPLE)]
    address = house.terms.drill_responsible
    if not address:
        return [(p, p.email) for p in keepers]
    known = next((p for p in people if p.email.casefold() == address.casefold()), None)
    # A mail belongs to somebody; an address of nobody is entered in the name of who keeps the people.
    owner = known or next(iter(keepers), None)
    return [(owner, address)] if owner is not None else []
