"""The rota on the desk: the month, one day, layers with preview and undo, rules and their trial."""

from __future__ import annotations

import re
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from builders import NOON
from people import TownHall, Visitor

from crisis.types import Absence, Layer, Policy, PolicyStep, Role, Target, TargetKind
from crisis.workflows.deliver import deliver

DAY = NOON.date().isoformat()


def planned(desk: TownHall, *people: int, **changes: object) -> Layer:
    told: dict[str, object] = {"name": "Woche", "people": people, "begins": date(2026, 11, 16)}
    with desk.store.transaction():
        return desk.store.oncall.put_layer(Layer(**(told | changes)))  # type: ignore[arg-type]


def ids(desk: TownHall) -> dict[str, int]:
    return {p.name: p.id for p in desk.store.people.all()}


def layer_form(desk: TownHall, **more: str) -> dict[str, object]:
    known = ids(desk)
    told: dict[str, object] = {
        "name": "Woche",
        f"platz-{known['Ana']}": "2",
        f"platz-{known['Chloe']}": "1",
        "length": "1",
        "rhythm": "weekly",
        "begins": "2026-11-23",
        "handover": "08:00",
        "level": "1",
        "rank": "1",
        "holidays": "also",
        "active": "ja",
        "was": "speichern",
    }
    return told | more


def opens(who: Visitor, path: str) -> str:
    answer = who.opens(path)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def presses(who: Visitor, path: str, form: dict[str, object], *, code: int = 302) -> str:
    answer = who.presses(path, form)
    assert answer.status_code == code, answer.get_data(as_text=True)[-1500:]
    return answer.get_data(as_text=True)


class TestMonth:
    def test_it_shows_who_is_on_call_holidays_and_gaps(self, desk: TownHall) -> None:
        known = ids(desk)
        planned(desk, known["Ana"], known["Chloe"])
        page = opens(desk.ana, "/dienstplan/?monat=2026-12")
        assert page.count("Chloe") > 5 and "Weihnachtstag" in page
        assert "rota-day--gap" not in page
        with desk.store.transaction():
            for one in known.values():
                away = Absence(person_id=one, start=NOON, end=NOON + timedelta(hours=3))
                desk.store.oncall.add_absence(away)
        assert "13–16 niemand" in opens(desk.ana, "/dienstplan/")

    def test_an_empty_rota_says_what_to_do(self, desk: TownHall) -> None:
        page = opens(desk.vera, "/dienstplan/")
        assert "Noch ist nichts geplant" in page and "Den ersten Plan anlegen" in page

    def test_the_score_names_what_is_wrong_and_what_to_do(self, desk: TownHall) -> None:
        planned(desk, ids(desk)["Ana"])
        page = opens(desk.ana, "/dienstplan/")
        assert "von 100 Punkten" in page
        assert "Noch keine Probemail bestätigt: Ana" in page
        assert "ohne Pause Bereitschaft" in page


class TestDay:
    def test_somebody_is_entered_before_the_layers_and_taken_back(self, desk: TownHall) -> None:
        known = ids(desk)
        planned(desk, known["Ana"])
        form = {
            "person": known["Chloe"],
            "start": f"{DAY}T18:00",
            "end": f"{DAY}T22:00",
            "level": "1",
        }
        presses(desk.vera, f"/dienstplan/tag/{DAY}", form)
        assert "statt Ana" in opens(desk.ana, f"/dienstplan/tag/{DAY}")
        change = desk.store.oncall.changes()[0]
        presses(desk.vera, f"/dienstplan/aenderung/{change.id}/zuruecknehmen", {})
        assert desk.store.people.shifts(NOON) == []
        entries = desk.store.audit.of_object(f"shift:{change.row_id}")
        assert [e.action for e in entries] == ["rota.undone"]

    def test_a_removed_entry_comes_back_with_undo(self, desk: TownHall) -> None:
        form = {
            "person": ids(desk)["Ana"],
            "start": f"{DAY}T18:00",
            "end": f"{DAY}T22:00",
            "level": "2",
        }
        presses(desk.vera, f"/dienstplan/tag/{DAY}", form)
        [kept] = desk.store.people.shifts(NOON)
        presses(desk.vera, f"/dienstplan/eintrag/{kept.id}/streichen", {})
        change = desk.store.oncall.changes()[0]
        presses(desk.vera, f"/dienstplan/aenderung/{change.id}/zuruecknehmen", {})
        assert desk.store.people.shifts(NOON) == [kept]
        # What was changed since cannot be undone any more.
        again = presses(desk.vera, f"/dienstplan/aenderung/{change.id}/zuruecknehmen", {}, code=409)
        assert "weiter geändert" in again


