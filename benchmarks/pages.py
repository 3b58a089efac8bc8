"""How fast the desk's pages are when it is full: real gunicorn, real requests, a made-up town.

``python -m benchmarks.pages [INSTANCE] [--rate 20] [--seconds 60]``. Without an instance a large one is made
in a folder that goes away again (half a minute). Every page in turn, at a steady rate that does not wait for
answers, as people do not either. Not run by the tests.
"""

from __future__ import annotations

import argparse
import http.client
import os
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode

from argon2 import PasswordHasher

from crisis.lists import Wish
from crisis.store import Store
from crisis.types import Person, Role

PASSWORD = "ein langes Passwort nur zum Messen"
EMAIL = "messung@musterstadt.example"


def furnished(instance: Path) -> None:
    """A desk with a large made-up town."""
    for words in (["init"], ["demo", "--size", "large"]):
        subprocess.run(
            [sys.executable, "-m", "crisis", *words],
            env={**os.environ, "CRISIS_INSTANCE": str(instance)},
            check=True,
            capture_output=True,
        )


def joined(store: Store) -> None:
    """Somebody with every role, who can sign in."""
    with store.transaction():
        person = store.people.by_email(EMAIL) or store.people.add(
            Person(name="Messung", email=EMAIL, roles=frozenset(Role)), datetime.now(UTC)
        )
        store.people.set_password(person.id, PasswordHasher().hash(PASSWORD))


def pages(store: Store) -> list[str]:
    """What is asked for: every kind of page, lists with search, filters and a late page."""
    lines = store.lists.incidents(Wish(sort="beitraege", down=True)).rows
    ordinary = store.lists.incidents(Wish(sort="eroeffnet", down=True)).rows[-1].incident
    answer = store.lists.responses(Wish(sort="neu")).rows[0].response
    late = Wish(sort="zeit", down=True, filters={})
    for _ in range(20):
        piece = store.lists.audit(late)
        late = Wish(sort="zeit", down=True, cursor=piece.after)
    assert late.cursor is not None
    return [
        "/",
        "/vorfaelle/",
        "/vorfaelle/?suche=trinkwasser",
        "/vorfaelle/?sort=faellig",
        "/vorfaelle/?stand=closed&sort=-beitraege",
        f"/vorfaelle/{ordinary.id}",
        f"/vorfaelle/{lines[0].incident.id}",
        f"/vorfaelle/{lines[0].incident.id}/abspalten",
        f"/bericht/vorfall/{lines[0].incident.id}",
        "/bericht/?stunden=72",
        "/lage/wand",
        "/uebergabe/",
        "/vorschlaege/",
        "/geruechte/",
        "/geruechte/?hinweis=no-playbook",
        f"/geruechte/{ordinary.rumour_id}",
        f"/geruechte/{ordinary.rumour_id}/zusammenlegen",
        "/playbooks/",
        "/antworten/",
        f"/antworten/{answer.id}",
        "/kennzahlen/",
        "/kennzahlen/?zeitraum=365",
        "/quellen/",
        "/abgleich/",
        "/abgleich/schwellen",
        "/abgleich/schwellen?nach=schwellen&melden=0,5&vorschlagen=0,2&tage=90",
        "/postausgang/",
        "/postausgang/?suche=strom",
        "/protokoll/",
        f"/protokoll/?{urlencode({'ab': late.cursor.text()})}",
        "/protokoll/?handlung=incident.closed",
        "/personen/",
        "/dienstplan/",
        "/dienstplan/probe",
        "/dienstplan/regeln",
        "/playbooks/pruefung",
        "/geruechte/faktenchecks/",
        "/verteiler/",
        "/erste-schritte/",
        "/suche/?q=trinkwasser",
        "/suche/?q=stimmt&art=post",
        "/klarstellungen/",
    ]


