"""A post that fits becomes a further phrasing, so that the next wave is caught at once."""

from __future__ import annotations

import re

import pytest
from builders import NOON, post, rumour
from people import TownHall

from crisis.types import Band, Post, Sighting, Verdict
from crisis.workflows import triage

FIRST = (
    "@stadt Bei uns kommt Gift aus dem Hahn, das Wasser in Nordstadt macht alle krank! #Nordstadt"
)
WAVE = (
    "Leute, aus dem Hahn in Nordstadt kommt Gift, das Wasser macht krank",
    "Gift im Wasser! Wer in Nordstadt den Hahn aufdreht, wird krank",
    "Das Wasser in Nordstadt macht krank, da kommt Gift aus dem Hahn. Bitte teilen",
)


def arrives(hall: TownHall, key: str, text: str) -> list[Sighting]:
    """A post comes through the real index; what was kept of it."""
    made: Post = post(source_id=hall.source.id, key=key, text=text, seen=NOON)
    with hall.store.transaction():
        hall.store.posts.put([(made, key)], hall.now)
    triage.triage(hall.house, "test", hall.now)
    return [s for s in hall.store.sightings.since(NOON, _model(hall)) if s.post.key == key]


def _model(hall: TownHall) -> str:
    return hall.house.index().model.version


def test_a_wave_that_was_only_suggested_is_raised_after_one_click(desk: TownHall) -> None:
    store = desk.store
    with store.transaction():
        named = rumour(text="Das Trinkwasser in Nordstadt ist vergiftet.")
        store.rumours.put(named, desk.now)
    (first,) = arrives(desk, "erster", FIRST)
    for number, text in enumerate(WAVE):
        (seen,) = arrives(desk, f"vorher{number}", text)
        assert seen.match.band is Band.SUGGEST
    taken = desk.ana.presses(f"/vorschlaege/{first.id}", {"urteil": "fits"}, follow_redirects=True)
    assert "Als weitere Formulierung merken" in taken.text
    words = re.search(r'name="formulierung"[^>]*>([^<]+)</textarea>', taken.text)
    assert words is not None
    assert words[1].endswith("krank! Nordstadt") and "@stadt" not in words[1]
    desk.later(minutes=1)
    told = desk.ana.presses(
        f"/formulierungen/{first.id}",
        {"formulierung": words[1], "von": "vorschlaege"},
        follow_redirects=True,
    )
    assert "erkennt Klarstellung ab jetzt" in told.text
    for number, text in enumerate(WAVE):
        (seen,) = arrives(desk, f"nachher{number}", text)
        assert seen.match.band is Band.RAISE
        assert seen.incident_id is not None
    (*_, entry) = store.audit.of_object("rumour:wasser")
    assert entry.action == "rumour.changed"
    assert entry.actor == f"person:{desk.ana.person.id if desk.ana.person else 0}"


@pytest.fixture
def fitting(desk: TownHall) -> tuple[TownHall, Sighting]:
    """An incident with one post that Ana said fits."""
    incident = desk.rumour_spreads(1, text="Frau Anna Klein sagt: aus dem Hahn kommt Gift")
    (seen,) = desk.store.sightings.of_incident(incident.id)
    desk.ana.judges(incident, seen, "fits")
    return desk, seen


def test_an_incident_offers_the_words_and_asks_about_names(
    fitting: tuple[TownHall, Sighting],
) -> None:
    desk, seen = fitting
    page = desk.ana.opens(f"/vorfaelle/{seen.incident_id}").text
    assert "Als weitere Formulierung merken" in page
    assert "Ist das eine Privatperson?" in page and "Frau Anna Klein" in page
    changed = {"formulierung": "  Aus dem Hahn\nkommt Gift "}
    answer = desk.ana.presses(f"/formulierungen/{seen.id}", changed)
    assert answer.headers["Location"].endswith(f"/vorfaelle/{seen.incident_id}#b{seen.id}")
    assert desk.store.rumours.get("wasser").variants == ("Aus dem Hahn kommt Gift",)


def test_what_the_rumour_knows_already_is_refused_kindly(
    fitting: tuple[TownHall, Sighting],
) -> None:
    desk, seen = fitting
    same = {"formulierung": "das trinkwasser ist vergiftet!"}
    told = desk.ana.presses(f"/formulierungen/{seen.id}", same, follow_redirects=True)
    assert "kennt diese Formulierung schon" in told.text
    assert desk.store.rumours.get("wasser").variants == ()


@pytest.mark.parametrize(("text", "said"), [("Gift", "zu kurz"), ("Gift im Hahn " * 60, "zu lang")])
def test_words_that_cannot_be_taken_stay_in_the_form(
    fitting: tuple[TownHall, Sighting], text: str, said: str
) -> None:
    desk, seen = fitting
    answer = desk.ana.presses(f"/formulierungen/{seen.id}", {"formulierung": text})
    assert answer.status_code == 422
    assert said in answer.text and text.strip() in answer.text


@pytest.mark.parametrize("said", ["does_not_fit", "corrects", ""])
def test_only_a_post_that_fits_is_offered(fitting: tuple[TownHall, Sighting], said: str) -> None:
    desk, seen = fitting
    assert seen.incident_id is not None
    incident = desk.store.incidents.get(seen.incident_id)
    desk.ana.judges(incident, seen, said)
    assert "weitere Formulierung" not in desk.ana.opens(f"/vorfaelle/{incident.id}").text
    text = {"formulierung": "Aus dem Hahn kommt Gift"}
    assert desk.ana.presses(f"/formulierungen/{seen.id}", text).status_code == 422


def test_an_exercise_changes_no_catalogue(desk: TownHall) -> None:
    incident = desk.rumour_spreads(1, text="Aus dem Hahn kommt Gift", drill=True)
    (seen,) = desk.store.sightings.of_incident(incident.id)
    desk.ana.judges(incident, seen, "fits")
    assert "weitere Formulierung" not in desk.ana.opens(f"/vorfaelle/{incident.id}").text
    answer = desk.ana.presses(f"/formulierungen/{seen.id}", {"formulierung": "Gift aus dem Hahn"})
    assert answer.status_code == 422
    assert desk.store.rumours.get("wasser").variants == ()


def test_an_address_of_a_post_that_is_gone_offers_nothing(desk: TownHall) -> None:
    assert "Formulierung" not in desk.ana.opens("/vorschlaege/?passt=99").text


def test_a_post_judged_to_correct_raises_nothing_and_is_shown_as_a_correction(
    desk: TownHall,
) -> None:
    incident = desk.rumour_spreads(2)
    seen, *_ = desk.store.sightings.of_incident(incident.id)
    desk.ana.judges(incident, seen, "corrects")
    assert desk.store.sightings.get(seen.id).verdict is Verdict.CORRECTS
    assert desk.store.incidents.spread(incident.id, desk.now).posts == 1
    assert "stellt richtig" in desk.ana.opens(f"/vorfaelle/{incident.id}").text
