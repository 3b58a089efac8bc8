"""The table of cases in ``tests/data/matching.toml``: what must be raised, suggested, left alone."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from crisis.matching import Index
from crisis.rumours.exchange import read_rows
from crisis.types import Band, Rumour

TABLE = tomllib.loads((Path(__file__).parent.parent / "data" / "matching.toml").read_text("utf-8"))


@pytest.fixture(scope="module")
def indexes() -> dict[str, Index]:
    """The table's own catalogue, and the one that comes with the program."""
    shipped = files("crisis").joinpath("examples/rumours.jsonl").read_text("utf-8")
    return {
        "table": Index.build(
            Rumour(
                id=r["id"], text=r["text"], variants=tuple(r.get("variants", ())), lang=r["lang"]
            )
            for r in TABLE["rumour"]
        ),
        "examples": Index.build(read_rows(shipped, "jsonl")),
    }


@pytest.fixture
def index(indexes: dict[str, Index], case: dict[str, Any]) -> Index:
    return indexes[case.get("catalogue", "table")]


@pytest.mark.parametrize("case", TABLE["case"], ids=lambda case: f"{case['kind']}: {case['post']}")
def test_a_post_gets_the_band_and_stance_it_deserves(index: Index, case: dict[str, Any]) -> None:
    best = next(iter(index.match([case["post"]], [case["lang"]], top=1)[0]), None)
    if case["expect"] in {"raise", "found"}:
        assert best is not None
        assert best.rumour_id == case["rumour"]
        wanted = {Band.RAISE} if case["expect"] == "raise" else {Band.RAISE, Band.SUGGEST}
        assert best.band in wanted, best.score
    elif case["expect"] == "quiet":
        assert best is None or best.band is not Band.RAISE, best.score
    else:
        assert best is None or best.band is Band.NONE, best.score
    if "stance" in case:
        assert best is not None
        assert best.stance == case["stance"]


@pytest.mark.parametrize("case", TABLE["case"], ids=lambda case: f"{case['kind']}: {case['post']}")
def test_the_fast_way_finds_the_same(index: Index, case: dict[str, Any]) -> None:
    thorough = index.match([case["post"]], [case["lang"]], top=1)[0]
    fast = index.match([case["post"]], [case["lang"]], top=1, banded=True)[0]
    if case.get("fast") == "silent":
        assert fast == []
        return
    assert fast == [match for match in thorough if match.band is not Band.NONE]
