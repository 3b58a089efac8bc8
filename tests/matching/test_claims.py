"""A claim is told from an opinion, a question and the rest; an angry rumour is still a claim."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from crisis.encoders.packaged import untaught
from crisis.errors import ModelError
from crisis.matching.claims import Kind, is_pure_opinion, kind_of
from crisis.matching.claims_features import LONGEST, NAMES, read
from crisis.matching.claims_file import (
    claim_model_as_json,
    read_claim_model,
    shipped_claim_model,
)
from crisis.matching.claims_reasons import KINDS, MOST, reasons
from crisis.matching.claims_training import Comment, Lesson, learn

DATA = Path(__file__).parents[1] / "data" / "claims.toml"
EXAMPLES = Path(__file__).parents[2] / "crisis" / "examples"
CASES = [
    (text, case["lang"], Kind(case["kind"]))
    for case in tomllib.loads(DATA.read_text("utf-8"))["cases"]
    for text in case["texts"]
]
LESSONS = [
    Lesson(row["text"], row["lang"], Kind(row["kind"]))
    for row in map(json.loads, (EXAMPLES / "claim_lessons.jsonl").read_text("utf-8").splitlines())
]


@pytest.mark.parametrize(("lang", "least"), [("de", 0.92), ("en", 0.86)])
def test_most_of_our_own_cases_are_told_apart(lang: str, least: float) -> None:
    right = [kind_of(text, lang).kind is kind for text, spoken, kind in CASES if spoken == lang]
    assert len(right) >= 60
    assert sum(right) / len(right) >= least


def test_the_cases_are_not_the_lessons() -> None:
    assert not {text for text, _, _ in CASES} & {lesson.text for lesson in LESSONS}


def test_only_an_opinion_silences_and_half_of_them_do() -> None:
    silenced = [(text, kind) for text, lang, kind in CASES if is_pure_opinion(text, lang)]
    opinions = [text for text, _, kind in CASES if kind is Kind.OPINION]
    assert {kind for _, kind in silenced} == {Kind.OPINION}
    assert len(silenced) >= len(opinions) / 2


def test_a_rumour_of_our_lessons_is_never_silenced_for_its_anger() -> None:
    rows = map(json.loads, (EXAMPLES / "lessons.jsonl").read_text("utf-8").splitlines())
    posts = [(post, row["lang"]) for row in rows for post in row["posts"]]
    silenced = [post for post, lang in posts if is_pure_opinion(post, lang)]
    assert len(silenced) <= 0.02 * len(posts)


@pytest.mark.parametrize(
    "text",
    [
        "Unfassbar!! Die haben das Trinkwasser vergiftet",
        "Skandal, unser Bürgermeister hat die Sirenen verkauft",
        "Shame on you!!! They have poisoned the water supply",
    ],
)
def test_an_angry_rumour_is_no_mere_opinion(text: str) -> None:
    assert not is_pure_opinion(text)


def test_another_language_is_never_silenced() -> None:
    assert not is_pure_opinion(
        "Je trouve ça très moche, quelle honte, c'est nul et vous aussi", "fr"
    )


def test_the_language_is_guessed_where_none_is_given() -> None:
    assert kind_of("Ich finde, das ist nicht schön und auch nicht gut").lang == "de"
    assert kind_of("I think that this is not what they have").lang == "en"
    assert kind_of("Ganz schön hier", "de-AT").lang == "de"


def test_reasons_are_given_in_both_languages_and_are_few() -> None:
    text = "Stimmt es, dass die Tafel schließen muss?"
    found = kind_of(text, "de")
    assert found.kind is Kind.QUESTION
    assert "endet mit einem Fragezeichen" in reasons(text, found, "de")
    assert "ends with a question mark" in reasons(text, found, "en")
    assert len(reasons(text, found, "de")) <= MOST
    assert set(KINDS) == set(Kind)


def test_what_a_text_lacks_is_no_reason() -> None:
    text = "Der Deich ist gebrochen."
    said = reasons(text, kind_of(text, "de"), "de")
    assert "enthält einen Link" not in said
    assert "enthält Fragesätze" not in said


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=300), st.sampled_from(["de", "en", "", "fr", "xx-YY", "ü"]))
def test_any_text_gets_a_kind_and_probabilities_that_add_up(text: str, lang: str) -> None:
    found = kind_of(text, lang)
    assert abs(sum(found.probabilities.values()) - 1) < 1e-9
    assert all(0 <= chance <= 1 for chance in found.probabilities.values())
    assert found.probability == max(found.probabilities.values())
    assert len(reasons(text, found, "de")) <= MOST


@pytest.mark.parametrize(
    "text", ["", "\ud800", "?" * 9000, "a" * 1_000_000, "\u200b\u0301 ", "🙂" * 50]
)
def test_odd_texts_get_a_sane_answer(text: str) -> None:
    assert kind_of(text, "de").kind in Kind
    assert len(read(text, "en").named) == len(NAMES)


def test_what_lies_beyond_the_longest_text_does_not_count() -> None:
    start = "Das Wasser steigt. " * (LONGEST // 19 + 1)
    assert kind_of(start[:LONGEST], "de") == kind_of(start[:LONGEST] + "Wirklich?", "de")


def test_the_shipped_model_is_small_and_reads_as_it_was_written() -> None:
    text = claim_model_as_json(shipped_claim_model())
    assert len(text.encode()) <= 400_000
    assert claim_model_as_json(read_claim_model(text)) == text


@pytest.mark.parametrize("text", ["", "[]", "{", "[" * 100_000, '{"format": 99}', '{"format": 1}'])
def test_a_damaged_file_is_named_as_such(text: str) -> None:
    with pytest.raises(ModelError):
        read_claim_model(text)


def test_a_file_whose_parts_do_not_fit_is_refused() -> None:
    whole = json.loads(claim_model_as_json(shipped_claim_model()))
    spoilers: tuple[Callable[[Any], object], ...] = (
        lambda raw: raw["features"].pop("emoji"),
        lambda raw: raw["hashed"]["letters"].pop(),
        lambda raw: raw["rarity"].pop("build"),
        lambda raw: raw["features"]["emoji"].update(scale=0),
        lambda raw: raw["kinds"]["claim"].update(intercept=float("nan")),
        lambda raw: raw["kinds"].update(opinion=[]),
        lambda raw: raw.update(hashed=3),
    )
    for spoil in spoilers:
        raw = json.loads(json.dumps(whole))
        spoil(raw)
        with pytest.raises(ModelError):
            read_claim_model(json.dumps(raw))


def test_the_same_texts_give_the_same_model() -> None:
    comments = [Comment(lesson.text, lesson.kind is Kind.CLAIM) for lesson in LESSONS[::4]]
    once, again = learn(comments, LESSONS), learn(comments, LESSONS)
    assert claim_model_as_json(once) == claim_model_as_json(again)
    assert kind_of("Weiß jemand, wann der Zug fährt?", "de", once).kind is Kind.QUESTION


class Counting:
    """An encoder whose vectors are the same whatever it is asked: who said numbers, who said thanks."""

    name = "counting"
    dimension = 2

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        found = [[sum(c.isdigit() for c in text), "dank" in text.lower()] for text in texts]
        return np.array(found, dtype=np.float32)


def test_vectors_of_an_encoder_teach_as_well() -> None:
    comments = [Comment(f"Im Jahr 20{n} waren es {n} Prozent", True) for n in range(10, 40)] + [
        Comment("Danke euch allen " * n, False) for n in range(1, 30)
    ]
    model = learn(comments, LESSONS, Counting())
    assert model.meant is not None
    assert (model.meant.encoder, len(model.meant.weights)) == ("counting", 2)
    text = "Es waren 4711"
    plain = kind_of(text, "de", model).probabilities[Kind.CLAIM]
    heard = kind_of(text, "de", model, [4.0, 0.0]).probabilities[Kind.CLAIM]
    assert heard > plain
    assert kind_of(text, "de", model, [0.0, 0.0]) == kind_of(text, "de", model)
    assert kind_of(text, "en", model, [4.0, 0.0]) == kind_of(text, "en", model)
    assert read_claim_model(claim_model_as_json(model)) == model


def test_the_shipped_model_knows_the_vectors_of_the_packaged_encoder() -> None:
    meant, encoder = shipped_claim_model().meant, untaught()
    assert meant is not None
    assert encoder is not None
    assert (meant.encoder, len(meant.weights)) == (encoder.name, encoder.dimension)
    text = "Laut dem Landratsamt wurden gestern 300 Haushalte vom Netz genommen."
    vector = encoder.encode([text])[0].tolist()
    assert kind_of(text, "de", None, vector).kind is Kind.CLAIM
