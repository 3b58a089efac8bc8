"""The same town hall as for the desk; nobody is signed in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from people import TownHall


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[TownHall]:
    made = TownHall(tmp_path, CRISIS_AUTHORITY_PUBLIC_URL="https://musterstadt.example")
    made.chloe_approves()
    yield made
    made.close()
