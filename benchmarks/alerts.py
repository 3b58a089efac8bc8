"""How soon an alert is with the mail server: one incident after the other, and a thousand at once.

``python -m benchmarks.alerts [--incidents 60] [--storm 1000]``. A real installation in a temporary folder,
the real monitor on one core, and a real SMTP server (aiosmtpd) in a process of its own that notes when it had
the whole mail. Not run by the tests.

1. Incidents are committed at random moments by another connection, as the desk does; from the commit to the
   mail server's "accepted".
2. A thousand at once to one person, a fifth of them urgent: with bundles as they are, and with bundling off,
   so that every incident is a mail of its own.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import replace
from pathlib import Path
from statistics import median

from crisis import wiring
from crisis.cli.watch import Monitor
from crisis.interfaces import House
from crisis.types import AlertKind, Incident, Person, Role, Rumour, Severity
from crisis.workflows import tell

_SERVER = """
import asyncio, json, sys, time
from aiosmtpd.controller import Controller

class Counter:
    async def handle_DATA(self, server, session, envelope):
        head = envelope.content.partition(b"\\r\\n\\r\\n")[0]
        found = [l for l in head.split(b"\\r\\n") if l.lower().startswith(b"message-id:")]
        said = {"id": found[0].split(b":", 1)[1].strip().decode(), "at": time.time()}
        print(json.dumps(said), flush=True)
        return "250 accepted"

class Office(Controller):
    def _trigger_server(self):
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()

office = Office(Counter(), hostname="127.0.0.1", port=0)
office.start()
print(json.dumps({"port": office.port}), flush=True)
sys.stdin.read()
office.stop(no_assert=True)
"""


class Office:
    """The mail server: when it had which mail."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", _SERVER],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        self.port = int(json.loads(self._process.stdout.readline())["port"])
        self.arrived: dict[str, float] = {}
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            said = json.loads(line)
            self.arrived[said["id"]] = said["at"]

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(10)
        self._reader.join(5)


def furnished(folder: Path, port: int, rumours: int, **environ: str) -> wiring.House:
    """An installation with somebody on duty and a catalogue."""
    house = wiring.house(
        folder,
        {
            "CRISIS_MAIL_HOST": "127.0.0.1",
            "CRISIS_MAIL_PORT": str(port),
            "CRISIS_MAIL_SECURITY": "none",
            "CRISIS_MAIL_SENDER": "klarstellung@musterstadt.example",
            "CRISIS_MATCHING_ENCODER": "none",
            **environ,
        },
    )
    store, now = house.store, wiring.now()
    with store.transaction():
        for name in ("Ana", "Eve"):
            store.people.add(
                Person(name=name, email=f"{name}@x.example", roles=frozenset({Role.DUTY})), now
            )
        for number in range(rumours):
            text = f"Im Bezirk {number} ist das Trinkwasser vergiftet."
            store.rumours.put(Rumour(id=f"g{number}", text=text, lang="de"), now)
    return house


def opened(house: House, number: int, level: Severity) -> str:
    """An incident and its call, in one transaction; the mail's Message-ID."""
    store, now = house.store, wiring.now()
    drawer = tell.drawer(house)
    with store.transaction():
        made = store.incidents.open(
            Incident(rumour_id=f"g{number}", opened=now, updated=now, severity=level, posts=1)
        )
        spread = store.incidents.spread(made.id, now)
        alert = tell.tell(house, made, AlertKind.RAISED, spread, drawer, now)
    assert alert is not None
    return alert.message_id


def one_by_one(count: int) -> list[float]:
    """Seconds from the commit to the mail server, in order."""
    office = Office()
    with tempfile.TemporaryDirectory() as folder:
        # Ana takes each call alone: this is about the way, not about what a person can bear.
        free = {"CRISIS_ALERTS_MOST_MAILS": "1000", "CRISIS_ALERTS_TOGETHER_FROM": "100"}
        house = furnished(Path(folder), office.port, count, **free)
        stop = threading.Event()

        def watch() -> None:
            own = wiring.house(Path(folder), {}, settings=house.settings)
            monitor = Monitor(own)
            monitor.run(stop)
            monitor.close()
            own.close()

        thread = threading.Thread(target=watch)
        thread.start()
        time.sleep(2)
        committed: dict[str, float] = {}
        for number in range(count):
            time.sleep(random.uniform(0.1, 2.0))
            mail = opened(house, number, Severity.URGENT)
            committed[mail] = time.time()
        time.sleep(5)
        stop.set()
        thread.join(20)
        house.close()
    office.close()
    return sorted(office.arrived[mail] - at for mail, at in committed.items())


def storm(count: int, *, bundled: bool) -> dict[str, float]:
    """A thousand are there when the monitor looks; seconds until the mail server had them."""
    office = Office()
    with tempfile.TemporaryDirectory() as folder:
        free = {"CRISIS_ALERTS_MOST_MAILS": "1000", "CRISIS_ALERTS_TOGETHER_FROM": "100"}
        house = furnished(Path(folder), office.port, count, **({} if bundled else free))
        if not bundled:
            house = replace(
                house, terms=replace(house.terms, together_from=10**9, most_mails=10**9)
            )
        began = time.process_time()
        urgent = {}
        for number in range(count):
            level = Severity.URGENT if number % 5 == 0 else Severity.ELEVATED
            mail = opened(house, number, level)
            if level is Severity.URGENT:
                urgent[mail] = number
        committing = time.process_time() - began
        monitor = Monitor(house)
        started, worked = time.time(), time.process_time()
        while house.store.alerts.is_due(wiring.now()):
            monitor.step()
        worked = time.process_time() - worked
        time.sleep(1)
        monitor.close()
        house.close()
    office.close()
    first = [office.arrived[mail] for mail in urgent if mail in office.arrived]
    last = max(first or office.arrived.values()) - started
    return {
        "mails": len(office.arrived),
        "last urgent one, s": round(last, 2),
        "last of all, s": round(max(office.arrived.values()) - started, 2),
        "processor of the monitor, s": round(worked, 2),
        "processor of committing, s": round(committing, 2),
    }


def main() -> None:
    """Run both and print what came of it."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--incidents", type=int, default=60)
    asked.add_argument("--storm", type=int, default=1000)
    given = asked.parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    waits = one_by_one(given.incidents)
    place = max(0, round(0.95 * len(waits)) - 1)
    print(
        f"one by one: median {median(waits):.2f} s, p95 {waits[place]:.2f} s, most {waits[-1]:.2f} s"
    )
    print(f"storm of {given.storm}, bundled: {storm(given.storm, bundled=True)}")
    print(f"storm of {given.storm}, one mail each: {storm(given.storm, bundled=False)}")
    print("load", " ".join(f"{value:.1f}" for value in os.getloadavg()))


if __name__ == "__main__":
    main()
