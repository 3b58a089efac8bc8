"""Likeness of meaning: lenses, what they learn, and how an index uses an encoder."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from fake_encoder import THINGS, FakeEncoder
from hypothesis import given
from hypothesis import strategies as st

from crisis.errors import ModelError
from crisis.matching import Index, read_model, shipped_model
from crisis.matching.calibration import as_json
from crisis.matching.features import MEANING
from crisis.matching.focusing import Examples, focus
from crisis.matching.index import phrasings_of, texts_of
from crisis.matching.lens import Lens, as_fields, lens_for, measured, of_fields, said_twice
from crisis.matching.meaning import Meanings
from crisis.matching.scorer import Model
from crisis.types import Rumour

WATER = Rumour(id="water", text="Das Wasser aus der Leitung ist vergiftet.", lang="de")
WOLF = Rumour(id="wolf", text="Ein Wolf hat ein Kind angegriffen.", lang="de")
BRIDGE = Rumour(
    id="bridge", text="Die Brücke ist gesperrt.", lang="de", variants=("Überweg dicht",)
)
RUMOURS = (WATER, WOLF, BRIDGE)
PAIRS = tuple(
    (f"{a} {b}", f"{c} {d}") for (a, b, *_), (c, d, *_) in zip(THINGS, THINGS, strict=True)
)


@pytest.fixture(scope="module")
def model() -> Model:
    """The shipped model, as if it had been learned with the fake encoder."""
    shipped = shipped_model(meaning=True)
    return replace(shipped, lens=measured(FakeEncoder(), PAIRS))


def look(model: Model, *texts: str) -> list[np.ndarray]:
    """The numbers of ``MEANING`` of each text beside each rumour."""
    assert model.lens is not None
    meanings = Meanings(FakeEncoder(), model.lens, phrasings_of(RUMOURS)[:3])
    words = np.full(len(RUMOURS), 0.5)
    return [meanings.describe(one, range(len(RUMOURS)), words) for one in meanings.look(texts)]


def test_two_wordings_are_alike_and_two_subjects_are_not(model: Model) -> None:
    (found,) = look(model, "Poisoned tap")
    like, lead, place, both = (found[:, i] for i in range(len(MEANING)))
    assert like[0] > 0.7 > 0.4 > max(like[1:])
    assert lead[0] > 0 > lead[1]
    assert place[0] == 1 and set(place[1:]) == {1 / 2, 1 / 3}
    assert both == pytest.approx(np.clip(like, 0, None) * 0.5)


def test_a_text_that_says_nothing_is_like_nothing(model: Model) -> None:
    (found,) = look(model, "!!!")
    assert np.isfinite(found).all()
    assert np.ptp(found[:, 0]) == pytest.approx(0)


def test_a_post_in_another_language_without_a_common_word_is_found(model: Model) -> None:
    english = "the tap is full of poison, my kids!!"
    blind = Index.build(RUMOURS).match([english], ["en"], top=3)[0]
    seeing = Index.build(RUMOURS, model=model, encoder=FakeEncoder())
    assert [match.rumour_id for match in blind] == []
    assert seeing.match([english], ["en"])[0][0].rumour_id == "water"


def test_the_reason_is_named(model: Model) -> None:
    index = Index.build(RUMOURS, model=model, encoder=FakeEncoder())
    (match,) = index.match(["Überweg dicht!"], ["de"], top=1)[0]
    assert match.rumour_id == "bridge"
    assert "meaning" in [reason.code for reason in match.reasons]


def test_phrasings_are_encoded_once_and_posts_as_they_come(model: Model) -> None:
    encoder = FakeEncoder()
    index = Index.build(RUMOURS, model=model, encoder=encoder)
    assert encoder.asked == texts_of(RUMOURS)
    encoder.asked.clear()
    index.match(["Hallo", "Wolf"], ["de", "de"], banded=True)
    assert encoder.asked == ["Hallo", "Wolf"]


def test_a_rumour_more_is_all_that_is_encoded(model: Model) -> None:
    encoder = FakeEncoder()
    index = Index.build(RUMOURS[:2], model=model, encoder=encoder)
    encoder.asked.clear()
    more = index.with_rumour(BRIDGE)
    assert encoder.asked == texts_of([BRIDGE])
    posts = ["Überweg dicht", "Gift im Wasser!"]
    anew = Index.build(RUMOURS, model=model, encoder=encoder)
    assert more.match(posts, ["de"] * 2) == anew.match(posts, ["de"] * 2)
    again = Index.load(anew.dump(), RUMOURS, model=model, encoder=encoder)
    assert again.match(posts, ["de"] * 2) == anew.match(posts, ["de"] * 2)


def test_an_encoder_that_was_measured_once_is_not_measured_again() -> None:
    encoder = FakeEncoder()
    index = Index.build(RUMOURS[:2], encoder=encoder)
    encoder.asked.clear()
    index.with_rumour(BRIDGE)
    assert encoder.asked == texts_of([BRIDGE])


def test_where_too_many_come_only_those_with_common_words_are_encoded(model: Model) -> None:
    encoder = FakeEncoder()
    index = Index.build(RUMOURS, model=model, encoder=encoder)
    encoder.asked.clear()
    posts = ["Schönen Abend euch allen", "Ein Wolf hat ein Kind angegriffen, sagt man"]
    found = index.match(posts, ["de", "de"], top=1, thrifty=True)
    assert encoder.asked == posts[1:]
    assert [[match.rumour_id for match in matches] for matches in found] == [[], ["wolf"]]


def test_one_post_is_judged_the_same_alone_and_among_others(model: Model) -> None:
    index = Index.build(RUMOURS, model=model, encoder=FakeEncoder())
    posts = ["Gift im Wasser!", "Wolf", "Hallo", "Überweg dicht"]
    together = index.match(posts, ["de"] * 4)
    assert together == [index.match([post], ["de"])[0] for post in posts]


def test_an_empty_catalogue_has_no_meaning(model: Model) -> None:
    assert Index.build([], model=model, encoder=FakeEncoder()).match(["Wasser"], ["de"]) == [[]]


def test_a_model_of_words_leaves_the_encoder_alone() -> None:
    encoder = FakeEncoder()
    Index.build(RUMOURS, model=shipped_model(), encoder=encoder).match(["Wasser"], ["de"])
    assert encoder.asked == []


def test_a_model_of_meaning_without_an_encoder_is_an_error(model: Model) -> None:
    with pytest.raises(ModelError, match="needs an encoder"):
        Index.build(RUMOURS, model=model)


def test_the_shipped_model_of_meaning_names_its_encoder() -> None:
    shipped = shipped_model(meaning=True)
    assert shipped.lens is not None
    assert shipped.lens.encoder == "multilingual-e5-small-4bit"
    assert shipped.lens.matrix is not None
    assert set(MEANING) <= set(shipped.features)
    assert shipped_model().lens is None


def test_an_encoder_the_model_does_not_know_is_measured() -> None:
    known = shipped_model(meaning=True).lens
    found = lens_for(FakeEncoder(), known, PAIRS)
    assert (found.encoder, found.matrix) == ("fake", None)
    assert found.unlike < found.same
    assert lens_for(FakeEncoder("fake"), found, ()) is found


def test_our_own_lessons_say_things_twice() -> None:
    assert len(said_twice()) >= 20
    assert all(a and b and a != b for a, b in said_twice())


def test_a_lens_reads_back_as_it_was_written(model: Model) -> None:
    draw = np.random.default_rng(1)
    size = FakeEncoder.dimension
    lens = Lens(
        "fake", draw.normal(size=size).astype(np.float32), np.eye(size, dtype=np.float32), 0.1, 0.7
    )
    found = of_fields(json.loads(json.dumps(as_fields(lens))))
    vectors = FakeEncoder().encode([text for pair in PAIRS for text in pair])
    assert np.allclose(found.view(vectors), lens.view(vectors), atol=1e-3)
    again = read_model(as_json(replace(model, lens=lens)))
    assert again.lens is not None and again.lens.same == pytest.approx(0.7)


@pytest.mark.parametrize(
    "damage",
    [
        {"matrix": "!"},
        {"matrix": "AAAA"},
        {"scales": ["x"]},
        {"scales": [float("inf")] * FakeEncoder.dimension},
        {"centre": [float("nan")]},
        {"unlike": 1.5},
        {"same": None},
    ],
)
def test_a_damaged_lens_is_an_error_of_the_model(model: Model, damage: dict[str, object]) -> None:
    lens = replace(
        measured(FakeEncoder(), PAIRS), matrix=np.eye(FakeEncoder.dimension, dtype=np.float32)
    )
    raw = json.loads(as_json(replace(model, lens=lens)))
    raw["lens"] |= damage
    with pytest.raises(ModelError, match="damaged"):
        read_model(json.dumps(raw))


def test_a_model_with_meaning_but_without_a_lens_is_damaged(model: Model) -> None:
    raw = json.loads(as_json(model))
    del raw["lens"]
    with pytest.raises(ModelError, match="lens"):
        read_model(json.dumps(raw))


def examples(seed: int, posts: int = 60, size: int = 12) -> Examples:
    """Claims differ in the first directions; posts add noise in the others, and so do everyday posts."""
    draw = np.random.default_rng(seed)

    def unit(vectors: np.ndarray) -> np.ndarray:
        return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)

    tells = np.r_[np.ones(4), np.zeros(size - 4)]
    claims = draw.normal(size=(posts, size)) * (tells + 0.1)
    noise = draw.normal(size=(posts, size)) * (1.0 - 0.9 * tells) * 1.5
    everyday = draw.normal(size=(200, size)) * (1.0 - 0.9 * tells)
    pairs = np.column_stack([np.arange(posts), np.arange(posts)])
    return Examples(unit(claims + noise), unit(claims), pairs, unit(everyday))


def first(one: Examples, matrix: np.ndarray) -> float:
    """The share of posts whose claim is the nearest."""
    posts, claims = one.posts @ matrix, one.claims @ matrix
    claims = claims / np.linalg.norm(claims, axis=1, keepdims=True)
    return float(np.mean((posts @ claims.T).argmax(axis=1) == np.arange(len(posts))))


def test_a_matrix_learns_what_tells_claims_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crisis.matching.focusing._RATE", 0.02)
    monkeypatch.setattr("crisis.matching.focusing.EPOCHS", 20)
    matrix = focus([examples(1), examples(2)], 12, 5)
    new = examples(3)
    assert first(new, matrix) > first(new, np.eye(12)) + 0.1
    assert np.array_equal(matrix, focus([examples(1), examples(2)], 12, 5))


@given(st.lists(st.floats(-1, 1, width=32), min_size=3, max_size=3))
def test_what_a_lens_shows_has_unit_length_or_none(numbers: list[float]) -> None:
    centre = np.array([0.1, 0.2, 0.3], dtype=np.float32)
    seen = Lens("x", centre, None, 0.0, 1.0).view(np.array([numbers], dtype=np.float32))
    length = float(np.linalg.norm(seen))
    assert (
        length == pytest.approx(1.0, abs=1e-3)
        or length == 0.0
        or np.allclose(numbers, centre, atol=1e-6)
    )
