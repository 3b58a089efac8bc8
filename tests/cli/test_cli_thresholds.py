"""``crisis match replay`` and ``crisis match thresholds``: looked at, switched on, taken back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from builders import match, post, rumour, source
from click.testing import CliRunner, Result

from crisis import wiring
from crisis.cli import main
from crisis.matching import Bands, shipped_model
from crisis.matching.histogram import NOTHING, bin_of
from crisis.types import Band, Sighting
from crisis.wiring import now

MODEL = shipped_model().version
OWN = Bands.of(shipped_model(), 1)
BETWEEN = OWN.suggest_at + 0.3 * (OWN.raise_at - OWN.suggest_at)  # a suggestion, no more


class Town:
    """An installation and its command line."""

    def __init__(self, folder: Path) -> None:
        self.environment = {"CRISIS_INSTANCE": str(folder / "instance"), "CRISIS_LANG": "de"}
        self.runs("init")
        self.house = wiring.house(folder / "instance", self.environment)

    def runs(self, *words: str, code: int = 0, lang: str = "de") -> Result:
        environment: dict[str, Any] = {**self.environment, "CRISIS_LANG": lang}
        result = CliRunner().invoke(main, words, env=environment)
        assert result.exit_code == code, result.output
        return result

    def bands(self) -> Bands:
        """By which a process judges that was here all the time."""
        return self.house.index().bands  # type: ignore[attr-defined, no-any-return]


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    made = Town(tmp_path)
    yield made
    made.house.close()


@pytest.fixture
def busy(town: Town) -> Town:
    """A day on which 2 posts were raised and 60 suggested; one of them was kept."""
    store, today = town.house.store, town.house.today()
    with store.transaction():
        counts = {NOTHING: 300, bin_of(0.95): 2, bin_of(BETWEEN): 60}
        store.scores.add(today, MODEL, counts)
        store.scores.add(today, "älter", {NOTHING: 7})
        store.rumours.put(rumour(), now())
        kept = store.sources.add(source())
        text = "Das Trinkwasser soll vergiftet sein. " * 5
        store.posts.put([(post(source_id=kept.id, text=text, seen=now()), "f1")], now())
        (one,) = store.posts.claim(1, "test", now())
        store.posts.done(one, "test", keep=True)
        found = match(score=0.8, band=Band.RAISE, model=MODEL)
        store.sightings.put(replace(Sighting(post=one, match=found, found=now())))
    return town


def test_a_replay_shows_days_sums_and_the_posts_that_change(busy: Town) -> None:
    told = busy.runs("match", "replay", "--raise-at", "0.9", "--suggest-at", "0.7").output
    raised = f"{OWN.raise_at:.2f}".replace(".", ",")
    assert f"Melden ab {raised} → 0,90" in told
    assert "zusammen\t2 → 2\t60 → 0" in told
    assert "7 Beiträge hat ein anderes Modell bewertet" in told
    assert "wasser\t0,80\tgemeldet → vorgeschlagen\tohne Urteil\tDas Trinkwasser" in told
    assert "…" in told
    assert "Eingeschaltet" not in told


def test_without_options_the_settings_budget_is_asked_for(busy: Town) -> None:
    told = busy.runs("match", "replay", lang="en").output
    assert "7 days and 1,000 posts are needed" in told
    assert "No post still kept changes." in told
    other = busy.runs("match", "replay", "--false-alarms-per-week", "1", "--days", "3").output
    assert "Solange gelten die Schwellen des Modells" in other


def test_what_was_switched_on_holds_in_a_process_that_was_here_all_the_time(town: Town) -> None:
    before = town.bands()
    told = town.runs("match", "replay", "--raise-at", "0.995", "--switch-on")
    assert "noch keine Beiträge" in told.output and "Eingeschaltet" in told.output
    assert town.bands().raise_at == pytest.approx(0.995, abs=1e-4)
    shown = town.runs("match", "thresholds").output
    assert "melden\t0.9950" in shown and "Befehlszeile" in shown
    back = town.runs("match", "thresholds", "--back", lang="en").output
    assert "as in the settings and the model" in back
    assert town.bands() == before
    assert (
        "earlier thresholds" in town.runs("match", "thresholds", "--back", code=1, lang="en").output
    )


def test_thresholds_and_a_budget_at_once_are_refused(town: Town) -> None:
    words = ("match", "replay", "--raise-at", "0.9", "--suggestions-per-day", "3")
    assert "entweder Schwellen" in town.runs(*words, code=1).output


def test_crisis_match_itself_is_asked_as_before(town: Town) -> None:
    assert "--posts" in town.runs("match", "--help").output
    assert town.runs("match", "nonsense", code=2).output
    assert "replay" in town.runs("--help").output
