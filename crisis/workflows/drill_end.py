"""The end of a drill of the team: claim -> what came of it -> hush what waits -> close -> tell who took part.

One transaction: whoever is paged by a drill that has ended would not believe the next real alert. What came
of it is kept for good; the rest is cleared away with the next exercise.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from crisis import audit, drills
from crisis.drills.expected import RELEASES, Happened, Seen, tick
from crisis.drills.outcome import Called, Outcome, written
from crisis.incidents.lifecycle import Move, allowed, moved
from crisis.interfaces import House, Store
from crisis.responses import updates as promises
from crisis.types import AuditEntry, DrillPlan, DrillState, Person, UpdateState
from crisis.workflows import drill_mails, record


def finish(
    house: House,
    plan: DrillPlan,
    state: DrillState,
    by: Person | None,
    now: datetime,
    *,
    reason: str = "",
) -> DrillPlan:
    """End it as ``state`` (done or broken off) says; what somebody else ended first stays as it is."""
    store = house.store
    with store.transaction():
        fresh = store.drill_plans.get(plan.id)
        after = replace(
            fresh,
            state=state,
            ended=now,
            ended_by=by.id if by else None,
            reason=reason,
            outcome=written(outcome(store, fresh)),
        )
        if not store.drill_plans.move(after, DrillState.RUNNING):
            return store.drill_plans.get(plan.id)
        store.drill_plans.hush(now)
        _close(store, now)
        people = _took_part(store, after)
        drill_mails.tell(house, after, people, now)
        action = "drill.ended" if state is DrillState.DONE else "drill.broken_off"
        said = {"scenario": plan.scenario, "kind": plan.kind, "reason": reason}
        store.audit.append(audit.entry(now, by, action, f"drill-plan:{plan.id}", after=said))
        return after


def outcome(store: Store, plan: DrillPlan) -> Outcome:
    """What came of it so far: expected actions, who was called, how many posts carried the rumour.

    Of one that is over: what was written down then.
    """
    if plan.state is not DrillState.RUNNING:
        return _kept(plan)
    scenario = drills.parse(plan.scenario, plan.script)
    entries = store.drill_plans.entries()
    happened = [_happened(store, entry) for entry in entries]
    seen: list[Seen] = tick(scenario.expected, happened, plan.due)
    return Outcome(
        seen=tuple(seen),
        called=tuple(_called(store, plan, happened)),
        posts=store.drill_plans.count_sightings(),
    )


def _kept(plan: DrillPlan) -> Outcome:
    from crisis.drills.outcome import read

    return read(plan.outcome)


def _happened(store: Store, entry: AuditEntry) -> Happened:
    kind, _, number = entry.actor.partition(":")
    holding = False
    if entry.action in RELEASES:
        holding = store.responses.get(int(entry.what.partition(":")[2])).holding
    return Happened(
        action=entry.action,
        at=entry.at,
        person_id=int(number) if kind == "person" and number.isdigit() else None,
        holding=holding,
    )


def _called(store: Store, plan: DrillPlan, happened: list[Happened]) -> list[Called]:
    """Everybody who got a mail of the drill, in the order in which they got the first one."""
    first: dict[int, datetime] = {}
    count: dict[int, int] = {}
    for mail in store.drill_plans.mails():
        first.setdefault(mail.person_id, mail.sent_at or mail.created)
        count[mail.person_id] = count.get(mail.person_id, 0) + 1
    acted: dict[int, datetime] = {}
    for one in happened:
        if one.person_id is not None:
            acted.setdefault(one.person_id, one.at)
    return [
        Called(
            person_id=person,
            mails=count[person],
            told=_minute(told, plan),
            acted=_minute(acted[person], plan) if person in acted else None,
        )
        for person, told in first.items()
    ]


def _minute(at: datetime, plan: DrillPlan) -> float:
    return round(max(0.0, (at - plan.due).total_seconds() / 60), 2)


def _close(store: Store, now: datetime) -> None:
    """Its incidents end, and its promises with them: nothing of it asks anybody for anything."""
    for number in store.drill_plans.incident_ids():
        incident = store.incidents.get(number)
        move = Move.CLOSE if allowed(incident, Move.CLOSE) else Move.DISMISS
        if allowed(incident, move):
            ended = moved(incident, move, now, reason="Übung beendet")
            store.incidents.update(ended)
            action = "incident.closed" if move is Move.CLOSE else "incident.dismissed"
            record.incident(store, ended, None, now, action, reason="Übung beendet")
    for promise in store.updates.open():
        if promise.drill and promise.state is not UpdateState.ENDED:
            store.updates.update(promises.stopped(promise))


def _took_part(store: Store, plan: DrillPlan) -> list[Person]:
    """Whoever got a mail of it, whoever did something in it, and who leads it."""
    ids = {mail.person_id for mail in store.drill_plans.mails()}
    for entry in store.drill_plans.entries():
        kind, _, number = entry.actor.partition(":")
        if kind == "person" and number.isdigit():
            ids.add(int(number))
    if plan.leader is not None:
        ids.add(plan.leader)
    people = [store.people.get(one) for one in sorted(ids)]
    return [p for p in people if p.active and not p.drill]
