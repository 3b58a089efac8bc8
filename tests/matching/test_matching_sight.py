"""How the scorer comes to see an encoder's vectors of posts that the encoder, or its lens, learned from."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from fake_encoder import FakeEncoder

from crisis.matching.features import ALL
from crisis.matching.heard import Heard
from crisis.matching.lens import View, measured, said_twice
from crisis.matching.material import Material, Task
from crisis.matching.pairs import Said, candidate_pairs, fold
from crisis.matching.sight import learn_sight, teaching
from crisis.types import Rumour

RUMOURS = (
    Rumour(id="water", text="Das Wasser aus der Leitung ist vergiftet.", lang="de"),
    Rumour(id="wolf", text="Ein Wolf hat ein Kind angegriffen.", lang="de"),
)
POSTS = [Said(f"post {number}", "Gift in der Leitung", "de") for number in range(20)]
FITS = {post.id: frozenset({"water"}) for post in POSTS}
EVERYDAY = [Said(f"everyday {number}", f"Kinder, {number} Wölfe!", "de") for number in range(60)]
TOWN = Task(RUMOURS, POSTS, FITS)
MATERIAL = Material(TOWN, frozenset(), TOWN, RUMOURS, {"de": EVERYDAY}, RUMOURS, TOWN)
LIKE = ALL.index("meaning")


class Halved(FakeEncoder):
    """One half of a taught encoder: sees nothing in its own way but a constant."""

    def __init__(self, name: str, blind: bool) -> None:
        super().__init__(name)
        self._blind = blind

    def encode(self, texts: list[str]) -> np.ndarray:  # type: ignore[override]
        found = super().encode(texts)
        return np.roll(found, 1, axis=1) * (found[:, [0]] < 0.1) if self._blind else found


def test_a_taught_encoder_gets_no_matrix_and_each_post_the_half_that_did_not_know_it() -> None:
    halves = [FakeEncoder("taught by fold 0"), FakeEncoder("taught by fold 1")]
    lens, sight, _ = learn_sight(FakeEncoder("whole"), MATERIAL, halves)
    assert lens.matrix is None and not lens.centre.any()
    assert lens.encoder == "whole"
    assert [view.encoder.name for view in sight] == ["taught by fold 1", "taught by fold 0"]
    for half in halves:
        half.asked.clear()
    candidate_pairs(RUMOURS, POSTS, FITS, 10, sight)
    texts = {rumour.text for rumour in RUMOURS}
    for number, half in enumerate(halves):
        others = [post for post in POSTS if fold(post.id, 2) != number]
        assert len([text for text in half.asked if text not in texts]) == len(others)


def test_an_encoder_of_one_piece_gets_a_matrix_learned_without_the_post() -> None:
    lens, sight, _ = learn_sight(FakeEncoder("plain"), MATERIAL)
    assert lens.matrix is not None
    assert len(sight) == 4
    assert all(view.lens.matrix is not None for view in sight)


def test_posts_that_taught_how_to_look_do_not_teach_the_scorer() -> None:
    _, _, left = learn_sight(FakeEncoder(), MATERIAL, [FakeEncoder("a"), FakeEncoder("b")])
    assert left == replace(MATERIAL, everyday=left.everyday)
    taught = {post.id for post in teaching(EVERYDAY)}
    assert taught
    assert not taught & {post.id for post in left.everyday["de"]}


def test_what_was_heard_once_is_not_computed_again() -> None:
    encoder = FakeEncoder()
    heard = Heard(encoder)
    first = heard.encode(["Wolf", "Gift", "Wolf"])
    assert np.array_equal(heard.encode(["Gift", "Wolf"]), first[[1, 0]])
    assert encoder.asked == ["Wolf", "Gift"]
    assert (heard.name, heard.dimension, len(heard)) == ("fake", encoder.dimension, 2)


def test_likeness_of_a_post_is_measured_by_the_view_of_its_fold() -> None:
    lens = measured(FakeEncoder(), said_twice())
    views = (View(FakeEncoder(), lens), View(Halved("blind", blind=True), lens))
    found = candidate_pairs(RUMOURS, POSTS, FITS, 10, views)
    likeness = {
        which: {
            round(float(row[LIKE]), 6)
            for row, post, rumour in zip(found.features, found.posts, found.rumours, strict=True)
            if rumour == "water" and fold(post, 2) == which
        }
        for which in (0, 1)
    }
    assert len(likeness[0]) == 1
    assert not likeness[0] & likeness[1]
