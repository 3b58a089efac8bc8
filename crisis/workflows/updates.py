"""Promise to inform again, and keep the promise: plan -> ask a person -> they confirm -> queue -> next.

Nothing goes out unasked: the monitor only reminds. What a confirmation sends is made by ``channels.repeat``
and queued in the same transaction that counts it, so that a crash neither loses nor doubles it; ``publish``
asks again right before the wire whether the answer still stands. When what is due: ``responses.updates``.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from crisis import audit
from crisis.alerts.draft import addressed
from crisis.alerts.update_letters import due as letter
from crisis.channels.plan import Going
from crisis.errors import ConflictError, IllegalMoveError
from crisis.interfaces import House, Store
from crisis.responses import updates as rules
from crisis.rights import Act, may, require
from crisis.types import Person, Response, ResponseState, UpdatePlan, UpdateState
from crisis.workflows import letterhead, spread
from crisis.workflows.tell import in_line

_S = UpdateState


def promise(store: Store, plan: UpdatePlan, by: Person, now: datetime) -> UpdatePlan:
    """Say when people hear again. An earlier promise for the same answer ends with it.

    Raises InvalidInputError for impossible times, IllegalMoveError where the answer is not public.
    """
    with store.transaction():
        response = store.responses.get(plan.response_id)
        require(by, Act.SPREAD, drill=response.drill)
        if response.state is not ResponseState.RELEASED:
            raise IllegalMoveError(
                "Weitere Meldungen lassen sich nur zu einer öffentlichen Antwort ankündigen.",
                "Updates can be promised for a public answer only.",
            )
        fresh = rules.checked(plan, now)
        for old in store.updates.of_response(response.id):
            if old.state is not _S.ENDED:
                _keep(store, rules.stopped(old), by, now, "update.replaced")
        kept = store.updates.add(
            replace(
                fresh,
                incident_id=response.incident_id,
                made_by=by.id,
                made=now,
                drill=response.drill,
            )
        )
        _log(store, kept, by, now, "update.promised")
        return kept


def confirm(
    house: House, plan_id: int, version: int, going: Going, by: Person, now: datetime
) -> UpdatePlan:
    """The answer still holds: say so on its channels and on the page, now. ``version``: the one they saw.

    Raises ConflictError where somebody was faster, IllegalMoveError where the answer is not public any more.
    """
    store, zone = house.store, house.terms.timezone
    with store.transaction():
        plan, response = _of(store, plan_id, version, by)
        if response.state is not ResponseState.RELEASED:
            raise IllegalMoveError(
                "Die Antwort ist nicht mehr öffentlich. Es geht nichts hinaus.",
                "The answer is no longer public. Nothing goes out.",
            )
        after = _keep(store, rules.given(plan, now, zone), by, now, "update.confirmed")
        outlets = tuple(one for one in going.outlets if one.code in plan.channels)
        chosen = replace(going, outlets=outlets)
        spread.repeat(store, response, chosen, after.turn, after.due, by, now)
        return after


def leave_out(house: House, plan_id: int, version: int, by: Person, now: datetime) -> UpdatePlan:
    """Not this one; the next one is due as promised."""
    store = house.store
    with store.transaction():
        plan, _ = _of(store, plan_id, version, by)
        after = rules.left_out(plan, now, house.terms.timezone)
        return _keep(store, after, by, now, "update.left_out")


def pause(store: Store, plan_id: int, by: Person, now: datetime) -> UpdatePlan:
    """Ask nobody until somebody goes on. What is queued does not go out. Twice is once."""
    with store.transaction():
        plan, response = _of(store, plan_id, None, by)
        if plan.state is _S.PAUSED:
            return plan
        spread.stop_repeats(store, response)
        return _keep(store, rules.paused(plan), by, now, "update.paused")


def resume(house: House, plan_id: int, by: Person, now: datetime) -> UpdatePlan:
    """Go on with the next one."""
    store = house.store
    with store.transaction():
        plan, _ = _of(store, plan_id, None, by)
        if plan.state is _S.RUNNING:
            return plan
        after = rules.resumed(plan, now, house.terms.timezone)
        return _keep(store, after, by, now, "update.resumed")


def stop(store: Store, plan_id: int, by: Person, now: datetime) -> UpdatePlan:
    """No more of them. What is queued does not go out. Twice is once."""
    with store.transaction():
        plan, response = _of(store, plan_id, None, by)
        if plan.state is _S.ENDED:
            return plan
        spread.stop_repeats(store, response)
        return _keep(store, rules.stopped(plan), by, now, "update.stopped")


def end(store: Store, response: Response, by: Person, now: datetime) -> None:
    """The answer was withdrawn: nothing more is promised for it. Belongs into that transaction."""
    for plan in store.updates.of_response(response.id):
        if plan.state is not _S.ENDED:
            _keep(store, rules.stopped(plan), by, now, "update.ended")


def carry_over(store: Store, old: Response, new: Response, by: Person, now: datetime) -> None:
    """A newer version takes over what was promised for the old one. Belongs into that transaction.

    The version itself is news, yet the next time promised stays: people wait for it.
    """
    for plan in store.updates.of_response(old.id):
        if plan.state is not _S.ENDED:
            moved = replace(plan, response_id=new.id)
            _keep(store, moved, by, now, "update.carried_over")


# --- what the monitor does ------------------------------------------------------------------------


def remind(house: House, now: datetime) -> int:
    """Pass over what was missed, and mail whoever must confirm; says how many mails."""
    mails = 0
    for seen in house.store.updates.open():
        with house.store.transaction():
            plan = house.store.updates.get(seen.id)
            if plan.version == seen.version:
                mails += _look_after(house, plan, now)
    return mails


def _look_after(house: House, plan: UpdatePlan, now: datetime) -> int:
    store = house.store
    after = rules.settled(plan, now, house.terms.timezone)
    if after != plan:
        action = "update.paused_by_itself" if after.state is _S.PAUSED else "update.missed"
        after = _keep(store, after, None, now, action)
    if after.due is None or not rules.tells(after, now):
        return 0
    person = _whom(house, after, now)
    kept = store.updates.update(replace(after, told=after.told + 1))
    if person is None:
        return 0
    terms, response = house.terms, store.responses.get(kept.response_id)
    mail = letter(
        person=person,
        title=response.title,
        plan=kept,
        at=after.due,
        late=after.told > 0,
        link=house.links.response(response.id),
        sender=letterhead.sender(terms),
        now=now,
    )
    incident = store.incidents.get(kept.incident_id)
    store.alerts.put(replace(addressed(mail, person, now), drill=incident.drill))
    return 1


def _whom(house: House, plan: UpdatePlan, now: datetime) -> Person | None:
    """Who has the incident, else who is on call; with the second mail the next one who can confirm."""
    store = house.store
    incident = store.incidents.get(plan.incident_id)
    line = [turn.person for turn in in_line(house, incident, now)]
    if incident.assignee is not None:
        assignee = store.people.get(incident.assignee)
        line = [assignee, *(one for one in line if one.id != assignee.id)]
    able = [one for one in line if one.active and may(one, Act.SPREAD, drill=plan.drill)]
    if not able:
        return None
    return able[min(plan.told, len(able) - 1)]


# --- parts ----------------------------------------------------------------------------------------


def _of(store: Store, plan_id: int, version: int | None, by: Person) -> tuple[UpdatePlan, Response]:
    plan = store.updates.get(plan_id)
    response = store.responses.get(plan.response_id)
    require(by, Act.SPREAD, drill=response.drill)
    if version is not None and plan.version != version:
        raise ConflictError(
            "Jemand war schneller, oder es ist inzwischen eine andere Meldung fällig. Bitte sehen Sie"
            " nach, wie es jetzt steht. Doppelt hinausgegangen ist nichts.",
            "Somebody was faster, or another update is due by now. Please look how it stands. Nothing"
            " went out twice.",
        )
    return plan, response


def _keep(
    store: Store, after: UpdatePlan, by: Person | None, now: datetime, action: str
) -> UpdatePlan:
    kept = store.updates.update(after)
    _log(store, kept, by, now, action)
    return kept


def _log(store: Store, plan: UpdatePlan, by: Person | None, now: datetime, action: str) -> None:
    store.audit.append(
        audit.entry(
            now,
            by,
            action,
            f"response:{plan.response_id}",
            incident_id=plan.incident_id,
            after={
                "plan": plan.id,
                "turn": plan.turn,
                "due": plan.due.isoformat() if plan.due else None,
                "every": plan.every,
                "until": plan.until.isoformat() if plan.until else None,
                "missed": plan.missed,
            },
            drill=plan.drill,
        )
    )
