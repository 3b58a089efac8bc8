"""Playbooks on the desk: read, approve, edit."""

from __future__ import annotations

import html
import re
from datetime import date

import pytest
from builders import PLAYBOOK
from people import TownHall
from werkzeug.test import TestResponse

from crisis.desk.playbooks import difference
from crisis.playbooks import cutting
from crisis.playbooks.check import check
from crisis.playbooks.parse import sha256
from crisis.playbooks.skeleton import skeleton

SHOW, EDIT, SAVE = (
    "/playbooks/ansehen/trinkwasser",
    "/playbooks/bearbeiten/trinkwasser",
    ("/playbooks/speichern"),
)
CHANGED = PLAYBOOK.replace("Das Wasser ist geprüft", "Das Wasser ist dreimal geprüft")

NEW = skeleton(today=date(2026, 11, 23))


def approves(desk: TownHall, text: str = PLAYBOOK) -> TestResponse:
    form = {"sha256": sha256(text), "kommentar": "Mit dem Labor abgestimmt"}
    return desk.chloe.presses("/playbooks/freigeben/trinkwasser", form)


def writes(desk: TownHall, text: str = CHANGED, **form: str) -> TestResponse:
    data = {"name": "trinkwasser", "text": text, "sha256": sha256(PLAYBOOK)} | form
    return desk.ben.presses(SAVE, data)


def file(desk: TownHall, name: str = "trinkwasser") -> str:
    return (desk.playbooks / f"{name}.md").read_text("utf-8")


def test_the_list_says_how_each_stands(desk: TownHall) -> None:
    (desk.playbooks / "kaputt.md").write_text("kein Kopf", "utf-8")
    page = desk.ana.opens("/playbooks/").text
    assert re.search(r">\s*Entwurf\s*<", page)
    assert "nicht lesbar" in page
    approves(desk)
    assert re.search(r">\s*freigegeben\s*<", desk.ana.opens("/playbooks/").text)


def test_a_folder_without_playbooks_explains_itself(desk: TownHall) -> None:
    (desk.playbooks / "trinkwasser.md").unlink()
    assert "Noch keine Vorlage" in desk.ben.opens("/playbooks/").text


def test_a_playbook_is_shown_as_it_will_be_used(desk: TownHall) -> None:
    page = desk.ana.opens(SHOW).text
    assert "Das Labor hat um 9 Uhr Proben untersucht." in page
    assert "Beim Labor anrufen." in page
    assert "naechste_info" in page
    assert "wartet auf jemanden mit der Rolle Freigabe" in page


def test_chloe_approves_exactly_what_she_read(desk: TownHall) -> None:
    assert approves(desk).status_code == 302
    page = desk.ana.opens(SHOW).text
    assert "Chloe" in page
    assert "Mit dem Labor abgestimmt" in page
    (desk.playbooks / "trinkwasser.md").write_text(CHANGED, "utf-8")
    assert re.search(r">\s*Entwurf\s*<", desk.ana.opens("/playbooks/").text)
    answer = approves(desk)
    assert answer.status_code == 409
    assert "hat sich geändert" in answer.text


def test_the_change_since_the_last_approval_is_shown(desk: TownHall) -> None:
    approves(desk)
    (desk.playbooks / "trinkwasser.md").write_text(CHANGED, "utf-8")
    page = desk.chloe.opens(SHOW).text
    assert "Geändert seit der letzten Freigabe" in page
    assert re.search(r"<del>.*Das Wasser ist geprüft", page)
    assert re.search(r"<ins>.*Das Wasser ist ?<strong[^>]*> ?dreimal ?</strong> ?geprüft", page)


def test_an_approval_is_taken_back_with_a_reason(desk: TownHall) -> None:
    approves(desk)
    (approval,) = desk.store.playbooks.approvals()
    path = f"/playbooks/zuruecknehmen/{approval.id}"
    assert desk.chloe.presses(path, {"grund": ""}).status_code == 422
    assert desk.chloe.presses(path, {"grund": "Neue Lage"}).status_code == 302
    assert "Freigabe zurückgenommen" in desk.ana.opens("/playbooks/").text


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_ben_edits_and_may_not_approve_it_himself(desk: TownHall, line_end: str) -> None:
    answer = writes(desk, CHANGED.replace("\n", line_end))
    assert answer.status_code == 302
    assert file(desk) == CHANGED
    latest = desk.store.playbooks.latest("trinkwasser")
    assert desk.ben.person is not None
    assert latest is not None
    assert (latest.sha256, latest.written_by) == (sha256(CHANGED), desk.ben.person.id)
    assert desk.ben.presses("/playbooks/freigeben/trinkwasser").status_code == 403
    assert approves(desk, CHANGED).status_code == 302


