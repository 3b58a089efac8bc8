"""``crisis drill``: play an exercise through the real chain, or remove every trace of it; drills of the team.

Where desk and monitor are running they play it; otherwise this command serves the local feed and steps
the monitor itself for as long as the exercise lasts.
"""

from __future__ import annotations

import http.server
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import click

from crisis import drills, wiring
from crisis.cli import drill_team
from crisis.cli.house import open_house
from crisis.cli.words import t
from crisis.types import AuditEntry, Drill
from crisis.workflows import drill as workflow

if TYPE_CHECKING:
    from crisis.cli.watch import Monitor

AFTER = 8  # seconds to let the last posts go through the chain


@click.group(
    help=t(
        "Üben: allein in einer Minute (run), oder mit dem ganzen Team (start).",
        "Practise: alone within a minute (run), or with the whole team (start).",
    )
)
def command() -> None:
    """Exercises."""


@command.command(
    help=t(
        "Die Übung starten: Nach einem Rohrbruch heißt es, das Trinkwasser sei vergiftet. Dauert"
        " etwa eine Minute; nichts verlässt diesen Rechner.",
        "Start the exercise: after a water-main burst people say the water is poisoned. Takes about"
        " a minute; nothing leaves this machine.",
    )
)
@click.option("--scenario", default=wiring.EXERCISE, show_default=True)
def run(scenario: str) -> None:
    """Start it and show what the chain makes of it."""
    house = open_house()
    script = wiring.scenario(house.settings, scenario)
    if _desk_answers(house.settings.local_url) and _monitor_runs(house):
        started = workflow.start(
            house, script, None, house.now(), base_url=house.settings.local_url
        )
        _follow(house, started, None)
    else:
        click.echo(
            t(
                "Arbeitsplatz und Beobachter laufen nicht; die Übung läuft deshalb nur hier.",
                "Desk and monitor are not running, so the exercise plays here alone.",
            )
        )
        _alone(house, script)
    click.echo(
        t(
            f"Weiter geht es auf dem Arbeitsplatz: {house.settings.base_url}/uebung\n"
            "Wegräumen: crisis drill remove",
            f"Go on at the desk: {house.settings.base_url}/uebung\nRemove it: crisis drill remove",
        )
    )


@command.command(
    help=t("Alles wegräumen, was Übungen angelegt haben.", "Remove all exercises made.")
)
def remove() -> None:
    """Remove."""
    house = open_house()
    removed = sum(workflow.remove(house, None, house.now()).values())
    click.echo(t(f"Weggeräumt: {removed} Einträge.", f"Removed: {removed} entries."))


drill_team.add_to(command)


def _alone(house: wiring.House, script: drills.Scenario) -> None:
    from crisis.cli.watch import Monitor, alone

    lock = house.settings.instance / "monitor.lock"
    with alone(lock, threading.Event()), _feed_server(house, script) as base_url:
        started = workflow.start(house, script, None, house.now(), base_url=base_url)
        monitor = Monitor(house)
        try:
            _follow(house, started, monitor)
        finally:
            monitor.close()


def _follow(house: wiring.House, started: Drill, monitor: Monitor | None) -> None:
    """Say what happens, until the exercise has been played."""
    end = started.started + timedelta(seconds=started.seconds + AFTER)
    told: set[str] = set()
    while house.now() < end:
        if monitor is not None:
            monitor.step()
        for incident in house.store.incidents.all_open(drill=True):
            for entry in house.store.audit.of_incident(incident.id):
                if entry.hash not in told:
                    told.add(entry.hash)
                    moment = entry.at.astimezone(house.terms.timezone)
                    click.echo(f"  {t('ÜBUNG', 'EXERCISE')} {moment:%H:%M:%S}  {_told(entry)}")
        time.sleep(0.5)


def _told(entry: AuditEntry) -> str:
    """What happened, in a sentence."""
    posts = entry.after.get("posts", 0)
    sentences = {
        "incident.opened": (
            "Ein Gerücht ist erkannt, ein Vorfall eröffnet.",
            "A rumour is recognised.",
        ),
        "incident.grew": (
            f"Es wird dringlicher: {posts} Beiträge.",
            f"More urgent: {posts} posts.",
        ),
        "alert.queued": ("Eine Alarm-Mail ist geschrieben.", "An alert mail is written."),
        "alert.sent": ("Sie liegt im Postausgang.", "It lies in the outbox."),
        "alert.nobody": ("Niemand ist da, der alarmiert werden kann.", "Nobody can be alerted."),
        "incident.acknowledged": ("Jemand hat übernommen.", "Somebody has taken it."),
        "response.released": (
            "Die Richtigstellung ist freigegeben.",
            "The correction is released.",
        ),
    }
    return t(*sentences.get(entry.action, (entry.action, entry.action)))


@contextmanager
def _feed_server(house: wiring.House, script: drills.Scenario) -> Iterator[str]:
    """The local feed, served from here on a free port of this machine."""

    class Feed(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            with wiring.open_store(house.settings) as store:
                token = self.path.removeprefix(wiring.FEED_PATH).removesuffix(".xml")
                found = store.drills.by_token(token)
            if found is None:
                self.send_error(404)
                return
            body = drills.feed(script, found, wiring.now())
            self.send_response(200)
            self.send_header("Content-Type", "application/rss+xml; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Quiet: the console tells the story of the exercise."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Feed) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()


def _desk_answers(url: str) -> bool:
    with suppress(OSError, urllib.error.URLError):
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(f"{url}/healthz", timeout=2) as answer:
            return bool(answer.status == 200)
    return False


def _monitor_runs(house: wiring.House) -> bool:
    beat = house.store.facts.get("monitor.heartbeat")
    return bool(beat) and house.now() - datetime.fromisoformat(beat) < timedelta(seconds=30)
