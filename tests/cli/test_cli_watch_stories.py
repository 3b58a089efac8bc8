"""Nights of the real program: ``crisis watch`` from feed to mail server, one clock turned forward.

Nothing is put in between: a real feed, the real reading process, the real matcher, a real mail server,
gateways over HTTP. After each story exactly these messages, and no other.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from threading import Event

import pytest
from builders import NOON, person, rumour, source
from fakes import feed
from outlets import HookServer, serving
from outside import Feeds, feeds
from post_office import Counter, open_office

from crisis import wiring
from crisis.cli.watch import Monitor
from crisis.interfaces import Reader
from crisis.settings import load
from crisis.types import AbsenceCalendar, DrillKind, DrillState, Gateway, Person, Role, Shift, Way
from crisis.wiring.network import LazyReader
from crisis.workflows import drill_plans, handle, ways

RUMOUR = "Das Trinkwasser in Musterstadt ist vergiftet"
MINUTE = timedelta(minutes=1)


@dataclass
class Hands:
    """The clock that a story turns."""

    now: datetime = NOON


@dataclass(frozen=True, slots=True, kw_only=True)
class Turned(wiring.House):
    """The house as ``wiring`` builds it, but for its clock."""

    hands: Hands

    def now(self) -> datetime:
        return self.hands.now

    def today(self) -> date:
        return self.terms.today(self.hands.now)


class Watch:
    """An installation in which ``crisis watch`` runs; Ana is on call, Eve comes after her."""

    def __init__(
        self,
        folder: Path,
        served: Feeds,
        office: Counter,
        port: int,
        sms: HookServer,
        reader: Reader,
    ) -> None:
        self.served, self.office, self.sms, self.hands = served, office, sms, Hands()
        office.mails.clear(), office.recipients.clear(), sms.asked.clear()
        sms.trouble = lambda asked: None
        served.pages.clear()
        self.said: list[str] = []
        (folder / "settings.toml").write_text(
            f'[monitor]\nallowed_hosts = ["127.0.0.1:{served.port}"]\n'
            f'[mail]\nhost = "127.0.0.1"\nport = {port}\nsecurity = "none"\n'
            'sender = "lage@musterstadt.example"\n[matching]\nencoder = "none"\n'
            f'[channels]\nallowed_hosts = ["{sms.host}"]\ntimeout_seconds = 2\n'
        )
        house = wiring.house(folder, {})
        parts = {f.name: getattr(house, f.name) for f in dataclasses.fields(house)}
        self.house = Turned(**(parts | {"reader": reader}), hands=self.hands)
        store = house.store
        with store.transaction():
            self.ana, self.eve = (
                store.people.add(person(name, Role.DUTY), NOON) for name in ("Ana", "Eve")
            )
            self.vera = store.people.add(person("Vera", Role.ADMIN), NOON)
            store.rumours.put(rumour(text=RUMOUR, variants=()), NOON)
            store.sources.add(source(url=served.url("/rss"), added=NOON))
        served.pages["/rss"] = feed("Das Freibad öffnet am Samstag")
        self.monitor = Monitor(self.house)
        self.step()

    def on_call(self, who: Person, start: int, end: int) -> None:
        with self.house.store.transaction():
            self.house.store.people.add_shift(
                Shift(person_id=who.id, start=NOON + start * MINUTE, end=NOON + end * MINUTE)
            )

    def spreads(self) -> None:
        """Somebody posts it; the source is asked at its next turn."""
        self.served.pages["/rss"] = feed("Das Freibad öffnet am Samstag", RUMOUR)

    def step(self) -> None:
        self.monitor.step(wait=True)
        self._note()

    def wait(self, minutes: int) -> None:
        for _ in range(minutes):
            self.hands.now += MINUTE
            self.step()

    def restart(self) -> None:
        """It ends, and another begins."""
        self.monitor.close()
        self.monitor = Monitor(self.house)

    def takes(self, who: Person) -> None:
        (incident,) = self.house.store.incidents.all_open()
        handle.acknowledge(self.house.store, incident.id, who, self.hands.now)
        self.step()

    def gateway(self, who: Person) -> None:
        made = ways.keep_gateway(
            self.house, Gateway(name="SMS", url=f"{self.sms.url}/x"), "geheim", self.vera, NOON
        )
        ways.add_way(
            self.house.store,
            Way(person_id=who.id, gateway_id=made.id, address="1"),
            self.vera,
            NOON,
        )

    def _note(self) -> None:
        minute = int((self.hands.now - NOON) / MINUTE)
        for mail, to in zip(self.office.mails, self.office.recipients, strict=True):
            kind = str(mail["Message-ID"]).removeprefix("<").partition(".")[0]
            self.said.append(f"{minute} {to[0].partition('@')[0]} {kind}")
        self.office.mails.clear()
        self.office.recipients.clear()

    def rang(self) -> list[str]:
        """What the gateway was asked."""
        return [said["event"] for _id, said in self.sms.events]

    def close(self) -> None:
        self.monitor.close()
        self.house.store.close()


Outside = tuple[Feeds, Counter, int, HookServer, Reader]


@pytest.fixture(scope="module")
def outside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outside]:
    settings = load(tmp_path_factory.mktemp("reader"), {})
    counter, sms, reader = Counter(), HookServer(), LazyReader(settings)
    with feeds() as served, open_office(counter) as port, serving(sms):
        yield served, counter, port, sms, reader
    reader.close()


@pytest.fixture
def watch(tmp_path: Path, outside: Outside) -> Iterator[Watch]:
    made = Watch(tmp_path, *outside)
    yield made
    made.close()


def test_from_a_post_to_the_last_in_line(watch: Watch) -> None:
    watch.spreads()
    watch.wait(30)
    first, *rest = watch.said
    minute = int(first.split()[0])
    assert first == f"{minute} ana raised" and minute <= 6
    assert rest == [f"{minute + 10} eve escalated", f"{minute + 20} vera escalated"]


def test_taken_after_the_second_mail_it_ends_and_ana_learns_who_has_it(watch: Watch) -> None:
    watch.spreads()
    watch.wait(18)
    at = int(watch.said[-1].split()[0])
    watch.takes(watch.eve)
    watch.wait(20)
    assert watch.said == [f"{at - 10} ana raised", f"{at} eve escalated", "18 ana taken"]


def test_a_restart_after_every_minute_changes_nothing(watch: Watch) -> None:
    watch.spreads()
    for _ in range(25):
        watch.wait(1)
        watch.restart()
    kinds = [line.partition(" ")[2] for line in watch.said]
    assert kinds == ["ana raised", "eve escalated"] or kinds == [
        *("ana raised", "eve escalated", "vera escalated"),
    ]


def test_a_mail_server_that_is_away_for_a_while_gets_it_once_it_is_back(watch: Watch) -> None:
    watch.office.moods["RCPT"] = ["451 later"] * 3
    watch.spreads()
    watch.wait(14)
    kinds = [line.partition(" ")[2] for line in watch.said]
    assert kinds == ["ana raised"]


def test_the_shift_changes_while_it_is_open(watch: Watch) -> None:
    watch.on_call(watch.ana, -60, 12)
    watch.on_call(watch.eve, 12, 60 * 24 * 30)
    watch.step()
    watch.spreads()
    watch.wait(9)
    watch.takes(watch.ana)
    watch.wait(10)
    assert [line.partition(" ")[2] for line in watch.said] == [
        *("ana raised", "eve handover", "ana handover"),
    ]
    assert watch.said[1].startswith("12 ")


def test_a_calendar_says_that_ana_is_away_before_it_begins(watch: Watch) -> None:
    watch.served.pages["/ana.ics"] = (
        b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:1\r\n"
        b"DTSTAMP:20261123T000000Z\r\nDTSTART:20261123T080000Z\r\nDTEND:20261124T080000Z\r\n"
        b"SUMMARY:Frei\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    with watch.house.store.transaction():
        watch.house.store.oncall.put_calendar(
            AbsenceCalendar(person_id=watch.ana.id, url=watch.served.url("/ana.ics"))
        )
    watch.wait(2)
    watch.spreads()
    watch.wait(7)
    assert [line.partition(" ")[2] for line in watch.said] == ["eve raised"]


def test_a_gateway_rings_beside_the_mail_and_hears_that_it_is_settled(watch: Watch) -> None:
    watch.gateway(watch.ana)
    watch.spreads()
    watch.wait(7)
    assert watch.rang() == ["raised"]
    watch.takes(watch.ana)
    assert watch.rang() == ["raised", "taken"]
    assert [line.partition(" ")[2] for line in watch.said] == ["ana raised"]


def test_a_gateway_that_hangs_holds_up_no_mail(watch: Watch) -> None:
    hold = Event()
    watch.sms.trouble = lambda asked: hold.wait(20) and None
    watch.gateway(watch.ana)
    watch.spreads()
    watch.hands.now += 6 * MINUTE
    for minutes in (0, 10):  # first Ana's mail, then Eve's, while the gateway still thinks
        watch.hands.now += minutes * MINUTE
        seen = len(watch.said)
        for _ in range(500):
            watch.monitor.step()
            watch._note()
            if len(watch.said) > seen:
                break
    hold.set()
    assert [line.partition(" ")[2] for line in watch.said] == ["ana raised", "eve escalated"]


# --- drills of the team --------------------------------------------------------------------------

SCRIPT = f"""---
titel: "Übung: Trinkwasser"
sprache: de
dauer_minuten: 30
geruecht: wasser
playbook: trinkwasser
beitraege:
  - {{minute: 1, von: Ole, text: "{RUMOUR}"}}
  - {{minute: 5, von: Ida, text: "Bitte teilen: {RUMOUR}!"}}
