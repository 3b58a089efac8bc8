"""Absences from people's calendars: due -> fetch -> read -> what is new -> keep.

``ask`` fetches and reads and touches no database; ``keep`` writes. A calendar that cannot be read keeps
what it said last, and the desk shows the trouble.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo

from crisis import audit
from crisis.errors import CrisisError, FetchError
from crisis.interfaces import Fetch, House
from crisis.oncall.absences import absent
from crisis.types import Absence, AbsenceCalendar

EVERY = timedelta(hours=1)
AHEAD = timedelta(days=120)


@dataclass(frozen=True, slots=True)
class Read:
    """What a calendar said: exactly one of the two."""

    calendar: AbsenceCalendar
    absences: list[Absence] | None = None
    problem: CrisisError | None = None


def read_absences(house: House, now: datetime) -> int:
    """Read every calendar that is due; says in how many something changed."""
    zone = house.terms.timezone
    return sum(keep(house, ask(house.fetch, one, zone, now), now) for one in due(house, now))


def due(house: House, now: datetime) -> list[AbsenceCalendar]:
    """Those that are to be read now."""
    return [c for c in house.store.oncall.calendars() if c.due is None or c.due <= now]


def took_too_long(calendar: AbsenceCalendar) -> Read:
    """What is kept of one that nobody waits for any longer."""
    problem = FetchError(
        "Das Lesen dauert zu lange und wurde aufgegeben. Ist der Kalender sehr groß?",
        "Reading takes too long and was given up. Is the calendar very large?",
    )
    return Read(calendar, problem=problem)


def ask(fetch: Fetch, calendar: AbsenceCalendar, zone: tzinfo, now: datetime) -> Read:
    """Fetch and read one calendar; what goes wrong is part of the outcome."""
    try:
        fetched = fetch.fetch(calendar.url)
        spans = absent(fetched.body, now, now + AHEAD, zone)
    except CrisisError as error:
        return Read(calendar, problem=error)
    person = calendar.person_id
    return Read(calendar, [Absence(person_id=person, start=a, end=b) for a, b in spans])


def keep(house: House, read: Read, now: datetime) -> int:
    """Keep what it said; 1 where that is something new."""
    store = house.store
    with store.transaction():
        known = {calendar.id: calendar for calendar in store.oncall.calendars()}
        calendar = known.get(read.calendar.id)
        if calendar is None:  # taken out while we asked
            return 0
        due = now + EVERY
        if read.absences is None:
            problem = read.problem.de if read.problem is not None else ""
            store.oncall.put_calendar(replace(calendar, due=due, problem=problem))
            return 0
        changed = store.oncall.replace_absences(calendar.id, read.absences)
        store.oncall.put_calendar(replace(calendar, checked=now, due=due, problem=""))
        if changed:
            said = {"calendar": calendar.id, "times": len(read.absences)}
            what = f"person:{calendar.person_id}"
            store.audit.append(audit.entry(now, None, "absence.read", what, after=said))
        return int(changed)
