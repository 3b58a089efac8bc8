"""What the house plugs in: the catalogue's index, kept up to date and between two starts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from crisis.settings import load
from crisis.store import Store
from crisis.types import Rumour
from crisis.wiring import Catalogue

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
DAM = Rumour(id="dam", text="Der Staudamm oberhalb der Stadt ist gebrochen.", lang="de")
WOLF = Rumour(id="wolf", text="Ein Wolf hat im Stadtpark ein Kind angegriffen.", lang="de")
POST = "Achtung, der Staudamm oberhalb der Stadt ist gebrochen!"


def put(store: Store, rumour: Rumour, minute: int = 0) -> None:
    with store.transaction():
        store.rumours.put(rumour, NOON + timedelta(minutes=minute))


def found(catalogue: Catalogue) -> list[str]:
    return [match.rumour_id for match in catalogue().match([POST], ["de"], banded=True)[0]]


def test_a_rumour_counts_as_soon_as_it_is_saved(store: Store, tmp_path: Path) -> None:
    catalogue = Catalogue(store, load(tmp_path, {}))
    put(store, WOLF)
    assert found(catalogue) == []
    put(store, DAM, 1)
    assert found(catalogue) == ["dam"]
    put(store, replace(DAM, retired=True), 2)
    assert found(catalogue) == []


def test_the_next_start_reads_no_rumour_again(store: Store, tmp_path: Path) -> None:
    settings = load(tmp_path, {})
    put(store, WOLF)
    put(store, DAM)
    assert found(Catalogue(store, settings)) == ["dam"]
    kept = (tmp_path / "matching.index").read_bytes()
    assert found(Catalogue(store, settings)) == ["dam"]
    assert (tmp_path / "matching.index").read_bytes() == kept


def test_a_damaged_file_of_the_index_does_no_harm(store: Store, tmp_path: Path) -> None:
    (tmp_path / "matching.index").write_bytes(b"crisis index\n{}\n")
    put(store, DAM)
    assert found(Catalogue(store, load(tmp_path, {}))) == ["dam"]
