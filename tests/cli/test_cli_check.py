"""``crisis check``: one page, and the call for help when the monitor is dead. A real mail server."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from outside import Feeds, Postbox, feeds, free_port, mail_server, settings

from crisis import wiring
from crisis.cli import check, main, run
from crisis.cli.watch import Monitor
from crisis.settings import load
from crisis.types import Person, Role
from crisis.vitals import examine
from crisis.workflows import self_test, try_mail


class Place:
    """An installation with a mail server, and whoever looks after it."""

    def __init__(self, instance: Path, box: Postbox, mail: int, served: Feeds) -> None:
        self.instance, self.box, self.served = instance, box, served
        (instance / "settings.toml").write_text(
            settings(desk=free_port(), mail=mail, feed=served.port)
            + '[alerts]\ncatch_all_email = "lage@musterstadt.example"\n[watchdog]\n'
            f'outside_email = "leitstelle@kreis.example"\nping_url = "{served.url("/ping")}"\n'
            'self_test_email = "echo@musterstadt.example"\n'
        )
        self.environ = {"CRISIS_INSTANCE": str(instance), "CRISIS_LANG": "de"}
        self.house = wiring.house(instance, {})
        self.now = wiring.now()

    def monitor_steps(self) -> None:
        monitor = Monitor(self.house)
        monitor.step(wait=True)
        monitor.close()

    def guard_looks(self, after: timedelta) -> str:
        """As the guard does, so long after now."""
        made, at = load(self.instance, {}), self.now + after
        return check.guard(made, examine(wiring.vitals(made, at)), at)

    def types(self, *arguments: str) -> Result:
        return CliRunner(env=self.environ).invoke(main, ["check", *arguments])

    def outside(self) -> list[str]:
        return [str(m["Subject"]) for m in self.box.mails if "leitstelle" in str(m["To"])]


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    with mail_server() as (box, port), feeds() as served:
        made = Place(tmp_path, box, port, served)
        yield made
        made.house.close()


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


def test_a_monitor_that_died_is_reported_outside_the_house_once_and_so_is_its_return(
    place: Place,
) -> None:
    place.monitor_steps()  # its last: from here on it is dead
    said = [place.guard_looks(minutes(n)) for n in (0.5, 2, 3, 5, 6, 60)]
    assert said == ["", "", "", "alarm", "", ""]
    assert place.outside() == ["Klarstellung bei Musterstadt braucht Hilfe"]
    assert "Der Beobachter steht seit" in place.box.mails[-1].as_string().replace("=\n", "")
    place.now = wiring.now()
    place.monitor_steps()
    assert place.guard_looks(minutes(0)) == "well"
    assert place.outside()[1:] == ["Klarstellung bei Musterstadt läuft wieder"]


def test_the_watchdog_is_pinged_only_while_all_is_well(place: Place) -> None:
    place.monitor_steps()
    place.guard_looks(minutes(0))
    assert place.served.asked == ["/ping"]
    place.guard_looks(minutes(10))
    assert place.served.asked == ["/ping"]


def test_a_call_that_did_not_get_through_is_made_again(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as dead:
        dead.setenv("CRISIS_MAIL_PORT", str(free_port()))
        broken = load(place.instance, {"CRISIS_MAIL_PORT": str(free_port())})
        for n in (1, 4):
            at = place.now + minutes(n)
            check.guard(broken, examine(wiring.vitals(broken, at)), at)
    assert place.outside() == []
    assert place.guard_looks(minutes(5)) == "alarm"
    assert len(place.outside()) == 1


def test_the_call_outside_goes_by_a_second_server_and_by_the_first_where_that_is_dead(
    place: Place,
) -> None:
    """What is to be told may be that the house's own mail server stands still."""
    with mail_server() as (beyond, port):
        second = {
            "CRISIS_WATCHDOG_OUTSIDE_HOST": "127.0.0.1",
            "CRISIS_WATCHDOG_OUTSIDE_PORT": str(port),
            "CRISIS_WATCHDOG_OUTSIDE_SECURITY": "none",
            "CRISIS_WATCHDOG_OUTSIDE_SENDER": "wache@draussen.example",
        }
        dead = second | {"CRISIS_MAIL_PORT": str(free_port())}
        for n in (0, 4):
            made, at = load(place.instance, dead), place.now + minutes(n)
            check.guard(made, examine(wiring.vitals(made, at)), at)
        (mail,) = beyond.mails
        assert "braucht Hilfe" in str(mail["Subject"])
        assert "wache@draussen.example" in str(mail["From"])
        assert place.outside() == []
    made, at = load(place.instance, second), place.now + minutes(4 + 7 * 60)
    check.guard(made, examine(wiring.vitals(made, at)), at)
    assert len(place.outside()) == 1, "the second is dead now: by the first"


