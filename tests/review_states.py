"""A town hall with a text in every state between draft and approval, for pictures and browser tests."""

from __future__ import annotations

from builders import PLAYBOOK
from people import TownHall, Visitor

from crisis.playbooks.parse import sha256
from crisis.types import Role

RISKY = PLAYBOOK.replace("sprache: de", "sprache: de\nrisiko: hoch")


def joins(town: TownHall) -> None:
    """Eva is a second one who approves."""
    with town.store.transaction():
        town.eva = Visitor(town, town._joins("Eva", Role.APPROVER))  # type: ignore[attr-defined]


def eva(town: TownHall) -> Visitor:
    return town.eva  # type: ignore[attr-defined, no-any-return]


def states(town: TownHall) -> list[tuple[str, Visitor, str]]:
    """Every new state of a page: name, who looks, address."""
    hall = town
    hall.everybody_signs_in()
    eva(hall).signs_in()
    texts = {
        "zurueck": RISKY.replace("Das Trinkwasser ist in Ordnung", "Zurückgegebene Vorlage"),
        "pruefung": RISKY.replace("Das Trinkwasser ist in Ordnung", "Vorlage in Prüfung"),
        "halb": RISKY.replace("Das Trinkwasser ist in Ordnung", "Halb freigegebene Vorlage"),
        "bald": PLAYBOOK.replace("2027-12-31", "2026-12-01"),
        "frei": PLAYBOOK,
    }
    for name, text in texts.items():
        (hall.playbooks / f"{name}.md").write_text(text, "utf-8")
    for name in ("bald", "frei", "trinkwasser"):
        text = texts.get(name, PLAYBOOK)
        hall.chloe.presses(f"/playbooks/freigeben/{name}", {"sha256": sha256(text)})
    for visitor in (hall.chloe, eva(hall)):
        form = {"sha256": sha256(texts["pruefung"])}
        assert visitor.presses("/playbooks/freigeben/pruefung", form).status_code == 302
    texts["pruefung"] = (
        texts["pruefung"]
        .replace("um 9 Uhr", "um 10 Uhr")
        .replace("risiko: hoch", "risiko: niedrig")
    )
    (hall.playbooks / "pruefung.md").write_text(texts["pruefung"], "utf-8")
    for name in ("zurueck", "pruefung", "halb"):
        form = {"sha256": sha256(texts[name]), "notiz": "Bitte besonders auf die Uhrzeit achten."}
        assert hall.ben.presses(f"/playbooks/einreichen/{name}", form).status_code == 302
    back = {
        "sha256": sha256(texts["zurueck"]),
        "anmerkung": "Es war 10 Uhr.\nUnd die Quelle fehlt.",
    }
    assert hall.chloe.presses("/playbooks/zurueckgeben/zurueck", back).status_code == 302
    eva(hall).presses("/playbooks/freigeben/halb", {"sha256": sha256(texts["halb"])})
    incident = hall.rumour_spreads()
    made = hall.draft(incident)
    words = {"version": "1", "text-short": "Alles gut. {{ naechste_info }}"}
    hall.ana.presses(
        f"/antworten/{made.id}/wortlaut", words | {"text-website": made.texts["website"]}
    )
    made = hall.store.responses.get(made.id)
    hall.ana.fills(made, submit=True, naechste_info="heute um 18 Uhr")
    second = hall.draft(incident)
    hall.ana.fills(second, submit=True, naechste_info="heute um 18 Uhr")
    second = hall.store.responses.get(second.id)
    form = {"version": str(second.version), "anmerkung": "Bitte mit Ortsangabe."}
    hall.chloe.presses(f"/antworten/{second.id}/zurueckgeben", form)
    show = "/playbooks/ansehen/"
    return [
        ("board-author", hall.ben, "/"),
        ("board-approver", hall.chloe, "/"),
        ("list", hall.chloe, "/playbooks/"),
        ("upkeep", hall.chloe, "/playbooks/pruefung"),
        ("returned", hall.ben, f"{show}zurueck"),
        ("to-review", hall.chloe, f"{show}pruefung"),
        ("half", hall.chloe, f"{show}halb"),
        ("waits", eva(hall), f"{show}halb"),
        ("approved", hall.chloe, f"{show}frei"),
        ("answer-reworded", hall.chloe, f"/antworten/{made.id}"),
        ("answer-returned", hall.ana, f"/antworten/{second.id}"),
        ("incident", hall.ana, f"/vorfaelle/{incident.id}"),
    ]
