"""Times of absence from a calendar (iCalendar, RFC 5545), repetitions included. Pure: bytes come in.

By the libraries ``icalendar`` and ``recurring_ical_events``. An event counts unless it says that it leaves
the time free (TRANSP:TRANSPARENT), is cancelled, or only a possibility (STATUS:TENTATIVE). What it is
called is not read: why somebody is away is nobody's business. Does not fetch (``workflows.read_absences``).
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, tzinfo

from crisis.errors import InvalidInputError

MOST_BYTES = 2_000_000
MOST_EVENTS = 5_000
MOST_FOUND = 500
# Something that repeats by the minute is no absence, and would keep us busy for ever.
_TOO_OFTEN = re.compile(rb"FREQ=(SECONDLY|MINUTELY|HOURLY)", re.IGNORECASE)


def absent(
    body: bytes, start: datetime, end: datetime, zone: tzinfo
) -> list[tuple[datetime, datetime]]:
    """When the calendar's owner is away between ``start`` and ``end``: in order, joined, in UTC.

    Days and times without a zone are those of ``zone``. Raises InvalidInputError for what is no calendar
    or more of one than a person has.
    """
    if len(body) > MOST_BYTES or body.count(b"BEGIN:VEVENT") > MOST_EVENTS:
        raise InvalidInputError(
            "Dieser Kalender ist zu groß. Bitte geben Sie einen an, in dem nur Abwesenheiten stehen.",
            "This calendar is too large. Please give one that holds absences only.",
        )
    if _TOO_OFTEN.search(body):
        raise InvalidInputError(
            "In diesem Kalender wiederholt sich etwas öfter als täglich. So liest Klarstellung ihn nicht.",
            "Something in this calendar repeats more often than daily. It is not read like this.",
        )
    found: list[tuple[datetime, datetime]] = []
    for event in _events(body, start, end):
        begins, ends = _moment(event["DTSTART"].dt, zone), _moment(event["DTEND"].dt, zone)
        if _counts(event) and begins < ends and begins < end and ends > start:
            found.append((begins, ends))
    return _joined(sorted(found)[:MOST_FOUND])


def _events(body: bytes, start: datetime, end: datetime) -> list[dict]:  # type: ignore[type-arg]
    """Every occurrence in the window, as the libraries give them."""
    import icalendar
    import recurring_ical_events

    try:
        calendar = icalendar.Calendar.from_ical(body)
        return list(recurring_ical_events.of(calendar, skip_bad_series=True).between(start, end))
    except Exception as error:
        # Strangers' calendars break the libraries in many ways; all of them mean the same to us.
        raise InvalidInputError(
            "Das ist kein Kalender im Format iCalendar (.ics), oder er ist beschädigt.",
            "This is no calendar in iCalendar format (.ics), or it is damaged.",
        ) from error


def _counts(event: dict) -> bool:  # type: ignore[type-arg]
    free = str(event.get("TRANSP", "OPAQUE")).upper() == "TRANSPARENT"
    return not free and str(event.get("STATUS", "")).upper() not in ("CANCELLED", "TENTATIVE")


def _moment(value: date | datetime, zone: tzinfo) -> datetime:
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=zone)).astimezone(UTC)
    return datetime.combine(value, time(), zone).astimezone(UTC)


def _joined(found: list[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    joined: list[tuple[datetime, datetime]] = []
    for begins, ends in found:
        if joined and begins <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(joined[-1][1], ends)
        else:
            joined.append((begins, ends))
    return joined
