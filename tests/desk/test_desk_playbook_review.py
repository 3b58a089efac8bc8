"""A playbook's way to its approval on the desk: handing in, returning, two who approve, what waits."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from builders import PLAYBOOK
from people import TownHall, Visitor
from werkzeug.test import TestResponse

from crisis.playbooks.parse import sha256
from crisis.types import ReviewState, Role

SHOW = "/playbooks/ansehen/trinkwasser"
IN, BACK, OUT = (
    f"/playbooks/{way}/trinkwasser" for way in ("einreichen", "zurueckgeben", "zurueckholen")
)
RISKY = PLAYBOOK.replace("sprache: de", "sprache: de\nrisiko: hoch")
CHANGED = PLAYBOOK.replace("um 9 Uhr", "um 10 Uhr")
COMMENT = "Bitte <b>die</b> Quelle nennen.\nZeile 3"


@pytest.fixture
def eva(desk: TownHall) -> Visitor:
    """A second one who approves."""
    with desk.store.transaction():
        made = Visitor(desk, desk._joins("Eva", Role.APPROVER))
    made.signs_in()
    return made


def writes(desk: TownHall, text: str, began: str = PLAYBOOK) -> None:
    form = {"name": "trinkwasser", "text": text, "sha256": sha256(began)}
    assert desk.ben.presses("/playbooks/speichern", form).status_code == 302


def hands_in(desk: TownHall, text: str = PLAYBOOK, **form: str) -> TestResponse:
    return desk.ben.presses(IN, {"sha256": sha256(text), **form})


def approves(visitor: Visitor, text: str = PLAYBOOK) -> TestResponse:
    return visitor.presses("/playbooks/freigeben/trinkwasser", {"sha256": sha256(text)})


def state(desk: TownHall) -> ReviewState:
    return desk.store.reviews.of_playbook("trinkwasser")[0].state


def test_ben_hands_in_and_chloe_finds_it_on_the_board(desk: TownHall) -> None:
    assert "Fertig? Dann zur Prüfung einreichen" in desk.ben.opens(SHOW).text
    assert hands_in(desk, notiz="Stimmt die Uhrzeit?").status_code == 302
    assert "Wartet auf eine zweite Person" in desk.ben.opens(SHOW).text
    assert "in Prüfung" in desk.ana.opens("/playbooks/").text
    board = desk.chloe.opens("/").text
    assert "Vorlage prüfen: Das Trinkwasser ist in Ordnung" in board
    page = desk.chloe.opens(SHOW).text
    assert "Wartet auf Ihre Prüfung" in page
    assert "Stimmt die Uhrzeit?" in page
    assert "Vorlage prüfen" not in desk.ana.opens("/").text


def test_it_comes_back_and_ben_sees_why_on_the_board_and_on_the_page(desk: TownHall) -> None:
    writes(desk, CHANGED)
    hands_in(desk, CHANGED)
    form = {"sha256": sha256(CHANGED), "anmerkung": COMMENT}
    assert desk.chloe.presses(BACK, form).status_code == 302
    assert "Zurückgegeben, bitte ändern: Das Trinkwasser" in desk.ben.opens("/").text
    page = desk.ben.opens(SHOW).text
    assert "Bitte &lt;b&gt;die&lt;/b&gt; Quelle nennen." in page
    assert "Fertig? Dann zur Prüfung einreichen" in page
    assert "Freigeben" not in re.findall(r"<button.*?</button>", desk.chloe.opens(SHOW).text)
    assert "wartet auf ihre Autorin" in desk.chloe.opens(SHOW).text


def test_a_return_without_a_word_is_refused(desk: TownHall) -> None:
    hands_in(desk)
    answer = desk.chloe.presses(BACK, {"sha256": sha256(PLAYBOOK), "anmerkung": " "})
    assert answer.status_code == 422
    assert state(desk) is ReviewState.OPEN


def test_what_was_changed_while_somebody_read_is_neither_returned_nor_approved(
    desk: TownHall,
) -> None:
    hands_in(desk)
    writes(desk, CHANGED)
    form = {"sha256": sha256(PLAYBOOK), "anmerkung": "Nein"}
    assert desk.chloe.presses(BACK, form).status_code == 409
    assert approves(desk.chloe).status_code == 409
    assert hands_in(desk).status_code == 409
    assert state(desk) is ReviewState.CHANGED
    assert "nach dem Einreichen geändert" in desk.ben.opens(SHOW).text


def test_ben_takes_it_back(desk: TownHall) -> None:
    hands_in(desk)
    assert desk.ben.presses(OUT).status_code == 302
    assert state(desk) is ReviewState.TAKEN_BACK
    assert "Vorlage prüfen" not in desk.chloe.opens("/").text


def test_a_risky_one_takes_two(desk: TownHall, eva: Visitor) -> None:
    writes(desk, RISKY)
    hands_in(desk, RISKY)
    answer = desk.chloe.presses(
        "/playbooks/freigeben/trinkwasser", {"sha256": sha256(RISKY)}, follow_redirects=True
    )
    assert "fehlt noch eine zweite" in answer.text
    assert "Sie haben freigegeben." in answer.text
    assert "zweite Freigabe fehlt" in desk.ana.opens("/playbooks/").text
    assert "Vorlage prüfen" not in desk.chloe.opens("/").text
    assert "Vorlage prüfen" in eva.opens("/").text
    page = eva.opens(SHOW).text
    assert "Eine zweite Freigabe fehlt: Ihre?" in page
    assert "Schon freigegeben von Chloe." in page
    assert approves(eva, RISKY).status_code == 302
    page = desk.ana.opens(SHOW).text
    assert re.search(r">\s*freigegeben\s*<", page)
    assert "<strong>Chloe</strong>" in page and "<strong>Eva</strong>" in page


def test_who_lowers_the_risk_is_found_out(desk: TownHall, eva: Visitor) -> None:
    writes(desk, RISKY)
    for visitor in (desk.chloe, eva):
        approves(visitor, RISKY)
    writes(desk, CHANGED, began=RISKY)
    page = desk.chloe.opens(SHOW).text
    assert "Das Risiko wurde gegenüber der letzten freigegebenen Fassung gesenkt" in page
    assert re.search(r"<del>.*risiko: hoch", page)


def test_one_is_enough_where_the_settings_say_so(desk: TownHall) -> None:
    assert desk.house.terms.two_from is not None
    never = TownHall(desk.instance.parent / "b", CRISIS_RELEASE_TWO_APPROVALS_FROM="never")
    never.everybody_signs_in()
    writes(never, RISKY)
    approves(never.chloe, RISKY)
    assert never.store.playbooks.approvals()[0].needed == 1
    assert re.search(r">\s*freigegeben\s*<", never.ana.opens(SHOW).text)
    never.close()


def test_only_the_person_who_was_asked_has_it_on_the_board(desk: TownHall, eva: Visitor) -> None:
    assert eva.person is not None
    hands_in(desk, an=str(eva.person.id))
    assert "Vorlage prüfen" in eva.opens("/").text
    assert "Vorlage prüfen" not in desk.chloe.opens("/").text
    assert "Wartet auf Ihre Prüfung" in desk.chloe.opens(SHOW).text, "others may all the same"


def test_others_may_not(desk: TownHall) -> None:
    hands_in(desk)
    form = {"sha256": sha256(PLAYBOOK), "anmerkung": "Nein"}
    for visitor in (desk.ana, desk.vera, desk.ben):
        assert visitor.presses(BACK, form).status_code == 403
    for visitor in (desk.ana, desk.vera, desk.chloe):
        assert visitor.presses(IN, form).status_code == 403
        assert visitor.presses(OUT).status_code == 403
    assert desk.dev.presses(BACK, form).status_code == 403
    assert state(desk) is ReviewState.OPEN


def test_an_expired_one_asks_for_a_new_day(desk: TownHall) -> None:
    desk.chloe_approves()
    desk.later(days=500)
    desk.everybody_signs_in()
    page = desk.ben.opens(SHOW).text
    assert "abgelaufen" in page
    assert "setzen Sie ein neues Datum" in page
    assert hands_in(desk).status_code == 409


def test_a_text_with_errors_cannot_be_handed_in(desk: TownHall) -> None:
    broken = PLAYBOOK.replace("{{ naechste_info }}", "{{ unbekannt }}")
    (desk.playbooks / "trinkwasser.md").write_text(broken, "utf-8")
    assert "Erst wenn die Fehler behoben sind" in desk.ben.opens(SHOW).text
    assert hands_in(desk, broken).status_code == 422


def test_one_whose_file_is_gone_waits_for_nobody(desk: TownHall) -> None:
    hands_in(desk)
    desk.chloe.presses(BACK, {"sha256": sha256(PLAYBOOK), "anmerkung": "Nein"})
    (desk.playbooks / "trinkwasser.md").unlink()
    assert "Zurückgegeben" not in desk.ben.opens("/").text


def test_the_history_names_everybody_and_what_they_said(desk: TownHall) -> None:
    hands_in(desk, notiz="Eilt")
    desk.later(minutes=1)
    desk.chloe.presses(BACK, {"sha256": sha256(PLAYBOOK), "anmerkung": "Quelle fehlt"})
    desk.later(minutes=1)
    hands_in(desk)
    desk.later(minutes=1)
    desk.ben.presses(OUT)
    approves(desk.chloe)
    (approval,) = desk.store.playbooks.approvals()
    desk.later(minutes=1)
    desk.chloe.presses(f"/playbooks/zuruecknehmen/{approval.id}", {"grund": "Neue Lage"})
    page = desk.vera.opens(SHOW).text
    for word in ("Eilt", "Quelle fehlt", "Zurückgeholt", "Freigegeben", "Freigabe zurückgenommen"):
        assert word in page


def test_who_writes_and_approves_may_not_return_their_own(desk: TownHall) -> None:
    assert desk.ben.person is not None
    with desk.store.transaction():
        both = replace(desk.ben.person, roles=frozenset({Role.AUTHOR, Role.APPROVER}))
        desk.store.people.update(both)
    writes(desk, CHANGED)
    hands_in(desk, CHANGED)
    form = {"sha256": sha256(CHANGED), "anmerkung": "Nein"}
    assert desk.ben.presses(BACK, form).status_code == 403