class TestLayers:
    def test_it_is_looked_at_before_it_is_kept(self, desk: TownHall) -> None:
        looked = presses(
            desk.vera, "/dienstplan/plan/neu", layer_form(desk, was="vorschau"), code=200
        )
        assert (
            "So sähen die nächsten vier Wochen aus" in looked
            and "Gespeichert ist noch nichts" in looked
        )
        assert desk.store.oncall.layers() == []
        presses(desk.vera, "/dienstplan/plan/neu", layer_form(desk))
        [kept] = desk.store.oncall.layers()
        assert kept.people == (ids(desk)["Chloe"], ids(desk)["Ana"])
        page = opens(desk.vera, f"/dienstplan/plan/{kept.id}")
        assert 'value="2026-11-23"' in page

    def test_what_cannot_be_a_layer_is_said(self, desk: TownHall) -> None:
        page = presses(
            desk.vera,
            "/dienstplan/plan/neu",
            layer_form(desk, name="", begins="", opens="08:00"),
            code=422,
        )
        assert "Bitte geben Sie den ersten Tag an" in page
        page = presses(desk.vera, "/dienstplan/plan/neu", layer_form(desk, name=""), code=422)
        assert "einen Namen" in page

    def test_a_layer_goes_and_comes_back(self, desk: TownHall) -> None:
        layer = planned(desk, ids(desk)["Ana"])
        presses(desk.vera, f"/dienstplan/plan/{layer.id}/streichen", {})
        assert desk.store.oncall.layers() == []
        change = desk.store.oncall.changes()[0]
        presses(desk.vera, f"/dienstplan/aenderung/{change.id}/zuruecknehmen", {})
        assert desk.store.oncall.layers() == [layer]


def three_steps() -> dict[str, object]:
    """The rules as a form has them: on call, those who approve, those who administer."""
    return {
        "fassung": "0",
        "schritte": "3",
        "ziel-1": "level:1",
        "ziel-2": "role:approver",
        "ziel-3": "role:admin",
        **{f"times-{number}": "1" for number in (1, 2, 3)},
        "rounds": "3",
        "quiet_below": "4",
    }


