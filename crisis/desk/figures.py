"""How fast and how right the desk was: five steps at a glance, then by week, source, topic and severity.

Reads only. What is counted and how is said in ``crisis.figures``; here stand words, tables and charts.
Nothing is counted by person.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_date

from crisis.desk import charts, figure_tables, here, matching, tables
from crisis.desk.figure_tables import duration
from crisis.desk.kept import kept
from crisis.desk.tables import Table
from crisis.desk.words import _, ngettext
from crisis.figures.answers import across
from crisis.figures.courses import Wave
from crisis.figures.overview import (
    Alarms,
    Choice,
    Overview,
    Period,
    Suggested,
    Targets,
    alarms,
    steady,
)
from crisis.figures.overview import overview as made_of
from crisis.figures.overview import period as chosen_period
from crisis.figures.spans import Met, Step, Summary, met
from crisis.settings.table import Targets as TargetSettings

blueprint = Blueprint("figures", __name__, url_prefix="/kennzahlen")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the page was asked for."""

    choice: Choice
    period: Period
    drill: bool
    step: Step

    @property
    def query(self) -> dict[str, str]:
        """The same as part of an address."""
        found = {"zeitraum": self.choice.value, "schritt": self.step.value}
        if self.choice is Choice.OWN:
            first, last = self.period.first.isoformat(), self.period.last.isoformat()
            found |= {"von": first, "bis": last}
        return found | ({"uebungen": "1"} if self.drill else {})


@dataclass(frozen=True, slots=True)
class Tile:
    """One step at a glance."""

    step: Step
    name: str
    way: str  # from where to where
    number: str
    target: str
    met: Met
    compared: str
    told: str


@blueprint.get("/")
def show() -> ResponseReturnValue:
    """The page."""
    asked = _asked()
    view = _overview(asked)
    suggested = here.store().figures.suggested(
        asked.period.start, asked.period.end, drill=asked.drill
    )
    acts = _acts(asked)
    every = _tables(asked, view, acts)
    return render_template(
        "figures/show.html",
        asked=asked,
        view=view,
        tiles=[_tile(step, view) for step in Step],
        choices=_choices(),
        step_names=figure_tables.step_names(),
        ways=figure_tables.ways(),
        weeks=_weeks_chart(asked, view),
        dimensions=[every[name]() for name in ("quellen", "themen", "dringlichkeit")],
        answers=every["antworten"](),
        alarms=_alarm_words(alarms(view.found)),
        alarm_chart=_alarm_chart(asked, view),
        suggested=_suggested_words(suggested),
        hour_chart=_hour_chart(asked, view, acts),
        models=matching.models(),
        lessons=here.store().lessons.count(),
        backwards=sum(one.backwards for one in view.steps.values()),
        csv=lambda name: _csv(asked, name),
    )


@blueprint.get("/<name>.csv")
def table(name: str) -> ResponseReturnValue:
    """One table of the page as a file."""
    asked = _asked()
    make = _tables(asked, _overview(asked), _acts(asked)).get(name)
    if make is None:
        abort(404)
    span = f"{asked.period.first.isoformat()}-{asked.period.last.isoformat()}"
    return tables.download(make(), f"kennzahlen-{name}-{span}")


# --- what is asked for -----------------------------------------------------------------------


def _asked() -> Asked:
    """The choices of the address; what cannot be read is as if it were not there."""
    wanted = request.args.get("zeitraum", "")
    choice = Choice(wanted) if wanted in set(Choice) else Choice.MONTH
    step = request.args.get("schritt", "")
    return Asked(
        choice,
        chosen_period(choice, here.today(), here.zone(), _day("von"), _day("bis")),
        request.args.get("uebungen") == "1",
        Step(step) if step in set(Step) else Step.ANSWER,
    )


def _day(name: str) -> date | None:
    try:
        found = date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None
    # Far dates are typing errors, and years of empty weeks help nobody.
    return max(found, here.today() - timedelta(days=3 * 366))


def _overview(asked: Asked) -> Overview:
    aims = targets(here.settings().targets)
    name = ("overview", asked.period, asked.drill, tuple(aims.items()))
    return kept(name, lambda: _counted(asked, aims))


def _counted(asked: Asked, aims: Targets) -> Overview:
    courses = here.store().figures.courses(
        asked.period.before.start, asked.period.end, drill=asked.drill
    )
    return made_of(courses, asked.period, here.now(), aims)


