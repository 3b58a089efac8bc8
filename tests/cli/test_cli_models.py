"""``crisis models``: what judges, learning by hand and by the monitor, and the way back."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from desk_verdicts import lessons

from crisis import wiring
from crisis.cli import main
from crisis.cli.watch import Monitor
from crisis.matching import shipped_model
from crisis.types import Lesson
from crisis.workflows import learn

FIRST = f"{shipped_model().version}+desk.1"


class Town:
    """An installation and its command line."""

    def __init__(self, folder: Path) -> None:
        self.instance = folder / "instance"
        self.environment = {
            "CRISIS_INSTANCE": str(self.instance),
            "CRISIS_LANG": "de",
            "CRISIS_MATCHING_ENCODER": "none",  # these verdicts are made up for the model of words
        }
        self.runs("init")
        self.house = wiring.house(self.instance, self.environment)

    def runs(self, *words: str, code: int = 0, lang: str = "de") -> Result:
        environment: dict[str, Any] = {**self.environment, "CRISIS_LANG": lang}
        result = CliRunner().invoke(main, words, env=environment)
        assert result.exit_code == code, result.output
        return result

    def taught(self, said: list[Lesson]) -> None:
        with self.house.store.transaction():
            for lesson in said:
                self.house.store.lessons.put(lesson)

    def model(self) -> str:
        """The version by which this process, which was here all the time, judges posts."""
        return self.house.index().model.version


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    made = Town(tmp_path)
    yield made
    made.house.close()


@pytest.fixture
def schooled(town: Town) -> Town:
    town.taught(lessons(150, tilt=6.0))
    return town


def test_a_new_installation_judges_by_the_shipped_model_and_says_what_it_is(town: Town) -> None:
    assert f"* shipped\t{shipped_model().version}" in town.runs("models", "list").output
    for words in (("models", "show"), ("models", "show", "shipped")):
        said = town.runs(*words).output
        for part in ("Datum: 20", "Daten: ", "Zahlen: ", "Grenze: ", "melden 0."):
            assert part in said
    assert "Limit: " in town.runs("models", "show", "shipped", lang="en").output


def test_too_few_verdicts_are_said(town: Town) -> None:
    assert "zu wenige Urteile: 0 passen" in town.runs("models", "learn").output
    assert "Too few verdicts" in town.runs("models", "learn", lang="en").output


def test_learning_by_hand_changes_what_every_process_judges_by(schooled: Town) -> None:
    assert schooled.model() == shipped_model().version
    said = schooled.runs("models", "learn", "--dry-run").output
    assert "würde übernommen" in said
    assert "->" in said
    assert schooled.model() == shipped_model().version
    assert f"{FIRST} ist besser" in schooled.runs("models", "learn").output
    assert schooled.model() == FIRST
    assert f"* {FIRST}" in schooled.runs("models", "list").output
    assert "zurückgehaltenen" in schooled.runs("models", "show").output
    said = schooled.runs("models", "learn", "--dry-run").output
    assert "nicht sicher besser" in said
    assert "nicht sicher besser" in schooled.runs("models", "learn").output
    assert "not better" in schooled.runs("models", "list", lang="en").output


def test_back_is_one_command(schooled: Town) -> None:
    schooled.runs("models", "learn")
    assert "Ab jetzt urteilt shipped" in schooled.runs("models", "back").output
    assert schooled.model() == shipped_model().version
    schooled.runs("models", "back", code=1)
    schooled.runs("models", "use", FIRST)
    assert schooled.model() == FIRST
    schooled.runs("models", "use", "shipped")
    assert schooled.model() == shipped_model().version
    assert "models list" in schooled.runs("models", "use", "7", code=1).output
    actions = [entry.action for entry in schooled.house.store.audit.page(limit=5)]
    assert actions == ["model.used", "model.used", "model.back", "model.used", "model.learned"]
    assert schooled.house.store.audit.verify() is None


def test_a_damaged_model_stops_nobody_and_is_named(
    schooled: Town, caplog: pytest.LogCaptureFixture
) -> None:
    schooled.runs("models", "learn")
    schooled.house.store._db.execute("update models set text = 'x', figures = 'x'")
    with caplog.at_level(logging.WARNING):
        assert schooled.model() == shipped_model().version
    assert "beschädigt" in caplog.text
    said = schooled.runs("models", "list")
    assert "Achtung: Das gelernte Modell ist beschädigt" in said.stderr
    assert "* shipped" in said.stdout
    assert "Datei dieses Modells ist beschädigt" in schooled.runs("models", "show", FIRST).output
    # Back leads away from it without a further word.
    assert schooled.runs("models", "back").stderr == ""
    assert schooled.runs("models", "list").stderr == ""


def test_back_onto_a_damaged_model_says_so(schooled: Town) -> None:
    schooled.runs("models", "learn")
    schooled.runs("models", "use", "shipped")
    schooled.house.store._db.execute("update models set text = 'x'")
    assert "beschädigt" in schooled.runs("models", "back").stderr


def test_what_was_chosen_meanwhile_stays(schooled: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    outcome = learn.Outcome(fits=90, others=90, version=FIRST, better=True, taken=False)
    monkeypatch.setattr(learn, "learn", lambda *_, **__: outcome)
    assert "inzwischen" in schooled.runs("models", "learn").output


class TestMonitor:
    @pytest.fixture(autouse=True)
    def _german(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("CRISIS_LANG", "de")

    def test_it_learns_by_itself_and_judges_by_the_new_model(
        self, schooled: Town, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        moment = [wiring.now()]
        monkeypatch.setattr(wiring.clock, "now", lambda: moment[0])
        monitor = Monitor(schooled.house)
        try:
            monitor.step(wait=True)
            moment[0] += timedelta(days=9)
            with caplog.at_level(logging.INFO, logger="crisis.monitor"):
                monitor.step(wait=True)
            assert f"Gelernt: {FIRST}, urteilt ab jetzt" in caplog.text
            assert schooled.model() == FIRST
        finally:
            monitor.close()

    def test_learning_that_fails_does_not_stop_watching(
        self, schooled: Town, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        def breaks(*_: object) -> None:
            raise RuntimeError("boom")

        monkeypatch.setattr(learn, "by_itself", breaks)
        monitor = Monitor(schooled.house)
        try:
            monitor.step(wait=True)
        finally:
            monitor.close()
        assert "Das Lernen ist gescheitert" in caplog.text