@contextmanager
def served(instance: Path) -> Iterator[tuple[int, int]]:
    """The desk under gunicorn with two workers; yields its port and its process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [
            *(sys.executable, "-m", "gunicorn", "wsgi:app", "--workers", "2", "--threads", "4"),
            *("--bind", f"127.0.0.1:{port}", "--log-level", "error"),
        ],
        env={**os.environ, "CRISIS_INSTANCE": str(instance)},
    )
    try:
        for _ in range(200):
            try:
                http.client.HTTPConnection("127.0.0.1", port, timeout=5).request("GET", "/anmelden")
                break
            except OSError:
                time.sleep(0.1)
        yield port, server.pid
    finally:
        server.terminate()
        server.wait()


def signed_in(port: int) -> str:
    """The cookie of a session."""
    here = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    here.request("GET", "/anmelden")
    answer = here.getresponse()
    token = re.search(rb'csrf_token" value="([^"]+)', answer.read())
    assert token is not None
    cookie = str(answer.headers["Set-Cookie"]).partition(";")[0]
    form = urlencode({"csrf_token": token[1].decode(), "email": EMAIL, "password": PASSWORD})
    kind = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie}
    here.request("POST", "/anmelden", form, kind)
    answer = here.getresponse()
    assert answer.status == 302, answer.status
    return str(answer.headers["Set-Cookie"]).partition(";")[0]


def asked(port: int, cookie: str, path: str, took: dict[str, list[float]]) -> None:
    """One request, and how long it took in milliseconds."""
    start = time.perf_counter()
    here = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    here.request("GET", path, headers={"Cookie": cookie})
    answer = here.getresponse()
    answer.read()
    here.close()
    assert answer.status == 200, (path, answer.status)
    took[path].append(1000 * (time.perf_counter() - start))


def processor(parent: int) -> float:
    """Seconds of the processor that this process's children have used (Linux)."""
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parts = stat.read_text().rpartition(")")[2].split()
        except OSError:  # it has just ended
            continue
        if int(parts[1]) == parent:
            ticks += int(parts[11]) + int(parts[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def measured(
    port: int, server: int, paths: list[str], rate: float, seconds: float
) -> tuple[dict[str, list[float]], float]:
    """Every page in turn, ``rate`` requests a second, whether or not earlier ones are answered.

    How long each took in milliseconds, and the processor's milliseconds a request.
    """
    cookie = signed_in(port)
    took: dict[str, list[float]] = {path: [] for path in paths}
    for path in paths * 2:  # both workers have loaded what they need
        asked(port, cookie, path, {p: [] for p in paths})
    running, used = [], processor(server)
    begin = time.perf_counter()
    for number in range(int(rate * seconds)):
        time.sleep(max(0.0, begin + number / rate - time.perf_counter()))
        thread = threading.Thread(
            target=asked, args=(port, cookie, paths[number % len(paths)], took)
        )
        thread.start()
        running.append(thread)
    for thread in running:
        thread.join()
    count = sum(len(values) for values in took.values())
    return took, 1000 * (processor(server) - used) / count


def at(share: float, values: list[float]) -> float:
    """The value below which this share of them lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("instance", type=Path, nargs="?")
    words.add_argument("--rate", type=float, default=20)
    words.add_argument("--seconds", type=float, default=60)
    given = words.parse_args()
    with tempfile.TemporaryDirectory() as place:
        instance = given.instance or Path(place) / "instance"
        if given.instance is None:
            furnished(instance)
        with Store(instance / "crisis.db") as store:
            joined(store)
            paths = pages(store)
        with served(instance) as (port, server):
            took, used = measured(port, server, paths, given.rate, given.seconds)
    every = [value for values in took.values() for value in values]
    print("| page | median | p95 |\n|---|---:|---:|")
    for path, values in took.items():
        print(f"| `{path[:60]}` | {at(0.5, values):.0f} ms | {at(0.95, values):.0f} ms |")
    print(f"| all {len(every)} requests | {at(0.5, every):.0f} ms | {at(0.95, every):.0f} ms |")
    print(f"\nProcessor: {used:.0f} ms a request; load of the machine {os.getloadavg()[0]:.1f}.")


if __name__ == "__main__":
    main()
