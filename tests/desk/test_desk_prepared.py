"""What a full playbook brings to the desk: checks to tick, a first statement, typed blanks, questions."""

from __future__ import annotations

import pytest
from builders import PLAYBOOK
from people import TownHall

from crisis.playbooks.folder import Folder
from crisis.types import Incident, IncidentState, Playbook, Response, ResponseState
from crisis.workflows import approve

FULL = (
    PLAYBOOK.replace(
        "## Lage",
        """## Wann nicht

Wenn das Labor eine Belastung meldet.

## Vorher prüfen

- [ ] Labor anrufen: Was wurde gemessen?
- [ ] Gesundheitsamt fragen

## Erste Meldung

### Wir prüfen Meldungen zum Trinkwasser

Wir fragen das Labor. Nächste Meldung: {{ zusage: zeitpunkt(zukunft) }}.

## Erste Meldung: kurz

Wir prüfen das. Nächste Meldung: {{ zusage }}.

## Fragen und Antworten

### Darf ich duschen?

Ja. Fragen: {{ buergertelefon: telefon }}.

## Unbequeme Fragen

### Haben Sie etwas verschwiegen?

Nein. Stufe: {{ stufe: auswahl(gelb, rot) }}.

## Lage""",
    )
    .replace(
        "## Antwort: kurz",
        "## Antwort: sms\n\nSauber. {{ buergertelefon }}, {{ stufe }}, {{ zusage }}\n\n## Antwort: kurz",
    )
    .replace("kanaele: [", "kanaele: [sms, ")
)


@pytest.fixture
def prepared(desk: TownHall) -> Playbook:
    (desk.playbooks / "trinkwasser.md").write_text(FULL, "utf-8")
    (made,) = Folder(desk.playbooks).load().playbooks
    assert desk.chloe.person is not None
    approve.approve(desk.store, made, desk.chloe.person, desk.now)
    return made


@pytest.fixture
def spreading(desk: TownHall, prepared: Playbook) -> Incident:
    return desk.rumour_spreads(2)


def begins(desk: TownHall, spreading: Incident, prepared: Playbook, **more: str) -> Response:
    form = {"playbook": prepared.name, "sha256": prepared.sha256, **more}
    assert desk.ana.presses(f"/vorfaelle/{spreading.id}/antworten", form).status_code == 302
    return desk.store.responses.of_incident(spreading.id)[-1]


def test_its_checks_stand_on_the_incident_and_say_who_ticked_them(
    desk: TownHall, spreading: Incident, prepared: Playbook
) -> None:
    page = desk.ana.opens(f"/vorfaelle/{spreading.id}").text
    assert "Labor anrufen: Was wurde gemessen?" in page
    assert "Zuerst, was diese Vorlage verlangt:" in page
    assert "0 von 7" in page
    form = {"schritt": prepared.checks[0].key, "bemerkung": "Frau Yılmaz, 14:10"}
    desk.ana.presses(f"/vorfaelle/{spreading.id}/pruefen", form)
    page = desk.ana.opens(f"/vorfaelle/{spreading.id}").text
    assert "1 von 7" in page
    assert "Frau Yılmaz, 14:10" in page
    (entry,) = [
        e for e in desk.store.audit.of_incident(spreading.id) if e.action == "incident.checked"
    ]
    assert entry.after["step"] == "Labor anrufen: Was wurde gemessen?"
    strange = {"schritt": "p-000000000000"}
    assert desk.ana.presses(f"/vorfaelle/{spreading.id}/pruefen", strange).status_code == 404


def test_a_tick_stays_when_the_answer_was_begun_and_the_file_changed(
    desk: TownHall, spreading: Incident, prepared: Playbook
) -> None:
    begins(desk, spreading, prepared)
    (desk.playbooks / "trinkwasser.md").write_text(PLAYBOOK, "utf-8")
    desk.ana.presses(f"/vorfaelle/{spreading.id}/pruefen", {"schritt": prepared.checks[1].key})
    assert "1 von 7" in desk.ana.opens(f"/vorfaelle/{spreading.id}").text


def test_a_first_statement_goes_out_and_the_incident_stays_open(
    desk: TownHall, spreading: Incident, prepared: Playbook
) -> None:
    assert "Erste Meldung vorbereiten" in desk.ana.opens(f"/vorfaelle/{spreading.id}").text
    first = begins(desk, spreading, prepared, art="erste")
    assert first.title == "Wir prüfen Meldungen zum Trinkwasser"
    assert set(first.texts) == {"website", "short"}
    assert "###" not in first.texts["website"]
    desk.ana.fills(first, submit=True, zusage="heute um 23:50 Uhr")
    desk.chloe.releases(desk.store.responses.get(first.id))
    released = desk.store.responses.get(first.id)
    assert released.state is ResponseState.RELEASED
    assert desk.store.incidents.get(spreading.id).state is IncidentState.ANSWERING
    second = begins(desk, spreading, prepared)
    assert set(second.texts) >= {"website", "short", "sms"}
    page = desk.ana.opens(f"/antworten/{second.id}").text
    assert "Folgt auf die erste Meldung" in page
    assert "nimmt den Platz von „Wir prüfen Meldungen zum Trinkwasser“ ein" in page
    assert f"/antworten/{first.id}" in page
    assert "Erste Meldung" in desk.ana.opens(f"/antworten/{first.id}").text
    desk.ana.fills(
        second,
        submit=True,
        zusage="2099-01-01T10:00",
        buergertelefon="115",
        stufe="gelb",
        naechste_info="um 18 Uhr",
    )
    desk.chloe.releases(desk.store.responses.get(second.id))
    public = desk.dev.opens(f"/klarstellungen/{released.slug}").text
    assert "Fassung 1" not in public and "– Erste Meldung</li>" in public
    assert "Auf unsere erste Meldung folgt nun" in public


