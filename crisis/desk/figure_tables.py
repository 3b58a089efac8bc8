"""The tables of the figures, and how times and steps are called. Counts nothing: see ``crisis.figures``."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TypeVar

from flask_babel import format_date, format_decimal

from crisis.channels.networks import NETWORKS
from crisis.desk import words
from crisis.desk.tables import Cell, Table
from crisis.desk.words import _
from crisis.figures.answers import APPROVAL, WEBSITE
from crisis.figures.courses import Wave
from crisis.figures.overview import Overview, alarms
from crisis.figures.spans import Met, Step, Summary, met
from crisis.types import Severity

Key = TypeVar("Key")


def step_names() -> dict[Step, str]:
    """What each step is called."""
    return {
        Step.DETECTION: _("Erkennung"),
        Step.ALERT: _("Alarmierung"),
        Step.ACKNOWLEDGEMENT: _("Übernahme"),
        Step.ANSWER: _("Antwort"),
        Step.CORRECTION: _("Richtigstellung"),
    }


def ways() -> dict[Step, str]:
    """From where to where each step is measured."""
    return {
        Step.DETECTION: _("vom ersten Beitrag bis zum Vorfall"),
        Step.ALERT: _("vom Vorfall bis zur angenommenen Mail"),
        Step.ACKNOWLEDGEMENT: _("vom Vorfall, bis jemand übernimmt"),
        Step.ANSWER: _("vom Vorfall bis zur ersten öffentlichen Antwort"),
        Step.CORRECTION: _("vom ersten Beitrag bis zur ersten öffentlichen Antwort"),
    }


def standing() -> dict[Met, str]:
    """How a median stands to its target, in a word."""
    return {
        Met.MET: _("erreicht"),
        Met.MISSED: _("verfehlt"),
        Met.UNKNOWN: _("noch nicht zu sagen"),
        Met.NOTHING: "",
    }


def duration(minutes: float) -> str:
    """A length of time for figures: "40 Sek.", "12 Min.", "2 Std. 5 Min.", "3,2 Tage"."""
    if minutes < 1.5:
        return _("%(n)s Sek.", n=round(minutes * 60))
    if minutes < 119.5:
        return _("%(n)s Min.", n=round(minutes))
    if minutes < 48 * 60:
        hours, rest = divmod(round(minutes), 60)
        if rest:
            return _("%(h)s Std. %(m)s Min.", h=hours, m=rest)
        return _("%(h)s Std.", h=hours)
    return _("%(n)s Tage", n=format_decimal(minutes / 1440, "#,##0.#"))


def median(summary: Summary) -> str:
    """The median, or what is known of it while half of them still wait."""
    if summary.median is not None:
        return duration(summary.median)
    if summary.counted:
        return _("über %(time)s", time=duration(summary.longest))
    return "–"


def every(
    view: Overview,
    step: Step,
    sources: Mapping[int, str],
    acts: Sequence[int],
    answers: Mapping[str, Summary],
) -> dict[str, Callable[[], Table]]:
    """All tables by the name in their address, each made when it is called for."""
    name = step_names()[step]
    return {
        "schritte": partial(_steps, view),
        "wochen": partial(_weeks, view),
        "quellen": lambda: _groups(
            view,
            step,
            "quellen",
            _("%(step)s nach Quelle des ersten Beitrags", step=name),
            _("Quelle"),
            [(_source(sources, key), group) for key, group in _largest(view.by_source())],
        ),
        "themen": lambda: _groups(
            view,
            step,
            "themen",
            _("%(step)s nach Thema", step=name),
            _("Thema"),
            [(key or _("ohne Thema"), group) for key, group in _largest(view.by_topic())],
        ),
        "dringlichkeit": lambda: _groups(
            view,
            step,
            "dringlichkeit",
            _("%(step)s nach Dringlichkeit", step=name),
            _("Dringlichkeit"),
            [
                (words.word(Severity(key)), group)
                for key, group in sorted(view.by_severity().items(), reverse=True)
            ],
        ),
        "fehlalarme": partial(_alarms, view),
        "stunden": partial(_hours, view, acts),
        "antworten": partial(_answers, answers),
    }


def _largest(groups: Mapping[Key, list[Wave]]) -> list[tuple[Key, list[Wave]]]:
    return sorted(groups.items(), key=lambda item: (-len(item[1]), str(item[0])))


def _source(sources: Mapping[int, str], key: int | None) -> str:
    if key is None:
        return _("nicht mehr bekannt")
    return sources.get(key, _("entfernte Quelle"))


def _steps(view: Overview) -> Table:
    rows: list[list[Cell]] = []
    texts = []
    for step, one in view.steps.items():
        target = view.targets.get(step)
        state = standing()[met(one, target)]
        within = None if one.within is None else round(100 * one.within)
        rows.append(
            [
                step_names()[step],
                one.counted,
                one.waiting,
                one.without,
                one.median,
                one.p90,
                target,
                state,
                within,
                view.before[step].median,
            ]
        )
        texts.append(
            [
                step_names()[step],
                str(one.counted),
                str(one.waiting),
                str(one.without),
                median(one),
                "–" if one.p90 is None else duration(one.p90),
                "–" if target is None else duration(target),
                state,
                "–" if within is None else f"{within} %",
                median(view.before[step]),
            ]
        )
    head = [
        _("Schritt"),
        _("Vorfälle"),
        _("davon noch offen"),
        _("ohne diesen Schritt beendet"),
        _("Median (Min.)"),
        _("9 von 10 (Min.)"),
        _("Ziel (Min.)"),
        _("Stand zum Ziel"),
        _("im Ziel (%)"),
        _("Median davor (Min.)"),
    ]
    return Table("schritte", _("Alle Schritte"), head, rows, texts)


def _weeks(view: Overview) -> Table:
    names = step_names()
    head = [_("Woche ab"), _("Vorfälle")]
    for step in Step:
        head += [
            _("%(step)s: Median (Min.)", step=names[step]),
            _("%(step)s: 9 von 10 (Min.)", step=names[step]),
            _("%(step)s: noch offen", step=names[step]),
        ]
    rows: list[list[Cell]] = []
    for monday, group in view.by_week().items():
        row: list[Cell] = [format_date(monday, "medium"), len(group)]
        for step in Step:
            one = view.of(group, step)
            row += [one.median, one.p90, one.waiting]
        rows.append(row)
    return Table("wochen", _("Woche für Woche"), head, rows)


def _groups(
    view: Overview,
    step: Step,
    name: str,
    title: str,
    what: str,
    groups: Sequence[tuple[str, Sequence[Wave]]],
) -> Table:
    rows: list[list[Cell]] = []
    texts = []
    for key, group in groups:
        one = view.of(group, step)
        within = None if one.within is None else round(100 * one.within)
        rows.append([key, one.counted, one.waiting, one.median, one.p90, within])
        texts.append(
            [
                key,
                str(one.counted),
                str(one.waiting),
                median(one),
                "–" if one.p90 is None else duration(one.p90),
                "–" if within is None else f"{within} %",
            ]
        )
    head = [
        what,
        _("Vorfälle"),
        _("noch offen"),
        _("Median"),
        _("9 von 10"),
        _("im Ziel"),
    ]
    return Table(name, title, head, rows, texts)


def _answers(answers: Mapping[str, Summary]) -> Table:
    rows: list[list[Cell]] = []
    texts = []
    for name, one in answers.items():
        if not one.counted and not one.without:
            continue
        said = way_name(name)
        rows.append([said, one.counted, one.waiting, one.without, one.median, one.p90])
        p90 = "–" if one.p90 is None else duration(one.p90)
        counts = (str(one.counted), str(one.waiting), str(one.without))
        texts.append([said, *counts, median(one), p90])
    head = [_("Bis wohin"), _("Antworten"), _("noch offen"), _("nie"), _("Median"), _("9 von 10")]
    return Table("antworten", _("Antworten: wie lange bis wohin"), head, rows, texts)


def way_name(name: str) -> str:
    """What of an answer is measured, in words; ``name``: see ``figures.answers``."""
    if name == APPROVAL:
        return _("Freigabe (ab der Vorlage zur Freigabe)")
    if name == WEBSITE:
        return _("Website")
    network = NETWORKS.get(name)
    return words.either((network.de, network.en)) if network else name


def _alarms(view: Overview) -> Table:
    head = [
        *(_("Woche ab"), _("beendet"), _("davon verworfen")),
        *(_("beurteilte Beiträge"), _("davon passten nicht")),
    ]
    rows: list[list[Cell]] = []
    for monday, group in view.by_week().items():
        one = alarms(group)
        day = format_date(monday, "medium")
        rows.append([day, one.incidents, one.dismissed, one.judged, one.does_not_fit])
    return Table("fehlalarme", _("Fehlalarme"), head, rows)


def _hours(view: Overview, acts: Sequence[int]) -> Table:
    head = [_("Stunde"), _("begonnene Vorfälle"), _("Handgriffe am Arbeitsplatz")]
    begun = view.begun_by_hour()
    rows: list[list[Cell]] = [[f"{hour}:00", begun[hour], acts[hour]] for hour in range(24)]
    return Table("stunden", _("Arbeit nach Tageszeit"), head, rows)
