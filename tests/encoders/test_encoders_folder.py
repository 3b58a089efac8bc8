"""A model in a folder on disk: what is read of it, and what is said where it cannot be used."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import tiny_encoder

from crisis.encoders import protobuf
from crisis.encoders.folder import open_folder
from crisis.encoders.remembered import Remembered
from crisis.encoders.sentence import SentenceEncoder
from crisis.errors import ModelError

TEXT = "Wasser vergiftet"
PIECES = [2, 4, 5, 3]


def plain(pooled: str = "mean", pieces: list[int] = PIECES, skip: int = 0) -> np.ndarray:
    states = tiny_encoder.by_hand(pieces, tiny_encoder.arrays(), skip)
    vector = {"mean": states.mean(0), "cls": states[0], "max": states.max(0)}[pooled]
    return vector / np.linalg.norm(vector)


@pytest.mark.parametrize("pooling", ["mean", "cls", "max"])
def test_pooling_is_what_the_folder_says(tmp_path: Path, pooling: str) -> None:
    encoder = open_folder(tiny_encoder.folder(tmp_path / "tiny", pooling=pooling))
    assert encoder.encode([TEXT])[0] @ plain(pooling) > 0.99


@pytest.mark.parametrize("form", ["F16", "BF16"])
def test_weights_of_sixteen_bits_are_read(tmp_path: Path, form: str) -> None:
    folder = tiny_encoder.folder(tmp_path / "tiny")
    tiny_encoder.safetensors(folder / "model.safetensors", tiny_encoder.arrays(), form, "bert.")
    assert open_folder(folder).encode([TEXT])[0] @ plain() > 0.98


def test_a_robertas_places_begin_after_the_padding(tmp_path: Path) -> None:
    encoder = open_folder(tiny_encoder.folder(tmp_path / "tiny", model_type="xlm-roberta"))
    assert encoder.encode([TEXT])[0] @ plain(skip=2) > 0.99


def test_an_e5_gets_its_prefix(tmp_path: Path) -> None:
    encoder = open_folder(tiny_encoder.folder(tmp_path / "my-e5-tiny"))
    assert encoder.encode([TEXT])[0] @ plain(pieces=[2, 8, 9, 4, 5, 3]) > 0.99


def test_the_prefix_that_the_folder_names_is_taken(tmp_path: Path) -> None:
    folder = tiny_encoder.folder(tmp_path / "tiny")
    asked = {"prompts": {"query": "query: "}, "default_prompt_name": "query"}
    (folder / "config_sentence_transformers.json").write_text(json.dumps(asked))
    assert open_folder(folder).encode([TEXT])[0] @ plain(pieces=[2, 8, 9, 4, 5, 3]) > 0.99


@pytest.mark.parametrize("name", ["tiny", "bge-tiny"])
def test_without_a_pooling_folder_bge_gets_the_first_piece_and_others_the_mean(
    tmp_path: Path, name: str
) -> None:
    folder = tiny_encoder.folder(tmp_path / name)
    (folder / "modules.json").unlink()
    wanted = plain("cls" if name == "bge-tiny" else "mean")
    assert open_folder(folder).encode([TEXT])[0] @ wanted > 0.99


def onnx(path: Path, inputs: tuple[str, ...], rank: int) -> None:
    """A model that looks pieces up in a table, and for rank 2 takes the mean of them."""
    table = tiny_encoder.arrays()["embeddings.word_embeddings.weight"]
    last = "states" if rank == 3 else "vector"
    steps = [protobuf.node("Gather", ["table", "input_ids"], "states", {})]
    if rank == 2:
        steps.append(protobuf.node("ReduceMean", ["states"], "vector", {"keepdims": 0}))
        steps = [steps[0], _mean_over_pieces()]
    shape: list[int | str] = (
        ["b", "n", tiny_encoder.SIZE] if rank == 3 else ["b", tiny_encoder.SIZE]
    )
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(
        protobuf.model(
            steps,
            [protobuf.tensor("table", table)],
            [protobuf.value(name, "int64", ["b", "n"]) for name in inputs],
            [protobuf.value(last, "float32", shape)],
        )
    )


def _mean_over_pieces() -> bytes:
    axes = protobuf.chunk(
        5, protobuf.chunk(1, "axes") + protobuf.number(8, 1) + protobuf.number(20, 7)
    )
    return protobuf.node("ReduceMean", ["states"], "vector", {"keepdims": 0}) + axes


@pytest.mark.parametrize(
    ("place", "inputs", "rank"),
    [
        ("model.onnx", ("input_ids", "attention_mask", "token_type_ids"), 3),
        ("onnx/model.onnx", ("input_ids", "attention_mask"), 3),
        ("model.onnx", ("input_ids",), 2),
    ],
)
def test_an_onnx_model_is_run(
    tmp_path: Path, place: str, inputs: tuple[str, ...], rank: int
) -> None:
    folder = tiny_encoder.folder(tmp_path / "tiny")
    (folder / "model.safetensors").unlink()
    onnx(folder / place, inputs, rank)
    wanted = tiny_encoder.arrays()["embeddings.word_embeddings.weight"][PIECES].mean(axis=0)
    encoder = open_folder(folder)
    assert encoder.encode([TEXT])[0] @ wanted / np.linalg.norm(wanted) == pytest.approx(1, abs=1e-5)
    assert encoder.dimension == tiny_encoder.SIZE


def test_another_model_in_the_same_folder_has_another_name(tmp_path: Path) -> None:
    folder = tiny_encoder.folder(tmp_path / "tiny")
    before = open_folder(folder).name
    assert open_folder(folder).name == before
    (folder / "config.json").write_text((folder / "config.json").read_text() + "\n")
    assert open_folder(folder).name != before


def _without(name: str) -> object:
    return lambda folder: (folder / name).unlink()


def _write(name: str, text: str) -> object:
    return lambda folder: (folder / name).write_text(text)


@pytest.mark.parametrize(
    "damage",
    [
        _without("tokenizer.json"),
        _without("model.safetensors"),
        _write("model.safetensors", "no tensors"),
        _write("model.safetensors", ""),
        _write("config.json", "{"),
        _write("config.json", '{"model_type": "bert", "hidden_act": "relu"}'),
        _write("config.json", '{"model_type": "t5"}'),
        _write("modules.json", '[{"type": "sentence_transformers.models.Dense", "path": "2"}]'),
        lambda folder: tiny_encoder.safetensors(
            folder / "model.safetensors", {"x": np.ones(1, np.float32)}
        ),
    ],
)
def test_a_folder_that_cannot_be_used_is_named(tmp_path: Path, damage: object) -> None:
    folder = tiny_encoder.folder(tmp_path / "tiny")
    damage(folder)  # type: ignore[operator]
    with pytest.raises(ModelError, match="tiny") as caught:
        open_folder(folder)
    assert "tokenizer.json" in caught.value.de


def test_an_onnx_model_that_wants_something_else_is_named(tmp_path: Path) -> None:
    folder = tiny_encoder.folder(tmp_path / "tiny")
    (folder / "model.safetensors").unlink()
    onnx(folder / "model.onnx", ("input_ids", "pixel_values"), 3)
    with pytest.raises(ModelError, match="pixel_values"):
        open_folder(folder)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="does not exist"):
        open_folder(tmp_path / "nowhere")


def test_a_missing_package_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(ModelError, match="onnxruntime"):
        open_folder(tmp_path)


class Counting:
    """Counts what it is asked."""

    def __init__(self, encoder: SentenceEncoder) -> None:
        self._encoder = encoder
        self.name, self.dimension = encoder.name, encoder.dimension
        self.asked: list[str] = []

    def encode(self, texts: list[str]) -> np.ndarray:
        self.asked += texts
        return self._encoder.encode(texts)


def test_a_phrasing_is_encoded_once_and_a_post_is_not_kept(tmp_path: Path) -> None:
    tiny = open_folder(tiny_encoder.folder(tmp_path / "tiny"))
    path = tmp_path / "vectors/rumours.bin"
    counting = Counting(tiny)
    memory = Remembered(counting, path)
    memory.remember(["Wasser vergiftet", "Brücke gesperrt"])
    found = memory.encode(["Brücke gesperrt", "Brücke", "Wasser vergiftet"])
    assert np.array_equal(found, tiny.encode(["Brücke gesperrt", "Brücke", "Wasser vergiftet"]))
    assert counting.asked == ["Wasser vergiftet", "Brücke gesperrt", "Brücke"]

    again = Counting(tiny)
    later = Remembered(again, path)
    later.remember(["Wasser vergiftet", "Brücke gesperrt"])
    assert np.array_equal(later.encode(["Brücke gesperrt"]), tiny.encode(["Brücke gesperrt"]))
    assert again.asked == []
    assert (later.name, later.dimension) == (tiny.name, tiny.dimension)


def test_a_phrasing_that_went_is_forgotten(tmp_path: Path) -> None:
    tiny = open_folder(tiny_encoder.folder(tmp_path / "tiny"))
    path = tmp_path / "rumours.bin"
    memory = Remembered(tiny, path)
    memory.remember(["Wasser vergiftet", "Brücke gesperrt"])
    both = path.stat().st_size
    memory.remember(["Brücke gesperrt"])
    assert path.stat().st_size == both - 16 - 4 * tiny.dimension
    memory.remember([])
    assert memory.encode([]).shape == (0, tiny.dimension)


@pytest.mark.parametrize("written", [b"", b"klarstellung vectors 1 other 9\nxxxx", b"\xff" * 4_000])
def test_a_file_of_vectors_that_is_not_ours_is_made_anew(tmp_path: Path, written: bytes) -> None:
    tiny = open_folder(tiny_encoder.folder(tmp_path / "tiny"))
    path = tmp_path / "rumours.bin"
    path.write_bytes(written)
    memory = Remembered(tiny, path)
    memory.remember(["Wasser"])
    assert np.array_equal(Remembered(tiny, path).encode(["Wasser"]), tiny.encode(["Wasser"]))


def test_where_nothing_can_be_written_it_goes_on(tmp_path: Path) -> None:
    tiny = open_folder(tiny_encoder.folder(tmp_path / "tiny"))
    (tmp_path / "taken").write_text("a file where a folder should be")
    counting = Counting(tiny)
    memory = Remembered(counting, tmp_path / "taken/rumours.bin")
    memory.remember(["Wasser"])
    memory.encode(["Wasser"])
    assert counting.asked == ["Wasser"]