def test_a_playbook_without_one_says_so(desk: TownHall) -> None:
    desk.chloe_approves()
    incident = desk.rumour_spreads(1)
    (made,) = Folder(desk.playbooks).load().playbooks
    form = {"playbook": made.name, "sha256": made.sha256, "art": "erste"}
    assert desk.ana.presses(f"/vorfaelle/{incident.id}/antworten", form).status_code == 422
    assert "Erste Meldung vorbereiten" not in desk.ana.opens(f"/vorfaelle/{incident.id}").text


def test_every_blank_has_the_field_of_its_kind(
    desk: TownHall, spreading: Incident, prepared: Playbook
) -> None:
    answer = begins(desk, spreading, prepared)
    page = desk.ana.opens(f"/antworten/{answer.id}").text
    assert 'name="b-zusage" type="datetime-local"' in page
    assert 'name="b-buergertelefon" type="tel"' in page
    assert '<select class="kern-form-input__select" id="b-stufe"' in page
    assert '<option value="rot">rot</option>' in page
    assert "Wenn das Labor eine Belastung meldet." in page
    assert "Darf ich duschen?" in page
    assert "Nein. Stufe: [stufe]." in page


def test_what_does_not_fit_its_blank_is_not_handed_over_and_not_released(
    desk: TownHall, spreading: Incident, prepared: Playbook
) -> None:
    answer = begins(desk, spreading, prepared)
    wrong = {
        "naechste_info": "um 18 Uhr",
        "zusage": "bald",
        "buergertelefon": "Büro",
        "stufe": "blau",
    }
    page = desk.ana.fills(answer, submit=True, **wrong)
    assert page.status_code == 422
    assert "24. November 2026, 18:30 Uhr" in page.text
    assert "Bitte eines davon: gelb, rot." in page.text
    assert 'name="b-zusage" type="text" value="bald"' in page.text, "nothing typed is lost"
    answer = desk.store.responses.get(answer.id)
    past = wrong | {"zusage": "1999-01-01T10:00", "buergertelefon": "115", "stufe": "ROT"}
    page = desk.ana.fills(answer, submit=True, **past)
    assert "Das ist schon vorbei." in page.text
    answer = desk.store.responses.get(answer.id)
    assert answer.values["zusage"] == "1. Januar 1999, 10:00 Uhr"
    assert answer.values["stufe"] == "rot"
    good = past | {"zusage": "2099-01-01T10:00"}
    assert desk.ana.fills(answer, submit=True, **good).status_code == 302
    page = desk.chloe.opens(f"/antworten/{answer.id}").text
    assert "<mark>1. Januar 2099, 10:00 Uhr</mark>" in page


def test_what_was_said_before_is_offered_again(
    desk: TownHall, spreading: Incident, prepared: Playbook
) -> None:
    first = begins(desk, spreading, prepared)
    desk.ana.fills(first, naechste_info="um 18 Uhr", buergertelefon="030 1", zusage="2099-01-01T10:00",
                   stufe="rot")  # fmt: skip
    again = begins(desk, spreading, prepared, gesehen=str(first.id))
    page = desk.ana.opens(f"/antworten/{again.id}").text
    assert 'type="tel" value="030 1"' in page
    assert '<option value="rot" selected>' in page
    assert 'type="datetime-local" value=""' in page, "a promise is made anew"


def test_the_playbooks_page_shows_every_part(desk: TownHall, prepared: Playbook) -> None:
    page = desk.ben.opens("/playbooks/ansehen/trinkwasser").text
    for words in ("Wann sie nicht passt", "Vorher prüfen", "Erste Meldung:", "unbequem"):
        assert words in page
    assert "freigegeben" in page


def test_a_playbook_with_a_block_is_approved_edited_and_used_as_a_whole(desk: TownHall) -> None:
    text = PLAYBOOK.replace(
        "## Antwort: website\n", "## Antwort: website\n\n{{ baustein: kopf }}\n"
    )
    assert text != PLAYBOOK
    (desk.playbooks / "bausteine").mkdir()
    (desk.playbooks / "bausteine" / "kopf.md").write_text("Aus dem **Baustein**.", "utf-8")
    (desk.playbooks / "trinkwasser.md").write_text(text, "utf-8")
    (made,) = Folder(desk.playbooks).load().playbooks
    page = desk.chloe.opens("/playbooks/ansehen/trinkwasser").text
    assert "Aus dem <strong>Baustein</strong>." in page
    assert f'value="{made.sha256}"' in page
    done = desk.chloe.presses("/playbooks/freigeben/trinkwasser", {"sha256": made.sha256})
    assert done.status_code == 302
    editor = desk.ben.opens("/playbooks/bearbeiten/trinkwasser").text
    assert "{{ baustein: kopf }}" in editor
    (desk.playbooks / "bausteine" / "kopf.md").write_text("Anders.", "utf-8")
    page = desk.chloe.opens("/playbooks/ansehen/trinkwasser").text
    assert "Geändert seit der letzten Freigabe" in page