class TestRules:
    def test_steps_are_kept_as_a_version_and_taken_back(self, desk: TownHall) -> None:
        form = {
            "fassung": "0",
            "schritte": "2",
            "ziel-1": ["level:1", f"person:{ids(desk)['Ana']}"],
            "wait-1": "5",
            "times-1": "1",
            "ziel-2": ["role:approver"],
            "times-2": "2",
            "severity-2": "4",
            "hours-2": "outside",
            "rounds": "2",
            "quiet_from": "22:00",
            "quiet_until": "06:00",
            "quiet_below": "4",
            "office_from": "08:00",
            "office_until": "16:00",
        }
        presses(desk.vera, "/dienstplan/regeln", form)
        policy = desk.store.oncall.policy()
        assert [[t.kind for t in s.targets] for s in policy.steps] == [
            [TargetKind.LEVEL, TargetKind.PEOPLE],
            [TargetKind.ROLE],
        ]
        assert (policy.rounds, policy.steps[0].wait, policy.steps[1].times) == (2, 5, 2)
        assert policy.steps[1].targets[0].role is Role.APPROVER
        # Somebody else was faster: nothing of ours is kept.
        assert "Inzwischen" in presses(desk.vera, "/dienstplan/regeln", form, code=422)
        presses(desk.vera, "/dienstplan/regeln/0/wieder", {})
        assert desk.store.oncall.policy().steps[0].targets[0].kind is TargetKind.LINE

    def test_one_more_step_is_offered_and_saves_nothing(self, desk: TownHall) -> None:
        form = {"fassung": "0", "schritte": "1", "ziel-1": "line", "times-1": "1", "was": "schritt"}
        page = presses(desk.vera, "/dienstplan/regeln", form, code=200)
        assert "Schritt 2" in page and desk.store.oncall.policies() == []

    @pytest.mark.parametrize(
        ("wish", "order"),
        [
            ("runter-1", ["role:approver", "level:1", "role:admin"]),
            ("hoch-3", ["level:1", "role:admin", "role:approver"]),
            ("davor-2", ["level:1", "", "role:approver", "role:admin"]),
            ("weg-2", ["level:1", "role:admin"]),
            ("hoch-1", ["level:1", "role:approver", "role:admin"]),
            ("weg-99", ["level:1", "role:approver", "role:admin"]),
            ("quatsch", ["level:1", "role:approver", "role:admin"]),
        ],
    )
    def test_steps_are_moved_inserted_and_left_out_before_they_are_saved(
        self, desk: TownHall, wish: str, order: list[str]
    ) -> None:
        form = three_steps() | {"was": wish, "note": "Wegen der Ferien"}
        page = presses(desk.vera, "/dienstplan/regeln", form, code=200)
        assert re.findall(r'name="ziel-\d+" value="([\w:]+)" checked', page) == [
            x for x in order if x
        ]
        assert f'name="schritte" value="{len(order)}"' in page
        assert 'name="wait-1"' in page and 'value="Wegen der Ferien"' in page
        assert desk.store.oncall.policies() == []

    def test_what_is_typed_can_be_tried_without_saving_it(self, desk: TownHall) -> None:
        form = three_steps() | {"was": "ausprobieren", "stufe": "4"}
        page = presses(desk.vera, "/dienstplan/regeln", form, code=200)
        assert "noch nicht gespeichert" in page and "alle mit der Rolle Freigabe alarmiert" in page
        assert "Schritt 1, weil niemand darin steht." in page  # nobody is on call
        assert desk.store.oncall.policies() == [] and desk.store.alerts.recent() == []
        nobody = {"fassung": "0", "schritte": "0", "rounds": "3", "was": "ausprobieren"}
        assert "noch nicht gespeichert" not in presses(
            desk.vera, "/dienstplan/regeln", nobody, code=422
        )

    def test_the_trial_says_who_and_why_and_sends_nothing(self, desk: TownHall) -> None:
        planned(desk, ids(desk)["Ana"])
        page = opens(desk.ana, "/dienstplan/probe?stufe=4&wann=2026-12-01T03:00")
        assert "Zum gewählten Zeitpunkt" in page and "Nächsten Sonntag um 3 Uhr nachts" in page
        assert "weil Sie gerade Bereitschaft haben" in page
        assert desk.store.alerts.recent() == []


def test_who_may_not_plan_is_refused_and_sees_no_buttons(desk: TownHall) -> None:
    layer = planned(desk, ids(desk)["Ana"])
    page = opens(desk.ana, "/dienstplan/")
    assert "Plan anlegen" not in page
    for path in (
        f"/dienstplan/tag/{DAY}",
        f"/dienstplan/plan/{layer.id}",
        f"/dienstplan/plan/{layer.id}/streichen",
        "/dienstplan/plan/neu",
        "/dienstplan/regeln",
        "/dienstplan/regeln/0/wieder",
    ):
        presses(desk.ana, path, {}, code=403)
    assert desk.store.oncall.layers() == [layer]


def test_the_board_says_until_when_the_step_waits(desk: TownHall) -> None:
    step = PolicyStep(targets=(Target(kind=TargetKind.ROLE, role=Role.DUTY),), wait=25)
    with desk.store.transaction():
        desk.store.oncall.add_policy(Policy(steps=(step,), made=desk.now))
    desk.sees("Das Trinkwasser ist vergiftet")
    assert deliver(desk.house, "m", desk.now) == 1
    until = (desk.now + timedelta(minutes=25)).astimezone(ZoneInfo("Europe/Berlin"))
    assert f"Meldet sich bis {until:%H:%M} Uhr niemand" in opens(desk.ana, "/")


def test_every_alert_says_why_its_reader_was_told(desk: TownHall) -> None:
    incident = desk.sees("Das Trinkwasser ist vergiftet")
    [alert] = desk.store.alerts.of_incident(incident.id)
    assert alert.step == 1 and alert.rule.startswith("Sie ")
    mail = opens(desk.ana, f"/postausgang/{alert.id}")
    assert "Warum diese Person?" in mail and alert.rule.splitlines()[0] in mail
    assert "mitgelieferte Regeln" in mail
    assert deliver(desk.house, "m", desk.now) == 1
    assert "Warum: weil Sie" in opens(desk.ana, f"/vorfaelle/{incident.id}")
