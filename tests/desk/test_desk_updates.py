"""A promised update on the desk: planned with the answer, due on board and incident, confirmed by a click."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from networks import Networks

from crisis.types import Response, UpdatePlan, UpdateState

SOON = {"erste": "2026-11-23T13:20", "alle": "20", "bis": "2026-11-23T15:00"}


class Promised(Networks):
    def out(self, *codes: str) -> Response:
        made = self.released(*(codes or ("mastodon", "facebook")))
        self.sends()
        return made

    def promise(self, made: Response, **form: str) -> UpdatePlan:
        data = {**SOON, "kanal": ["mastodon", "facebook"], **form}
        self.hall.ana.presses(f"/antworten/{made.id}/ankuendigen", data)
        return self.plan(made)

    def plan(self, made: Response) -> UpdatePlan:
        return self.hall.store.updates.of_response(made.id)[0]

    def presses(self, plan: UpdatePlan, how: str) -> int:
        form = {"version": str(plan.version)}
        return self.hall.ana.presses(f"/antworten/ankuendigungen/{plan.id}/{how}", form).status_code


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Promised]:
    made = Promised(tmp_path)
    yield made
    made.close()


def test_ana_promises_and_is_asked_when_it_is_due(town: Promised) -> None:
    made = town.out()
    assert "Meldungen ankündigen" in town.page(made)
    plan = town.promise(made)
    assert plan.every == 20 and plan.channels == ("mastodon", "facebook")
    page = town.page(made)
    assert "alle 20 Minuten" in page and "jetzt melden" not in page
    town.hall.later(minutes=16)
    page = town.page(made)
    assert "Gleich ist die angekündigte Meldung fällig" in page
    assert "Stand 23.11.2026, 13:16 Uhr, unverändert" in page
    board = town.hall.ana.opens("/").text
    assert "Meldung bestätigen: Das Trinkwasser" in board
    assert "Angekündigte Meldung bestätigen oder auslassen." in board
    incident = town.hall.ana.opens(f"/vorfaelle/{town.incident.id}").text
    assert "Meldung ansehen" in incident
    town.hall.later(minutes=10)
    assert "überfällig" in town.page(made)


def test_one_click_sends_it_and_readers_see_when(town: Promised) -> None:
    made = town.out()
    plan = town.promise(made)
    town.hall.later(minutes=20)
    assert town.presses(plan, "bestaetigen") == 302
    assert town.presses(plan, "bestaetigen") == 409
    assert town.sends() == 1
    assert len(town.masto.texts) == 2
    assert "gemeldet, dass es noch stimmt" in town.page(made)
    assert "bitte melden, dass es noch stimmt" in town.page(made)
    public = town.hall.dev.opens(f"/klarstellungen/{made.slug}").text
    assert "zuletzt bestätigt am" in public and "nächste Meldung:" in public
    assert "13:20" in public and "13:40" in public


def test_programs_learn_that_it_was_confirmed(town: Promised) -> None:
    made = town.out()
    plan = town.promise(made)
    before = town.hall.store.responses.public_changes()
    town.hall.later(minutes=20)
    town.presses(plan, "bestaetigen")
    confirmed = "2026-11-23T12:20:00"
    page = f"/klarstellungen/{made.slug}"
    assert f'modified_time" content="{confirmed}+00:00"' in town.hall.dev.opens(page).text
    assert (
        f"<updated>{confirmed}Z</updated>" in town.hall.dev.opens("/klarstellungen/feed.atom").text
    )
    (item,) = json.loads(town.hall.dev.opens("/klarstellungen/feed.json").text)["items"]
    assert item["date_modified"] == f"{confirmed}Z" != item["date_published"]
    assert town.hall.store.responses.public_changes() != before  # the hub is told, too
    assert (
        "aktualisiert am" not in town.hall.dev.opens("/klarstellungen/").text
    )  # its words are the same


def test_between_two_the_next_step_says_when(town: Promised) -> None:
    made = town.out()
    town.promise(made)
    assert "Beobachten bis zur nächsten angekündigten Meldung." in town.hall.ana.opens("/").text


def test_pause_go_on_leave_out_and_stop_are_one_click_each(town: Promised) -> None:
    made = town.out()
    plan = town.promise(made)
    assert town.presses(plan, "anhalten") == 302
    assert "angehalten" in town.page(made)
    assert town.presses(plan, "weiter") == 302
    plan = town.plan(made)
    assert plan.state is UpdateState.RUNNING
    assert town.presses(plan, "auslassen") == 302
    assert town.presses(town.plan(made), "beenden") == 302
    assert town.plan(made).state is UpdateState.ENDED
    assert "Meldungen ankündigen" in town.page(made)
    town.sends()
    assert len(town.masto.texts) == 1


def test_after_the_last_time_there_is_nothing_to_go_on_with(town: Promised) -> None:
    made = town.out()
    plan = town.promise(made)
    town.presses(plan, "anhalten")
    town.hall.later(hours=9)
    assert town.presses(plan, "weiter") == 302
    assert "Die letzte angekündigte Zeit ist vorbei" in town.page(made)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"erste": "2026-11-23T11:00"}, "liegt in der Vergangenheit"),
        ({"erste": "gestern"}, "ist kein Zeitpunkt"),
        ({"bis": "2026-11-23T13:00"}, "Das Ende liegt vor der ersten"),
        ({"alle": "3"}, "mindestens 5 Minuten"),
    ],
)
def test_impossible_times_are_said_and_what_was_typed_stays(
    town: Promised, wrong: dict[str, str], said: str
) -> None:
    made = town.out()
    answer = town.hall.ana.presses(
        f"/antworten/{made.id}/ankuendigen", {**SOON, **wrong}, follow_redirects=True
    )
    assert said in answer.text
    assert f'value="{wrong.get("bis", SOON["bis"])}"' in answer.text
    assert town.hall.store.updates.of_response(made.id) == []


@pytest.mark.parametrize(
    ("minutes", "words"), [("0", "einmal"), ("60", "jede Stunde"), ("1440", "jeden Tag")]
)
def test_how_often_is_said_in_words(town: Promised, minutes: str, words: str) -> None:
    made = town.out()
    until = "2026-11-25T13:20"
    town.promise(made, alle=minutes, bis=until)
    assert words in town.page(made)


def test_before_its_release_and_to_those_who_may_not_nothing_is_offered(town: Promised) -> None:
    draft = town.submitted()
    assert "Meldungen ankündigen" not in town.page(draft)
    made = town.out()
    vera = town.hall.vera.opens(f"/antworten/{made.id}").text
    assert "Meldungen ankündigen" not in vera
    plan = town.promise(made)
    for person in (town.hall.vera, town.hall.dev):
        for how in ("bestaetigen", "auslassen", "anhalten", "weiter", "beenden"):
            path = f"/antworten/ankuendigungen/{plan.id}/{how}"
            assert person.presses(path, {"version": "1"}).status_code in (400, 403)
        assert person.presses(f"/antworten/{made.id}/ankuendigen", SOON).status_code in (400, 403)
    assert town.plan(made) == plan


def test_a_correction_and_a_withdrawal_say_what_becomes_of_the_promise(town: Promised) -> None:
    made = town.out()
    town.promise(made)
    town.hall.chloe.presses(f"/antworten/{made.id}/zurueckziehen", {"grund": "Neu gemessen."})
    assert town.plan(made).state is UpdateState.ENDED
    public = town.hall.dev.opens(f"/klarstellungen/{made.slug}").text
    assert "nächste Meldung" not in public