def test_who_writes_and_approves_reads_that_somebody_else_must(desk: TownHall) -> None:
    from dataclasses import replace

    from crisis.types import Role

    assert desk.ben.person is not None
    with desk.store.transaction():
        desk.store.people.update(
            replace(desk.ben.person, roles=frozenset({Role.AUTHOR, Role.APPROVER}))
        )
    writes(desk)
    assert "Freigeben muss sie jemand anderes" in desk.ben.opens(SHOW).text
    form = {"sha256": sha256(CHANGED)}
    assert desk.ben.presses("/playbooks/freigeben/trinkwasser", form).status_code == 403


def test_two_who_edit_at_once_do_not_overwrite_each_other(desk: TownHall) -> None:
    (desk.playbooks / "trinkwasser.md").write_text(
        PLAYBOOK.replace("um 9 Uhr", "um 10 Uhr"), "utf-8"
    )
    answer = writes(desk)
    assert answer.status_code == 409
    assert "dreimal geprüft" in answer.text
    assert "um 10 Uhr" in answer.text
    assert "um 10 Uhr" in file(desk)


def clash(answer: TestResponse) -> dict[str, list[str]]:
    """The fields of the question as a browser would send them."""
    found: dict[str, list[str]] = {}
    form = answer.text.split('class="clash"')[1]
    for name, value in re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', form):
        found.setdefault(html.unescape(name), []).append(html.unescape(value))
    found.pop("csrf_token", None)
    return found


def test_sections_that_only_one_of_two_changed_are_put_together(desk: TownHall) -> None:
    form = clash_form(desk)
    theirs = PLAYBOOK.replace("## Lage", "## Lage\n\nRufen Sie das Wasserwerk an.", 1)
    (desk.playbooks / "trinkwasser.md").write_text(theirs, "utf-8")
    answer = writes(desk, begann=form)
    assert answer.status_code == 409
    assert "beides passt zusammen" in answer.text
    assert desk.ben.presses(SAVE, clash(answer)).status_code == 302
    assert "dreimal geprüft" in file(desk)
    assert "Rufen Sie das Wasserwerk an." in file(desk)
    assert list(cutting.cut(file(desk))) == list(cutting.cut(PLAYBOOK))


@pytest.mark.parametrize(("choice", "kept"), [("ihre", "dreimal"), ("jene", "viermal")])
def test_a_section_that_both_changed_is_asked_about(desk: TownHall, choice: str, kept: str) -> None:
    form = clash_form(desk)
    theirs = CHANGED.replace("dreimal", "viermal")
    (desk.playbooks / "trinkwasser.md").write_text(theirs, "utf-8")
    answer = writes(desk, begann=form)
    assert "dreimal geprüft" in answer.text
    assert "viermal geprüft" in answer.text
    sent = clash(answer)
    for number in range(int(sent["fragen"][0])):
        sent[f"wahl-{number}"] = [choice]
    assert desk.ben.presses(SAVE, sent).status_code == 302
    assert f"{kept} geprüft" in file(desk)


def test_a_third_who_saves_while_the_question_is_read_is_asked_about_too(desk: TownHall) -> None:
    form = clash_form(desk)
    (desk.playbooks / "trinkwasser.md").write_text(CHANGED.replace("drei", "vier"), "utf-8")
    sent = clash(writes(desk, begann=form))
    (desk.playbooks / "trinkwasser.md").write_text(CHANGED.replace("drei", "fünf"), "utf-8")
    again = desk.ben.presses(SAVE, sent)
    assert again.status_code == 409
    assert "fünfmal geprüft" in again.text
    assert "dreimal geprüft" in again.text


def clash_form(desk: TownHall) -> str:
    """What Ben's editor says it began from."""
    found = re.search(r'name="begann" value="([^"]*)"', desk.ben.opens(EDIT).text)
    assert found
    return html.unescape(found[1])


def test_a_file_edited_outside_can_be_edited_here(desk: TownHall) -> None:
    writes(desk)
    outside = CHANGED.replace("um 9 Uhr", "um 11 Uhr")
    (desk.playbooks / "trinkwasser.md").write_text(outside, "utf-8")
    text = outside.replace("um 11 Uhr", "um 12 Uhr")
    assert writes(desk, text, sha256=sha256(outside)).status_code == 302
    assert "um 12 Uhr" in file(desk)


