"""``crisis report``: the situation on the command line."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from busy_year import Past
from click.testing import CliRunner, Result
from people import TownHall

from crisis.cli import main


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[TownHall]:
    made = TownHall(tmp_path)
    made.now = datetime.now(UTC)
    Past(made).happened(made.now - timedelta(hours=1), taken=5)
    yield made
    made.close()


def says(hall: TownHall, *arguments: str, lang: str = "de") -> Result:
    environment = {**hall.environ, "CRISIS_INSTANCE": str(hall.instance), "CRISIS_LANG": lang}
    return CliRunner().invoke(main, ["report", *arguments], env=environment)


def test_the_last_hours_are_printed_as_markdown(hall: TownHall) -> None:
    told = says(hall).output
    assert told.startswith("# Lagebericht Gerüchte")
    assert "1 Gerücht geht um" in told
    assert says(hall, "--lang", "en").output.startswith("# Situation report")


def test_one_incident_goes_into_a_pdf(hall: TownHall, tmp_path: Path) -> None:
    target = tmp_path / "lage.pdf"
    result = says(hall, "--incident", "1", "--pdf", str(target))
    assert result.exit_code == 0
    assert target.read_bytes().startswith(b"%PDF")


def test_an_incident_that_is_not_there_is_said(hall: TownHall) -> None:
    result = says(hall, "--incident", "99")
    assert result.exit_code == 1
    assert "Diesen Vorfall gibt es nicht" in result.output
