"""The list of playbooks that need somebody."""

from __future__ import annotations

from builders import PLAYBOOK
from people import TownHall

from crisis.playbooks.parse import sha256

LIST = "/playbooks/pruefung"
SOON = PLAYBOOK.replace("gueltig_bis: 2027-12-31", "gueltig_bis: 2026-12-01")
AGAIN = PLAYBOOK.replace(
    "gueltig_bis: 2027-12-31", "gueltig_bis: 2027-12-31\npruefen_bis: 2026-11-20"
)


def lay(desk: TownHall, name: str, text: str, title: str, *, approved: bool = True) -> None:
    text = text.replace("Das Trinkwasser ist in Ordnung", title)
    (desk.playbooks / f"{name}.md").write_text(text, "utf-8")
    if approved:
        form = {"sha256": sha256(text)}
        assert desk.chloe.presses(f"/playbooks/freigeben/{name}", form).status_code == 302


def test_what_is_fine_is_not_in_it(desk: TownHall) -> None:
    desk.chloe_approves()
    page = desk.ana.opens(LIST).text
    assert "Nichts zu prüfen" in page


def test_every_kind_of_need_says_what_to_do(desk: TownHall) -> None:
    lay(desk, "bald", SOON, "Bald vorbei")
    lay(desk, "wieder", AGAIN, "Wieder lesen")
    (desk.playbooks / "kaputt.md").write_text("kein Kopf", "utf-8")
    desk.ben.presses("/playbooks/einreichen/trinkwasser", {"sha256": sha256(PLAYBOOK)})
    page = desk.ana.opens(LIST).text
    for words in (
        "verlängern, bevor sie abläuft",
        "noch einmal lesen",
        "so ist sie nicht lesbar",
        "lesen und freigeben oder zurückgeben",
    ):
        assert words in page
    # The most pressing day first; what has no day last.
    assert (
        page.index("Wieder lesen</a>") < page.index("Bald vorbei</a>") < page.index("trinkwasser")
    )


def test_it_names_whom_it_waits_for(desk: TownHall) -> None:
    assert desk.chloe.person is not None
    form = {"sha256": sha256(PLAYBOOK), "an": str(desk.chloe.person.id)}
    desk.ben.presses("/playbooks/einreichen/trinkwasser", form)
    assert "Wartet auf Chloe" in desk.ana.opens(LIST).text
    form = {"sha256": sha256(PLAYBOOK), "anmerkung": "Quelle fehlt"}
    desk.chloe.presses("/playbooks/zurueckgeben/trinkwasser", form)
    page = desk.ana.opens(LIST).text
    assert "Wartet auf Ben" in page
    assert "nach der Anmerkung ändern" in page


def test_it_is_narrowed_sorted_kept_and_saved_as_a_file(desk: TownHall) -> None:
    lay(desk, "bald", SOON, "Bald vorbei")
    lay(desk, "neu", PLAYBOOK.replace("Pressestelle", "Bauhof"), "Neu", approved=False)
    page = desk.ana.opens(f"{LIST}?stand=approved").text
    assert "Bald vorbei" in page and ">Neu</a>" not in page
    page = desk.ana.opens(f"{LIST}?wer=Bauhof&sort=-titel").text
    assert "Bald vorbei" not in page and ">Neu</a>" in page
    assert "Ansicht merken" in page
    form = {"liste": "upkeep.index", "ansicht": "wer=Bauhof", "name": "Meine"}
    assert desk.ana.presses("/ansichten/", form).status_code == 302
    assert ">Meine</a>" in desk.ana.opens(LIST).text
    file = desk.ana.opens(f"{LIST}?als=csv")
    assert file.mimetype == "text/csv"
    assert "Bald vorbei" in file.text
    assert "2026-12-01" in file.text


def test_the_board_leads_to_it(desk: TownHall) -> None:
    lay(desk, "bald", SOON.replace("Pressestelle", "ben@musterstadt.example"), "Bald vorbei")
    assert "2 Vorlagen brauchen jemanden" in desk.chloe.opens("/").text
    assert "Eine Vorlage braucht jemanden" in desk.ben.opens("/").text, "his own"
    assert LIST in desk.ben.opens("/").text
    assert "brauchen jemanden" not in desk.ana.opens("/").text


def test_strangers_sign_in_first(desk: TownHall) -> None:
    assert desk.dev.opens(LIST).status_code == 302
