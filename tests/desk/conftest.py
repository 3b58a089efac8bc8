"""A town hall for every test of the desk: the real application in a folder of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from people import TownHall


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[TownHall]:
    """Nobody is signed in."""
    made = TownHall(tmp_path)
    yield made
    made.close()


@pytest.fixture
def desk(hall: TownHall) -> TownHall:
    """Everybody but Dev is signed in."""
    hall.everybody_signs_in()
    return hall
