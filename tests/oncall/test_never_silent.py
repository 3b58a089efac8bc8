"""Whatever the rota and the order of events: an urgent incident that nobody acknowledged has a next mail
due, and an acknowledged one has none."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

from builders import incident, person
from fakes import FakeMailer
from hypothesis import given, settings
from hypothesis import strategies as st
from nights import begin
from town import Town

from crisis.alerts.escalation import SLOW, next_call
from crisis.errors import MailError, PermanentMailError
from crisis.oncall.duty import Duty
from crisis.oncall.ladder import ladder
from crisis.store import Store
from crisis.types import (
    Absence,
    Alert,
    AlertKind,
    AlertState,
    Hours,
    Incident,
    IncidentState,
    Layer,
    OnHolidays,
    Person,
    Policy,
    PolicyStep,
    Rhythm,
    Role,
    Severity,
    Shift,
    Target,
    TargetKind,
)
from crisis.workflows import escalate, handle
from crisis.workflows.deliver import deliver

BERLIN = ZoneInfo("Europe/Berlin")
START = datetime(2026, 10, 24, 18, tzinfo=UTC)  # the clocks go back this night
TEN = timedelta(minutes=10)
ADMIN = person("Greta", Role.ADMIN, id=9)
IDS = st.integers(1, 6)
LEVELS = st.integers(1, 3)

PEOPLE = st.lists(
    st.builds(
        lambda number, roles, active, drill: person(
            f"P{number}", *roles, id=number, active=active, drill=drill
        ),
        IDS,
        st.sets(st.sampled_from(Role)),
        st.booleans(),
        st.sampled_from([False, False, False, True]),
    ),
    max_size=6,
    unique_by=lambda one: one.id,
)
MOMENTS = st.integers(-600, 2400).map(lambda n: START + timedelta(minutes=n))
SPANS = st.tuples(IDS, MOMENTS, st.integers(1, 1000))
SHIFTS = st.lists(
    st.tuples(SPANS, LEVELS, st.booleans()).map(
        lambda row: Shift(
            id=row[0][0] * 100 + row[0][2],
            person_id=row[0][0],
            start=row[0][1],
            end=row[0][1] + timedelta(minutes=row[0][2]),
            level=row[1],
            drill=row[2],
        )
    ),
    max_size=4,
)
ABSENCES = st.lists(
    SPANS.map(
        lambda row: Absence(person_id=row[0], start=row[1], end=row[1] + timedelta(minutes=row[2]))
    ),
    max_size=4,
)
CLOCKS = st.sampled_from([time(0), time(2, 30), time(6), time(8), time(18), time(22)])
LAYERS = st.lists(
    st.builds(
        Layer,
        id=st.integers(1, 9),
        name=st.just("Plan"),
        level=LEVELS,
        rank=st.integers(1, 3),
        people=st.lists(IDS, max_size=4, unique=True).map(tuple),
        rhythm=st.sampled_from(Rhythm),
        length=st.integers(1, 5),
        begins=st.dates(date(2026, 10, 1), date(2026, 10, 30)),
        handover=CLOCKS,
        weekdays=st.frozensets(st.integers(0, 6), max_size=3),
        opens=st.none() | CLOCKS,
        closes=st.none() | CLOCKS,
        holidays=st.sampled_from(OnHolidays),
    ),
    max_size=3,
)
STEPS = st.lists(
    st.builds(
        PolicyStep,
        targets=st.lists(
            st.builds(
                Target,
                kind=st.sampled_from(TargetKind),
                level=LEVELS,
                people=st.lists(IDS, max_size=3, unique=True).map(tuple),
                role=st.sampled_from(Role),
            ),
            max_size=3,
        ).map(tuple),
        wait=st.sampled_from([0, 1, 5, 30]),
        times=st.integers(1, 3),
        severity=st.sampled_from(Severity),
        hours=st.sampled_from(Hours),
    ),
    max_size=4,
).map(tuple)
POLICIES = st.builds(
    Policy,
    steps=STEPS,
    rounds=st.integers(1, 4),
    quiet_from=st.none() | CLOCKS,
    quiet_until=st.none() | CLOCKS,
    quiet_below=st.sampled_from(Severity),
)
# Minutes that pass, and what happens then: a call is made and its mails go out, wait or are refused; the
# plan is another one; somebody cannot, or is told (or no longer) by a confirmed way beside mail.
EVENTS = st.lists(
    st.tuples(
        st.integers(0, 90),
        st.one_of(
            st.sampled_from([*AlertState]),
            st.fixed_dictionaries(
                {}, optional={"shifts": SHIFTS, "layers": LAYERS, "absences": ABSENCES}
            ),
            POLICIES,
            IDS,
            st.tuples(IDS),
        ),
    ),
    max_size=12,
)


@dataclass
class World:
    """What a monitor would know, without a database."""

    planned: Duty
    policy: Policy
    catch_all: Person | None
    about: Incident
    now: datetime = START
    alerts: list[Alert] = field(default_factory=list)
    declined: set[int] = field(default_factory=set)
    reached: set[int] = field(default_factory=set)

    def next(self) -> Any:
        rungs = ladder(
            self.planned, self.policy, self.now, self.about.severity, wait=TEN,
            catch_all=self.catch_all,
        )  # fmt: skip
        return next_call(
            self.about, self.alerts, rungs, declined=self.declined, reached=self.reached
        )

    def happens(self, event: object) -> None:
        if isinstance(event, AlertState):
            self._calls(event)
        elif isinstance(event, Policy):
            self.policy = event
        elif isinstance(event, dict):
            self.planned = replace(self.planned, **event)
        elif isinstance(event, int):
            self.declined.add(event)
        elif isinstance(event, tuple):
            self.reached ^= set(event)

    def _calls(self, state: AlertState) -> None:
        call = self.next()
        if call is None or call.at > self.now:
            return
        for one in call.people:
            self.alerts.append(
                Alert(
                    id=len(self.alerts) + 1,
                    incident_id=1,
                    person_id=one,
                    kind=call.kind,
                    to="",
                    subject="",
                    text="",
                    html="",
                    message_id="",
                    created=self.now,
                    due=self.now,
                    state=state,
                    sent_at=self.now if state is AlertState.SENT else None,
                    step=call.rung.step,
                )
            )


@settings(max_examples=60)
@given(PEOPLE, SHIFTS, LAYERS, ABSENCES, POLICIES, st.booleans(), EVENTS)
def test_an_urgent_incident_always_has_a_next_mail_due_and_a_taken_one_never(
    people: list[Person],
    shifts: list[Shift],
    layers: list[Layer],
    absences: list[Absence],
    policy: Policy,
    address: bool,
    events: list[tuple[int, object]],
) -> None:
    planned = Duty(
        people=(*people, ADMIN), shifts=shifts, layers=layers, absences=absences, zone=BERLIN
    )
    last = Person(id=99, name="Leitstelle", email="leitstelle@stadt.example")
    urgent = incident(id=1, severity=Severity.URGENT, opened=START, updated=START)
    world = World(planned, policy, last if address else None, urgent)
    for minutes, event in [(0, None), *events]:
        world.now += timedelta(minutes=minutes)
        world.happens(event)
        call = world.next()
        assert call is not None and call.people
        assert call.at <= world.now + SLOW
        for state in IncidentState:
            if state is not IncidentState.NEW:
                taken = replace(world, about=replace(world.about, state=state))
                assert taken.next() is None


# --- the same with the real store, the real workflows and a mail server with moods ------------


def _refuses(alert: Alert) -> None:
    raise PermanentMailError("Gibt es nicht.", "No such address.")


def _away(alert: Alert) -> None:
    raise MailError("Weg.", "Gone.")


def _works(alert: Alert) -> None:
    return


MOODS = {"works": _works, "refuses": _refuses, "away": _away}
DEEDS = st.one_of(
    st.sampled_from(["step", "step", "restart", *MOODS]),
    LAYERS.filter(bool),
    POLICIES,
    ABSENCES.filter(bool),
    st.tuples(st.just("leaves"), st.integers(5, 7)),
)


@settings(max_examples=6)
@given(st.lists(st.tuples(st.integers(1, 45), DEEDS), min_size=3, max_size=7), st.booleans())
def test_the_whole_chain_never_falls_silent_and_stops_at_once(
    events: list[tuple[int, object]], taken: bool
) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "night.db"
        shutil.copy(_template(), path)
        store, now, mailer = Store(path), START, FakeMailer()
        with store.transaction():
            store.incidents.open(incident(severity=Severity.URGENT, opened=now, updated=now))
        for minutes, deed in [(0, "step"), *events]:
            now += timedelta(minutes=minutes)
            if deed == "restart":
                store.close()
                store = Store(path)
            _does(store, mailer, deed, now)
            town = Town(store, joined=True, mailer=mailer)
            escalate.escalate(town.house, now)
            deliver(town.house, "m", now)
            assert store.at_rest
            told = store.alerts.of_incident(1)
            assert told
            # Nothing waits for longer than an hour: a mail is due, or the next call is.
            newest = max(a.created for a in told if a.kind is not AlertKind.COPY)
            assert now - newest <= SLOW
        if taken:
            [chloe] = [p for p in store.people.all() if p.name == "Chloe" and p.active]
            handle.acknowledge(store, 1, chloe, now)
            before = len(mailer.sent)
            mailer.fail = _works
            for hours in range(1, 5):
                later = now + timedelta(hours=hours)
                town = Town(store, joined=True, mailer=mailer)
                assert escalate.escalate(town.house, later) == 0
                deliver(town.house, "m", later)
            assert len(mailer.sent) == before
        store.close()


def _does(store: Store, mailer: FakeMailer, deed: object, now: datetime) -> None:
    with store.transaction():
        if isinstance(deed, str) and deed in MOODS:
            mailer.fail = MOODS[deed]
        elif isinstance(deed, Policy):
            store.oncall.add_policy(replace(deed, made=now))
        elif isinstance(deed, tuple):
            gone = store.people.get(deed[1])
            store.people.update(replace(gone, active=False))
        elif isinstance(deed, list):
            for one in deed:
                if isinstance(one, Layer):
                    store.oncall.put_layer(replace(one, id=0))
                else:
                    store.oncall.add_absence(replace(one, id=0))


_MADE: dict[str, TemporaryDirectory[str]] = {}


def _template() -> Path:
    """Made once a process."""
    if "begin" not in _MADE:
        _MADE["begin"] = TemporaryDirectory()
        begin(Path(_MADE["begin"].name))
    return Path(_MADE["begin"].name) / "begin.db"
