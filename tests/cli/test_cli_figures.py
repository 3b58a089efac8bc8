"""``crisis figures``: for people, and for programs that go on with them."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from busy_year import Past, busy_year
from click.testing import CliRunner
from people import TownHall

from crisis.cli import main


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[TownHall]:
    made = TownHall(tmp_path)
    made.now = datetime.now(UTC)
    yield made
    made.close()


def says(hall: TownHall, *arguments: str, lang: str = "de") -> str:
    environment = {**hall.environ, "CRISIS_INSTANCE": str(hall.instance), "CRISIS_LANG": lang}
    result = CliRunner().invoke(main, ["figures", *arguments], env=environment)
    assert result.exit_code == 0, result.output
    return result.output


def test_a_person_reads_a_table(hall: TownHall) -> None:
    past = Past(hall)
    past.happened(hall.now - timedelta(hours=1), found_after=10, taken=15, answered=30)
    told = says(hall)
    assert ": 1 Vorfälle" in told
    assert "Übernahme" in told and "verfehlt" in told and "erreicht" in told


def test_what_is_still_open_is_not_called_missed(hall: TownHall) -> None:
    Past(hall).happened(hall.now - timedelta(minutes=1))
    told = says(hall, lang="en")
    assert "not to be said yet" in told and "> 1.0" in told


def test_without_any_incident_nothing_is_claimed(hall: TownHall) -> None:
    assert "–" in says(hall)
    assert json.loads(says(hall, "--json"))["steps"]["all"]["answer"]["median_minutes"] is None


def test_a_program_gets_everything(hall: TownHall) -> None:
    busy_year(hall, incidents=30, days=60)
    with hall.store.transaction():
        hall.store.sources.remove(hall.source.id)
    whole = json.loads(says(hall, "--json", "--days", "90"))
    assert whole["incidents"] == 32
    assert whole["steps"]["all"]["acknowledgement"]["waiting"] == 1
    assert set(whole["sources"]) <= {
        *("Stadtgespräch", "Forum Nordstadt", "Mastodon #musterstadt", "Leserbriefe", "unknown")
    }
    assert sum(whole["begun_by_hour"]) == 32
    assert whole["false_alarms"]["ended"] == 30


def test_a_spreadsheet_gets_one_long_table(hall: TownHall) -> None:
    busy_year(hall, incidents=10, days=20)
    rows = list(csv.DictReader(io.StringIO(says(hall, "--csv"))))
    assert {row["dimension"] for row in rows} == {
        *("steps", "weeks", "sources", "topics", "severities")
    }
    (answer,) = [row for row in rows if row["dimension"] == "steps" and row["step"] == "answer"]
    assert answer["target_minutes"] == "60"
    assert int(answer["counted"]) > 2


def test_exercises_count_when_asked_for(hall: TownHall) -> None:
    Past(hall).happened(hall.now - timedelta(hours=1), drill=True)
    assert json.loads(says(hall, "--json"))["incidents"] == 0
    assert json.loads(says(hall, "--json", "--drill"))["incidents"] == 1
