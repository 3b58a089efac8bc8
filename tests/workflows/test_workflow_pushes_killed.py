"""Desk and monitor are killed (SIGKILL) at every moment while posts are pushed: by programs, and by a hub.

A moment is any one right before or right after a commit, and the one between our commit and our answer.
Whoever pushes behaves as the protocols ask: what was not acknowledged is pushed again, what was is not. So
nothing that was acknowledged may be lost, and nothing counted twice. Streams: ``listen_killed``.
"""

from __future__ import annotations

import hmac
import json
import os
import signal
from collections.abc import Callable
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

import pytest
from builders import FEED_IN_SCOPE, source
from killed import dying
from town import Town

from crisis.sources import hub
from crisis.store import Store
from crisis.types import HubLease, Person, Role, Scope
from crisis.workflows import hear_hub, push, triage

CALLBACKS = hub.Callbacks(b"k" * 32, "https://klar.example")
TOPIC = "https://blatt.example/feed"
SAID = ("Guten Morgen", "#wasser vergiftet!", "Markt verlegt", "#wasser ist schlecht", "Gute Nacht")
LOTS = (SAID[:2], SAID[2:4], SAID[4:])  # requests


def _handed(store: Store, number: int) -> bool:
    """A program hands in one lot; whether it was acknowledged."""
    body = "\n".join(json.dumps({"id": text, "text": text}) for text in LOTS[number])
    answer = push.take(
        store,
        store.tokens.get(1),
        body.encode(),
        "application/x-ndjson",
        Town.now,
        key=f"request-{number}",
        per_minute=100,
    )
    # Asked again it is answered as the first time, whether or not we lived to say so.
    assert (answer.status, json.loads(answer.reply)["taken"]) == (202, len(LOTS[number]))
    return True


def _pushed(store: Store, number: int) -> bool:
    """A hub pushes one lot; whether it was acknowledged."""
    items = "".join(
        f"<item><guid isPermaLink='false'>{text}</guid><title>{text}</title></item>"
        for text in LOTS[number]
    )
    body = f"<rss version='2.0'><channel><title>B</title>{items}</channel></rss>".encode()
    lease = store.hubs.get(1)
    signed = hmac.new(CALLBACKS.secret(lease).encode(), body, "sha256").hexdigest()
    house = replace(Town(store, joined=True).house, callbacks=CALLBACKS)
    hear_hub.take(house, lease, body, "application/rss+xml", f"sha256={signed}", Town.now)
    return True


WAYS: dict[str, Callable[[Store, int], bool]] = {"a program": _handed, "a hub": _pushed}


def _live(path: str, way: str, acknowledged: str, die_at: int) -> None:
    """One life: take what is pushed, triage, until everything is done, or until the given moment."""
    moment = dying(die_at)
    town = Town(Store(Path(path)), joined=True)
    town.store.posts.give_back("monitor:")
    for number in range(len(LOTS)):
        mark = Path(acknowledged) / str(number)
        if not mark.exists() and WAYS[way](town.store, number):
            moment()  # between our commit and our answer
            mark.touch()
        while triage.triage(town.house, f"monitor:{os.getpid()}", town.now, limit=1):
            pass
    town.store.close()


# Newer Pythons warn of forking beside threads; the child uses nothing of theirs.
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
@pytest.mark.parametrize("first", [1, 2, 3])
@pytest.mark.parametrize("way", list(WAYS))
def test_killed_at_any_moment_what_was_acknowledged_is_there_once(
    tmp_path: Path, way: str, first: int
) -> None:
    path, acknowledged = tmp_path / "crisis.db", tmp_path / "acknowledged"
    acknowledged.mkdir()
    with Store(path) as store:
        Town(store)
        chief = Person(id=1, name="Ana", email="a@x.example", roles=frozenset({Role.ADMIN}))
        push.make(
            store, "Lauscher", Scope.POSTS, 30, chief, Town.now, lang="de", confirmed=FEED_IN_SCOPE
        )
        with store.transaction():
            feed = store.sources.add(source(url=TOPIC))
            store.hubs.add(
                HubLease(source_id=feed.id, hub="h", topic=TOPIC, nonce="n", next_due=Town.now)
            )
        one = feed.id if way == "a hub" else store.tokens.get(1).source_id
    assert one is not None
    deaths = 0
    # Three tests share the moments; each life dies a little later than the one before.
    for die_at in (*range(first, 60, 3), 0):
        child = get_context("fork").Process(
            target=_live, args=(str(path), way, str(acknowledged), die_at)
        )
        child.start()
        child.join(30)
        assert child.exitcode in (0, -signal.SIGKILL)
        if child.exitcode == 0:
            break
        deaths += 1
    assert deaths >= 3
    assert len(list(acknowledged.iterdir())) == len(LOTS)
    with Store(path) as store:
        assert set(store.posts.known(one, SAID)) == set(SAID)
        (incident,) = store.incidents.all_open()
        assert store.sightings.count_of_incident(incident.id) == 2
        assert store.incidents.spread(incident.id, Town.now).posts == 2
        assert store.posts.waiting() == 0
        hours = store.sources.per_hour(one, Town.now.replace(year=2020))
        assert sum(hours.values()) == len(SAID)
        assert len(store.alerts.of_incident(incident.id)) <= 1
