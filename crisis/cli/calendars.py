"""Reading people's calendars beside the monitor's loop: threads fetch and read, the loop writes down.

What a calendar means is said by ``workflows.read_absences``. One that is slow holds up no alert: after
``LIMIT`` nobody waits for it any longer, and it is asked again only once its thread has ended.
"""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timedelta

from crisis.interfaces import House
from crisis.types import AbsenceCalendar
from crisis.workflows import read_absences

AT_ONCE = 2
LIMIT = timedelta(seconds=60)
LOOK_EVERY = timedelta(minutes=1)


class Calendars:
    """Those that are being read, and since when."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="calendar")
        self._reading: dict[int, tuple[AbsenceCalendar, datetime, Future[read_absences.Read]]] = {}
        self._given_up: set[int] = set()
        self._looked: datetime | None = None

    def look(self, house: House, now: datetime, *, wait: bool = False) -> int:
        """Write down what has come and begin what is due; says in how many something changed.

        ``wait``: until each has answered.
        """
        changed = self._came(house, now)
        if self._looked is not None and timedelta(0) <= now - self._looked < LOOK_EVERY:
            return changed
        self._looked = now
        for one in read_absences.due(house, now):
            if one.id not in self._reading:
                answer = self._pool.submit(
                    read_absences.ask, house.fetch, one, house.terms.timezone, now
                )
                self._reading[one.id] = one, now, answer
        return changed + (self._came(house, now, wait=True) if wait else 0)

    def close(self) -> None:
        """Let go of the threads; what they read is read again next time."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _came(self, house: House, now: datetime, *, wait: bool = False) -> int:
        changed = 0
        for number, (calendar, begun, answer) in list(self._reading.items()):
            if wait or answer.done():
                del self._reading[number]
                late = number in self._given_up
                self._given_up.discard(number)
                if not late:
                    changed += read_absences.keep(house, answer.result(), now)
            elif now - begun > LIMIT and number not in self._given_up:
                self._given_up.add(number)
                read_absences.keep(house, read_absences.took_too_long(calendar), now)
        return changed
