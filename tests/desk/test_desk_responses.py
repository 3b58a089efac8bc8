"""One answer, from an approved playbook to the public and back."""

from __future__ import annotations

import pytest
from people import TownHall

from crisis.desk.previews import previews
from crisis.types import Incident, IncidentState, Response, ResponseState
from crisis.workflows import respond


@pytest.fixture
def spreading(desk: TownHall) -> Incident:
    desk.chloe_approves()
    return desk.rumour_spreads(3)


def latest(desk: TownHall, spreading: Incident) -> Response:
    return desk.store.responses.of_incident(spreading.id)[-1]


def test_from_playbook_to_public(desk: TownHall, spreading: Incident) -> None:
    begun = desk.ana.drafts(spreading)
    answer = latest(desk, spreading)
    assert begun.location.endswith(f"/antworten/{answer.id}")
    assert "Lücken ausfüllen" in desk.ana.opens(f"/antworten/{answer.id}").text
    desk.ana.fills(answer, submit=True, naechste_info="heute um 18 Uhr")
    answer = desk.store.responses.get(answer.id)
    assert answer.state is ResponseState.SUBMITTED
    seen = desk.chloe.opens(f"/antworten/{answer.id}").text
    assert "Wir melden uns <mark>heute um 18 Uhr</mark>." in seen
    assert "Freigeben und veröffentlichen" in seen
    desk.chloe.releases(answer)
    answer = desk.store.responses.get(answer.id)
    assert answer.state is ResponseState.RELEASED
    assert desk.store.incidents.get(spreading.id).state is IncidentState.CORRECTED
    done = desk.chloe.opens(f"/antworten/{answer.id}").text
    assert f"/klarstellungen/{answer.slug}" in done
    assert "Nächste Meldung: heute um 18 Uhr." in done
    assert "data-copy" in done


def test_a_playbook_that_is_not_approved_cannot_be_used(desk: TownHall) -> None:
    spreading = desk.rumour_spreads(1)
    answer = desk.ana.drafts(spreading)
    assert answer.status_code == 409
    assert not desk.store.responses.of_incident(spreading.id)


def test_ana_may_not_release_what_she_wrote(desk: TownHall, spreading: Incident) -> None:
    submitted = desk.submitted(spreading)
    page = desk.ana.opens(f"/antworten/{submitted.id}").text
    assert "Wartet auf eine zweite Person" in page
    assert "Freigeben und veröffentlichen" not in page
    assert desk.ana.releases(submitted).status_code == 403
    assert desk.store.responses.get(submitted.id).state is ResponseState.SUBMITTED


def test_an_approver_may_not_release_what_she_wrote_herself(
    desk: TownHall, spreading: Incident
) -> None:
    desk.chloe.drafts(spreading)
    answer = latest(desk, spreading)
    desk.chloe.fills(answer, submit=True, naechste_info="um 18 Uhr")
    answer = desk.store.responses.get(answer.id)
    assert "haben Sie selbst geschrieben" in desk.chloe.opens(f"/antworten/{answer.id}").text
    refused = desk.chloe.releases(answer)
    assert refused.status_code == 403
    assert "zweite Person" in refused.text


def test_only_the_version_that_was_seen_can_be_released(
    desk: TownHall, spreading: Incident
) -> None:
    seen = desk.submitted(spreading)
    desk.ana.presses(f"/antworten/{seen.id}/zurueck")
    desk.ana.fills(
        desk.store.responses.get(seen.id), submit=True, naechste_info="erst in einer Woche"
    )
    refused = desk.chloe.releases(seen)
    assert refused.status_code == 409
    assert desk.store.responses.get(seen.id).state is ResponseState.SUBMITTED


def test_open_blanks_are_named_and_kept_back(desk: TownHall, spreading: Incident) -> None:
    draft = desk.draft(spreading)
    answer = desk.ana.fills(draft, submit=True, naechste_info=" ")
    assert answer.status_code == 422
    assert 'href="#b-naechste_info"' in answer.text
    assert "Hier fehlt noch Ihre Angabe." in answer.text
    assert desk.store.responses.get(draft.id).state is ResponseState.DRAFT


