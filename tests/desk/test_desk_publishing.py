"""Choosing channels at the release, and how an answer stands there afterwards."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from networks import Networks

from crisis.workflows import respond


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Networks]:
    made = Networks(tmp_path)
    yield made
    made.close()


def test_chloe_sees_what_it_will_look_like_on_every_channel(town: Networks) -> None:
    made = town.submitted()
    page = town.hall.chloe.opens(f"/antworten/{made.id}").text
    assert "Wohin sie geht" in page and "So sieht es dort aus" in page
    assert 'value="mastodon" form="freigeben" checked' in page
    assert 'value="facebook" form="freigeben" checked' in page
    assert 'value="x" form="freigeben" aria' in page  # offered, not ticked
    assert "https://musterstadt.example/klarstellungen/das-trinkwasser-ist-in-ordnung" in page
    assert "von Hand, mit Häkchen" in page
    english = town.hall.chloe.opens(f"/antworten/{made.id}?lang=en").text
    assert "Where it goes" in english and "by hand, with a tick" in english


def test_only_ticked_channels_get_it(town: Networks) -> None:
    made = town.released("mastodon", "facebook")
    assert town.states(made) == {"mastodon": "waiting", "facebook": "todo"}
    assert "steht an" in town.page(made)
    assert town.sends() == 1 and town.sky.texts == []
    page = town.page(made)
    (status,) = town.masto.statuses.values()
    assert status["url"] in page and "veröffentlicht" in page
    assert [m["description"] for m in status["media_attachments"]]  # the share picture, described


def test_no_channel_by_hand_goes_without_a_picture(town: Networks) -> None:
    made = town.submitted()
    assert "Dazu geht das Bild zum Teilen" in town.hall.chloe.opens(f"/antworten/{made.id}").text
    made = town.released("facebook")
    refreshed = town.hall.chloe.opens(f"/antworten/{made.id}/kanaele").text
    for page in (town.page(made), refreshed):
        address = f"/klarstellungen/{made.slug}/bild-wide.png"
        assert f'href="{address}" aria-label="Bild herunterladen: Facebook" download' in page
        assert "Bild zum Teilen: was darauf steht" in page
        assert town.hall.dev.opens(address).content_type == "image/png"


def test_without_the_question_the_usual_channels_get_it(town: Networks) -> None:
    made = town.submitted()
    town.hall.chloe.releases(made)
    assert set(town.states(made)) == {"mastodon", "bluesky", "facebook"}


def test_ana_ticks_off_what_she_posted_by_hand(town: Networks) -> None:
    made = town.released("facebook")
    number = town.row(made, "facebook")
    page = town.page(made)
    assert "https://www.facebook.com/sharer" in page and "Facebook öffnen" in page
    path = f"/antworten/kanaele/{number}"
    wrong = town.hall.ana.presses(f"{path}/erledigt", {"adresse": "javascript:alert(1)"})
    assert wrong.status_code == 422
    town.hall.ana.presses(f"{path}/erledigt", {"adresse": "https://facebook.com/stadt/1"})
    page = town.page(made)
    assert "https://facebook.com/stadt/1" in page and "Ana" in page
    town.hall.ana.presses(f"{path}/offen")
    assert town.states(made) == {"facebook": "todo"}
    assert town.hall.ana.presses(f"{path}/offen").status_code == 409
    town.hall.ana.presses(f"{path}/nicht")
    assert town.states(made) == {"facebook": "cancelled"}
    actions = [entry.action for entry in town.hall.store.audit.of_incident(town.incident.id)]
    assert {"publication.done_by_hand", "publication.not_done", "publication.stopped"} <= set(
        actions
    )


def test_what_failed_says_why_and_can_be_tried_again(town: Networks) -> None:
    made = town.released("mastodon")
    town.masto.trouble = lambda asked: (403, {}, {"error": "outside the authorized scopes"})
    town.sends()
    page = town.page(made)
    assert "gescheitert" in page and "Zugangsschlüssel" in page and "Noch einmal versuchen" in page
    town.masto.trouble = lambda asked: None
    number = town.row(made, "mastodon")
    town.hall.ana.presses(f"/antworten/kanaele/{number}/noch-einmal")
    assert town.sends() == 1
    again = town.hall.ana.presses(f"/antworten/kanaele/{number}/noch-einmal")
    assert again.status_code == 409


def test_a_withdrawn_text_cannot_be_tried_again(town: Networks) -> None:
    made = town.released("mastodon")
    town.masto.trouble = lambda asked: (403, {}, {"error": "no"})
    town.sends()
    town.hall.chloe.presses(f"/antworten/{made.id}/zurueckziehen", {"grund": "Falsch."})
    number = town.row(made, "mastodon")
    assert town.hall.ana.presses(f"/antworten/kanaele/{number}/noch-einmal").status_code == 409
    assert "Noch einmal versuchen" not in town.page(made)


def test_what_will_be_tried_again_says_when(town: Networks) -> None:
    made = town.released("mastodon")
    town.masto.trouble = lambda asked: (503, {"Retry-After": "600"}, {})
    town.sends()
    page = town.page(made)
    assert "wird wieder versucht" in page and "das nächste Mal" in page


def test_more_channels_can_follow_later(town: Networks) -> None:
    made = town.released("mastodon")
    assert "Auf weitere Kanäle geben" in town.hall.chloe.opens(f"/antworten/{made.id}").text
    assert "Auf weitere Kanäle geben" not in town.page(made)  # Ana may not release
    path = f"/antworten/{made.id}/kanaele"
    town.hall.chloe.presses(path, {"kanaele": "1", "kanal": ["mastodon", "bluesky"]})
    assert set(town.states(made)) == {"mastodon", "bluesky"}
    nothing = town.hall.chloe.presses(path, {"kanaele": "1", "kanal": ["bluesky"]})
    assert nothing.status_code == 422
    town.hall.chloe.presses(f"/antworten/{made.id}/zurueckziehen", {"grund": "Falsch."})
    late = town.hall.chloe.presses(path, {"kanaele": "1", "kanal": ["x"]})
    assert late.status_code == 409


def test_a_correction_says_where_the_old_version_is_replaced(town: Networks) -> None:
    made = town.released("mastodon", "facebook")
    town.sends()
    hall = town.hall
    hall.ana.presses(f"/antworten/kanaele/{town.row(made, 'facebook')}/erledigt")
    assert hall.ana.person is not None
    new = respond.correct(hall.store, made.id, hall.ana.person, hall.now)
    form = {
        "b-naechste_info": "um 20 Uhr",
        "titel": new.title,
        "version": str(new.version),
        "aenderung": "Die Uhrzeit.",
        "weiter": "freigabe",
    }
    hall.ana.presses(f"/antworten/{new.id}", form)
    page = hall.chloe.opens(f"/antworten/{new.id}").text
    assert page.count("Die alte Fassung wird dort ersetzt.") == 2
    hall.now += timedelta(hours=1)
    new = hall.store.responses.get(new.id)
    hall.chloe.presses(
        f"/antworten/{new.id}/veroeffentlichen", {"version": str(new.version), "kanaele": "1"}
    )
    town.sends()
    assert "um 20 Uhr" in town.masto.texts[0] and len(town.masto.texts) == 1
    page = town.page(new)
    assert "dort berichtigt" in page and "bitte dort berichtigen" in page
    hall.ana.presses(f"/antworten/kanaele/{town.row(new, 'facebook')}/erledigt")
    assert town.states(made) == {"mastodon": "replaced", "facebook": "replaced"}
    hall.ana.presses(f"/antworten/kanaele/{town.row(new, 'facebook')}/offen")
    assert town.states(made)["facebook"] == "sent"
    hall.chloe.presses(f"/antworten/{new.id}/zurueckziehen", {"grund": "Das Labor misst neu."})
    town.sends()
    assert town.masto.texts[0].startswith("Zurückgezogen")
    page = town.page(new)
    assert "Rückzug dort gesagt" in page


def test_the_page_renews_only_what_changed(town: Networks) -> None:
    made = town.released("mastodon")
    path = f"/antworten/{made.id}/kanaele"
    first = town.hall.ana.opens(path)
    assert "steht an" in first.text
    tag = {"If-None-Match": first.headers["ETag"]}
    assert town.hall.ana.opens(path, headers=tag).status_code == 304
    time.sleep(1.1)  # the token of the forms is another one then
    assert town.hall.ana.opens(path, headers=tag).status_code == 304
    town.sends()
    assert "veröffentlicht" in town.hall.ana.opens(path, headers=tag).text


def test_in_an_exercise_there_is_nothing_to_choose(town: Networks) -> None:
    hall = town.hall
    made = town.submitted()
    with hall.store.transaction():
        hall.store.responses.update(replace(made, drill=True))
    assert "Wohin sie geht" not in hall.chloe.opens(f"/antworten/{made.id}").text


def test_strangers_and_others_are_refused(town: Networks) -> None:
    made = town.released("facebook")
    number = town.row(made, "facebook")
    hall = town.hall
    for button in ("erledigt", "offen", "nicht", "noch-einmal"):
        path = f"/antworten/kanaele/{number}/{button}"
        assert hall.vera.presses(path).status_code == 403
        assert hall.dev.presses(path).status_code in (302, 401, 403)
    assert hall.ana.presses(f"/antworten/{made.id}/kanaele", {"kanal": "x"}).status_code == 403
    assert hall.dev.opens(f"/antworten/{made.id}/kanaele").status_code in (302, 401, 403)
    assert town.states(made) == {"facebook": "todo"}
    assert hall.ana.presses("/antworten/kanaele/999/erledigt").status_code == 404
