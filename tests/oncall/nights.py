"""One clock, a real mail server, a real database: stories of who is told when, minute by minute.

A story is a plan, what people do at which minute, and exactly the mails that come of it, as the mail
server got them. Times are those of Berlin. The day is Monday, 23 November 2026, unless a story says so.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from builders import incident, person
from post_office import Counter
from town import Town

from crisis.interfaces import House
from crisis.store import Store
from crisis.types import (
    Absence,
    AlertKind,
    Incident,
    IncidentState,
    Layer,
    Person,
    Policy,
    Rhythm,
    Role,
    Severity,
    Shadowing,
    Shift,
)
from crisis.workflows import escalate, handle, tell
from crisis.workflows.deliver import deliver

BERLIN = ZoneInfo("Europe/Berlin")
MINUTE = timedelta(minutes=1)
KINDS = {
    "Gerücht:": "neu",
    "Wieder da:": "wieder",
    "Bitte übernehmen:": "bitte",
    "Es wird mehr:": "mehr",
    "Übernommen von": "übernommen",
    "Zum Mitlernen:": "kopie",
    "Nicht erreichbar:": "adresse",
}


@dataclass
class Night:
    """The town on one night: its people, its store, its clock, and the mail server's book."""

    path: Path
    mailer: object
    counter: Counter
    now: datetime
    catch_all: str = "leitstelle@stadt.example"
    restarts: bool = False  # the program is ended and begun after each minute
    workers: int = 1
    people: dict[str, Person] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.stores = [Store(self.path) for _ in range(self.workers)]
        self.towns = [Town(store, joined=True) for store in self.stores]
        self.people = {p.name: p for p in self.stores[0].people.all()}

    @property
    def store(self) -> Store:
        return self.stores[0]

    @property
    def house(self) -> House:
        return self._house(self.towns[0])

    def _house(self, town: Town) -> House:
        house = town.house
        terms = replace(house.terms, catch_all=self.catch_all, federal_state="NW")
        return replace(house, terms=terms, mailer=self.mailer)  # type: ignore[arg-type]

    def at(self, clock: str) -> datetime:
        """ "18:30" of the day the night began, "+1 06:00" of the next."""
        days, _, hours = clock.rpartition(" ")
        day = self.begun + timedelta(days=int(days or 0))
        return datetime.combine(day, time.fromisoformat(hours), BERLIN).astimezone(UTC)

    begun: date = date(2026, 11, 23)

    def run_until(self, end: datetime) -> None:
        """Minute by minute: tell who is due, hand over what waits, read the mail server's book."""
        while self.now < end:
            self.step()
            self.now += MINUTE

    def step(self) -> None:
        for number, town in enumerate(self.towns):
            house = self._house(town)
            escalate.escalate(house, self.now)
            while deliver(house, f"m{number}", self.now):
                pass
        self._read()
        if self.restarts:
            self.close()
            self.__post_init__()

    def _read(self) -> None:
        clock = self.now.astimezone(BERLIN)
        lines = []
        for mail in self.counter.mails:
            subject = str(mail["Subject"])
            kind = next((k for begin, k in KINDS.items() if begin in subject), subject)
            lines.append(f"{clock:%H:%M} {str(mail['To']).partition('@')[0]} {kind}")
        self.told += sorted(lines)
        self.counter.mails.clear()
        self.counter.recipients.clear()

    def close(self) -> None:
        for store in self.stores:
            store.close()

    # --- what people do ----------------------------------------------------------------------

    def opens(self, severity: Severity = Severity.HIGH, rumour: str = "wasser") -> Incident:
        """A rumour goes round: the incident opens and whoever must know is told, in one transaction."""
        with self.store.transaction():
            opened = self.store.incidents.open(
                incident(rumour_id=rumour, severity=severity, opened=self.now, updated=self.now)
            )
            self._tells(opened, AlertKind.RAISED)
        return opened

    def _tells(self, about: Incident, kind: AlertKind) -> None:
        spread = self.store.incidents.spread(about.id, self.now)
        tell.tell(self.house, about, kind, spread, [], self.now)

    def worsens(self, severity: Severity) -> None:
        """It spreads faster."""
        with self.store.transaction():
            [found] = self.store.incidents.all_open()
            after = self.store.incidents.update(replace(found, severity=severity, updated=self.now))
            self._tells(after, AlertKind.WORSE)

    def takes(self, name: str, incident_id: int = 1) -> None:
        handle.acknowledge(self.store, incident_id, self.people[name], self.now)

    def comes_back(self) -> None:
        """It was settled, and goes round again."""
        with self.store.transaction():
            found = self.store.incidents.get(1)
            again = self.store.incidents.update(
                replace(
                    found,
                    state=IncidentState.NEW,
                    assignee=None,
                    wave=found.wave + 1,
                    updated=self.now,
                )
            )
            self._tells(again, AlertKind.REOPENED)

    def leaves(self, name: str) -> None:
        with self.store.transaction():
            self.store.people.update(replace(self.people[name], active=False))

    def shift(self, name: str, begins: str, ends: str, level: int = 1) -> None:
        with self.store.transaction():
            self.store.people.add_shift(
                Shift(
                    person_id=self.people[name].id,
                    start=self.at(begins),
                    end=self.at(ends),
                    level=level,
                )
            )

    def away(self, name: str, begins: str, ends: str) -> None:
        with self.store.transaction():
            self.store.oncall.add_absence(
                Absence(person_id=self.people[name].id, start=self.at(begins), end=self.at(ends))
            )

    def learns(self, name: str, mentor: str) -> None:
        with self.store.transaction():
            self.store.oncall.add_shadowing(
                Shadowing(
                    learner_id=self.people[name].id,
                    mentor_id=self.people[mentor].id,
                    start=self.at("-1 00:00"),
                    end=self.at("+1 23:00"),
                )
            )

    def rota(self, *names: str, **changes: object) -> Layer:
        told: dict[str, object] = {
            "name": "Plan",
            "people": tuple(self.people[n].id for n in names),
            "rhythm": Rhythm.DAILY,
            "handover": time(18),
            "begins": self.begun - timedelta(days=1),
        }
        with self.store.transaction():
            return self.store.oncall.put_layer(Layer(**(told | changes)))  # type: ignore[arg-type]

    def rule(self, policy: Policy) -> None:
        with self.store.transaction():
            self.store.oncall.add_policy(replace(policy, made=self.now))

    def refuses(self, times: int = 1) -> None:
        """The mail server refuses the next address for good."""
        self.counter.moods["RCPT"] = ["550 no such user"] * times

    def down(self, times: int) -> None:
        """The mail server refuses to take anything for a while."""
        self.counter.moods["MAIL"] = ["451 try later"] * times