erwartet:
  - {{was: uebernommen, bis: 10}}
---
Nur eine Übung.
"""


def practises(watch: Watch) -> None:
    """Vera lets the team practise from now on."""
    now = watch.hands.now
    drill_plans.plan(watch.house, "wasser", SCRIPT, DrillKind.NOW, watch.vera, now)
    watch.step()


def test_a_drill_runs_through_the_real_monitor_restarts_included(watch: Watch) -> None:
    watch.gateway(watch.ana)
    practises(watch)
    watch.wait(3)
    watch.restart()
    watch.wait(8)
    watch.takes(watch.eve)
    watch.restart()
    watch.wait(25)
    assert watch.said == [
        "1 ana raised",
        "11 eve escalated",
        "11 ana taken",
        "30 ana drill",
        "30 eve drill",
        "30 vera drill",
    ]
    assert watch.rang() == []  # gateways are for what is real
    assert watch.house.store.drill_plans.get(1).state is DrillState.DONE


def test_what_is_real_goes_its_way_beside_a_drill(watch: Watch) -> None:
    practises(watch)
    watch.wait(2)
    watch.spreads()
    watch.wait(6)
    drill, real = watch.house.store.incidents.all_open()
    assert (drill.drill, real.drill) == (True, False)
    assert (drill.posts, real.posts) == (2, 1)
    handle.acknowledge(watch.house.store, real.id, watch.ana, watch.hands.now)
    drill_plans.stop(watch.house, watch.ana, watch.hands.now)
    watch.wait(15)
    kinds = sorted(line.partition(" ")[2] for line in watch.said)
    assert kinds == ["ana drill", "ana raised", "ana raised", "vera drill"]
