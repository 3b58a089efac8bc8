"""One source: how it does, its own rhythm, its posts hour by hour, and the bounds of its timetable.

The list of all is ``sources``. Calls one workflow of ``workflows.subscribe``.
"""

from __future__ import annotations

from datetime import UTC, timedelta
from urllib.parse import urlsplit

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_decimal

from crisis.desk import charts, here, sources, words
from crisis.desk.words import _, ngettext
from crisis.errors import InvalidInputError
from crisis.settings.tokens import token
from crisis.sources import mastodon, silence, timetable
from crisis.types import Source, SourceKind
from crisis.workflows import subscribe

blueprint = Blueprint("source_page", __name__, url_prefix="/quellen")

HOURS = 48  # shown in the chart
SPANS = (60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 43_200, 86_400)  # seconds to choose from
QUIET = (6, 12, 24, 48, 72, 168, 336)  # hours


@blueprint.get("/<int:source_id>")
def show(source_id: int) -> ResponseReturnValue:
    """All there is to know of it."""
    return _page(here.store().sources.get(source_id), "")


@blueprint.post("/<int:source_id>/zeitplan")
def time(source_id: int) -> ResponseReturnValue:
    """Within which bounds it is asked, and when its silence is worth a mail."""
    form = request.form
    bounds = subscribe.Bounds(
        interval=form.get("interval", 0, type=int),
        slowest=form.get("slowest", 0, type=int),
        quiet_hours=form.get("quiet_hours", 0, type=int),
    )
    try:
        source = subscribe.time(here.store(), source_id, bounds, here.person(), here.now())
    except InvalidInputError as error:
        return _page(here.store().sources.get(source_id), error.say(words.language())), 422
    flash(_("Der Zeitplan von „%(name)s“ gilt ab jetzt.", name=source.name), "success")
    return redirect(url_for("source_page.show", source_id=source.id))


def _page(source: Source, problem: str) -> str:
    store, now = here.store(), here.now()
    hours = store.sources.hours(source.id, now - silence.RHYTHM)
    return render_template(
        "sources/show.html",
        source=source,
        health=sources.health(source, now),
        kind_word=sources.kind_word(source),
        where=sources.where(source),
        heard=not source.kind.asked,
        chart=_chart(source),
        pace=spoken(round(timetable.pace(source))),
        fastest=spoken(source.interval),
        slowest=spoken(round(timetable.slowest(source))),
        quiet=words.span(silence.quiet_after(source, hours)),
        spans=_choices(SPANS, source.interval),
        slow_spans=[
            ("0", _("wie gewünscht, jede Stunde")),
            *_choices(SPANS, source.slowest),
        ],
        quiet_spans=[
            ("0", _("stiller als sonst")),
            *((n, words.span(timedelta(hours=n))) for n in _with(QUIET, source.quiet_hours)),
        ],
        problem=problem,
        lease=store.hubs.of_source(source.id),
        spoken_in=words.language(),
        live=_is_live(source),
    )


def _is_live(source: Source) -> bool:
    """Whether a stream beside the questions is wanted: a hashtag on a server we have a token for."""
    return (
        source.kind is SourceKind.MASTODON
        and bool(mastodon.stream(source.url))
        and bool(token(here.settings().instance, urlsplit(source.url).netloc))
    )


def _choices(usual: tuple[int, ...], current: int) -> list[tuple[int, str]]:
    return [(seconds, spoken(seconds)) for seconds in _with(usual, current)]


def _with(usual: tuple[int, ...], current: int) -> list[int]:
    """What people choose from, and what holds now."""
    return sorted({*usual, current} - {0})


def spoken(seconds: int) -> str:
    """ "alle 5 Minuten"."""
    if seconds < 120:
        return ngettext("jede Sekunde", "alle %(num)s Sekunden", seconds)
    if seconds < 7200 and seconds != 3600:
        return ngettext("jede Minute", "alle %(num)s Minuten", round(seconds / 60))
    return ngettext("jede Stunde", "alle %(num)s Stunden", round(seconds / 3600))


def _chart(source: Source) -> charts.Chart | None:
    """Its posts of the last two days, hour by hour; None where it brought none."""
    this_hour = here.now().astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    starts = [this_hour - timedelta(hours=HOURS - 1 - n) for n in range(HOURS)]
    found = here.store().sources.per_hour(source.id, starts[0])
    counts = [found.get(start, 0) for start in starts]
    if not any(counts):
        return None
    best = max(range(HOURS), key=counts.__getitem__)
    return charts.Chart(
        name="beitraege-je-stunde",
        title=_("Beiträge je Stunde"),
        summary=ngettext(
            "Ein Beitrag in %(hours)s Stunden, in der Stunde ab %(clock)s.",
            "%(count)s Beiträge in %(hours)s Stunden, die meisten in der Stunde ab %(clock)s"
            " (%(most)s).",
            sum(counts),
            count=format_decimal(sum(counts)),
            hours=HOURS,
            clock=words.clock(starts[best]),
            most=format_decimal(counts[best]),
        ),
        axis=_("Stunde"),
        points=charts.of_moments(starts, timedelta(hours=1)),
        series=[charts.Series(_("Beiträge"), [float(count) for count in counts])],
    )
