"""The commands that work on an installation: sources, people, audit, drill and the monitor."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from fakes import feed
from outside import Feeds, feeds, free_port

from crisis import wiring
from crisis.cli import main
from crisis.types import IncidentState

SCENARIO = """---
titel: Kurze Übung
sprache: de
geruecht: trinkwasser-vergiftet
playbook: trinkwasser
dauer_sekunden: 1
beitraege:
  - {nach: 0, von: Mia, text: "Heute Flohmarkt am Rathaus"}
  - {nach: 0, von: Ole, text: "Leute, trinkt bloß kein Leitungswasser mehr, da ist Gift drin!!"}
---
Kurz.
"""


class Town:
    """An installation and its command line."""

    def __init__(self, folder: Path, served: Feeds) -> None:
        self.instance = folder / "instance"
        self.instance.mkdir()
        books = folder / "playbooks"
        (books / "uebungen").mkdir(parents=True)
        shipped = Path(__file__).parents[2] / "playbooks"
        shutil.copy(shipped / "trinkwasser.md", books)
        shutil.copytree(shipped / "bausteine", books / "bausteine")
        (books / "uebungen" / "trinkwasser.md").write_text(SCENARIO, "utf-8")
        (self.instance / "settings.toml").write_text(
            f'[desk]\nport = {free_port()}\n[monitor]\nallowed_hosts = ["127.0.0.1:{served.port}"]\n'
            "step_seconds = 1\n"
        )
        self.environment = {
            "CRISIS_INSTANCE": str(self.instance),
            "CRISIS_PLAYBOOKS_FOLDER": str(books),
            "CRISIS_LANG": "de",
        }
        self.opened: list[wiring.House] = []
        self.runs("init")

    def runs(self, *words: str, code: int = 0, **more: Any) -> Result:
        result = CliRunner().invoke(main, words, env=self.environment, **more)
        assert result.exit_code == code, result.output
        return result

    def house(self) -> wiring.House:
        opened = wiring.house(self.instance, self.environment)
        self.opened.append(opened)
        return opened


@pytest.fixture
def served() -> Iterator[Feeds]:
    with feeds() as outside:
        yield outside


@pytest.fixture
def town(tmp_path: Path, served: Feeds) -> Iterator[Town]:
    made = Town(tmp_path, served)
    yield made
    for house in made.opened:
        house.close()


class TestSources:
    def test_a_source_is_tried_and_shown_before_it_is_kept(self, town: Town, served: Feeds) -> None:
        assert "Noch keine Quelle" in town.runs("sources", "list").output
        served.pages["/rss"] = feed("Guten Morgen", "Markt am Samstag")
        url = served.url("/rss")
        refused = town.runs("sources", "add", url, input="n\n").output
        assert "Markt am Samstag" in refused and "Nichts aufgenommen" in refused
        assert town.house().store.sources.all() == []
        town.runs(
            "sources", "add", url, "--name", "Stadt", "--interval", "60", "--yes", "--in-scope"
        )
        assert "schon in der Liste" in town.runs("sources", "add", url, "--yes", code=1).output
        assert "noch nicht gefragt" in town.runs("sources", "list").output

    def test_what_is_no_feed_is_refused_and_nothing_kept(self, town: Town, served: Feeds) -> None:
        served.pages["/html"] = b"<!doctype html><html><body>Hallo</body></html>"
        for path in ("/html", "/nichts"):
            said = town.runs("sources", "add", served.url(path), "--yes", code=1).output
            assert said.startswith("Fehler: ")
        assert town.house().store.sources.all() == []

    def test_pausing_resuming_and_removing(self, town: Town, served: Feeds) -> None:
        served.pages["/rss"] = feed("Guten Morgen")
        town.runs("sources", "add", served.url("/rss"), "--yes", "--in-scope")
        town.runs("sources", "pause", "1")
        assert "pausiert" in town.runs("sources", "list").output
        town.runs("sources", "resume", "1")
        town.runs("watch", "--once")
        assert "in Ordnung" in town.runs("sources", "list").output
        served.pages.clear()
        town.runs("sources", "pause", "1")
        town.runs("sources", "resume", "1")
        town.runs("watch", "--once")
        assert "Fehler: " in town.runs("sources", "list").output
        town.runs("sources", "remove", "1", input="n\n")
        assert town.house().store.sources.all()
        town.runs("sources", "remove", "1", "--yes")
        assert town.house().store.sources.all() == []
        assert "Fehler" in town.runs("sources", "pause", "9", code=1).output


class TestPeople:
    def test_somebody_is_invited_and_put_on_call(self, town: Town) -> None:
        assert "Niemand" in town.runs("people", "on-call").output
        link = town.runs("people", "invite", "ana@stadt.example", "--name", "Ana").output
        assert "/einladung/" in link
        assert "Ana" in town.runs("people", "list").output
        shift = ("2030-03-31T00:00", "2030-03-31T06:00")  # the night on which an hour is missing
        town.runs("people", "on-call", "ana@stadt.example", *shift)
        [kept] = town.house().store.people.shifts(town.house().now())
        assert (kept.end - kept.start).total_seconds() == 5 * 3600
        assert "Ana" in town.runs("people", "on-call").output
        assert link != town.runs("people", "reset", "ana@stadt.example").output

    def test_mistakes_are_said_in_a_sentence(self, town: Town) -> None:
        town.runs("people", "invite", "ana@stadt.example")
        for words, code in (
            (("people", "invite", "ana@stadt.example"), 1),
            (("people", "invite", "keine-adresse"), 1),
            (("people", "reset", "wer@stadt.example"), 1),
            (("people", "on-call", "ana@stadt.example", "morgen", "später"), 1),
            (("people", "on-call", "ana@stadt.example"), 2),
        ):
            assert town.runs(*words, code=code).output


class TestAudit:
    def test_a_whole_chain_and_a_broken_one(self, town: Town) -> None:
        assert "unversehrt" in town.runs("audit", "verify").output
        lines = town.runs("audit", "show", "--limit", "3").output.splitlines()
        assert len(lines) == 3 and json.loads(lines[0])["action"].startswith("rumour.")
        store = town.house().store
        store._db.execute("update audit set actor = 'person:1' where id = 2")
        assert "ab Eintrag 2 gebrochen" in town.runs("audit", "verify", code=1).output


class TestDrill:
    def test_it_plays_alone_and_is_removed_again(self, town: Town) -> None:
        said = town.runs("drill", "run").output
        assert "ein Vorfall eröffnet" in said
        [incident] = town.house().store.incidents.all_open()
        assert incident.drill and incident.state is IncidentState.NEW
        assert "Weggeräumt" in town.runs("drill", "remove").output
        assert town.house().store.incidents.all_open() == []
        assert "Fehler" in town.runs("drill", "run", "--scenario", "gibtsnicht", code=1).output


def test_a_second_monitor_waits_until_the_first_is_gone(town: Town, tmp_path: Path) -> None:
    environment = {**os.environ, **town.environment, "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "crisis", "watch"]

    def starts(name: str) -> subprocess.Popen[str]:
        with (tmp_path / name).open("w") as log:
            return subprocess.Popen(command, env=environment, stdout=log, stderr=log, text=True)

    def beats() -> str:
        return town.house().store.facts.get("monitor.heartbeat")

    first = starts("first")
    try:
        end = time.monotonic() + 30
        while not beats() and time.monotonic() < end:
            time.sleep(0.1)
        second = starts("second")
        try:
            while "wartet" not in (tmp_path / "second").read_text() and time.monotonic() < end:
                time.sleep(0.1)
            assert "wartet" in (tmp_path / "second").read_text()
            first.send_signal(signal.SIGTERM)
            assert first.wait(20) == 0
            last = beats()
            while beats() == last and time.monotonic() < end:
                time.sleep(0.1)
            assert beats() != last
        finally:
            second.send_signal(signal.SIGTERM)
            assert second.wait(20) == 0
    finally:
        if first.poll() is None:
            first.kill()
