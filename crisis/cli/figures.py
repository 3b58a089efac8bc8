"""``crisis figures``: how fast the steps were, for people, as JSON or as CSV. Computes nothing itself."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import click

from crisis.cli.house import open_house
from crisis.cli.tables import print_table
from crisis.cli.words import t
from crisis.figures.overview import Overview, Period, alarms, overview
from crisis.figures.spans import Met, Step, Summary, met
from crisis.settings.table import Targets

NAMES = {
    Step.DETECTION: ("Erkennung", "Detection"),
    Step.ALERT: ("Alarmierung", "Alert"),
    Step.ACKNOWLEDGEMENT: ("Übernahme", "Acknowledgement"),
    Step.ANSWER: ("Antwort", "Answer"),
    Step.CORRECTION: ("Richtigstellung", "Correction"),
}
COLUMNS = (
    *("dimension", "key", "step", "counted", "waiting", "without", "median_minutes"),
    *("p90_minutes", "target_minutes", "within_target"),
)


@click.command(
    help=t(
        "Wie schnell Vorfälle bemerkt, gemeldet, übernommen und beantwortet wurden, gegen die eigenen"
        " Ziele. Offene zählen mit.",
        "How fast incidents were noticed, reported, taken and answered, against your own targets. Open"
        " ones count.",
    )
)
@click.option(
    "--days",
    type=click.IntRange(1, 3660),
    default=30,
    show_default=True,
    help=t("So viele Tage bis heute.", "So many days up to today."),
)
@click.option("--drill", is_flag=True, help=t("Übungen mitzählen.", "Count exercises as well."))
@click.option("--json", "form", flag_value="json", help=t("Alles als JSON.", "All of it as JSON."))
@click.option("--csv", "form", flag_value="csv", help=t("Alles als CSV.", "All of it as CSV."))
def command(days: int, drill: bool, form: str | None) -> None:
    """Figures of the days up to today."""
    house = open_house()
    zone = ZoneInfo(house.settings.authority.timezone)
    now = datetime.now(UTC)
    today = now.astimezone(zone).date()
    within = Period(today - timedelta(days=days - 1), today, zone)
    courses = house.store.figures.courses(within.before.start, within.end, drill=drill)
    view = overview(courses, within, now, targets(house.settings.targets))
    sources = {source.id: source.name for source in house.store.sources.all()}
    if form == "json":
        click.echo(json.dumps(_whole(view, sources), ensure_ascii=False, indent=2))
    elif form == "csv":
        sheet = csv.writer(sys.stdout, lineterminator="\n")
        sheet.writerow(COLUMNS)
        sheet.writerows(_lines(view, sources))
    else:
        _say(view)


def targets(settings: Targets) -> dict[Step, float | None]:
    """What the authority set itself, by step; 0 is none."""
    return {step: getattr(settings, f"{step.value}_minutes") or None for step in Step}


def _whole(view: Overview, sources: dict[int, str]) -> dict[str, object]:
    false = alarms(view.found)
    groups: dict[str, dict[str, dict[str, object]]] = {}
    for dimension, key, step, one in _summaries(view, sources):
        groups.setdefault(dimension, {}).setdefault(key, {})[step.value] = _plain(one, view, step)
    return {
        "first": view.period.first.isoformat(),
        "last": view.period.last.isoformat(),
        "incidents": len(view.found),
        "before": {step.value: _plain(one, view, step) for step, one in view.before.items()},
        "false_alarms": {
            "ended": false.incidents,
            "dismissed": false.dismissed,
            "judged_posts": false.judged,
            "did_not_fit": false.does_not_fit,
        },
        "begun_by_hour": view.begun_by_hour(),
        **groups,
    }


def _plain(one: Summary, view: Overview, step: Step) -> dict[str, object]:
    return {
        "counted": one.counted,
        "waiting": one.waiting,
        "without": one.without,
        "median_minutes": _rounded(one.median),
        "p90_minutes": _rounded(one.p90),
        "longest_minutes": _rounded(one.longest),
        "target_minutes": view.targets.get(step),
        "within_target": _rounded(one.within, 4),
        "target": met(one, view.targets.get(step)).value,
    }


def _summaries(view: Overview, sources: dict[int, str]) -> Iterator[tuple[str, str, Step, Summary]]:
    """Every figure there is: what it is split by, which part, which step."""
    for step, one in view.steps.items():
        yield "steps", "all", step, one
    by_source = {
        sources.get(key or 0, "unknown" if key is None else f"source {key}"): group
        for key, group in view.by_source().items()
    }
    dimensions = (
        ("weeks", {_iso(monday): group for monday, group in view.by_week().items()}),
        ("sources", by_source),
        ("topics", view.by_topic()),
        ("severities", {key.name.lower(): group for key, group in view.by_severity().items()}),
    )
    for dimension, groups in dimensions:
        for key, group in groups.items():
            for step in Step:
                yield dimension, key, step, view.of(group, step)


def _lines(view: Overview, sources: dict[int, str]) -> Iterator[list[object]]:
    for dimension, key, step, one in _summaries(view, sources):
        plain = _plain(one, view, step)
        yield [dimension, key, step.value, *(plain[name] for name in COLUMNS[3:])]


def _say(view: Overview) -> None:
    first, last = view.period.first.isoformat(), view.period.last.isoformat()
    count = len(view.found)
    click.echo(t(f"{first} bis {last}: {count} Vorfälle", f"{first} to {last}: {count} incidents"))
    head = (
        t("Schritt", "Step"),
        t("gezählt", "counted"),
        t("noch offen", "still open"),
        t("Median (min)", "median (min)"),
        t("9 von 10 (min)", "9 of 10 (min)"),
        t("Ziel (min)", "target (min)"),
        t("Stand", "standing"),
    )
    rows = []
    for step, one in view.steps.items():
        target = view.targets.get(step)
        rows.append(
            [
                t(*NAMES[step]),
                str(one.counted),
                str(one.waiting),
                _minutes(one.median, one),
                "–" if one.p90 is None else f"{one.p90:.1f}",
                "–" if target is None else f"{target:.0f}",
                _standing(met(one, target)),
            ]
        )
    print_table("text", head, rows)


def _minutes(value: float | None, one: Summary) -> str:
    if value is not None:
        return f"{value:.1f}"
    return f"> {one.longest:.1f}" if one.counted else "–"


def _standing(state: Met) -> str:
    return {
        Met.MET: t("erreicht", "met"),
        Met.MISSED: t("verfehlt", "missed"),
        Met.UNKNOWN: t("noch nicht zu sagen", "not to be said yet"),
        Met.NOTHING: "–",
    }[state]


def _iso(day: date) -> str:
    return day.isoformat()


def _rounded(value: float | None, digits: int = 2) -> float | None:
    return None if value is None else round(value, digits)
