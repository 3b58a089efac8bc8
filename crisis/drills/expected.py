"""What may be expected in an exercise, and by which line of the audit log it is recognised. Pure.

Nobody ticks anything off by hand: what people do on the desk or by a mail's button counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Action(StrEnum):
    """What can be expected; the value stands in scenario files."""

    RECOGNISED = "erkannt"
    ALERTED = "alarmiert"
    TAKEN = "uebernommen"
    CHECKED = "geprueft"
    ASSESSED = "bewertet"
    NOTED = "notiert"
    SUBMITTED = "vorgelegt"
    FIRST_STATEMENT = "erste_meldung"
    CORRECTION = "richtigstellung"
    PROMISED = "update_versprochen"
    UPDATED = "update_gegeben"
    HANDED_OVER = "uebergeben"
    ACCEPTED = "uebergabe_angenommen"
    CLOSED = "abgeschlossen"


ACTIONS: Mapping[Action, tuple[str, str]] = {
    Action.RECOGNISED: ("Das Gerücht ist erkannt", "The rumour is recognised"),
    Action.ALERTED: ("Die erste Alarm-Mail ist hinaus", "The first alert mail is out"),
    Action.TAKEN: ("Jemand übernimmt", "Somebody takes it"),
    Action.CHECKED: ("Etwas ist nachgeprüft", "Something is verified"),
    Action.ASSESSED: ("Die Lage ist eingeschätzt", "The situation is assessed"),
    Action.NOTED: ("Eine Notiz steht da", "A note is written"),
    Action.SUBMITTED: ("Eine Antwort liegt zur Freigabe vor", "An answer is handed in"),
    Action.FIRST_STATEMENT: (
        "Die erste Meldung ist freigegeben",
        "The first statement is approved",
    ),
    Action.CORRECTION: ("Die Richtigstellung ist freigegeben", "The correction is released"),
    Action.PROMISED: ("Die nächste Meldung ist versprochen", "An update is promised"),
    Action.UPDATED: ("Eine versprochene Meldung ist gegeben", "A promised update is given"),
    Action.HANDED_OVER: ("Der Vorfall ist übergeben", "The incident is handed over"),
    Action.ACCEPTED: ("Die Übergabe ist angenommen", "The hand-over is accepted"),
    Action.CLOSED: ("Der Vorfall ist abgeschlossen", "The incident is closed"),
}
RELEASES = frozenset({"response.released", "response.released_alone"})
_BY: Mapping[str, Action] = {
    "incident.opened": Action.RECOGNISED,
    "alert.sent": Action.ALERTED,
    "incident.acknowledged": Action.TAKEN,
    "response.drafted": Action.TAKEN,  # who answers has it
    "incident.checked": Action.CHECKED,
    "incident.assessed": Action.ASSESSED,
    "incident.rated": Action.ASSESSED,
    "incident.noted": Action.NOTED,
    "response.submitted": Action.SUBMITTED,
    "update.promised": Action.PROMISED,
    "update.confirmed": Action.UPDATED,
    "incident.handed_over": Action.HANDED_OVER,
    "incident.handover_accepted": Action.ACCEPTED,
    "incident.closed": Action.CLOSED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """One point of a scenario: this should have happened ``minute`` minutes after the beginning."""

    action: Action
    minute: float
    note: str = ""  # what exactly, for the report


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """A line of the exercise's audit log, as far as it matters here."""

    action: str  # as the audit log calls it
    at: datetime
    person_id: int | None = None  # None: the program
    holding: bool = False  # of a released answer: it is a first statement


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One expected action, and when it was first done, if it was."""

    expected: Expected
    minute: float | None = None  # after the beginning
    person_id: int | None = None

    @property
    def done(self) -> bool:
        return self.minute is not None

    @property
    def late(self) -> float:
        """Minutes by which it came too late; 0 where it came in time or not at all."""
        return 0.0 if self.minute is None else max(0.0, self.minute - self.expected.minute)

    def overdue(self, minute: float) -> bool:
        """Whether it should have been done by ``minute`` and is not."""
        return self.minute is None and minute > self.expected.minute


def meant(one: Happened) -> Action | None:
    """Which action this is."""
    if one.action in RELEASES:
        return Action.FIRST_STATEMENT if one.holding else Action.CORRECTION
    return _BY.get(one.action)


def tick(expected: Sequence[Expected], happened: Iterable[Happened], begun: datetime) -> list[Seen]:
    """Every expected action with the first time it was done, in the order of the scenario.

    The same action expected twice takes two: the second is ticked by what happened after the first one's
    time. What lies before ``begun`` (a clock that was set back) counts as done at once.
    """
    waiting = sorted(happened, key=lambda one: one.at)
    used: set[int] = set()
    seen = []
    for one in expected:
        found = next(
            (n for n, h in enumerate(waiting) if n not in used and meant(h) is one.action), None
        )
        if found is None:
            seen.append(Seen(expected=one))
            continue
        used.add(found)
        first = waiting[found]
        minute = max(0.0, (first.at - begun).total_seconds() / 60)
        seen.append(Seen(expected=one, minute=round(minute, 2), person_id=first.person_id))
    return seen
