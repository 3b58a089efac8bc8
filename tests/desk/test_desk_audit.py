"""The audit log on the desk."""

from __future__ import annotations

import ast
import re
import sqlite3
from html import unescape
from pathlib import Path

from people import TownHall

import crisis
from crisis.desk import story
from crisis.workflows import handle

PATH = "/protokoll/"


def test_what_was_done_is_read_newest_first(desk: TownHall) -> None:
    incident = desk.rumour_spreads()
    desk.ana.acknowledges(incident)
    page = desk.vera.opens(PATH).text
    assert page.index("Vorfall übernommen.") < page.index("Vorfall eröffnet.")
    assert f'href="/vorfaelle/{incident.id}"' in page


def test_only_those_who_may_read_it_do(desk: TownHall) -> None:
    assert desk.vera.opens(PATH).status_code == 200
    assert desk.chloe.opens(PATH).status_code == 200
    assert desk.ana.opens(PATH).status_code == 403
    assert desk.dev.opens(PATH).status_code == 302


def test_entries_are_found_by_object_and_by_person(desk: TownHall) -> None:
    incident = desk.rumour_spreads()
    desk.ana.acknowledges(incident)
    assert desk.ana.person is not None
    mine = desk.vera.opens(f"{PATH}?wer=person:{desk.ana.person.id}").text
    assert "Vorfall übernommen." in mine
    assert "Vorfall eröffnet." not in mine
    about = desk.vera.opens(f"{PATH}?was=incident:{incident.id}").text
    assert "Vorfall eröffnet." in about
    assert "Keine Einträge" in desk.vera.opens(f"{PATH}?was=incident:999").text


def test_older_entries_are_a_page_away(desk: TownHall) -> None:
    incident = desk.rumour_spreads()
    assert desk.ana.person is not None
    for number in range(60):
        handle.note(desk.store, incident.id, f"Nr. {number}", desk.ana.person, desk.now)
    first = desk.vera.opens(PATH).text
    assert "Vorfall eröffnet." not in first
    older = re.search(r'href="([^"]+)" rel="next"', first)
    assert older is not None
    second = desk.vera.opens(unescape(older[1])).text
    assert "Vorfall eröffnet." in second
    newer = re.search(r'href="([^"]+)" rel="prev"', second)
    assert newer is not None
    assert "Nr. 59" not in second  # notes are not in the log, but what was done is, once each
    assert desk.vera.opens(unescape(newer[1])).text.count("Notiz:") == first.count("Notiz:")


def test_a_whole_chain_is_called_whole(desk: TownHall) -> None:
    desk.rumour_spreads()
    page = desk.vera.opens(f"{PATH}?pruefen=1").text
    assert "Die Kette ist unversehrt." in page
    assert desk.store.audit.head() in page


def test_a_changed_entry_is_found(desk: TownHall) -> None:
    desk.rumour_spreads()
    with sqlite3.connect(desk.store.path) as connection:
        connection.execute("update audit set actor = 'person:99' where id = 2")
    connection.close()
    page = desk.vera.opens(f"{PATH}?pruefen=1").text
    assert "Die Kette ist beschädigt." in page
    assert "hat die Nummer 2" in page


def test_entries_lead_to_what_they_are_about(desk: TownHall) -> None:
    from dataclasses import replace

    from builders import rumour

    from crisis.workflows import catalogue

    desk.chloe_approves()
    assert desk.ben.person is not None
    changed = replace(rumour(), text="Das Wasser ist nicht vergiftet.")
    catalogue.save(desk.store, changed, desk.ben.person, desk.now)
    released = desk.released(desk.rumour_spreads())
    page = desk.vera.opens(PATH).text
    for target in (
        "/geruechte/wasser",
        "/playbooks/ansehen/trinkwasser",
        f"/antworten/{released.id}",
        "/postausgang/1",
    ):
        assert f'href="{target}"' in page


NAMES_OF_FACTS = {"monitor.heartbeat"}  # a kept value, no line of the log


def test_every_action_of_the_workflows_has_a_sentence_in_both_languages(desk: TownHall) -> None:
    workflows = Path(crisis.__file__).parent / "workflows"
    written = {
        node.value
        for file in workflows.glob("*.py")
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and re.fullmatch(r"[a-z]+\.[a-z_]+", node.value)
        and not node.value.startswith(("learning.", "matching."))  # names of settings and facts
    }
    assert len(written) > 50
    for lang in ("de", "en"):
        with desk.app.test_request_context(f"/?lang={lang}"):
            bare = {name for name in written if story.action(name) == name}
        assert bare <= NAMES_OF_FACTS, lang
