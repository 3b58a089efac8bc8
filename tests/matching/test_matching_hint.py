"""The hint: what need not be judged is not, and what would be shown is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crisis.errors import ModelError
from crisis.matching import Index, shipped_model
from crisis.matching.bands import Bands
from crisis.matching.calibration import as_json
from crisis.matching.hint import HINTS, Hint, hints
from crisis.matching.hinting import hinted
from crisis.matching.material import Material, Task
from crisis.matching.pairs import Said
from crisis.matching.scorer import read_model
from crisis.types import Rumour

RUMOURS = [
    Rumour(id=f"r{number}", text=text, lang="de")
    for number, text in enumerate(
        [
            "Das Trinkwasser in Musterstadt ist nach dem Rohrbruch vergiftet.",
            "Der Staudamm oberhalb von Musterstadt ist gebrochen.",
            "Die Grundschule Nord schließt wegen Schimmel für immer.",
            "Am Bahnhof wurde eine Bombe aus dem Krieg gefunden.",
        ]
    )
]
SAID = [
    Said(rumour.id, f"Habt ihr gehört? {rumour.text} Bitte weitersagen!", "de")
    for rumour in RUMOURS
]
EVERYDAY = [
    Said(f"e{number}", text, "de")
    for number, text in enumerate(
        [
            "Am Bahnhof in Musterstadt gibt es jetzt ein neues Café",
            "Die Grundschule Nord sucht Lesepaten für den Herbst",
            "Trinkwasser ist ein kostbares Gut, sagt der Bürgermeister",
            "Heute gibt es Kuchen",
        ]
        * 5
    )
]


def everything_but(hint: Hint | None) -> Index:
    return Index.build(RUMOURS, model=replace(shipped_model(), hint=hint))


def shown(index: Index) -> list[bool]:
    texts = [said.text for said in (*SAID, *EVERYDAY)]
    return [bool(m) for m in index.match(texts, ["de"] * len(texts), top=1, banded=True)]


NEVER = Hint((0.0,) * len(HINTS), -1.0)


def test_what_the_hint_rejects_is_not_shown_where_only_bands_are_asked_for() -> None:
    assert any(shown(everything_but(None)))
    assert not any(shown(everything_but(NEVER)))
    whole = everything_but(NEVER).match([SAID[0].text], ["de"], top=1)
    assert whole[0][0].rumour_id == "r0"  # a ranking is asked for: nothing is left out


def test_the_shipped_hint_loses_none_of_these() -> None:
    assert shown(Index.build(RUMOURS)) == shown(everything_but(None))


def test_a_town_that_wants_to_see_more_goes_without_the_hint() -> None:
    model = replace(shipped_model(), hint=NEVER)
    low = Index.build(RUMOURS, model=model, bands=Bands(raise_at=0.5, suggest_at=0.05))
    assert any(shown(low))


def test_the_numbers_have_names() -> None:
    index = everything_but(None)
    found = index.hints_of([SAID[0].text, "Hallo"], ["de", "de"])
    assert list(found) == [0]
    assert len(found[0]) == len(HINTS)


def test_a_hint_is_learned_from_what_the_model_shows_and_kept_in_its_file() -> None:
    fits = {said.id: frozenset({said.id}) for said in SAID}
    task = Task(RUMOURS, SAID, fits)
    material = Material(
        english=task,
        measured=frozenset(),
        multi=Task([], [], {}),
        headlines=RUMOURS,
        everyday={"de": EVERYDAY, "en": EVERYDAY},
        catalogue=RUMOURS,
        town=task,
    )
    model = hinted(replace(shipped_model(), hint=None), material)
    assert model.hint is not None
    assert read_model(as_json(model)).hint == model.hint
    assert hinted(model, material).hint == model.hint
    index = Index.build(RUMOURS, model=model)
    assert shown(index)[: len(SAID)] == shown(everything_but(None))[: len(SAID)]


def test_a_damaged_hint_is_named() -> None:
    text = as_json(replace(shipped_model(), hint=NEVER))
    with pytest.raises(ModelError):
        read_model(text.replace('"size"', '"sighs"'))
    with pytest.raises(ModelError):
        read_model(text.replace('"intercept": -1.0', '"intercept": NaN'))


def test_nothing_covered_is_nothing_to_judge() -> None:
    index = everything_but(None)
    reading = index._screen.read("Hallo", "de")
    assert NEVER.rejects(reading, [], 4)
    assert len(hints(reading, [index._screen.reading(0)], 4)) == len(HINTS)
