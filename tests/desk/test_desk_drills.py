"""Drills of the team on the desk: choose, ask, follow, break off, report."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import timedelta

import pytest
from drill_story import SCRIPT
from people import TownHall

from crisis.types import DrillKind, DrillPlan, DrillState, Severity
from crisis.workflows import drill_plans, drill_steps, duty_feed

PAGE = "/uebungen/drehbuch/wasser"
NOW = {"wann": "jetzt", "sicher": "1"}


@pytest.fixture
def team(desk: TownHall) -> TownHall:
    """Its folder has a scenario for the team, and the playbook may be used."""
    (desk.playbooks / "uebungen" / "wasser.md").write_text(SCRIPT, "utf-8")
    desk.chloe_approves()
    return desk


def plan(team: TownHall, kind: DrillKind = DrillKind.NOW, **more: object) -> DrillPlan:
    """Chloé's."""
    by = team.chloe.person
    return drill_plans.plan(team.house, "wasser", SCRIPT, kind, by, team.now, **more)  # type: ignore[arg-type]


def spreads(team: TownHall) -> None:
    """Its rumour has been recognised."""
    team.later(minutes=3)
    team.rumour_spreads(1, drill=True)


def test_the_page_lists_scenarios_for_the_team_and_names_files_that_cannot_be_read(
    team: TownHall,
) -> None:
    (team.playbooks / "uebungen" / "kaputt.md").write_text("nichts", "utf-8")
    page = team.ben.opens("/uebungen/").text
    assert 'href="/uebungen/drehbuch/wasser">Trinkwasser</a>' in page
    assert "„kaputt“ ist nicht brauchbar" in page
    assert "drehbuch/trinkwasser" not in page  # the one to get to know the desk
    assert "drinking water" in team.ben.opens("/uebungen/?lang=en").text


def test_a_scenario_is_shown_with_what_is_expected_and_when_to_begin(team: TownHall) -> None:
    page = team.ana.opens(PAGE).text
    assert "Jemand übernimmt" in page
    assert "bis Min. 10" in page
    assert "Das sollten Sie vorher wissen" not in page
    assert team.ana.opens("/uebungen/drehbuch/gibtsnicht").status_code == 404
    assert team.ana.opens("/uebungen/drehbuch/..%2Fgeheim").status_code == 404


def test_before_it_begins_a_question_is_asked(team: TownHall) -> None:
    asked = team.ana.presses(PAGE, {"wann": "jetzt"})
    assert "Übung jetzt beginnen?" in asked.text
    assert team.store.drill_plans.running() is None
    begun = team.ana.presses(PAGE, NOW)
    assert begun.location == "/uebungen/1"
    running = team.store.drill_plans.running()
    assert running is not None
    assert team.ana.person is not None
    assert running.leader == team.ana.person.id


def test_an_impossible_time_is_said_at_the_form(team: TownHall) -> None:
    answer = team.ana.presses(PAGE, {"wann": "geplant", "am": "2020-01-01T10:00"})
    assert answer.status_code == 422
    assert "Diese Zeit ist vorbei" in answer.text
    wrong = team.ana.presses(PAGE, {"wann": "geplant", "am": "morgen"})
    assert "ist kein Zeitpunkt" in wrong.text


def test_while_it_runs_every_page_says_so_and_offers_to_break_it_off(team: TownHall) -> None:
    plan(team)
    spreads(team)
    for path in ("/", "/vorfaelle/", "/geruechte/", "/uebung/"):
        page = team.ana.opens(path).text
        assert "Das Team übt gerade" in page, path
        assert 'action="/uebungen/1/abbrechen"' in page, path
    assert "abbrechen" not in team.ben.opens("/geruechte/").text
    assert "Das Team übt gerade" not in team.dev.opens("/anmelden").text


