"""What most tests share: a real database in a folder of its own, and a town around it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from quick import empty_database, share_addresses, write_without_waiting
from town import Town

from crisis.store import Store

# No test is timed: whichever runs first in a process reads word lists and models, and machines are noisy.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

share_addresses()
write_without_waiting()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(empty_database(tmp_path / "crisis.db")) as opened:
        yield opened


@pytest.fixture
def town(store: Store) -> Town:
    return Town(store)
