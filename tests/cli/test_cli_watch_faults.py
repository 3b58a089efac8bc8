"""The monitor among servers that hang, a database that is held and a disk that is full: nothing is lost."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from builders import person, source
from fakes import feed
from outside import Feeds, feeds

from crisis import wiring
from crisis.cli.watch import Monitor
from crisis.errors import StoreError
from crisis.store import Store
from crisis.types import AbsenceCalendar, Role, Source


class Hole:
    """A server that takes connections and says nothing."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self._listener.getsockname()[1]

    def close(self) -> None:
        self._listener.close()


class Place:
    """An installation with one feed, and its monitor."""

    def __init__(self, instance: Path, served: Feeds, holes: list[Hole]) -> None:
        allowed = ", ".join(
            f'"127.0.0.1:{port}"' for port in [served.port, *(h.port for h in holes)]
        )
        (instance / "settings.toml").write_text(
            f'[monitor]\nallowed_hosts = [{allowed}]\ntimeout_seconds = 60\n[matching]\nencoder = "none"\n'
        )
        self.house = wiring.house(instance, {})
        self.served = served
        self.monitor = Monitor(self.house)

    def listens_to(self, url: str, **changes: int) -> Source:
        with self.house.store.transaction():
            return self.house.store.sources.add(source(url=url, name=url, **changes))

    def taken(self, kept: Source) -> int:
        """Posts of this source that were ever taken, each counted once."""
        long_ago = self.house.now() - timedelta(days=1)
        return sum(self.house.store.sources.per_hour(kept.id, long_ago).values())

    def close(self) -> None:
        self.monitor.close()
        self.house.close()


@pytest.fixture
def holes() -> Iterator[list[Hole]]:
    made = [Hole() for _ in range(20)]
    yield made
    for hole in made:
        hole.close()


@pytest.fixture
def place(tmp_path: Path, holes: list[Hole]) -> Iterator[Place]:
    with feeds() as served:
        made = Place(tmp_path, served, holes)
        served.pages["/feed"] = feed("eins", "zwei")
        yield made
        made.close()


def test_twenty_servers_that_hang_delay_nobody_else(place: Place, holes: list[Hole]) -> None:
    for hole in holes:
        place.listens_to(f"http://127.0.0.1:{hole.port}/", failures=1)
    paper = place.listens_to(place.served.url("/feed"))
    place.monitor.step()
    place.monitor._asking[paper.id].result(timeout=20)
    place.monitor.step()
    assert place.taken(paper) == 2
    assert len(place.monitor._asking) == 8  # half of the places, and no more, are taken by those


def test_a_calendar_that_hangs_delays_nobody_and_is_given_up(
    place: Place, holes: list[Hole], monkeypatch: pytest.MonkeyPatch
) -> None:
    store, house = place.house.store, place.house
    with store.transaction():
        ana = store.people.add(person("Ana", Role.DUTY), house.now())
        held = store.oncall.put_calendar(
            AbsenceCalendar(person_id=ana.id, url=f"http://127.0.0.1:{holes[0].port}/ana.ics")
        )
    kept = place.listens_to(place.served.url("/feed"))
    begun = time.monotonic()
    while place.taken(kept) < 2:
        place.monitor.step()
        assert time.monotonic() - begun < 20
    assert store.oncall.calendar(held.id).checked is None
    monkeypatch.setattr("crisis.cli.calendars.LIMIT", timedelta(0))
    place.monitor.step()
    assert "dauert zu lange" in store.oncall.calendar(held.id).problem


def test_a_database_held_by_another_is_waited_for_and_nothing_is_lost(
    place: Place,
) -> None:
    paper = place.listens_to(place.served.url("/feed"))
    place.house.store._db.execute("pragma busy_timeout=50").fetchall()
    held = threading.Event()

    def hold() -> None:
        with Store(place.house.store.path) as other, other.transaction():
            held.set()
            time.sleep(0.4)

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait(5)
    with pytest.raises(StoreError):
        place.monitor.step(wait=True)
    holder.join()
    place.monitor.step(wait=True)
    assert place.taken(paper) == 2
    assert place.house.store.sources.get(paper.id).failures == 0


def test_a_full_disk_takes_nothing_half_and_everything_later(place: Place) -> None:
    paper = place.listens_to(place.served.url("/feed"))
    place.served.pages["/feed"] = feed(*("x" * 20_000 + str(n) for n in range(9)))
    db = place.house.store._db
    pages = db.execute("pragma page_count").fetchone()[0]
    db.execute(f"pragma max_page_count={pages + 4}").fetchall()
    with pytest.raises(StoreError):
        place.monitor.step(wait=True)
    assert place.taken(paper) == 0
    db.execute("pragma max_page_count=1000000").fetchall()
    place.monitor.step(wait=True)
    assert place.taken(paper) == 9


def test_a_monitor_that_dies_between_asking_and_keeping_asks_again(place: Place) -> None:
    paper = place.listens_to(place.served.url("/feed"))
    place.monitor._ask(place.house.now())
    place.monitor.close()
    again = Monitor(place.house)
    again.step(wait=True)
    again.step(wait=True)
    again.close()
    assert place.taken(paper) == 2
    assert place.house.store.posts.waiting() == 0


def test_a_storm_of_refusals_is_answered_by_asking_less_and_less(place: Place) -> None:
    gone = place.listens_to(place.served.url("/nothing"), interval=60)
    pauses = []
    for _ in range(3):
        with place.house.store.transaction():
            known = place.house.store.sources.get(gone.id)
            place.house.store.sources.update(replace(known, next_due=None))
        place.monitor.step(wait=True)
        kept = place.house.store.sources.get(gone.id)
        assert kept.next_due is not None
        pauses.append((kept.next_due - place.house.now()).total_seconds())
    assert pauses == sorted(pauses)
    assert pauses[-1] > 3 * pauses[0]
