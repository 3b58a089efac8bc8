"""How the desk shows a drill: its clock and what is ticked off, its report with a picture, its words.

Reads only; which page shows what is said by ``drills``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from crisis.desk import charts, here, words
from crisis.desk.words import _
from crisis.drills import bare, marked, parse
from crisis.drills.expected import ACTIONS, Seen
from crisis.oncall.calendar import Date
from crisis.reports import drill as report
from crisis.reports.drill import Practised
from crisis.reports.phrases import Tongue
from crisis.rights import Act, may
from crisis.types import DrillKind, DrillPlan, Person
from crisis.workflows import drill_plans, drill_report


@dataclass(frozen=True, slots=True)
class Tick:
    """One expected action of the drill that runs."""

    seen: Seen
    text: str
    by: str
    overdue: bool


def running(found: Practised) -> dict[str, object]:
    plan, now = found.plan, here.now()
    scenario = parse(plan.scenario, plan.script)
    minute = max(0.0, (now - plan.due).total_seconds() / 60)
    store = here.store()
    incidents = [store.incidents.get(n) for n in store.drill_plans.incident_ids()]
    coming = [line for line in scenario.lines if line.after > 60 * minute]
    return {
        "found": found,
        "minute": int(minute),
        "left": max(0, plan.minutes - int(minute)),
        "percent": min(100, round(100 * minute / plan.minutes)),
        "ticks": [
            Tick(
                seen=one,
                text=words.either(ACTIONS[one.expected.action]),
                by=found.who(one.person_id) if one.person_id else "",
                overdue=one.overdue(minute),
            )
            for one in found.outcome.seen
        ],
        "incidents": incidents,
        "out": plan.played,
        "all": len(scenario.lines),
        "coming": coming[:1],
        "real": [i for i in store.incidents.all_open(drill=False) if i.opened >= plan.due],
    }


def practised(plan_id: int, *, names: bool) -> Practised:
    plan = drill_plans.seen_by(here.store(), plan_id, here.person())
    return drill_report.gather(
        here.store(),
        plan,
        here.now(),
        authority=here.settings().authority.name,
        zone=here.zone(),
        names=names,
    )


def chart(found: Practised) -> charts.Chart:
    """Minutes until each expected action: this time, the last time, and what was expected."""
    pairs = found.pairs
    labels = [words.either(ACTIONS[pair.now.expected.action]) for pair in pairs]
    say = Tongue(words.language(), here.zone())
    series = [
        row(_("Diese Übung"), [pair.now.minute for pair in pairs], say, charts.PLAIN),
        row(_("Erwartet bis"), [pair.now.expected.minute for pair in pairs], say, charts.QUIET),
    ]
    if found.last is not None:
        name = _("Letzte Übung, %(day)s", day=say.day(found.last.due))
        then = [pair.then.minute if pair.then else None for pair in pairs]
        series.insert(1, row(name, then, say, charts.STRIPED))
    return charts.Chart(
        name="uebung",
        title=_("Minuten bis zu jedem Schritt"),
        summary=" ".join(report.lead(found, say)[1:3]),
        axis=_("Schritt"),
        points=[charts.Point(str(n), f"{n}. {text}") for n, text in enumerate(labels, 1)],
        series=series,
        unit=_("Min."),
    )


def row(name: str, values: Sequence[float | None], say: Tongue, style: int) -> charts.Series:
    texts = [report.minutes(value, say) for value in values]
    return charts.Series(name, [None if v is None else round(v, 1) for v in values], texts, style)


def line(plan: DrillPlan) -> tuple[DrillPlan, int, int]:
    """A drill that is over, how much of it was in time, and how much was expected."""
    found = practised(plan.id, names=True).outcome
    return plan, found.in_time, len(found.seen)


def saying() -> dict[str, object]:
    """What templates say of kinds, states, titles and reasons."""
    return {
        "kind_word": lambda plan: words.either(report.KINDS[plan.kind]),
        "state_word": lambda plan: words.either(report.STATES[plan.state]),
        "action_word": lambda expected: words.either(ACTIONS[expected.action]),
        "marked": lambda thing: marked(thing.called(words.language()), words.language()),
        "called": lambda thing: bare(thing.called(words.language())),
        "reason": reason,
        "may_lead": may(here.person(), Act.EXERCISE),
    }


def reason(plan: DrillPlan) -> str:
    de, _mark, en = plan.reason.partition("\n")
    return de if words.language() == "de" else en or de


def date(plan: DrillPlan, lang: str) -> Date:
    """A planned drill for a calendar program."""
    return Date(
        key=f"drill-{plan.id}",
        title=marked(plan.called(lang), lang),
        start=plan.due,
        end=plan.due + timedelta(minutes=plan.minutes),
    )


def dates(person: Person) -> list[Date]:
    """Drills that everybody knows of and this person takes part in."""
    if not may(person, Act.ANSWER):
        return []
    plans = here.store().drill_plans.waiting()
    return [date(plan, person.lang) for plan in plans if plan.kind is DrillKind.PLANNED]
