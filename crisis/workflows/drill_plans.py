"""Drills of the team, as people steer them: plan, begin now, call off, break off, end.

check -> save -> write it down -> tell whom it concerns. What runs by itself (beginning in time, posts, the
end) is in ``drill_steps``; what came of it in ``drill_end``. Of a surprise nothing is written into the log
that everybody reads before it begins.
"""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import datetime, timedelta

from crisis import audit
from crisis.drills import Scenario, bare, parse
from crisis.errors import IllegalMoveError, InvalidInputError, NotFoundError
from crisis.interfaces import House, Store
from crisis.playbooks.approval import Standing, standing
from crisis.rights import Act, may, require
from crisis.types import DrillKind, DrillPlan, DrillState, Person, Role
from crisis.workflows import drill_end, drill_mails, drill_steps

AHEAD = timedelta(days=366)  # a drill is planned at most so long before
WIDEST = timedelta(days=31)  # the window of a surprise
LONGEST_REASON = 300  # characters


def plan(
    house: House,
    name: str,
    text: str,
    kind: DrillKind,
    by: Person | None,
    now: datetime,
    *,
    due: datetime | None = None,
    until: datetime | None = None,
    draw: float | None = None,
) -> DrillPlan:
    """Plan a drill with the scenario ``text`` of the file ``name``, or begin it now.

    ``due`` is when a planned one begins, ``due`` to ``until`` the window of a surprise; ``draw`` (0 to 1,
    drawn here unless given) says where in it. Raises InvalidInputError, NotFoundError (no such rumour or
    playbook), IllegalMoveError (another runs, something real goes on).
    """
    require(by, Act.EXERCISE)
    scenario = parse(name, text)
    if not scenario.team:
        raise InvalidInputError(
            f"Das Drehbuch „{name}“ ist zum Kennenlernen da. In „erwartet“ steht nicht, was das Team bis"
            " wann tun soll.",
            f"The scenario “{name}” is for getting to know the desk. It does not say in “erwartet” what"
            " the team should do by when.",
        )
    needed(house, scenario)
    begins, window = checked(kind, due, until, now, draw=draw)
    store = house.store
    with store.transaction():
        kept = store.drill_plans.add(
            DrillPlan(
                scenario=name,
                title=bare(scenario.title),
                title_en=bare(scenario.title_en),
                script=text,
                kind=kind,
                leader=by.id if by else None,
                made=now,
                due=begins,
                window_from=window[0],
                window_until=window[1],
                minutes=scenario.minutes,
            )
        )
        if kind is DrillKind.NOW:
            return drill_steps.begin(house, kept, now, by=by)
        if kind is DrillKind.PLANNED:
            log(store, by, now, "drill.planned", kept, due=begins.isoformat())
            others = [p for p in drill_mails.concerned(store) if by is None or p.id != by.id]
            drill_mails.tell(house, kept, others, now)
        return kept


def call_off(
    house: House, plan_id: int, by: Person | None, now: datetime, *, reason: str = ""
) -> DrillPlan:
    """It will not take place; those who were told of it learn so. Raises IllegalMoveError once it began."""
    require(by, Act.EXERCISE)
    store = house.store
    with store.transaction():
        before = seen_by(store, plan_id, by)
        after = replace(
            before,
            state=DrillState.CALLED_OFF,
            ended=now,
            ended_by=by.id if by else None,
            reason=_short(reason),
        )
        if before.state is not DrillState.WAITING or not store.drill_plans.move(
            after, DrillState.WAITING
        ):
            raise IllegalMoveError(
                "Diese Übung läuft schon oder ist vorbei. Eine laufende brechen Sie ab.",
                "This exercise has begun or is over. Break it off if it is running.",
            )
        log(store, by, now, "drill.called_off", after)
        if before.kind is DrillKind.PLANNED:
            others = [p for p in drill_mails.concerned(store) if by is None or p.id != by.id]
            drill_mails.tell(house, after, others, now)
        return after


def stop(
    house: House,
    by: Person | None,
    now: datetime,
    *,
    reason: str = "",
    done: bool = False,
    plan_id: int | None = None,
) -> DrillPlan:
    """Break off the drill that runs, at once; with ``done`` end it early, so that it counts.

    ``plan_id``: the one that is meant. Twice is once. Raises IllegalMoveError where none runs.
    """
    require(by, Act.EXERCISE)
    store = house.store
    with store.transaction():
        running = store.drill_plans.running()
        if running is None or (plan_id is not None and running.id != plan_id):
            gone = store.drill_plans.get(plan_id) if plan_id is not None else None
            if gone is not None and gone.state in (DrillState.DONE, DrillState.BROKEN_OFF):
                return gone
            raise IllegalMoveError("Gerade läuft keine Übung.", "No exercise is running.")
        state = DrillState.DONE if done else DrillState.BROKEN_OFF
        return drill_end.finish(house, running, state, by, now, reason=_short(reason))


