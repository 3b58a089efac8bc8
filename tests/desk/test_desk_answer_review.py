"""An answer on its way to release, on the desk: notes, comments, other words, mended at once."""

from __future__ import annotations

import re

import pytest
from people import TownHall, Visitor

from crisis.types import Response, ResponseState, Role


@pytest.fixture
def made(desk: TownHall) -> Response:
    """Handed over by Ana through the page."""
    desk.chloe_approves()
    draft = desk.draft(desk.rumour_spreads())
    form = {
        "titel": draft.title,
        "version": str(draft.version),
        "b-naechste_info": "heute um 18 Uhr",
        "weiter": "freigabe",
        "notiz": "Stimmt <i>18 Uhr</i>?",
    }
    assert desk.ana.presses(f"/antworten/{draft.id}", form).status_code == 302
    return desk.store.responses.get(draft.id)


def path(made: Response, way: str = "") -> str:
    return f"/antworten/{made.id}{way and '/' + way}"


def test_the_second_person_reads_the_note_and_gets_a_mail(desk: TownHall, made: Response) -> None:
    assert made.state is ResponseState.SUBMITTED
    page = desk.chloe.opens(path(made)).text
    assert "Stimmt &lt;i&gt;18 Uhr&lt;/i&gt;?" in page
    assert "Mit Anmerkung zurückgeben" in page
    mail = desk.store.alerts.recent()[0]
    assert mail.to == "chloe@musterstadt.example"
    assert f"/antworten/{made.id}" in mail.text
    assert "Mit Anmerkung zurückgeben" not in desk.ana.opens(path(made)).text


def test_it_comes_back_to_ana(desk: TownHall, made: Response) -> None:
    form = {"version": str(made.version), "anmerkung": "Bitte mit Ortsangabe."}
    assert desk.chloe.presses(path(made, "zurueckgeben"), form).status_code == 302
    assert "Zurückgegeben, bitte ändern" in desk.ana.opens("/").text
    page = desk.ana.opens(path(made)).text
    assert "Bitte mit Ortsangabe." in page
    assert "Zur Freigabe geben" in page
    incident = desk.ana.opens(f"/vorfaelle/{made.incident_id}").text
    assert "Antwort mit Anmerkung zurückgegeben." in incident
    desk.ana.presses(path(made, "freigabe"))
    assert "Zurückgegeben, bitte ändern" not in desk.ana.opens("/").text
    assert "Bitte mit Ortsangabe." not in desk.ana.opens(path(made)).text


def test_what_nobody_saw_is_not_given_back(desk: TownHall, made: Response) -> None:
    for version in ("", "1", "x"):
        form = {"version": version, "anmerkung": "Nein"}
        assert desk.chloe.presses(path(made, "zurueckgeben"), form).status_code == 409
    form = {"version": str(made.version), "anmerkung": ""}
    assert desk.chloe.presses(path(made, "zurueckgeben"), form).status_code == 422
    assert desk.store.responses.get(made.id).state is ResponseState.SUBMITTED


def test_chloe_mends_and_releases_and_both_names_stand_there(
    desk: TownHall, made: Response
) -> None:
    page = desk.chloe.opens(path(made)).text
    assert "Selbst berichtigen und gleich freigeben" in page
    form = {
        "version": str(made.version),
        "titel": made.title,
        "b-naechste_info": "heute um 19 Uhr",
    }
    assert desk.chloe.presses(path(made, "berichtigt-freigeben"), form).status_code == 302
    page = desk.ana.opens(path(made)).text
    assert "Bei der Freigabe berichtigt von Chloe" in page
    assert re.search(r"<del>(<span.*?</span>)?18</del>\s*<ins>(<span.*?</span>)?19</ins>", page)
    who = page[page.index("Wer und wann") :]
    assert who.index("Ana") < who.index("Chloe")
    assert "heute um 19 Uhr" in desk.dev.opens("/klarstellungen/").text or "19 Uhr" in page


def test_other_words_are_shown_to_the_second_person(desk: TownHall, made: Response) -> None:
    desk.ana.presses(path(made, "zurueck"), {"version": str(made.version)})
    draft = desk.store.responses.get(made.id)
    form = {"version": str(draft.version), "text-short": "Alles <b>gut</b>. {{ naechste_info }}"}
    form["text-website"] = draft.texts["website"]
    assert desk.ana.presses(path(made, "wortlaut"), form).status_code == 302
    assert "Freigegebenen Wortlaut wiederherstellen" in desk.ana.opens(path(made)).text
    desk.ana.presses(path(made, "freigabe"))
    page = desk.chloe.opens(path(made)).text
    assert "Weicht vom freigegebenen Wortlaut ab" in page
    assert "&lt;b&gt;" in page and "<b>gut" not in page
    back = desk.store.responses.get(made.id)
    form = {"version": str(back.version), "tun": "zurueck"}
    desk.ana.presses(path(made, "wortlaut"), form)
    assert "Weicht vom freigegebenen" not in desk.ana.opens(path(made)).text


def test_another_headline_is_shown_too(desk: TownHall, made: Response) -> None:
    form = {"version": str(made.version), "titel": "Wasser in Nordstadt ist in Ordnung"}
    form |= {"b-naechste_info": "heute um 18 Uhr", "weiter": "freigabe"}
    desk.ana.presses(path(made), form)
    page = desk.chloe.opens(path(made)).text
    assert "Weicht vom freigegebenen Wortlaut ab" in page
    assert "<ins>" in page


def test_a_channel_left_empty_is_left_out_and_can_come_back(desk: TownHall, made: Response) -> None:
    form = {"version": str(made.version), "text-short": "", "text-website": made.texts["website"]}
    desk.ana.presses(path(made, "wortlaut"), form)
    draft = desk.store.responses.get(made.id)
    assert set(draft.texts) == {"website"}
    page = desk.ana.opens(path(made)).text
    assert 'name="text-short"' in page
    assert "Freigegebenen Wortlaut wiederherstellen" in page


@pytest.mark.parametrize("way", ["zurueckgeben", "berichtigt-freigeben", "wortlaut"])
def test_others_may_not(desk: TownHall, made: Response, way: str) -> None:
    refused: tuple[Visitor, ...] = (desk.vera, desk.dev)
    if way != "wortlaut":
        refused = (*refused, desk.ana, desk.ben)
    for visitor in refused:
        answer = visitor.presses(path(made, way), {"version": str(made.version)})
        assert answer.status_code == 403, visitor.person
    assert desk.store.responses.get(made.id) == made


def test_it_can_be_handed_to_one_of_several(desk: TownHall, made: Response) -> None:
    with desk.store.transaction():
        eva = desk._joins("Eva", Role.APPROVER)
    desk.ana.presses(path(made, "zurueck"), {"version": str(made.version)})
    page = desk.ana.opens(path(made)).text
    assert "Wer soll prüfen?" in page
    desk.ana.presses(path(made, "freigabe"), {"an": str(eva.id)})
    assert desk.store.alerts.recent()[0].to == eva.email
    assert "→ Eva" in desk.chloe.opens(path(made)).text
