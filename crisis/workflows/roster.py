"""Who is on call and who would be told: read what is planned -> resolve it. Changes nothing but one thing:
the catch-all address becomes a person the first time it is needed.

The rules stand in ``oncall``; what was sent already, and when the next mail is due, in ``alerts.escalation``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo

from crisis.interfaces import House, Store
from crisis.oncall.duty import BACK, Duty
from crisis.oncall.duty import shifts as resolved
from crisis.oncall.ladder import AHEAD, Ladder, ladder
from crisis.types import Incident, Person, Severity, Shift

CATCH_ALL_NAME = "Auffangadresse"


def duty(store: Store, zone: tzinfo, state: str, now: datetime) -> Duty:
    """All that is planned from a little before ``now`` on. ``state``: whose holidays count."""
    since = now - BACK
    return Duty(
        people=store.people.all(),
        shifts=store.people.shifts(since),
        layers=store.oncall.layers(),
        absences=store.oncall.absences(since),
        shadowings=store.oncall.shadowings(since),
        zone=zone,
        state=state,
    )


def of_house(house: House, now: datetime) -> Duty:
    """``duty`` by the house's own terms."""
    return duty(house.store, house.terms.timezone, house.terms.federal_state, now)


def shifts(store: Store, zone: tzinfo, state: str, now: datetime) -> list[Shift]:
    """What holds now and in the next weeks as plain shifts, made of layers, entries and absences."""
    return resolved(duty(store, zone, state, now), now, now + AHEAD)


def rungs(house: House, planned: Duty, incident: Incident, now: datetime) -> Ladder:
    """Who is to be told of this incident, rung by rung, by the policy in use."""
    if incident.drill:
        # A drill of the team goes by the rules in use, and leaves the last resort in peace.
        alone = house.store.drill_plans.running() is None
        return climb(house, planned, incident.severity, now, None, drill=alone)
    catch_all = last_resort(house, planned.people, now)
    return climb(house, planned, incident.severity, now, catch_all)


def climb(
    house: House,
    planned: Duty,
    severity: Severity,
    now: datetime,
    catch_all: Person | None,
    *,
    drill: bool = False,
) -> Ladder:
    """The ladder for a severity at a moment; for trying out as well as for the real thing."""
    wait = house.terms.escalate_after
    return ladder_of(house.store, planned, severity, now, catch_all, wait=wait, drill=drill)


def ladder_of(
    store: Store,
    planned: Duty,
    severity: Severity,
    now: datetime,
    catch_all: Person | None,
    *,
    wait: timedelta,
    drill: bool = False,
) -> Ladder:
    """``climb`` for who has no house at hand."""
    policy = store.oncall.policy()
    return ladder(planned, policy, now, severity, wait=wait, catch_all=catch_all, drill=drill)


def named_last_resort(address: str, people: Sequence[Person]) -> Person | None:
    """Who the catch-all address is, without keeping anything; None where none is entered."""
    if not address:
        return None
    known = next((p for p in people if p.email.casefold() == address.casefold()), None)
    return known or Person(name=CATCH_ALL_NAME, email=address)


def last_resort(house: House, people: Sequence[Person], now: datetime) -> Person | None:
    """The catch-all address as a person without roles: they get a mail and cannot sign in."""
    address = house.terms.catch_all
    if not address:
        return None
    known = next((p for p in people if p.email.casefold() == address.casefold()), None)
    if known is not None:
        return known
    with house.store.transaction():
        return house.store.people.add(Person(name=CATCH_ALL_NAME, email=address), now)


def confirmed(store: Store, people: Sequence[Person]) -> set[int]:
    """People whose address is known to work: a test mail to it was confirmed, and none failed since."""
    known = store.mails.addresses()
    found = ((person.id, known.get(person.email.casefold())) for person in people)
    return {one for one, at in found if at is not None and at.confirmed_at and at.reachable}
