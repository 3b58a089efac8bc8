"""The long lists of the desk: searching, narrowing, sorting, paging, keeping views, taking them along."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest
from builders import NOON, incident, rumour
from people import TownHall

from crisis.desk.views import LISTS
from crisis.types import IncidentState, Severity

VIEW = "/vorfaelle/?stand=offen"


def many(hall: TownHall, count: int = 60) -> None:
    """So many incidents; every second has ended."""
    with hall.store.transaction():
        for n in range(count):
            hall.store.rumours.put(
                replace(rumour(), id=f"r{n}", title="", text=f"Gerücht {n:03}"), NOON
            )
            hall.store.incidents.open(
                incident(
                    rumour_id=f"r{n}",
                    state=IncidentState.CLOSED if n % 2 else IncidentState.NEW,
                    severity=Severity(n % 4 + 1),
                    opened=NOON,
                    updated=NOON,
                    posts=n,
                )
            )


def rows(text: str) -> int:
    return text.count('<tr class="kern-table__row">') - 1


def link(text: str, pattern: str) -> str:
    found = re.search(pattern, text)
    assert found is not None, pattern
    return unescape(found[1])


def table(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig")), delimiter=";"))


def test_a_list_is_paged_by_links_and_says_how_many_there_are(desk: TownHall) -> None:
    many(desk)
    page = desk.ana.opens("/vorfaelle/").text
    assert rows(page) == 50
    assert "60 Einträge" in page
    second = desk.ana.opens(link(page, r'href="([^"]+)" rel="next"')).text
    assert rows(second) == 10
    assert "60 Einträge" in second
    back = desk.ana.opens(link(second, r'href="([^"]+)" rel="prev"')).text
    assert re.findall(r"Gerücht \d{3}", back) == re.findall(r"Gerücht \d{3}", page)


def test_filters_and_sorting_stand_in_the_address(desk: TownHall) -> None:
    many(desk, 12)
    page = desk.ana.opens("/vorfaelle/?stand=offen&dringlichkeit=1&sort=-beitraege").text
    assert re.findall(r"Gerücht (\d{3})", page) == ["008", "004", "000"]
    assert 'aria-sort="descending"' in page
    assert '<option value="offen" selected>' in page
    turned = desk.ana.opens(link(page, r'<a class="sort" href="([^"]+)">Beiträge')).text
    assert re.findall(r"Gerücht (\d{3})", turned) == ["000", "004", "008"]
    assert "in dieser Auswahl" in turned


BY_HAND = (
    *("sort=password_hash", "sort=-", "ab=%00", "ab=W10", "stand=gibt-es-nicht", "von=gestern"),
    *("von=0001-01-01", "bis=9999-12-31", "suche=%22%29+OR+1", "suche=%00%E2%80%AE"),
    "suche=" + "x" * 500,
)


@pytest.mark.parametrize("path", ["vorfaelle", "protokoll", "postausgang", "antworten"])
def test_an_address_made_up_by_hand_still_shows_the_list(desk: TownHall, path: str) -> None:
    desk.rumour_spreads()
    for query in BY_HAND:
        assert desk.chloe.opens(f"/{path}/?{query}").status_code == 200, query


def test_days_are_those_of_the_authority(desk: TownHall) -> None:
    many(desk, 1)  # 23 November 2026, 13:00 in Berlin
    assert rows(desk.ana.opens("/vorfaelle/?von=2026-11-23&bis=2026-11-23").text) == 1
    for empty in ("von=2026-11-24", "bis=2026-11-22"):
        page = desk.ana.opens(f"/vorfaelle/?{empty}").text
        assert "Nichts gefunden" in page
        assert "Noch kein Vorfall" not in page


def test_a_list_is_searched(desk: TownHall) -> None:
    many(desk, 12)
    page = desk.ana.opens("/vorfaelle/?suche=gerücht+007").text
    assert re.findall(r"Gerücht (\d{3})", page) == ["007"]
    nothing = desk.ana.opens("/vorfaelle/?suche=<script>alert(1)</script>").text
    assert "<script>alert" not in nothing
    assert "Nichts gefunden" in nothing


def test_a_list_is_taken_along_as_a_table(desk: TownHall) -> None:
    many(desk, 60)
    answer = desk.ana.opens("/vorfaelle/?stand=offen&als=csv")
    assert answer.mimetype == "text/csv"
    assert "vorfaelle-2026-11-23.csv" in answer.headers["Content-Disposition"]
    lines = table(answer.data)
    assert lines[0][:2] == ["Nummer", "Gerücht"]
    assert len(lines) == 31
    assert {line[3] for line in lines[1:]} == {"neu"}
    english = desk.ana.opens("/vorfaelle/?als=csv&lang=en")
    assert table(english.data)[0][1] == "Rumour"


def test_no_cell_of_a_table_runs_as_a_formula(desk: TownHall) -> None:
    with desk.store.transaction():
        made = replace(
            rumour(), id="boese", title="", text='=HYPERLINK("https://boese.example";"Klick")'
        )
        desk.store.rumours.put(made, NOON)
        desk.store.incidents.open(incident(rumour_id="boese", end_reason="@SUM(1)"))
    (line,) = table(desk.ana.opens("/vorfaelle/?als=csv").data)[1:]
    assert line[1].startswith("'=HYPERLINK")
    assert "'@SUM(1)" in line


@pytest.mark.parametrize(
    ("path", "name", "first"),
    [
        ("/protokoll/", "protokoll", "Nummer"),
        ("/postausgang/", "postausgang", "Nummer"),
        ("/antworten/", "antworten", "Nummer"),
        ("/quellen/", "quellen", "Nummer"),
        ("/personen/", "personen", "Nummer"),
        ("/playbooks/", "vorlagen", "Datei"),
    ],
)
def test_every_list_is_a_table_too(desk: TownHall, path: str, name: str, first: str) -> None:
    desk.chloe_approves()
    desk.released(desk.rumour_spreads())
    answer = desk.chloe.opens(f"{path}?als=csv")
    lines = table(answer.data)
    assert f"{name}-2026-11-23.csv" in answer.headers["Content-Disposition"]
    assert lines[0][0] == first
    assert len(lines) > 1
    assert all(len(line) == len(lines[0]) for line in lines)
    assert "als=csv" in desk.chloe.opens(path).text


def test_the_log_as_a_table_is_for_those_who_may_read_it(desk: TownHall) -> None:
    assert desk.ana.opens("/protokoll/?als=csv").status_code == 403


def test_mails_as_a_table_leave_out_what_they_say(desk: TownHall) -> None:
    desk.rumour_spreads()
    assert b"/a/" not in desk.ben.opens("/postausgang/?als=csv").data


def test_answers_stand_in_a_list(desk: TownHall) -> None:
    assert "Noch keine Antwort" in desk.ana.opens("/antworten/").text
    desk.chloe_approves()
    incident = desk.rumour_spreads()
    response = desk.released(incident)
    page = desk.ana.opens("/antworten/?stand=oeffentlich&suche=trinkwasser").text
    assert f'href="/antworten/{response.id}"' in page
    assert "Nichts gefunden" in desk.ana.opens("/antworten/?stand=draft").text
    assert desk.dev.opens("/antworten/").status_code == 302


def test_sources_people_and_playbooks_are_narrowed(desk: TownHall) -> None:
    with desk.store.transaction():
        source = desk.store.sources.get(desk.source.id)
        desk.store.sources.update(replace(source, failures=3, last_error="Weg."))
    assert source.name in desk.ana.opens("/quellen/?zustand=danger").text
    assert "Nichts gefunden" in desk.ana.opens("/quellen/?zustand=success").text
    assert "Nichts gefunden" in desk.ana.opens("/quellen/?suche=gibtesnicht").text
    duty = desk.ana.opens("/personen/?rolle=duty&stand=dabei").text
    assert "ana@musterstadt.example" in duty
    assert "ben@musterstadt.example" not in duty
    assert "Nichts gefunden" in desk.ana.opens("/personen/?stand=weg").text
    assert rows(desk.ana.opens("/playbooks/?stand=draft&suche=rohrbruch").text) >= 1
    assert "Nichts gefunden" in desk.ana.opens("/playbooks/?stand=approved").text
    assert "Nichts gefunden" in desk.ana.opens("/playbooks/?sprache=en").text


@pytest.mark.parametrize("sort", ["name", "-zustand", "neuester"])
def test_sources_are_sorted(desk: TownHall, sort: str) -> None:
    assert desk.source.name in desk.ana.opens(f"/quellen/?sort={sort}").text


@pytest.mark.parametrize("sort", ["titel", "-stand", "gilt", "wer"])
def test_playbooks_are_sorted(desk: TownHall, sort: str) -> None:
    (desk.playbooks / "kaputt.md").write_bytes(b"\xff\xfe")
    page = desk.ana.opens(f"/playbooks/?sort={sort}").text
    assert rows(page) == 2
    assert rows(desk.ana.opens("/playbooks/?stand=unlesbar").text) == 1


def test_ana_keeps_a_view_uses_it_and_drops_it(desk: TownHall) -> None:
    many(desk, 4)
    assert "Ansicht merken" not in desk.ana.opens("/vorfaelle/").text
    page = desk.ana.opens(VIEW).text
    assert "Ansicht merken" in page
    form = {"liste": "incidents.ended", "ansicht": "stand=offen", "name": "Was <b>offen</b> ist"}
    answer = desk.ana.presses("/ansichten/", form)
    assert answer.location == VIEW
    page = desk.ana.opens(VIEW).text
    assert f'href="{VIEW}" aria-current="true">Was &lt;b&gt;offen' in page
    assert 'href="/vorfaelle/?stand=offen">Was' in desk.ana.opens("/vorfaelle/").text
    assert "Was &lt;b&gt;" not in desk.ben.opens("/vorfaelle/").text
    (kept,) = desk.store.lists.views(desk.ana.person.id, "incidents.ended")  # type: ignore[union-attr]
    assert desk.ben.presses(f"/ansichten/{kept.id}/loeschen", form).status_code == 404
    assert desk.ana.presses(f"/ansichten/{kept.id}/loeschen", form).status_code == 302
    assert (
        "Was &lt;b&gt;"
        not in desk.ana.opens("/vorfaelle/").text.partition("<main")[2].partition("list-line")[2]
    )


def test_a_view_leads_to_lists_of_ours_only(desk: TownHall) -> None:
    form = {"liste": "auth.sign_out", "ansicht": "a=1", "name": "x"}
    assert desk.ana.presses("/ansichten/", form).status_code == 422
    form = {"liste": "audit.index", "ansicht": "//boese.example\r\nX: 1", "name": "x"}
    answer = desk.ana.presses("/ansichten/", form)
    assert answer.location.startswith("/protokoll/")
    assert "boese" not in answer.location or "%2F" in answer.location


def test_every_list_that_views_may_lead_to_is_there(desk: TownHall) -> None:
    assert set(LISTS) <= set(desk.app.view_functions)


def test_the_list_says_what_is_due_next_and_sorts_by_it(desk: TownHall) -> None:
    many(desk, 4)
    desk.now = NOON + timedelta(hours=3)
    page = desk.ana.opens("/vorfaelle/?sort=faellig").text
    assert re.findall(r"Gerücht (\d{3})", page) == ["000", "002", "001", "003"]
    assert page.count("überfällig") == 2
    turned = desk.ana.opens(link(page, r'<a class="sort" href="([^"]+)">Fällig')).text
    assert re.findall(r"Gerücht (\d{3})", turned) == ["003", "001", "002", "000"]
    lines = table(desk.ana.opens("/vorfaelle/?sort=faellig&als=csv").data)
    assert lines[0][-1] == "Fällig"
    assert [bool(line[-1]) for line in lines[1:]] == [True, True, False, False]
