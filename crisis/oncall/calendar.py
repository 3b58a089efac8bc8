"""Periods as an iCalendar file (RFC 5545), by the library ``icalendar``. Pure.

The same periods always make the same bytes but for the time of writing; each event keeps its name when the
file is read again, so that calendar programs change an event instead of doubling it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from crisis.oncall.duty import Period


@dataclass(frozen=True, slots=True, kw_only=True)
class Date:
    """An event of its own, such as a planned drill; the same ``key`` changes it later."""

    key: str
    title: str
    start: datetime
    end: datetime


def as_ics(
    periods: Iterable[Period],
    names: Mapping[int, str],
    now: datetime,
    *,
    title: str,
    domain: str,
    lang: str = "de",
    dates: Iterable[Date] = (),
) -> bytes:
    """A calendar called ``title``: an event a period, one a date. ``names`` are those of the people."""
    from icalendar import Calendar, Event

    calendar = Calendar()
    calendar.add("prodid", "-//Klarstellung//Dienstplan//DE")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", title)
    for period in periods:
        event = Event()
        who = names.get(period.person_id, "?")
        event.add("uid", f"{_key(period)}@{domain}")
        event.add("dtstamp", now)
        event.add("dtstart", period.start)
        event.add("dtend", period.end)
        event.add("summary", _summary(period, who, lang))
        event.add("transp", "TRANSPARENT")  # on call is not away: nobody's absence is read from it
        calendar.add_component(event)
    for date in dates:
        event = Event()
        event.add("uid", f"{date.key}@{domain}")
        event.add("dtstamp", now)
        event.add("dtstart", date.start)
        event.add("dtend", date.end)
        event.add("summary", date.title)
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _key(period: Period) -> str:
    source = f"s{period.shift_id}" if period.shift_id else f"l{period.layer_id}"
    return f"{source}-{int(period.start.timestamp())}-{period.person_id}"


def _summary(period: Period, who: str, lang: str) -> str:
    german = lang.startswith("de")
    if period.level == 1:
        return f"Bereitschaft: {who}" if german else f"On call: {who}"
    return (
        f"Bereitschaft Ebene {period.level}: {who}"
        if german
        else f"On call, level {period.level}: {who}"
    )
