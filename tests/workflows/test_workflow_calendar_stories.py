"""Absences from people's own calendars (iCalendar), and then exactly these mails and no other."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from mail_story import Night, post_office
from post_office import Counter

from crisis.errors import FetchError
from crisis.store import Store
from crisis.types import AbsenceCalendar, Person, Shift
from crisis.workflows import read_absences

STAMP = "%Y%m%dT%H%M%SZ"


@pytest.fixture(scope="module")
def office() -> Iterator[tuple[Counter, int]]:
    with post_office() as found:
        yield found


class Planned(Night):
    """A night in which people keep calendars."""

    def step(self) -> None:
        read_absences.read_absences(self.house, self.now)
        super().step()

    def _says(self, who: Person, start: str, end: str, more: str = "") -> None:
        """Their calendar holds an event, from and until so many minutes; it is read from now on."""
        begins, ends = (self.start + timedelta(minutes=int(at)) for at in (start, end))
        self.town.fetch.pages[self._url(who)] = (
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:1\r\n"
            f"DTSTAMP:{self.start:{STAMP}}\r\nDTSTART:{begins:{STAMP}}\r\nDTEND:{ends:{STAMP}}\r\n"
            f"SUMMARY:Urlaub\r\n{more}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
        ).encode()
        if not any(c.person_id == who.id for c in self.store.oncall.calendars()):
            with self.store.transaction():
                self.store.oncall.put_calendar(
                    AbsenceCalendar(person_id=who.id, url=self._url(who))
                )

    def _breaks(self, who: Person) -> None:
        self.town.fetch.pages[self._url(who)] = FetchError("Weg.", "Gone.")

    def _shift(self, who: Person, start: str, end: str) -> None:
        begins, ends = (self.start + timedelta(minutes=int(at)) for at in (start, end))
        with self.store.transaction():
            self.store.people.add_shift(Shift(person_id=who.id, start=begins, end=ends))

    @staticmethod
    def _url(who: Person) -> str:
        return f"https://kalender.example/{who.name}.ics"


STORIES = {
    "ana is on call but her calendar says holidays: eve is called first": (
        "ana shift -60 600; ana says -60 600; wait 1; rumour; wait 12",
        "1 eve raised, 11 ana escalated",
    ),
    "her holidays begin during the alert: eve is next, as she would be": (
        "ana shift -60 600; ana says 5 600; rumour; wait 12",
        "0 ana raised, 10 eve escalated",
    ),
    "her holidays end: ana is called again": (
        "ana shift -60 600; ana says -60 5; wait 6; rumour; wait 1",
        "6 ana raised",
    ),
    "an event marked as free does not count": (
        "ana shift -60 600; ana says -60 600 TRANSP:TRANSPARENT; wait 1; rumour",
        "1 ana raised",
    ),
    "a cancelled event does not count": (
        "ana shift -60 600; ana says -60 600 STATUS:CANCELLED; wait 1; rumour",
        "1 ana raised",
    ),
    "a calendar that breaks keeps what it said last": (
        "ana shift -60 600; ana says -60 600; wait 1; ana breaks; wait 65; rumour",
        "66 eve raised",
    ),
    "a calendar that changes is read within the hour": (
        "ana shift -60 600; ana says -60 600; wait 1; ana says 500 600; wait 65; rumour",
        "66 ana raised",
    ),
    "all are away: better somebody than nobody": (
        "ana says -60 600; eve says -60 600; wait 1; rumour; wait 12",
        "1 ana raised, 11 eve escalated",
    ),
}


@pytest.mark.parametrize("story", STORIES)
def test_these_mails_and_no_other(store: Store, office: tuple[Counter, int], story: str) -> None:
    told, expected = STORIES[story]
    assert Planned(store, *office).tells(told) == expected.split(", ")
