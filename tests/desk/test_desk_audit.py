"""The audit log on the desk."""

from __future__ import annotations

import ast
import re
import sqlite3
from html import unescape
from pathlib import Path

import pytest
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
    assert desk.vera.opens(unescape(newer[1])).text.count("Notiz geschrieben") == first.count(
        "Notiz geschrieben"
    )


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


def in_pieces(desk: TownHall, path: str = f"{PATH}?pruefen=1") -> list[str]:
    """The pages of a check that goes on until it is through."""
    pages = [desk.vera.opens(path).text]
    while "<progress" in pages[-1]:
        found = re.search(r'<progress.*?href="([^"]+)"', pages[-1], re.DOTALL)
        assert found is not None
        pages.append(desk.vera.opens(unescape(found[1])).text)
    return pages


def test_a_long_chain_is_checked_in_pieces(desk: TownHall, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.ana.acknowledges(desk.rumour_spreads())
    desk.ana.presses("/uebung/")  # exercises have a chain of their own
    count = desk.store.audit.count()
    monkeypatch.setattr("crisis.desk.audit.PIECE", 2)
    pages = in_pieces(desk)
    assert len(pages) >= count // 2
    assert f"2 von {count} Einträgen passen" in pages[0]
    assert "Die Kette ist unversehrt." in pages[-1]
    assert "unversehrt" not in "".join(pages[:-1])
    with sqlite3.connect(desk.store.path) as connection:
        connection.execute("update audit set actor = 'person:99' where id = 4")
    connection.close()
    assert "hat die Nummer 4" in in_pieces(desk)[-1]


def test_nobody_skips_a_part_of_the_check(desk: TownHall, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.ana.acknowledges(desk.rumour_spreads())
    monkeypatch.setattr("crisis.desk.audit.PIECE", 2)
    for forged in ("[false,4,4,false]", "WzEsMCwwLHRydWVd.abc"):
        page = desk.vera.opens(f"{PATH}?pruefen=1&stelle={forged}").text
        assert "2 von" in page  # from the beginning


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


def test_every_action_of_the_workflows_has_a_sentence_in_both_languages(desk: TownHall) -> None:
    workflows = Path(crisis.__file__).parent / "workflows"
    written: set[str] = set()
    for file in workflows.glob("*.py"):
        tree = ast.parse(file.read_text("utf-8"))
        # Names of facts are said once, at the head of a file; parts of a name are no name.
        apart = {
            id(inner)
            for node in ast.walk(tree)
            if isinstance(node, ast.JoinedStr)
            or (isinstance(node, ast.Assign) and node in tree.body)
            for inner in ast.walk(node)
        }
        written |= {
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant)
            and id(node) not in apart
            and isinstance(node.value, str)
            and re.fullmatch(r"[a-z]+\.[a-z_]+", node.value)
            and not node.value.startswith(("learning.", "matching."))  # names of settings
        }
    assert len(written) > 50
    for lang in ("de", "en"):
        with desk.app.test_request_context(f"/?lang={lang}"):
            bare = {name for name in written if story.action(name) == name}
        assert not bare, lang