def targets(settings: TargetSettings) -> dict[Step, float | None]:
    """What the authority set itself, by step; 0 is none."""
    return {step: getattr(settings, f"{step.value}_minutes") or None for step in Step}


def _tables(asked: Asked, view: Overview, acts: Sequence[int]) -> Mapping[str, Callable[[], Table]]:
    sources = {source.id: source.name for source in here.store().sources.all()}
    answers = here.store().figures.answers(asked.period.start, asked.period.end, drill=asked.drill)
    ways = across(answers, here.now())
    return figure_tables.every(view, asked.step, sources, acts, ways)


def _acts(asked: Asked) -> list[int]:
    """What people did on the desk, by hour of the day."""
    return kept(("acts", asked.period, asked.drill), lambda: _counted_acts(asked))


def _counted_acts(asked: Asked) -> list[int]:
    counts: Counter[int] = Counter()
    for start, end, offset in steady(asked.period.start, asked.period.end, asked.period.zone):
        counts.update(here.store().figures.acts(start, end, offset, drill=asked.drill))
    return [counts[hour] for hour in range(24)]


def _csv(asked: Asked, name: str) -> str:
    query: dict[str, Any] = {**asked.query}
    return url_for("figures.table", name=name, **query)


def _choices() -> list[tuple[str, str]]:
    return [
        (Choice.MONTH.value, _("Letzte 30 Tage")),
        (Choice.QUARTER.value, _("Letztes Vierteljahr (90 Tage)")),
        (Choice.YEAR.value, _("Letztes Jahr (365 Tage)")),
        (Choice.OWN.value, _("Eigener Zeitraum")),
    ]


# --- the tiles -------------------------------------------------------------------------------


def _tile(step: Step, view: Overview) -> Tile:
    summary, target = view.steps[step], view.targets.get(step)
    return Tile(
        step=step,
        name=figure_tables.step_names()[step],
        way=figure_tables.ways()[step],
        number=figure_tables.median(summary),
        target="" if target is None else _("Ziel %(time)s", time=duration(target)),
        met=met(summary, target),
        compared=_compared(summary, view.before[step]),
        told=_told(summary, view),
    )


def _told(summary: Summary, view: Overview) -> str:
    """How many it is about, and what is still open."""
    if not summary.counted:
        return _("Kein Vorfall, an dem das zu messen wäre.")
    if summary.few:
        said = ngettext("Nur ein Vorfall", "Nur %(num)s Vorfälle", summary.counted)
    else:
        said = ngettext("Ein Vorfall", "%(num)s Vorfälle", summary.counted)
    if summary.waiting and summary.waiting_since is not None:
        open_for = duration((view.now - summary.waiting_since).total_seconds() / 60)
        said += ", " + ngettext(
            "einer noch offen (seit %(time)s)",
            "%(num)s noch offen (der älteste seit %(time)s)",
            summary.waiting,
            time=open_for,
        )
    if summary.p90 is not None and not summary.few:
        said += "; " + _("9 von 10 nach %(time)s", time=duration(summary.p90))
    return said.rstrip(".") + "."  # times may end in one of their own


def _compared(now: Summary, before: Summary) -> str:
    """How it was in the period before, where both can be said."""
    if now.median is None or before.median is None:
        return ""
    gap = now.median - before.median
    was = duration(before.median)
    if abs(gap) < max(1.0, 0.05 * before.median):
        return _("Im Zeitraum davor: %(was)s, etwa gleich.", was=was)
    if gap < 0:
        return _("Im Zeitraum davor: %(was)s, jetzt schneller.", was=was)
    return _("Im Zeitraum davor: %(was)s, jetzt langsamer.", was=was)


# --- charts ----------------------------------------------------------------------------------


def _weeks_chart(asked: Asked, view: Overview) -> charts.Chart:
    groups = view.by_week()
    found = [view.of(group, asked.step) for group in groups.values()]
    target = view.targets.get(asked.step)
    name = figure_tables.step_names()[asked.step]
    return charts.Chart(
        name="wochen",
        title=_("%(step)s, Woche für Woche", step=name),
        summary=_weeks_words(found, target),
        axis=_("Woche"),
        points=_week_points(groups),
        series=[
            charts.Series(_("Median"), [one.median for one in found]),
            charts.Series(_("9 von 10"), [one.p90 for one in found], style=charts.STRIPED),
        ],
        kind="lines",
        unit=_("Min."),
        limits=[]
        if target is None
        else [charts.Limit(target, _("Ziel %(time)s", time=duration(target)))],
        csv=_csv(asked, "wochen"),
    )


