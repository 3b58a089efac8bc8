"""The monitor's part in drills of the team: begin in time -> bring posts -> give way to what is real -> end.

All of it is driven by rows: whoever claims the row does it, so that two monitors, a restart in the middle
or a clock that leaps neither double nor lose a post. Times are in UTC and come in.
"""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import datetime, timedelta

from crisis import audit, drills
from crisis.errors import CrisisError, IllegalMoveError
from crisis.interfaces import House, Store
from crisis.types import (
    Drill,
    DrillKind,
    DrillPlan,
    DrillState,
    FeedContent,
    FeedPost,
    Incident,
    IncidentState,
    Person,
    Severity,
    Source,
    SourceKind,
)
from crisis.workflows import drill, drill_end, drill_mails, subscribe
from crisis.workflows.spool import spool

GRACE = timedelta(minutes=30)  # later than so a drill does not begin: nobody expects it any more
CROWDED = 200  # real posts that wait go first
PRESSING = Severity.HIGH  # from here on what is real ends a drill
_UNDER_WAY = frozenset({IncidentState.NEW, IncidentState.ACKNOWLEDGED, IncidentState.ANSWERING})
REAL = (
    "Ein echter Vorfall ist dringend und geht vor.",
    "A real incident is pressing and goes first.",
)


def step(house: House, now: datetime) -> int:
    """Do what is due; says how many posts came in. Costs two small queries while no drill is near."""
    store = house.store
    for plan in store.drill_plans.waiting():
        if plan.due > now:
            break
        _due(house, plan, now)
    running = store.drill_plans.running()
    if running is None:
        return 0
    if pressing(store):
        drill_end.finish(house, running, DrillState.BROKEN_OFF, None, now, reason="\n".join(REAL))
        return 0
    brought = play(house, running, now)
    if now >= running.due + timedelta(minutes=running.minutes):
        drill_end.finish(house, running, DrillState.DONE, None, now)
    return brought


def pressing(store: Store) -> Incident | None:
    """A real incident that is pressing and not answered yet, if there is one."""
    return next(
        (
            one
            for one in store.incidents.all_open(drill=False)
            if one.severity >= PRESSING and one.state in _UNDER_WAY
        ),
        None,
    )


def begin(house: House, plan: DrillPlan, now: datetime, *, by: Person | None = None) -> DrillPlan:
    """Let it run from now on; what an earlier exercise left behind is cleared away first.

    Raises IllegalMoveError while another one runs or something real is pressing.
    """
    store = house.store
    with store.transaction():
        if store.drill_plans.running() is not None or _plays(store, now):
            raise IllegalMoveError(
                "Es läuft schon eine Übung. Warten Sie ihr Ende ab, oder brechen Sie sie ab.",
                "An exercise is running already. Wait for its end, or break it off.",
            )
        if pressing(store):
            raise IllegalMoveError(
                "Gerade ist ein echter Vorfall dringend. Üben Sie, wenn er beantwortet ist.",
                "A real incident is pressing now. Practise once it is answered.",
            )
        latest = store.drills.latest()
        if latest is not None and not latest.removed:
            drill.remove(house, None, now)
        scenario = drills.parse(plan.scenario, plan.script)
        token = secrets.token_urlsafe(24)
        source = subscribe.add(
            store,
            Source(
                url=f"urn:uebung:{token[:12]}",
                name=drills.marked(scenario.title),
                kind=SourceKind.PUSH,
                lang=scenario.lang,
                drill=True,
            ),
            None,
            now,
        )
        played = store.drills.add(
            Drill(
                scenario=plan.scenario,
                source_id=source.id,
                started=now,
                seconds=scenario.seconds,
                token=token,
            )
        )
        after = replace(plan, state=DrillState.RUNNING, due=now, drill_id=played.id)
        if not store.drill_plans.move(after, DrillState.WAITING):
            raise IllegalMoveError(
                "Diese Übung hat schon begonnen oder ist abgesagt.",
                "This exercise has begun already or was called off.",
            )
        said = {
            "scenario": plan.scenario,
            "kind": plan.kind,
            "leader": plan.leader,
            "planned": plan.made.isoformat(),
        }
        what = f"drill-plan:{plan.id}"
        store.audit.append(audit.entry(now, by, "drill.started", what, after=said))
        return after


def play(house: House, plan: DrillPlan, now: datetime) -> int:
    """Put the posts that are due into the spool, as if a source had brought them; says how many."""
    store = house.store
    playing = store.drills.latest()
    if playing is None or playing.removed or playing.id != plan.drill_id:
        return 0
    scenario = drills.parse(plan.scenario, plan.script)
    out = drills.played(scenario, playing, now)
    source = store.sources.find(playing.source_id)
    if len(out) <= plan.played or source is None or store.posts.waiting() > CROWDED:
        return 0
    with store.transaction():
        if not store.drill_plans.play(plan.id, plan.played, len(out)):
            return 0  # another monitor brought them, or it has ended meanwhile
        posts = tuple(
            FeedPost(
                key=f"uebung-{number}",
                text=line.text,
                author=line.author,
                published=playing.started + timedelta(seconds=line.after),
            )
            for number, line in enumerate(out)
            if number >= plan.played
        )
        news = spool(store, source, FeedContent(lang=scenario.lang, posts=posts[::-1]), now)
        store.sources.update(replace(source, last_success=now, last_new_post=now))
        return len(news.new)


def _due(house: House, plan: DrillPlan, now: datetime) -> None:
    """Begin what should begin now; give it up where it is too late for that."""
    last = plan.window_until if plan.kind is DrillKind.SURPRISE else None
    if now > max(plan.due + GRACE, last or plan.due):
        _miss(house, plan, now)
        return
    try:
        begin(house, plan, now)
    except IllegalMoveError:
        return  # something is in the way: tried again until it is too late
    except CrisisError as error:
        _miss(house, plan, now, reason=f"{error.de}\n{error.en}")


def _miss(house: House, plan: DrillPlan, now: datetime, *, reason: str = "") -> None:
    store = house.store
    after = replace(plan, state=DrillState.MISSED, ended=now, reason=reason)
    with store.transaction():
        if not store.drill_plans.move(after, DrillState.WAITING):
            return
        what = f"drill-plan:{plan.id}"
        said = {"scenario": plan.scenario, "kind": plan.kind}
        store.audit.append(audit.entry(now, None, "drill.missed", what, after=said))
        planned = plan.kind is DrillKind.PLANNED
        people = drill_mails.concerned(store) if planned else []
        if plan.leader is not None and plan.leader not in {p.id for p in people}:
            people.append(store.people.get(plan.leader))
        drill_mails.tell(house, after, [p for p in people if p.active], now)


def _plays(store: Store, now: datetime) -> bool:
    """Whether somebody is getting to know the desk just now."""
    latest = store.drills.latest()
    if latest is None or latest.removed or store.drill_plans.of_drill(latest.id) is not None:
        return False
    return now < latest.started + timedelta(seconds=latest.seconds)