def test_expected_actions_tick_off_by_themselves(team: TownHall) -> None:
    plan(team)
    spreads(team)
    (number,) = team.store.drill_plans.incident_ids()
    assert "tick--done" not in team.chloe.opens("/uebungen/1").text
    team.ana.acknowledges(team.store.incidents.get(number))
    page = team.chloe.opens("/uebungen/1").text
    assert page.count("tick--done") == 1
    assert "Minute 3, Ana" in page
    assert "Der nächste kommt in Minute 5." in page
    assert "Der nächste kommt" not in team.ana.opens("/uebungen/1").text  # she does not lead it
    team.later(minutes=20)
    assert "überfällig: erwartet bis Minute 20" in team.chloe.opens("/uebungen/1/stand").text


def test_one_click_breaks_it_off_and_the_report_stays(team: TownHall) -> None:
    plan(team)
    spreads(team)
    team.ana.presses("/uebungen/1/abbrechen")
    assert team.store.drill_plans.running() is None
    page = team.ana.opens("/uebungen/1").text
    assert "abgebrochen" in page
    assert "zählt nicht als Übung" in page
    assert "Das Team übt gerade" not in page
    assert 'href="/uebung/entfernen"' in page
    assert "Es läuft eine Übung" not in team.ana.opens("/").text
    assert team.ana.presses("/uebungen/1/abbrechen").status_code == 302  # twice is once
    team.ana.presses("/uebung/entfernen")
    assert team.store.drill_plans.incident_ids() == []
    assert 'href="/uebung/entfernen"' not in team.ana.opens("/uebungen/1").text


def test_a_real_incident_is_named_on_the_page_of_the_drill(team: TownHall) -> None:
    plan(team)
    spreads(team)
    real = team.rumour_spreads(1)
    page = team.ana.opens("/uebungen/1").text
    assert "Es gibt einen echten Vorfall" in page
    assert f'href="/vorfaelle/{real.id}"' in page


def test_the_report_stands_beside_the_last_one_and_goes_as_a_file(team: TownHall) -> None:
    for minutes in (4, 2):
        plan(team)
        spreads(team)
        (number,) = team.store.drill_plans.incident_ids()
        team.later(minutes=minutes)
        team.ana.acknowledges(team.store.incidents.get(number))
        team.ana.presses(f"/uebungen/{team.store.drill_plans.running().id}/beenden")  # type: ignore[union-attr]
    page = team.chloe.opens("/uebungen/2").text
    assert "1 schneller, 0 langsamer" in page
    assert "Minuten bis zu jedem Schritt" in page
    assert "Letzte Übung" in page
    text = team.chloe.opens("/uebungen/2/bericht.md").text
    assert "**ÜBUNG – nichts davon war echt**" in text
    assert "| Jemand übernimmt | 10 Min. | 5 Min. |" in text
    assert "Ana" not in text
    assert "Ana" in team.chloe.opens("/uebungen/2/bericht.md?namen=1").text
    assert team.chloe.opens("/uebungen/2/bericht.pdf").data.startswith(b"%PDF")
    english = team.chloe.opens("/uebungen/2/bericht.md?lang=en").text
    assert "EXERCISE" in english
    assert "drinking water" in english
    assert "1 von 4" in team.chloe.opens("/uebungen/?lang=de").text


def test_the_wall_says_that_it_is_an_exercise_and_shows_what_is_real_first(team: TownHall) -> None:
    plan(team)
    spreads(team)
    with team.store.transaction():
        (number,) = team.store.drill_plans.incident_ids()
        worst = replace(team.store.incidents.get(number), severity=Severity.URGENT)
        team.store.incidents.update(worst)
    real = team.rumour_spreads(1)
    page = team.ana.opens("/lage/wand").text
    assert "<strong>ÜBUNG</strong> Das Team übt gerade." in page
    assert page.count('<span class="drill-badge">ÜBUNG</span>') == 1
    assert page.index("drill-badge") > page.index("wall__one")
    assert [i.id for i in team.store.incidents.board()] == [real.id, number]
    team.ana.presses("/uebungen/1/abbrechen")
    assert "Das Team übt gerade" not in team.ana.opens("/lage/wand").text