def _week_points(groups: Mapping[date, Sequence[Wave]]) -> list[charts.Point]:
    points = []
    for monday, group in groups.items():
        short, day = format_date(monday, _("d.M.")), format_date(monday, "long")
        count = len(group)
        about = ngettext("ein Vorfall", "%(num)s Vorfälle", count) if count else _("kein Vorfall")
        points.append(charts.Point(short, _("Woche ab %(day)s, %(n)s", day=day, n=about)))
    return points


def _weeks_words(found: list[Summary], target: float | None) -> str:
    counted = [one for one in found if one.counted]
    if not counted:
        return _("In diesem Zeitraum gab es keinen Vorfall.")
    if target is None:
        return ngettext(
            "In einer Woche gab es Vorfälle.", "In %(num)s Wochen gab es Vorfälle.", len(counted)
        )
    good = sum(met(one, target) is Met.MET for one in counted)
    return _(
        "In %(good)s von %(all)s Wochen mit Vorfällen lag der Median im Ziel.",
        good=good,
        all=len(counted),
    )


def _alarm_chart(asked: Asked, view: Overview) -> charts.Chart:
    groups = view.by_week()
    counts = [alarms(group) for group in groups.values()]
    return charts.Chart(
        name="fehlalarme-je-woche",
        title=_("Beendete Vorfälle, Woche für Woche"),
        summary=_("Nach der Woche, in der sie begannen."),
        axis=_("Woche"),
        points=_week_points(groups),
        series=[
            charts.Series(_("behandelt"), [one.incidents - one.dismissed for one in counts]),
            charts.Series(_("verworfen"), [one.dismissed for one in counts], style=charts.STRIPED),
        ],
        kind="stacked",
        csv=_csv(asked, "fehlalarme"),
    )


def _alarm_words(found: Alarms) -> list[str]:
    said = []
    if not found.incidents:
        said.append(_("Noch ist kein Vorfall dieses Zeitraums beendet."))
    else:
        said.append(
            _(
                "%(wrong)s von %(all)s beendeten Vorfällen wurden verworfen (%(share)s %%).",
                wrong=found.dismissed,
                all=found.incidents,
                share=round(100 * (found.share or 0)),
            )
        )
    if found.judged:
        said.append(
            _(
                "Von %(all)s gemeldeten Beiträgen, die jemand beurteilt hat, passten %(wrong)s nicht.",
                all=found.judged,
                wrong=found.does_not_fit,
            )
        )
    else:
        said.append(_("Zu gemeldeten Beiträgen gibt es noch kein Urteil."))
    return said


def _suggested_words(found: Suggested) -> str:
    if not found.found:
        return _("In diesem Zeitraum gab es keine Vorschläge.")
    return _(
        "%(all)s Vorschläge: %(fits)s passten, %(wrong)s nicht, %(waiting)s sind noch nicht angesehen.",
        all=tables.said(found.found),
        fits=tables.said(found.fits),
        wrong=tables.said(found.does_not_fit),
        waiting=tables.said(found.waiting),
    )


def _hour_chart(asked: Asked, view: Overview, acts: Sequence[int]) -> charts.Chart:
    begun = view.begun_by_hour()
    night = sum(begun[hour] for hour in (22, 23, 0, 1, 2, 3, 4, 5))
    return charts.Chart(
        name="stunden",
        title=_("Arbeit nach Tageszeit"),
        summary=ngettext(
            "Ein Vorfall begann zwischen 22 und 6 Uhr.",
            "%(num)s Vorfälle begannen zwischen 22 und 6 Uhr.",
            night,
        )
        if night
        else _("Zwischen 22 und 6 Uhr begann kein Vorfall."),
        axis=_("Stunde"),
        points=[
            charts.Point(str(hour), _("%(from)s bis %(to)s Uhr", **{"from": hour, "to": hour + 1}))
            for hour in range(24)
        ],
        series=[
            charts.Series(_("begonnene Vorfälle"), begun),
            charts.Series(_("Handgriffe am Arbeitsplatz"), acts, style=charts.QUIET),
        ],
        csv=_csv(asked, "stunden"),
    )
