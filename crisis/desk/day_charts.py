"""What came and what went, day by day: posts by source for the sources, mails for the outbox.

Counts in the store, draws with ``charts``. Knows neither page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta

from flask_babel import format_decimal

from crisis.desk import charts, here, words
from crisis.desk.words import _, ngettext
from crisis.types import AlertState, Source

SHOWN = 14  # days, with today
NAMED = 4  # sources with a pattern of their own: more could not be told apart without colour


def posts(sources: Sequence[Source]) -> charts.Chart | None:
    """Posts of the last days by source, the liveliest ones by name; None where none came."""
    days = _days()
    found = here.store().days.posts(_bounds(days))
    by_source: dict[int, list[int]] = {}
    for day, source_id, count in found:
        by_source.setdefault(source_id, [0] * SHOWN)[day] += count
    if not by_source:
        return None
    named = {source.id: source.name for source in sources}
    liveliest = sorted(by_source, key=lambda one: (-sum(by_source[one]), one))
    shown, others = liveliest[:NAMED], liveliest[NAMED:]
    if len(others) == 1:  # one of them needs no heap
        shown, others = liveliest, []
    series = [
        charts.Series(named.get(one, _("frühere Quelle")), by_source[one], style=style)
        for style, one in enumerate(shown)
    ]
    if others:
        rest = [sum(by_source[one][day] for one in others) for day in range(SHOWN)]
        name = ngettext("eine weitere Quelle", "%(num)s weitere Quellen", len(others))
        series.append(charts.Series(name, rest, style=charts.QUIET))
    totals = [sum(one[day] for one in by_source.values()) for day in range(SHOWN)]
    return charts.Chart(
        name="beitraege-je-tag",
        title=_("Beiträge je Tag"),
        summary=_posts_sentence(days, totals, named.get(shown[0], "")),
        axis=_("Tag"),
        points=charts.of_days(days),
        series=series,
        kind="stacked" if len(series) > 1 else "bars",
    )


def mails() -> charts.Chart | None:
    """Mails of the last days by what became of them; None where none was written."""
    days = _days()
    counts: dict[AlertState, list[int]] = {}
    for day, state, count in here.store().days.mails(_bounds(days)):
        counts.setdefault(state, [0] * SHOWN)[day] += count
    if not counts:
        return None
    styles = {
        AlertState.SENT: charts.PLAIN,
        AlertState.FAILED: charts.STRIPED,
        AlertState.PENDING: charts.DOTTED,
        AlertState.CANCELLED: charts.QUIET,
    }
    series = [
        charts.Series(words.word(state), counts[state], style=style)
        for state, style in styles.items()
        if state in counts
    ]
    return charts.Chart(
        name="mails-je-tag",
        title=_("Mails je Tag"),
        summary=_mails_sentence({state: sum(row) for state, row in counts.items()}),
        axis=_("Tag"),
        points=charts.of_days(days),
        series=series,
        kind="stacked" if len(series) > 1 else "bars",
    )


def _posts_sentence(days: Sequence[date], totals: Sequence[int], liveliest: str) -> str:
    best = max(range(SHOWN), key=totals.__getitem__)
    parts = [
        ngettext(
            "Ein Beitrag in %(days)s Tagen",
            "%(count)s Beiträge in %(days)s Tagen",
            sum(totals),
            count=format_decimal(sum(totals)),
            days=SHOWN,
        ),
        _(
            "die meisten am %(day)s (%(count)s)",
            day=words.day(days[best]),
            count=format_decimal(totals[best]),
        ),
    ]
    if liveliest:
        parts.append(_("am lebhaftesten: %(name)s", name=liveliest))
    return ", ".join(parts) + "."


def _mails_sentence(counts: Mapping[AlertState, int]) -> str:
    total, failed = sum(counts.values()), counts.get(AlertState.FAILED, 0)
    said = ngettext(
        "Eine Mail in %(days)s Tagen",
        "%(count)s Mails in %(days)s Tagen",
        total,
        count=format_decimal(total),
        days=SHOWN,
    )
    if not failed:
        return _("%(mails)s, keine ist gescheitert.", mails=said)
    return ngettext(
        "%(mails)s, eine ist gescheitert.",
        "%(mails)s, %(num)s sind gescheitert.",
        failed,
        mails=said,
    )


def _days() -> list[date]:
    return charts.days(here.today() - timedelta(days=SHOWN - 1), here.today())


def _bounds(days: Sequence[date]) -> list[datetime]:
    """Where each day begins in the authority's time zone, and where the last one ends."""
    following = [*days, days[-1] + timedelta(days=1)]
    return [datetime.combine(one, time(), here.zone()) for one in following]
