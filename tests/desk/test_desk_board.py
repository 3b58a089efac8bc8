"""What the board says at a glance."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from builders import NOON, incident, rumour
from people import TownHall

from crisis import wiring
from crisis.desk.board import Mood, mood, on_call
from crisis.settings import Settings
from crisis.store import Store
from crisis.types import (
    AlertState,
    Band,
    IncidentState,
    ModelUse,
    Person,
    Role,
    Severity,
    Shift,
)
from crisis.workflows.triage import THRIFTY

NEW, TAKEN, DONE = IncidentState.NEW, IncidentState.ACKNOWLEDGED, IncidentState.CORRECTED


@pytest.mark.parametrize(
    ("open_ones", "watched", "expected"),
    [
        ([], True, Mood.QUIET),
        ([], False, Mood.BLIND),
        ([(DONE, Severity.URGENT)], True, Mood.QUIET),
        ([(NEW, Severity.LOW)], True, Mood.ATTENTION),
        ([(TAKEN, Severity.URGENT)], True, Mood.ATTENTION),
        ([(NEW, Severity.LOW)], False, Mood.ATTENTION),
        ([(NEW, Severity.HIGH)], True, Mood.ALARM),
        ([(DONE, Severity.LOW), (NEW, Severity.URGENT)], False, Mood.ALARM),
    ],
)
def test_the_whole_board_in_one_word(
    open_ones: list[tuple[IncidentState, Severity]], watched: bool, expected: Mood
) -> None:
    found = [incident(state=state, severity=severity) for state, severity in open_ones]
    assert mood(found, watched=watched) is expected


def test_a_newcomer_is_offered_the_exercise(desk: TownHall) -> None:
    with desk.store.transaction():
        desk.store.sources.remove(desk.source.id)
    page = desk.ana.opens("/").text
    assert "Willkommen, Ana!" in page
    assert "Übung starten" in page
    assert "Quellen hinzufügen" in page


def test_who_may_not_start_the_exercise_is_shown_the_way_to_it(desk: TownHall) -> None:
    with desk.store.transaction():
        desk.store.sources.remove(desk.source.id)
    page = desk.ben.opens("/").text
    assert "Übung starten" not in page
    assert 'href="/uebung/"' in page


def test_an_incident_stands_there_with_its_next_step(desk: TownHall) -> None:
    desk.rumour_spreads(3)
    page = desk.ana.opens("/").text
    assert "Das Trinkwasser ist vergiftet." in page
    assert "<strong>3</strong> Beiträge" in page
    assert "wird die nächste Person gerufen" in page
    assert "noch niemand" in page


def test_the_next_step_follows_the_work(desk: TownHall) -> None:
    desk.chloe_approves()
    spreading = desk.rumour_spreads(3)
    steps = []

    def look() -> None:
        steps.append(desk.ana.opens("/lage").text)

    desk.ana.acknowledges(spreading)
    look()
    draft = desk.draft(spreading)
    look()
    desk.ana.fills(draft, submit=True, naechste_info="um 18 Uhr")
    look()
    desk.chloe.releases(desk.store.responses.get(draft.id))
    look()
    for page, says in zip(
        steps,
        ("Antwort auswählen", "Entwurf ausfüllen", "wartet auf Freigabe", "wenn es ruhig bleibt"),
        strict=True,
    ):
        assert says in page


def test_after_the_time_for_an_answer_it_only_says_that_nobody_has_it(desk: TownHall) -> None:
    desk.rumour_spreads(1)
    desk.later(minutes=30)
    assert "Noch kümmert sich niemand." in desk.ana.opens("/").text


def test_without_a_monitor_or_a_mail_server_the_board_says_so(desk: TownHall) -> None:
    page = desk.ana.opens("/").text
    assert "Es wird gerade nicht beobachtet." in page
    assert "Niemand wird wirklich alarmiert." in page


def test_a_living_monitor_makes_no_noise(desk: TownHall) -> None:
    with desk.store.transaction():
        desk.store.facts.set("monitor.heartbeat", (desk.now - timedelta(seconds=5)).isoformat())
    page = desk.ana.opens("/").text
    assert "Es wird gerade nicht beobachtet." not in page
    assert "Beobachtung läuft" in page
    assert "Ruhig." in page
    desk.later(minutes=2)
    assert "zuletzt gemeldet" in desk.ana.opens("/").text


def test_failing_sources_and_failed_mails_are_counted(desk: TownHall) -> None:
    desk.rumour_spreads(1)
    with desk.store.transaction():
        desk.store.sources.update(replace(desk.source, failures=3))
        (alert,) = desk.store.alerts.claim(5, "test", desk.now)
        desk.store.alerts.update(replace(alert, state=AlertState.FAILED))
    page = desk.ana.opens("/").text
    assert "eine antwortet nicht" in page


def test_what_waits_is_shown_to_those_who_can_do_it(desk: TownHall) -> None:
    desk.chloe_approves()
    desk.submitted(desk.rumour_spreads(2))
    desk.sees("Trinkwasser?", band=Band.SUGGEST)
    assert "Antwort freigeben: Das Trinkwasser ist in Ordnung" in desk.chloe.opens("/").text
    assert "Antwort freigeben:" not in desk.ana.opens("/").text
    assert "Ein Beitrag: Passt er zu einem Gerücht?" in desk.ana.opens("/").text


def test_the_changing_part_is_sent_only_when_it_changed(desk: TownHall) -> None:
    first = desk.ana.opens("/lage")
    again = desk.ana.opens("/lage", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    desk.rumour_spreads(1)
    changed = desk.ana.opens("/lage", headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200
    assert "<html" not in changed.text


def people() -> list[Person]:
    return [
        Person(id=1, name="Ana", email="a@x.example", roles=frozenset({Role.DUTY})),
        Person(id=2, name="Ben", email="b@x.example", roles=frozenset({Role.DUTY})),
    ]


def test_on_call_are_the_shifts_of_now_and_next() -> None:
    shifts = [
        Shift(id=1, person_id=2, start=NOON - timedelta(hours=1), end=NOON + timedelta(hours=1)),
        Shift(id=2, person_id=1, start=NOON + timedelta(hours=1), end=NOON + timedelta(hours=9)),
    ]
    found = on_call(shifts, people(), NOON)
    assert found.now is not None
    assert found.next is not None
    assert (found.now.person.name, found.until) == ("Ben", NOON + timedelta(hours=1))
    assert (found.next.person.name, found.since) == ("Ana", NOON + timedelta(hours=1))


def test_with_nobody_there_nobody_is_on_call() -> None:
    found = on_call([], [], NOON)
    assert (found.now, found.until, found.next, found.since) == (None, None, None, None)


def test_shifts_show_on_the_board(desk: TownHall) -> None:
    assert desk.ana.person is not None
    with desk.store.transaction():
        desk.store.people.add_shift(
            Shift(person_id=desk.ana.person.id, start=NOON, end=NOON + timedelta(hours=8))
        )
    assert "heute, 21:00 Uhr" in desk.ana.opens("/").text


def test_the_desk_says_that_it_is_well(hall: TownHall) -> None:
    answer = hall.dev.opens("/healthz")
    said = dict(answer.json or {})
    checks = said.pop("checks")
    assert said == {"status": "ok", "monitor": None}
    assert (checks["monitor"], checks["posts"]) == ("bad", "well")


def test_a_desk_without_its_database_says_so(hall: TownHall) -> None:
    hall.close()
    for file in hall.instance.glob("crisis.db*"):
        file.unlink()
    (hall.instance / "crisis.db").mkdir()
    answer = hall.dev.opens("/healthz")
    assert answer.status_code == 503
    assert hall.dev.opens("/anmelden").status_code in (200, 503)


def test_a_chosen_model_that_cannot_judge_is_named_on_the_board(desk: TownHall) -> None:
    assert "Es urteilt das mitgelieferte Modell" not in desk.ana.opens("/").text
    with desk.store.transaction():
        desk.store.models.use(ModelUse(version="1+desk.7", since=NOON, by=None, before=None))
    page = desk.ana.opens("/").text
    assert "Es urteilt das mitgelieferte Modell, nicht das gewählte." in page
    assert "Ein Modell „1+desk.7“ gibt es hier nicht" in page
    answer = desk.dev.opens("/healthz")
    assert answer.json is not None
    assert answer.json["status"] == "ok"
    assert "1+desk.7" in answer.json["model"]


def test_the_board_says_that_too_many_posts_come(desk: TownHall) -> None:
    assert "Gerade kommen sehr viele Beiträge." not in desk.ana.opens("/").text
    with desk.store.transaction():
        desk.store.facts.set(THRIFTY, NOON.isoformat())
    assert "Gerade kommen sehr viele Beiträge." in desk.ana.opens("/").text


def many(desk: TownHall, count: int, *, state: IncidentState = NEW, first: int = 0) -> None:
    """So many open incidents, each of a rumour of its own."""
    with desk.store.transaction():
        for number in range(first, first + count):
            told = rumour(id=f"r{number}", text=f"Gerücht Nummer {number}.")
            desk.store.rumours.put(told, desk.now)
            made = incident(rumour_id=told.id, state=state, severity=Severity(1 + number % 4))
            desk.store.incidents.open(replace(made, id=0))


def queries(desk: TownHall, path: str) -> int:
    """How many statements this page asks of the database."""
    asked: list[str] = []
    opened = wiring.open_store

    def open_store(settings: Settings, *_pool: object) -> Store:
        store = opened(settings)
        store._db.conn.set_trace_callback(asked.append)
        return store

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(wiring, "open_store", open_store)
        assert desk.ana.opens(path).status_code == 200
    return len(asked)


def test_of_many_incidents_the_most_urgent_are_big_and_the_rest_are_lines(desk: TownHall) -> None:
    many(desk, 30)
    many(desk, 20, state=TAKEN, first=30)
    page = desk.ana.opens("/").text
    assert page.count('class="incident incident--') == 6
    assert page.count('<li class="brief ') == 44
    assert '<span class="muted">50</span>' in page


def test_a_few_incidents_are_all_big(desk: TownHall) -> None:
    many(desk, 8)
    page = desk.ana.opens("/").text
    assert page.count('class="incident incident--') == 8
    assert "briefs" not in page


def test_more_than_a_page_can_hold_are_counted(desk: TownHall) -> None:
    many(desk, 103)
    assert "3 weitere, weniger dringende Vorfälle sind offen." in desk.ana.opens("/").text


def test_an_alarm_is_seen_behind_a_hundred_that_somebody_has(desk: TownHall) -> None:
    with desk.store.transaction():
        for number in range(100):
            told = rumour(id=f"u{number}", text=f"Dringendes Gerücht {number}.")
            desk.store.rumours.put(told, desk.now)
            made = incident(rumour_id=told.id, state=TAKEN, severity=Severity.URGENT)
            desk.store.incidents.open(replace(made, id=0))
    many(desk, 3)  # the third is high
    assert "<strong>Alarm.</strong>" in desk.ana.opens("/").text


def test_the_board_asks_as_much_for_fifty_as_for_nine(desk: TownHall) -> None:
    many(desk, 9)
    desk.ana.opens("/lage")
    desk.later(seconds=6)  # what was made for all has grown old
    few = queries(desk, "/lage")
    many(desk, 41, first=9)
    assert queries(desk, "/lage") == few


def test_what_all_see_alike_is_made_once_for_them(desk: TownHall) -> None:
    many(desk, 9)
    first = queries(desk, "/lage")
    assert queries(desk, "/lage") < first


def test_what_was_made_for_others_does_not_say_yours(desk: TownHall) -> None:
    desk.ana.acknowledges(desk.rumour_spreads(2))
    mark = ">Ihrer</span>"
    assert mark in desk.ana.opens("/lage").text
    assert mark not in desk.ben.opens("/lage").text
    assert mark in desk.ana.opens("/lage").text


def test_a_change_is_seen_at_once_whatever_was_made_before(desk: TownHall) -> None:
    many(desk, 9)
    desk.ana.opens("/lage")
    many(desk, 1, first=9)
    assert "10 Vorfälle" in desk.ana.opens("/lage").text


def test_what_is_one_s_own_is_marked_and_counted(desk: TownHall) -> None:
    desk.ana.acknowledges(desk.rumour_spreads(2))
    assert "Ein offener Vorfall ist Ihrer" in desk.ana.opens("/").text
    assert "Ein offener Vorfall ist Ihrer" not in desk.ben.opens("/").text


def test_a_glance_tells_the_same_speed_as_the_incident_itself(desk: TownHall) -> None:
    for number in range(6):
        desk.later(minutes=50)
        spreading = desk.rumour_spreads(1, text=f"Das Trinkwasser ist vergiftet! {number}")
    known = desk.store.glance.of([spreading.id], desk.now)[spreading.id]
    assert known.speed == desk.store.incidents.speed(spreading.id, desk.now)
    assert sum(known.speed) == 6


def test_the_places_of_the_last_day_stand_there_with_most_posts_first(desk: TownHall) -> None:
    spreading = desk.rumour_spreads(4, text="Das Trinkwasser ist vergiftet!")
    with desk.store.transaction():
        for one, place in zip(
            desk.store.sightings.of_incident(spreading.id),
            ("Südstadt", "Nordstadt", "Nordstadt", ""),
            strict=True,
        ):
            desk.store.posts.locate(one.post.id, place)
    known = desk.store.glance.of([spreading.id], desk.now)[spreading.id]
    assert list(known.places.items()) == [("Nordstadt", 2), ("Südstadt", 1)]
    assert "Nordstadt, Südstadt" in desk.ana.opens("/").text


def test_the_board_says_until_when_the_next_step_is_due(desk: TownHall) -> None:
    incident = desk.rumour_spreads()
    page = desk.ana.opens("/").text
    assert 'class="due"' in page
    desk.later(minutes=25)
    late = desk.ana.opens("/").text
    assert "Überfällig seit 15 Minuten" in late
    assert "Überfällig seit 15 Minuten" in desk.ana.opens(f"/vorfaelle/{incident.id}").text
    desk.ana.acknowledges(incident)
    assert "Überfällig" not in desk.ana.opens("/").text


def test_readiness_names_its_reasons_and_sentences_are_for_staff(desk: TownHall) -> None:
    answer = desk.dev.opens("/healthz/ready")
    assert answer.status_code == 503
    assert answer.json == {"ready": False, "state": "bad", "reasons": ["monitor"]}
    assert "Beobachter" in desk.ana.opens("/healthz/ready").json["texts"][0]
    with desk.store.transaction():
        desk.store.facts.set("monitor.heartbeat", desk.now.isoformat())
    answer = desk.dev.opens("/healthz/ready")
    assert answer.status_code == 200
    assert answer.json["ready"]


def test_an_outbox_that_does_not_empty_is_said_on_the_board(desk: TownHall) -> None:
    desk.rumour_spreads()
    assert "leert sich nicht" not in desk.ana.opens("/").text
    desk.later(minutes=30)
    assert "Der Postausgang leert sich nicht: Eine Mail ist seit 30 Minuten fällig." in (
        desk.ana.opens("/").text
    )