def test_half_done_work_can_be_saved(desk: TownHall, spreading: Incident) -> None:
    draft = desk.draft(spreading)
    assert desk.ana.fills(draft).status_code == 302
    assert desk.store.responses.get(draft.id).version == draft.version + 1


def test_the_title_must_not_be_empty(desk: TownHall, spreading: Incident) -> None:
    draft = desk.draft(spreading)
    form = {"titel": "  ", "version": str(draft.version), "b-naechste_info": "um 18 Uhr"}
    answer = desk.ana.presses(f"/antworten/{draft.id}", form)
    assert answer.status_code == 422
    assert "Überschrift" in answer.text
    assert "um 18 Uhr" in answer.text


def test_two_people_do_not_overwrite_each_other(desk: TownHall, spreading: Incident) -> None:
    draft = desk.draft(spreading)
    desk.ana.fills(draft, naechste_info="um 18 Uhr")
    answer = desk.chloe.fills(draft, naechste_info="um 20 Uhr")
    assert answer.status_code == 409
    assert desk.store.responses.get(draft.id).values["naechste_info"] == "um 18 Uhr"


def test_what_is_too_long_for_a_channel_is_said(desk: TownHall, spreading: Incident) -> None:
    draft = desk.draft(spreading)
    answer = desk.ana.fills(draft, submit=True, naechste_info="sehr bald " * 28)
    assert answer.status_code == 422
    assert "zu viel" in answer.text
    assert "preview--over" in answer.text


def test_the_preview_follows_what_is_typed_and_keeps_nothing(
    desk: TownHall, spreading: Incident
) -> None:
    draft = desk.draft(spreading)
    form = {"b-naechste_info": "um 18 Uhr <b>"}
    answer = desk.ana.presses(f"/antworten/{draft.id}/vorschau", form)
    assert "<html" not in answer.text
    assert "um 18 Uhr &lt;b&gt;" in answer.text
    assert "von 280 Zeichen" in answer.text
    assert desk.store.responses.get(draft.id) == draft


def test_what_is_filled_in_cannot_bring_markup_or_forge_marks(
    desk: TownHall, spreading: Incident
) -> None:
    draft = desk.draft(spreading)
    value = "**fett** <script>x</script> [l](javascript:x) \ue000x\ue001"
    with desk.app.test_request_context():
        for preview in previews(draft, {"naechste_info": value}):
            assert "<script" not in preview.html
            assert "<strong>fett" not in preview.html
            assert "href" not in preview.html
            assert preview.html.count("<mark>") == preview.html.count("</mark>") == 1


def test_a_draft_can_be_put_away(desk: TownHall, spreading: Incident) -> None:
    draft = desk.draft(spreading)
    answer = desk.ana.presses(f"/antworten/{draft.id}/weglegen")
    assert answer.location.endswith("#antwort")
    assert desk.store.responses.get(draft.id).state is ResponseState.DISCARDED
    assert "weggelegt" in desk.ana.opens(f"/antworten/{draft.id}").text
    assert "Entwurf" not in desk.ana.opens(f"/vorfaelle/{spreading.id}").text.split("Verlauf")[0]


def test_a_finished_draft_can_be_handed_over_by_itself(desk: TownHall, spreading: Incident) -> None:
    draft = desk.draft(spreading)
    assert desk.ana.presses(f"/antworten/{draft.id}/freigabe").status_code == 422
    desk.ana.fills(draft, naechste_info="um 18 Uhr")
    assert desk.ana.presses(f"/antworten/{draft.id}/freigabe").status_code == 302
    assert desk.store.responses.get(draft.id).state is ResponseState.SUBMITTED