def test_a_database_that_is_none_is_reported_too(place: Place) -> None:
    place.house.close()
    for path in place.instance.glob("crisis.db*"):
        path.unlink()
    (place.instance / "crisis.db").write_bytes(b"kein Datenbankbild" * 1000)
    assert [place.guard_looks(minutes(n)) for n in (0, 3)] == ["", "alarm"]
    assert "Die Datenbank" in place.box.mails[-1].as_string()


def test_what_was_told_survives_a_damaged_memory(place: Place) -> None:
    place.guard_looks(minutes(0))
    assert json.loads((place.instance / check.MEMORY).read_text())["told"] == []
    (place.instance / check.MEMORY).write_text("[")
    assert place.guard_looks(minutes(1)) == ""


def test_one_page_says_everything_and_the_exit_code_says_whether_to_worry(place: Place) -> None:
    page = place.types()
    assert page.exit_code == 1
    assert "x Beobachter    Der Beobachter ist noch nie gelaufen." in page.output
    place.monitor_steps()
    page = place.types()
    assert page.exit_code == 0, page.output
    for name in ("Datenträger", "Quellen", "Bereitschaft", "Postausgang", "Selbsttest"):
        assert name in page.output


def test_the_self_test_goes_out_once_a_day_and_its_answer_is_noticed(place: Place) -> None:
    house, store = place.house, place.house.store
    with store.transaction():
        store.people.add(
            Person(name="Vera", email="vera@x.example", roles=frozenset({Role.ADMIN})), place.now
        )
    morning = datetime.fromisoformat("2026-11-24T08:30:00+01:00")

    def send(at: datetime) -> bool:
        return self_test.send(
            house, "echo@musterstadt.example", 8, at, base_url="http://desk.example", way="w"
        )

    assert not send(morning - timedelta(hours=1))
    assert send(morning)
    assert not send(morning + timedelta(hours=2))
    assert not self_test.notice(store, morning)
    (mail,) = store.alerts.tests(limit=5)
    assert mail.to == "echo@musterstadt.example"
    token = mail.text.partition("/mail-bestaetigen/")[2].split()[0]
    try_mail.confirm(store, token, morning + minutes(5))
    assert self_test.notice(store, morning + minutes(6))
    assert not self_test.notice(store, morning + minutes(7))
    assert self_test.answered(store) == morning + minutes(6)
    assert send(morning + timedelta(days=1))
    assert self_test.answered(store) < self_test.sent(store)  # type: ignore[operator]


def test_crisis_run_keeps_a_guard_where_somebody_is_to_be_called(place: Place) -> None:
    with_guard = run.children(load(place.instance, {}), {})
    assert [child.command[-4:] for child in with_guard[2:]] == [
        ("check", "--alarm", "--every", "60")
    ]
    alone = load(
        place.instance, {"CRISIS_WATCHDOG_OUTSIDE_EMAIL": "", "CRISIS_WATCHDOG_PING_URL": ""}
    )
    assert len(run.children(alone, {})) == 2