def seen_by(store: Store, plan_id: int, by: Person | None) -> DrillPlan:
    """The plan, if this person may know of it: of a surprise nobody else does before it begins."""
    found = store.drill_plans.get(plan_id)
    if is_secret(found, by):
        raise NotFoundError("Diese Übung gibt es nicht.", "There is no such exercise.")
    return found


def is_secret(plan: DrillPlan, by: Person | None) -> bool:
    """Whether ``by`` must not know of it."""
    hidden = plan.kind is DrillKind.SURPRISE and plan.state in (
        DrillState.WAITING,
        DrillState.CALLED_OFF,
        DrillState.MISSED,
    )
    return hidden and by is not None and by.id != plan.leader


def needed(house: House, scenario: Scenario) -> None:
    """Raise NotFoundError where the rumour or the playbook of the scenario is missing."""
    rumour = house.store.rumours.find(scenario.rumour_id)
    known = any(p.name == scenario.playbook for p in house.shelf.playbooks())
    if rumour is None or rumour.retired or not known:
        raise NotFoundError(
            f"Für die Übung fehlen das Gerücht „{scenario.rumour_id}“ oder die Vorlage"
            f" „{scenario.playbook}“. Legen Sie sie an, oder nennen Sie im Drehbuch andere.",
            f"The exercise needs the rumour “{scenario.rumour_id}” and the playbook"
            f" “{scenario.playbook}”. Add them, or name others in the scenario.",
        )


def findings(house: House, scenario: Scenario, now: datetime) -> list[tuple[str, str]]:
    """What would keep the team from reaching the end: German and English, worth knowing beforehand."""
    store, found = house.store, []
    book = next((p for p in house.shelf.playbooks() if p.name == scenario.playbook), None)
    if book is not None:
        approvals = store.playbooks.approvals(book.name)
        if standing(book, approvals, today=house.terms.today(now)) is not Standing.APPROVED:
            found.append(
                (
                    f"Die Vorlage „{book.title}“ ist nicht freigegeben. Ohne sie gibt es keine Antwort.",
                    f"The playbook “{book.title}” is not approved. Without it there is no answer.",
                )
            )
    people = [p for p in store.people.all() if p.active and not p.drill]
    if not any(Role.DUTY in p.roles for p in people):
        found.append(
            (
                "Niemand hat die Rolle Bereitschaft: Der Alarm geht an die Verwaltung.",
                "Nobody has the role duty: the alert goes to the administrators.",
            )
        )
    if sum(may(p, Act.RELEASE) for p in people) < 1 or len(people) < 2:
        found.append(
            (
                "Es braucht zwei Personen: Wer schreibt, gibt nicht selbst frei.",
                "It takes two people: whoever writes does not release.",
            )
        )
    return found


def checked(
    kind: DrillKind,
    due: datetime | None,
    until: datetime | None,
    now: datetime,
    *,
    draw: float | None = None,
) -> tuple[datetime, tuple[datetime | None, datetime | None]]:
    """When it begins, and the window it was drawn from. InvalidInputError for what nobody could mean."""
    if kind is DrillKind.NOW:
        return now, (None, None)
    if due is None or (kind is DrillKind.SURPRISE and until is None):
        raise InvalidInputError(
            "Bitte sagen Sie, wann die Übung sein soll.", "Please say when the exercise should be."
        )
    last = until if kind is DrillKind.SURPRISE and until is not None else due
    if last <= now or (kind is DrillKind.PLANNED and due <= now):
        raise InvalidInputError(
            "Diese Zeit ist vorbei. Bitte wählen Sie eine spätere.",
            "This time is over. Please choose a later one.",
        )
    if last > now + AHEAD:
        raise InvalidInputError(
            "Weiter als ein Jahr voraus wird keine Übung geplant.",
            "No exercise is planned more than a year ahead.",
        )
    if kind is DrillKind.PLANNED:
        return due, (None, None)
    begin = max(due, now)
    if last <= begin or last - begin > WIDEST:
        raise InvalidInputError(
            "Das Ende muss nach dem Anfang liegen, höchstens 31 Tage danach.",
            "The end must come after the beginning, at most 31 days later.",
        )
    part = secrets.randbelow(1_000_000) / 1_000_000 if draw is None else draw
    return begin + (last - begin) * min(max(part, 0.0), 1.0), (due, last)


def _short(reason: str) -> str:
    return "\n".join(" ".join(line.split()) for line in reason.splitlines())[:LONGEST_REASON]


def log(
    store: Store,
    by: Person | None,
    now: datetime,
    action: str,
    plan: DrillPlan,
    **more: object,
) -> None:
    """In the real chain: that an exercise took place is no exercise."""
    store.audit.append(
        audit.entry(
            now,
            by,
            action,
            f"drill-plan:{plan.id}",
            after={"scenario": plan.scenario, "kind": plan.kind, **more},
        )
    )