def test_a_correction_says_what_changed_and_shows_the_difference(
    desk: TownHall, spreading: Incident
) -> None:
    old = desk.released(spreading)
    begun = desk.ana.presses(f"/antworten/{old.id}/berichtigen")
    new = latest(desk, spreading)
    assert begun.location.endswith(f"/antworten/{new.id}")
    assert "Was hat sich geändert?" in desk.ana.opens(f"/antworten/{new.id}").text
    refused = desk.ana.fills(new, submit=True, naechste_info="morgen früh")
    assert refused.status_code == 422
    assert 'href="#aenderung"' in refused.text
    new = desk.store.responses.get(new.id)
    form = {
        "titel": new.title,
        "version": str(new.version),
        "b-naechste_info": "morgen früh",
        "aenderung": "Neue Zeit",
        "weiter": "freigabe",
    }
    assert desk.ana.presses(f"/antworten/{new.id}", form).status_code == 302
    page = desk.chloe.opens(f"/antworten/{new.id}").text
    assert "<del>" in page
    assert "<ins>morgen früh" in page
    assert "Neue Zeit" in page
    desk.chloe.releases(desk.store.responses.get(new.id))
    shown = desk.chloe.opens(f"/antworten/{new.id}").text
    assert "Fassung 2" in shown
    assert "neuere Fassung" in desk.chloe.opens(f"/antworten/{old.id}").text


def test_an_unchanged_correction_says_that_nothing_changed(
    desk: TownHall, spreading: Incident
) -> None:
    old = desk.released(spreading)
    assert desk.ana.person is not None
    new = respond.correct(desk.store, old.id, desk.ana.person, desk.now)
    form = {
        "titel": new.title,
        "version": str(new.version),
        "b-naechste_info": "heute um 18 Uhr",
        "aenderung": "Nur bestätigt",
        "weiter": "freigabe",
    }
    desk.ana.presses(f"/antworten/{new.id}", form)
    assert "gleich geblieben" in desk.chloe.opens(f"/antworten/{new.id}").text


def test_a_released_answer_is_withdrawn_with_a_reason(desk: TownHall, spreading: Incident) -> None:
    released = desk.released(spreading)
    path = f"/antworten/{released.id}/zurueckziehen"
    assert desk.chloe.presses(path, {"grund": ""}).status_code == 422
    assert desk.ana.presses(path, {"grund": "weil"}).status_code == 403
    desk.chloe.presses(path, {"grund": "Die Probe war vertauscht."})
    assert desk.store.responses.get(released.id).state is ResponseState.WITHDRAWN
    assert "Die Probe war vertauscht." in desk.chloe.opens(f"/antworten/{released.id}").text


def test_in_an_exercise_ana_plays_the_second_person(desk: TownHall) -> None:
    desk.ana.presses("/uebung/")
    spreading = desk.rumour_spreads(2, drill=True)
    desk.ana.drafts(spreading)
    answer = latest(desk, spreading)
    desk.ana.fills(answer, submit=True, naechste_info="um 18 Uhr")
    answer = desk.store.responses.get(answer.id)
    page = desk.ana.opens(f"/antworten/{answer.id}").text
    assert "Als Chloé (Übung) freigeben" in page
    form = {"version": str(answer.version)}
    desk.ana.presses(f"/antworten/{answer.id}/als-zweite-person", form)
    kept = desk.store.responses.get(answer.id)
    assert kept.state is ResponseState.RELEASED
    assert kept.drill


def test_outside_an_exercise_nobody_plays_the_second_person(
    desk: TownHall, spreading: Incident
) -> None:
    desk.ana.presses("/uebung/")  # the exercise's people exist
    submitted = desk.submitted(spreading)
    form = {"version": str(submitted.version)}
    answer = desk.ana.presses(f"/antworten/{submitted.id}/als-zweite-person", form)
    assert answer.status_code == 404
    assert desk.store.responses.get(submitted.id).state is ResponseState.SUBMITTED


def test_a_playbook_edited_meanwhile_does_not_change_the_answer(
    desk: TownHall, spreading: Incident
) -> None:
    submitted = desk.submitted(spreading)
    file = desk.playbooks / "trinkwasser.md"
    file.write_text(file.read_text("utf-8").replace("in Ordnung", "verdorben"), "utf-8")
    page = desk.chloe.opens(f"/antworten/{submitted.id}").text
    assert "in Ordnung" in page
    assert "verdorben" not in page


def test_no_such_answer(desk: TownHall) -> None:
    assert desk.ana.opens("/antworten/77").status_code == 404
