"""The facts of a drill's report: the drill, what came of it so far, the last one beside it. Reads only."""

from __future__ import annotations

from datetime import datetime, tzinfo

from crisis.drills.outcome import read
from crisis.interfaces import Store
from crisis.reports.drill import Practised
from crisis.reports.situation import initials
from crisis.types import DrillPlan
from crisis.workflows import drill_end


def gather(
    store: Store,
    plan: DrillPlan,
    now: datetime,
    *,
    authority: str,
    zone: tzinfo,
    names: bool = False,
) -> Practised:
    """The drill beside the last one with the same scenario, or else the last one of all. People by initials
    unless ``names``."""
    last = store.drill_plans.last_done(
        before=plan, scenario=plan.scenario
    ) or store.drill_plans.last_done(before=plan)
    return Practised(
        plan=plan,
        outcome=drill_end.outcome(store, plan),
        last=last,
        last_outcome=read(last.outcome) if last else None,
        names={p.id: initials(p, names=names) for p in store.people.all()},
        authority=authority,
        zone=zone,
        now=now,
    )
