"""How long from a post handed in by another program to the alert in the mail server, under 500 posts/s.

    .venv/bin/python -m benchmarks.push_delay [SECONDS] [POSTS_PER_SECOND]

The real processes: gunicorn with one worker, the monitor, a mail server, and a tool that hands in everyday
posts all the time; every third second one of them carries a rumour that nobody has met yet. The delay runs
from right before that request to the moment the mail server has the alert.
"""

from __future__ import annotations

import http.client
import json
import os
import quopri
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from aiosmtpd.controller import Controller

from crisis import scope, wiring
from crisis.cli.run import answers, desk_command
from crisis.settings import load
from crisis.types import Person, Role, Rumour, RumourStatus, Scope, SourceKind
from crisis.workflows import push

IN_SCOPE = [one.code for one in scope.of_source(SourceKind.PUSH)]

THINGS = [
    "Talsperre",
    "Bahnhofsuhr",
    "Stadthalle",
    "Bibliothek",
    "Schwimmhalle",
    "Feuerwache",
    "Seilbahn",
    "Sternwarte",
    "Messehalle",
    "Promenade",
    "Zahnradbahn",
    "Sporthalle",
]
MOST = 500  # posts of one request: what a tool sends that has fallen behind
EVERY = 3.0  # seconds between two rumours
WORDS = [
    "Kuchen",
    "Lied",
    "Bild",
    "Pokal",
    "Fahrrad",
    "Buch",
    "Tomate",
    "Walzer",
    "Gedicht",
    "Teppich",
    "Garten",
    "Chor",
    "Markt",
]


class Box:
    """Notes when each mail came."""

    def __init__(self) -> None:
        self.came: list[tuple[float, str]] = []

    async def handle_DATA(  # noqa: N802 - aiosmtpd calls it so
        self, server: object, session: object, envelope: object
    ) -> str:
        """Take it."""
        text = envelope.original_content.decode("utf-8", "replace")  # type: ignore[attr-defined]
        self.came.append((time.monotonic(), text.replace("=\r\n", "")))
        return "250 OK"


def claim(thing: str) -> str:
    """A rumour about this thing."""
    return f"Die {thing} wurde heimlich an ausländische Investoren verkauft und schließt für immer."


def main() -> None:
    """Set up, hand in, print."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 33
    rate = int(sys.argv[2]) if len(sys.argv) > 2 else 500
    box = Box()
    mail = Controller(box, hostname="127.0.0.1", port=8927)
    mail.start()
    with tempfile.TemporaryDirectory() as folder:
        instance = Path(folder)
        (instance / "settings.toml").write_text(
            "[desk]\nport = 8928\nworkers = 1\n[mail]\nhost = '127.0.0.1'\nport = 8927\n"
            "security = 'none'\nsender = 'alarm@x.example'\n[matching]\nencoder = 'none'\n"
        )
        secret = _furnish(instance)
        environ = {**os.environ, "CRISIS_INSTANCE": folder, "PYTHONUNBUFFERED": "1"}
        commands = [
            desk_command(load(instance, {})),
            (sys.executable, "-m", "crisis", "watch"),
        ]
        running = [
            subprocess.Popen(command, env=environ, stdout=subprocess.DEVNULL)
            for command in commands
        ]
        try:
            while not answers("127.0.0.1", 8928):
                time.sleep(0.2)
            time.sleep(8)  # the monitor reads its model
            sent = _hand_in(secret, seconds, rate)
            time.sleep(15)
        finally:
            for process in running:
                process.terminate()
            for process in running:
                process.wait()
    mail.stop()
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(f"desk and monitor: {used.ru_utime + used.ru_stime:.1f} s of processor in all")
    _say(sent, box, rate)


def _furnish(instance: Path) -> str:
    with wiring.open_store(load(instance, {})) as store:
        now = wiring.now()
        with store.transaction():
            store.people.add(
                Person(name="Ana", email="ana@x.example", roles=frozenset({Role.DUTY})), now
            )
            for thing in THINGS:
                store.rumours.put(
                    Rumour(
                        id=thing.lower().replace("ä", "ae"),
                        text=claim(thing),
                        status=RumourStatus.FALSE,
                        lang="de",
                    ),
                    now,
                )
        return push.make(store, "Ohr", Scope.POSTS, 30, None, now, lang="de", confirmed=IN_SCOPE)[1]


def _hand_in(secret: str, seconds: float, rate: int) -> dict[str, float]:
    """Batches of a tenth of a second; says when each rumour went."""
    chance = random.Random(7)
    line = http.client.HTTPConnection("127.0.0.1", 8928)
    began, number = time.monotonic(), 0
    sent: dict[str, float] = {}
    took: list[float] = []
    left = list(THINGS)
    while (at := time.monotonic() - began) < seconds:
        rows = []
        while number < (at + 0.1) * rate and len(rows) < MOST:
            text = f"Heute {chance.choice(WORDS)} und {chance.choice(WORDS)} Nummer {number}"
            rows.append({"id": number, "text": text})
            number += 1
        before = time.monotonic()
        if left and at > EVERY * (len(sent) + 1):
            sent[left[0]] = before
            rows.append({"id": f"r{number}", "text": claim(left.pop(0))})
        line.request(
            "POST",
            "/api/posts",
            json.dumps(rows),
            {"Authorization": f"Bearer {secret}", "Content-Type": "application/json"},
        )
        answer = line.getresponse()
        text = answer.read().decode()
        if answer.status != 202:
            raise SystemExit(f"{answer.status} {text}")
        took.append(time.monotonic() - before)
        time.sleep(max(0.0, 0.1 - took[-1]))
    took.sort()
    print(
        f"{number} posts in {time.monotonic() - began:.1f} s; a request took"
        f" {took[len(took) // 2] * 1000:.0f} ms in the median,"
        f" {took[int(len(took) * 0.95)] * 1000:.0f} ms at p95"
    )
    return sent


def _say(sent: dict[str, float], box: Box, rate: int) -> None:
    delays = sorted(
        min(came for came, text in box.came if came > went and thing in _plain(text)) - went
        for thing, went in sent.items()
        if any(came > went and thing in _plain(text) for came, text in box.came)
    )
    if not delays:
        raise SystemExit(f"no alert came for {len(sent)} rumours")
    print(
        f"{rate} posts/s: {len(delays)} of {len(sent)} alerts; from the request to the mail server"
        f" {delays[len(delays) // 2]:.2f} s in the median, {delays[int(len(delays) * 0.95)]:.2f} s at p95,"
        f" {delays[-1]:.2f} s at most"
    )


def _plain(text: str) -> str:
    """A mail's text without its transfer encoding, near enough to find a word in it."""
    return quopri.decodestring(text.encode()).decode("utf-8", "replace")


if __name__ == "__main__":
    main()