def test_checking_saves_nothing_and_names_the_line(desk: TownHall) -> None:
    broken = PLAYBOOK.replace("{{ naechste_info }}", "{{ unbekannt }}")
    answer = writes(desk, broken, tun="pruefen")
    assert answer.status_code == 200
    assert "Zeile" in answer.text
    assert "unbekannt" in answer.text
    assert file(desk) == PLAYBOOK


def test_a_text_that_cannot_be_read_is_refused_and_kept_in_the_field(desk: TownHall) -> None:
    answer = writes(desk, "kein Kopf, aber viel Mühe")
    assert answer.status_code == 422
    assert "viel Mühe" in answer.text
    assert file(desk) == PLAYBOOK


def test_the_skeleton_of_a_new_playbook_has_no_errors_but_its_questions(desk: TownHall) -> None:
    problems = check("neu", NEW, today=desk.now.date())
    assert {one.code for one in problems if one.severity == "error"} == {"pattern-left"}
    assert "titel:" in desk.ben.opens("/playbooks/neu").text
    assert desk.ben.presses(SAVE, {"name": "../weg", "text": NEW}).status_code == 302
    assert file(desk, "weg") == NEW  # whatever is typed, no file lies elsewhere
    assert desk.ben.presses(SAVE, {"name": "neue-lage", "text": NEW}).status_code == 302
    assert file(desk, "neue-lage") == NEW
    assert desk.ben.presses(SAVE, {"name": "neue-lage", "text": NEW}).status_code == 409


def test_a_playbook_without_a_name_is_called_after_its_title(desk: TownHall) -> None:
    named = NEW.replace("titel: Was stimmt, in einem Satz", "titel: Unser Bad ist geöffnet!")
    answer = desk.ben.presses(SAVE, {"name": "", "text": named})
    assert answer.location.endswith("/playbooks/ansehen/unser-bad-ist-geoeffnet")
    english = named.replace("sprache: de", "sprache: en")
    assert desk.ben.presses(SAVE, {"name": "", "text": english}).location.endswith("geoeffnet.en")
    assert desk.ben.presses(SAVE, {"name": "", "text": named}).location.endswith("geoeffnet-2")
    assert desk.ben.presses(SAVE, {"name": "Unser Bad", "text": named}).location.endswith(
        "/unser-bad"
    )
    cyrillic = named.replace("Unser Bad ist geöffnet!", "Вода")
    assert desk.ben.presses(SAVE, {"name": "", "text": cyrillic}).location.endswith("/vorlage")
    assert desk.ben.presses(SAVE, {"name": "", "text": "kein Kopf"}).status_code == 422


def test_what_the_pattern_asks_must_be_answered_before_anybody_approves(desk: TownHall) -> None:
    desk.ben.presses(SAVE, {"name": "neue-lage", "text": NEW})
    page = desk.ben.opens("/playbooks/ansehen/neue-lage").text
    assert "Hier steht noch das Muster" in page and "Zur Prüfung einreichen" not in page


def test_what_is_not_there_is_not_found(desk: TownHall) -> None:
    for path in ("ansehen/fehlt", "ansehen/../../etc/passwd", "bearbeiten/fehlt"):
        assert desk.ben.opens(f"/playbooks/{path}").status_code == 404


def test_a_playbook_with_errors_cannot_be_approved(desk: TownHall) -> None:
    text = PLAYBOOK.replace("{{ naechste_info }}", "{{ unbekannt }}")
    (desk.playbooks / "trinkwasser.md").write_text(text, "utf-8")
    assert "Erst wenn die Fehler behoben sind" in desk.chloe.opens(SHOW).text
    assert approves(desk, text).status_code == 422


def test_others_read_and_change_nothing(desk: TownHall) -> None:
    assert desk.ana.opens(SHOW).status_code == 200
    assert desk.ana.opens(EDIT).status_code == 403
    assert desk.ana.presses(SAVE, {"name": "x", "text": NEW}).status_code == 403
    assert desk.vera.presses("/playbooks/freigeben/trinkwasser").status_code == 403
    assert desk.dev.opens(SHOW).status_code == 302


def test_the_difference_is_empty_where_there_is_none() -> None:
    assert difference("a\nb\n", "a\nb\n") == []
    assert difference("a\nb\n", "a\nc\n") == [("…", ""), (" ", "a"), ("-", "b"), ("+", "c")]
