"""What Ben types is kept on the server by itself: his alone, offered everywhere, gone once it is saved."""

from __future__ import annotations

from datetime import timedelta

import pytest
from builders import PLAYBOOK, digest
from people import TownHall, Visitor

from crisis.errors import InvalidInputError, NotAllowedError
from crisis.types import PlaybookDraft
from crisis.workflows import keep_draft, tidy

KEEP, EDIT, SAVE = (
    "/playbooks/entwurf/",
    "/playbooks/bearbeiten/trinkwasser",
    "/playbooks/speichern",
)
MINE = PLAYBOOK.replace("Das Wasser ist in Ordnung.", "Das Wasser ist heute in Ordnung.")


def types(who: Visitor, text: str = MINE, **more: str) -> str:
    form = {"name": "trinkwasser", "sha256": digest(PLAYBOOK), "text": text, **more}
    answer = who.presses(KEEP, form)
    return str(answer.get_json()["said"]) if answer.status_code == 200 else str(answer.status_code)


def test_it_is_offered_on_another_machine_until_it_is_saved(desk: TownHall) -> None:
    assert types(desk.ben) == "Entwurf gesichert, 13:00 Uhr."
    other = Visitor(desk, desk.ben.person)
    other.signs_in()
    page = other.opens(EDIT).text
    assert "Sie haben hier schon weitergeschrieben" in page and "heute in Ordnung" not in page
    assert "trinkwasser</a>" in other.opens("/playbooks/").text
    assert "heute in Ordnung" in other.opens(f"{EDIT}?entwurf=1").text
    form = {"name": "trinkwasser", "sha256": digest(PLAYBOOK), "text": MINE, "tun": "speichern"}
    assert other.presses(SAVE, form).status_code == 302
    assert desk.store.drafts.of_person(desk.ben.person.id if desk.ben.person else 0) == []
    # A late message of the first tab says nothing that is not saved: it brings no draft back.
    assert types(desk.ben) == ""
    assert "weitergeschrieben" not in other.opens(EDIT).text


def test_a_new_playbook_is_kept_under_the_name_it_is_to_get(desk: TownHall) -> None:
    types(desk.ben, "---\ntitel: Neu", name="damm", sha256="")
    page = desk.ben.opens("/playbooks/neu").text
    assert "weitergeschrieben" in page
    page = desk.ben.opens("/playbooks/neu?entwurf=1").text
    assert "titel: Neu" in page and 'value="damm"' in page


def test_somebody_else_saved_meanwhile_and_ben_is_asked(desk: TownHall) -> None:
    page = desk.ben.opens(EDIT).text
    began = page.split('name="begann" value="')[1].split('"')[0].replace("&#34;", '"')
    types(desk.ben, began=began)
    theirs = PLAYBOOK.replace("1. Beim Labor anrufen.", "1. Beim Labor zweimal anrufen.")
    (desk.playbooks / "trinkwasser.md").write_text(theirs, "utf-8")
    page = desk.ben.opens(EDIT).text
    assert "beim Speichern fragen wir" in page
    page = desk.ben.opens(f"{EDIT}?entwurf=1").text
    assert (
        digest(PLAYBOOK) in page
        and "zweimal" not in page.split("<textarea")[1].split("</textarea")[0]
    )
    form = {"name": "trinkwasser", "sha256": digest(PLAYBOOK), "text": MINE, "tun": "speichern"}
    answer = desk.ben.presses(SAVE, {**form, "begann": began})
    assert answer.status_code in (200, 409) and "zweimal" in answer.text
    assert desk.store.drafts.of_person(
        desk.ben.person.id if desk.ben.person else 0
    )  # nothing is lost


def test_ben_throws_it_away(desk: TownHall) -> None:
    types(desk.ben)
    desk.ben.presses("/playbooks/entwurf/weg", {"name": "trinkwasser"})
    assert "weitergeschrieben" not in desk.ben.opens(EDIT).text


def test_a_draft_is_nobody_elses_and_readers_keep_none(desk: TownHall) -> None:
    types(desk.ben)
    assert types(desk.ana) in ("403", "404") and types(desk.dev) in ("302", "403")
    assert "weitergeschrieben" not in desk.chloe.opens(EDIT).text
    with pytest.raises(NotAllowedError):
        keep_draft.keep(desk.store, _draft(desk), desk.ana.person, saved="")  # type: ignore[arg-type]


def test_too_much_is_refused_and_old_ones_are_forgotten(desk: TownHall) -> None:
    assert types(desk.ben, "x" * 200_001) == "422"
    ben = desk.ben.person
    assert ben is not None
    for number in range(50):
        keep_draft.keep(desk.store, _draft(desk, f"v{number}"), ben, saved="")
    with pytest.raises(InvalidInputError, match="throw old ones away"):
        keep_draft.keep(desk.store, _draft(desk, "noch-eine"), ben, saved="")
    tidy.tidy(desk.house, desk.now + timedelta(days=91))
    assert desk.store.drafts.of_person(ben.id) == []


def _draft(hall: TownHall, name: str = "x") -> PlaybookDraft:
    return PlaybookDraft(person_id=0, name=name, text="Neu", kept=hall.now)