def begin(folder: Path) -> Path:
    """A database with the people of the stories, to be copied for each: Ana, Ben and Eva are on duty,
    Chloé releases, Greta administers; Finn learns and has no role."""
    path = folder / "begin.db"
    with Store(path) as store:
        Town(store)  # its people go: these stories have their own
        with store.transaction():
            for known in store.people.all():
                store.people.update(replace(known, active=False, email=f"x{known.id}@alt.example"))
            at = datetime(2026, 1, 1, tzinfo=UTC)
            for name, role in (
                *(("Ana", Role.DUTY), ("Ben", Role.DUTY), ("Eva", Role.DUTY)),
                *(("Chloe", Role.APPROVER), ("Greta", Role.ADMIN)),
            ):
                store.people.add(person(name, role), at)
            store.people.add(person("Finn"), at)
    return path


@dataclass(frozen=True)
class Story:
    """What is planned, what happens at which time, and exactly these mails and no other."""

    name: str
    plan: Callable[[Night], object]
    events: Sequence[tuple[str, Callable[[Night], object]]]
    until: str
    mails: Sequence[str]
    day: date = date(2026, 11, 23)
    starts: str = "12:00"
    restarts: bool = False
    workers: int = 1
    catch_all: str = "leitstelle@stadt.example"


def play(story: Story, template: Path, folder: Path, mailer: object, counter: Counter) -> list[str]:
    """Run it; what the mail server got, in order."""
    path = folder / "night.db"
    shutil.copy(template, path)
    counter.mails.clear()
    counter.moods.clear()
    night = Night(
        path=path,
        mailer=mailer,
        counter=counter,
        now=datetime.combine(story.day, time.fromisoformat(story.starts), BERLIN).astimezone(UTC),
        catch_all=story.catch_all,
        restarts=story.restarts,
        workers=story.workers,
        begun=story.day,
    )
    try:
        story.plan(night)
        for clock, happens in story.events:
            night.run_until(night.at(clock))
            happens(night)
        night.run_until(night.at(story.until))
        assert night.store.at_rest
        return night.told
    finally:
        night.close()
