"""How an incident's posts came over time, as a chart with its sentence: part of the incident's page.

Counts with ``incidents.course``; draws with ``charts``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import request
from flask_babel import format_decimal, format_percent

from crisis.desk import charts, here, words
from crisis.desk.words import _, ngettext
from crisis.incidents.course import Count, Course, Summary, course, recent, summary
from crisis.incidents.stream import EVERY, Wanted
from crisis.types import AlertState, Incident, Response

FEWEST = 5  # posts; fewer are read faster than a chart of them


@dataclass(frozen=True, slots=True)
class Wave:
    """The chart, and by what its bars may be divided."""

    chart: charts.Chart
    by_place: bool
    both: bool  # whether there is a choice: several sources and several places

    @property
    def sign(self) -> str:
        """Changes whenever the picture or its sentence does."""
        said = (self.chart.data(), self.chart.summary)
        return hashlib.sha256(repr(said).encode()).hexdigest()[:16]


def of_incident(incident: Incident, answer: Response | None = None) -> Wave | None:
    """The chart of the incident's posts; None where there are too few to draw. The sentence compares with
    the time before ``answer``, else before the first one."""
    store, now = here.store(), here.now()
    moments = store.stream.moments(incident.id)
    places = {place for _, _, place, _ in moments if place}
    sources = {source for _, source, _, _ in moments}
    both = bool(places) and len(sources) > 1
    wanted = request.args.get("gliederung", "")
    by_place = bool(places) and (wanted == "ort" or (wanted != "quelle" and len(sources) < 2))
    names = {source.id: source.name for source in store.sources.all()}
    gone = _("frühere Quelle")
    every: list[Count] = [
        (at, place if by_place else names.get(source, gone), posts)
        for at, source, place, posts in moments
    ]
    counts = recent(every, incident.opened)
    if sum(posts for _at, _kind, posts in counts) < FEWEST:
        return None
    until = min(now, incident.ended_at or now)
    shown = course(counts, until, here.zone())
    released = _released(incident)
    asked_for = answer or (released[0] if released else None)
    answered = asked_for.released_at if asked_for else None
    drawn = sum(posts for *_rest, posts in every)
    total = store.stream.count(incident.id, Wanted(verdict=EVERY)).posts
    left_out = drawn - sum(shown.totals), total - drawn
    chart = charts.Chart(
        name="verbreitung",
        title=_("Verbreitung: Beiträge je %(span)s", span=_step(shown.step)),
        summary=_sentence(summary(counts, shown, until, answered), left_out),
        axis=_("Zeit"),
        points=charts.of_moments(shown.starts, shown.step),
        series=_series(shown, by_place),
        kind="stacked" if len(shown.rows) > 1 else "bars",
        marks=_marks(incident, shown, released),
    )
    return Wave(chart, by_place, both)


def _series(shown: Course, by_place: bool) -> list[charts.Series]:
    if len(shown.rows) == 1:
        return [charts.Series(_("Beiträge"), shown.totals)]
    rest = _("ohne Ort oder woanders") if by_place else _("weitere Quellen")
    return [
        charts.Series(kind or rest, row, style=None if kind else charts.QUIET)
        for kind, row in shown.rows
    ]


def _released(incident: Incident) -> list[Response]:
    """Answers that went out, the first one first."""
    found = here.store().responses.of_incident(incident.id)
    return sorted(
        (one for one in found if one.released_at is not None),
        key=lambda one: one.released_at or incident.opened,
    )


def _marks(incident: Incident, shown: Course, released: Sequence[Response]) -> list[charts.Mark]:
    alerts = here.store().alerts.of_incident(incident.id)
    sent = [one.sent_at for one in alerts if one.state is AlertState.SENT and one.sent_at]
    moments: list[tuple[datetime | None, str]] = [
        (min(sent, default=None), _("Alarm")),
        (incident.acknowledged_at, _("Übernommen")),
    ]
    moments += [
        (one.released_at, _("Unsere Antwort") if first else _("Weitere Antwort"))
        for first, one in ((number == 0, one) for number, one in enumerate(released))
    ]
    marks = []
    for moment, text in moments:
        at = charts.place(shown.starts, shown.step, moment) if moment else None
        if at is not None:
            marks.append(charts.Mark(at, text, words.clock(moment)))
    return marks


def _sentence(said: Summary, left_out: tuple[int, int]) -> str:
    parts = [
        ngettext(
            "Ein Beitrag in %(span)s",
            "%(num)s Beiträge in %(span)s",
            said.posts,
            span=words.span_after(said.span),
        )
        if said.span >= timedelta(minutes=1)
        else ngettext("Ein Beitrag", "%(num)s Beiträge", said.posts)
    ]
    if said.peak is not None:
        parts.append(_("Höhepunkt %(when)s", when=_moment(said.peak)))
    sentence = ", ".join(parts) + "."
    if said.effect is not None:
        sentence += " " + _change(said)
    old, other = left_out
    if old:
        sentence += " " + ngettext(
            "Ein viel älterer Beitrag ist nicht gezeichnet.",
            "%(num)s viel ältere Beiträge sind nicht gezeichnet.",
            old,
        )
    if other:
        sentence += " " + ngettext(
            "Nicht mitgezählt ist ein Beitrag, der widerspricht, nicht passt oder schon gesehen war.",
            "Nicht mitgezählt sind %(num)s Beiträge, die widersprechen, nicht passen oder schon gesehen"
            " waren.",
            other,
        )
    return sentence


def _change(said: Summary) -> str:
    effect = said.effect
    assert effect is not None  # noqa: S101 - asked for only then
    values = {
        "after": _rate(effect.after),
        "before": _rate(effect.before),
        "percent": format_percent(
            abs(effect.change), "#,##0 %" if words.language() == "de" else "#,##0%"
        ),
        "span": words.span_after(effect.compared),
    }
    if effect.change < -0.05:
        return _(
            "Seit unserer Antwort %(after)s statt %(before)s pro Stunde: %(percent)s weniger als in den"
            " %(span)s davor.",
            **values,
        )
    if effect.change > 0.05:
        return _(
            "Seit unserer Antwort %(after)s statt %(before)s pro Stunde: %(percent)s mehr als in den"
            " %(span)s davor.",
            **values,
        )
    return _("Seit unserer Antwort unverändert %(after)s pro Stunde.", **values)


def _moment(moment: datetime) -> str:
    """The time of day, with the date where it is not today."""
    day = moment.astimezone(here.zone()).date()
    clock = words.clock(moment)
    return clock if day == here.today() else f"{words.day(day)}, {clock}"


def _rate(number: float) -> str:
    return str(format_decimal(round(number, 1 if number < 10 else None)))


def _step(step: timedelta) -> str:
    if step == timedelta(days=1):
        return _("Tag")
    if step == timedelta(days=7):
        return _("Woche")
    if step == timedelta(hours=1):
        return _("Stunde")
    return words.span(step)