def test_exports_and_figures_keep_exercises_apart(team: TownHall) -> None:
    plan(team)
    spreads(team)
    for address, column in (("/vorfaelle/?als=csv", "Übung"), ("/postausgang/?als=csv", "Übung")):
        file = team.chloe.opens(address).get_data(as_text=True).lstrip("\ufeff")
        (row,) = csv.DictReader(io.StringIO(file), delimiter=";")
        assert row[column] == "ja", address
    assert list(team.store.figures.courses(team.now - timedelta(days=1), team.now)) == []
    assert "Übung" not in team.dev.opens("/klarstellungen/").text


def test_a_surprise_is_shown_to_who_leads_it_alone(team: TownHall) -> None:
    hours = {"due": team.now + timedelta(hours=1), "until": team.now + timedelta(hours=9)}
    plan(team, DrillKind.SURPRISE, **hours)
    assert "Überraschung, nur Sie sehen das" in team.chloe.opens("/uebungen/").text
    assert "Überraschung" not in team.ana.opens("/uebungen/").text
    assert team.chloe.opens("/uebungen/1").status_code == 200
    for path in ("", "/stand", "/termin.ics", "/bericht.md"):
        assert team.ana.opens(f"/uebungen/1{path}").status_code == 404, path
    assert team.ana.presses("/uebungen/1/absagen").status_code == 404
    assert team.chloe.presses("/uebungen/1/absagen").location == "/uebungen/"


def test_a_planned_one_is_a_date_for_the_calendar(team: TownHall) -> None:
    plan(team, DrillKind.PLANNED, due=team.now + timedelta(days=1))
    answer = team.ana.opens("/uebungen/1/termin.ics")
    assert answer.content_type.startswith("text/calendar")
    assert "SUMMARY:ÜBUNG: Trinkwasser" in answer.text
    assert team.ana.person is not None
    token = duty_feed.make(team.store, team.ana.person, team.now)
    assert "ÜBUNG: Trinkwasser" in team.dev.opens(f"/dienstplan/kalender/{token}.ics").text
    hours = {"due": team.now + timedelta(hours=1), "until": team.now + timedelta(hours=9)}
    plan(team, DrillKind.SURPRISE, **hours)
    assert team.dev.opens(f"/dienstplan/kalender/{token}.ics").text.count("ÜBUNG") == 1
    assert "Termin für den Kalender" in team.ana.opens("/uebungen/1").text


def test_when_the_last_one_is_too_long_ago_the_desk_says_so(team: TownHall) -> None:
    plan(team)
    team.later(minutes=61)
    drill_steps.step(team.house, team.now)
    assert team.store.drill_plans.get(1).state is DrillState.DONE
    for path in ("/", "/uebungen/"):
        assert "Es ist Zeit für eine Übung" not in team.ana.opens(path).text
    team.later(days=181)
    for path in ("/", "/uebungen/"):
        assert "Es ist Zeit für eine Übung" in team.ana.opens(path).text


def test_nobody_plays_the_second_person_while_the_team_practises(team: TownHall) -> None:
    team.ana.presses("/uebung/")  # once, to have the exercise's people
    team.ana.presses("/uebung/entfernen")
    plan(team)
    spreads(team)
    (number,) = team.store.drill_plans.incident_ids()
    team.ana.drafts(team.store.incidents.get(number))
    (answer,) = team.store.responses.of_incident(number)
    team.ana.fills(answer, submit=True, naechste_info="um 18 Uhr")
    assert "Als Chloé (Übung)" not in team.ana.opens(f"/antworten/{answer.id}").text
    version = {"version": str(team.store.responses.get(answer.id).version)}
    team.ana.presses(f"/antworten/{answer.id}/als-zweite-person", version)
    assert team.store.responses.get(answer.id).released_by is None


def test_who_only_writes_may_look_and_not_begin_or_stop(team: TownHall) -> None:
    assert team.ben.opens(PAGE).status_code == 200
    assert "Üben lassen können" in team.ben.opens(PAGE).text
    assert team.ben.presses(PAGE, NOW).status_code == 403
    plan(team)
    assert team.ben.presses("/uebungen/1/abbrechen").status_code == 403
    assert team.ben.presses("/uebungen/1/beenden").status_code == 403
    for path in ("/uebungen/", PAGE, "/uebungen/1"):
        assert team.dev.opens(path).status_code in (302, 401), path
