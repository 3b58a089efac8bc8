"""Whoever hears a stream is killed (SIGKILL) at every moment, once each: nothing is lost, nothing doubled.

A moment is any one right before or right after a commit. The stream is a real WebSocket that goes on from the
cursor it is asked for, and the database is on disk. Events lie ten seconds apart, so that the few seconds
that are heard again after a break cannot hide a loss.
"""

from __future__ import annotations

import os
import signal
import time
from multiprocessing import get_context
from pathlib import Path

import pytest
from builders import source
from killed import dying
from town import Town
from upstream import Jetstream

from crisis.sources import read
from crisis.sources.follow import Streams
from crisis.store import Store
from crisis.types import SourceKind
from crisis.workflows import listen, triage

START = 1_700_000_000_000_000
APART = 10_000_000  # microseconds
SAID = ("Guten Morgen", "#wasser vergiftet!", "Markt verlegt", "#wasser ist schlecht", "Gute Nacht")


def _live(path: str, place: str, die_at: int) -> None:
    """One life: hear, write down, triage, until everything is done, or until the given moment."""
    dying(die_at)
    town = Town(Store(Path(path)), joined=True)
    town.store.posts.give_back("monitor:")
    streams = Streams(
        lambda fetched, kind: read(kind, fetched.body), allowed_hosts=(place,), pauses=(0.01,)
    )
    (one,) = town.store.sources.all()
    done, until = str(START + APART * (len(SAID) - 1)), time.monotonic() + 20
    while time.monotonic() < until:
        streams.follow(town.store.sources.all())
        for heard in streams.heard(2):  # in small lots, so that there are many moments
            listen.keep(town.house, heard, town.now)
        busy = triage.triage(town.house, f"monitor:{os.getpid()}", town.now)
        if not busy and town.store.sources.get(one.id).cursor == done:
            break
        time.sleep(0.002)
    streams.close()
    town.store.close()


# Newer Pythons warn of forking beside threads; the child uses nothing of theirs.
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
@pytest.mark.parametrize("first", [1, 2, 3, 4])
def test_killed_at_any_moment_nothing_is_lost_and_nothing_doubled(
    tmp_path: Path, first: int
) -> None:
    path = tmp_path / "crisis.db"
    upstream = Jetstream()
    for number, text in enumerate(SAID):
        upstream.say(START + APART * number, text)
    with Store(path) as store:
        Town(store)
        with store.transaction():
            store.sources.add(
                source(url=upstream.url, kind=SourceKind.JETSTREAM, cursor=str(START))
            )
    deaths = 0
    try:
        # Four tests share the moments; each life dies a little later than the one before.
        for die_at in (*range(first, 40, 4), 0):
            child = get_context("fork").Process(
                target=_live, args=(str(path), upstream.place, die_at)
            )
            child.start()
            child.join(30)
            assert child.exitcode in (0, -signal.SIGKILL)
            if child.exitcode == 0:
                break
            deaths += 1
    finally:
        upstream.close()
    assert deaths
    with Store(path) as store:
        (one,) = store.sources.all()
        keys = [f"did:plc:ana/r{START + APART * number}" for number in range(len(SAID))]
        assert set(store.posts.known(one.id, keys)) == set(keys)
        (incident,) = store.incidents.all_open()
        assert store.sightings.count_of_incident(incident.id) == 2
        assert store.posts.waiting() == 0
        hours = store.sources.per_hour(one.id, Town.now.replace(year=2020))
        assert sum(hours.values()) == len(SAID)
        assert len(store.alerts.of_incident(incident.id)) <= 1
