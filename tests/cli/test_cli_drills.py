"""``crisis drill`` for the team: list, check, start, report, stop."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from drill_story import SCRIPT
from people import TownHall

from crisis.cli import main
from crisis.types import DrillState


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[TownHall]:
    made = TownHall(tmp_path)
    made.now = datetime.now(UTC)
    (made.playbooks / "uebungen" / "wasser.md").write_text(SCRIPT, "utf-8")
    yield made
    made.close()


def runs(hall: TownHall, *arguments: str, lang: str = "de", answer: str = "") -> Result:
    environment = {**hall.environ, "CRISIS_INSTANCE": str(hall.instance), "CRISIS_LANG": lang}
    return CliRunner().invoke(main, ["drill", *arguments], env=environment, input=answer)


def test_a_drill_is_begun_stopped_and_reported(hall: TownHall) -> None:
    assert "Noch keine Übung." in runs(hall, "list").output
    asked = runs(hall, "start", "wasser", answer="n\n")
    assert "Jetzt beginnen?" in asked.output
    assert asked.exit_code == 1
    assert hall.store.drill_plans.running() is None
    assert "/uebungen/1" in runs(hall, "start", "wasser", "--yes").output
    assert "Trinkwasser, sofort begonnen, läuft" in runs(hall, "list").output
    assert "noch offen" in runs(hall, "report").output
    assert "abgebrochen nach 0 Min." in runs(hall, "stop", "--reason", "Sturm").output
    told = runs(hall, "report", "1", "--lang", "en").output
    assert told.startswith("# Report of a drill: drinking water")
    assert "Sturm" in told
    assert runs(hall, "stop").exit_code == 1


def test_a_surprise_is_not_listed_and_needs_somebody_who_leads_it(hall: TownHall) -> None:
    later = [f"{hall.now + timedelta(hours=hours):%Y-%m-%dT%H:%M}" for hours in (4, 9)]
    refused = runs(hall, "start", "wasser", "--between", *later, "--yes")
    assert "--leader" in refused.output
    made = runs(
        hall,
        "start",
        "wasser",
        "--between",
        *later,
        "--leader",
        "chloe@musterstadt.example",
        "--yes",
    )
    assert "vorbereitet" in made.output
    (plan,) = hall.store.drill_plans.waiting()
    assert plan.window_from is not None and plan.window_from <= plan.due
    assert "Noch keine Übung." in runs(hall, "list").output
    assert "Es gab noch keine Übung" in runs(hall, "report", "1").output
    assert "Niemand hat die Adresse" in runs(hall, "start", "wasser", "--leader", "x@y.de").output


def test_an_announced_one_is_listed(hall: TownHall) -> None:
    at = f"{hall.now + timedelta(days=2):%Y-%m-%dT%H:%M}"
    assert "announced" in runs(hall, "start", "wasser", "--at", at, "--yes", lang="en").output
    assert "drinking water, announced, planned" in runs(hall, "list", lang="en").output
    assert hall.store.drill_plans.get(1).state is DrillState.WAITING


def test_check_names_what_is_wrong_and_what_would_hold_the_team_up(hall: TownHall) -> None:
    (hall.playbooks / "uebungen" / "kaputt.md").write_text("nichts", "utf-8")
    found = runs(hall, "check")
    assert found.exit_code == 1
    assert "„kaputt“ ist nicht brauchbar" in found.output
    assert "wasser: in Ordnung, 4 Beiträge, 4 erwartete Schritte" in found.output
    assert "ist nicht freigegeben" in found.output
    assert runs(hall, "check", "wasser").exit_code == 0
    hall.chloe_approves()
    assert "!" not in runs(hall, "check", "wasser").output


def test_the_report_goes_into_a_pdf(hall: TownHall, tmp_path: Path) -> None:
    runs(hall, "start", "wasser", "--yes")
    assert "beendet nach" in runs(hall, "stop", "--done").output
    target = tmp_path / "bericht.pdf"
    assert runs(hall, "report", "--pdf", str(target), "--names").exit_code == 0
    assert target.read_bytes().startswith(b"%PDF")
