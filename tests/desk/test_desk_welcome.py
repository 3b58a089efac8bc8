"""A test mail that a person must confirm, and the guided first hour that asks the real state."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from builders import rumour
from outside import Postbox, mail_server
from people import TownHall, Visitor

from crisis import wiring
from crisis.errors import MailError
from crisis.types import Drill, Role, Shift
from crisis.workflows import deliver, try_mail

TESTS = "/einstellungen/probemail"
FIRST = "/erste-schritte/"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[tuple[TownHall, Postbox]]:
    """A town hall with a mail server of its own."""
    with mail_server() as (box, port):
        hall = TownHall(tmp_path)
        (hall.instance / "settings.toml").write_text(
            f'[mail]\nhost = "127.0.0.1"\nport = {port}\nsecurity = "none"\n'
            'sender = "alarm@musterstadt.example"\n',
            "utf-8",
        )
        hall.everybody_signs_in()
        yield hall, box
        hall.close()


def monitor(hall: TownHall) -> None:
    """The monitor sends what waits."""
    house = wiring.house(hall.instance, hall.environ)
    deliver.deliver(house, "test", hall.now)
    house.close()


def button(box: Postbox) -> str:
    """The path behind the newest mail's button."""
    text = box.mails[-1].get_body(("plain",))
    assert text is not None
    found = re.search(r"/mail-bestaetigen/\S+", text.get_content())
    assert found
    return found[0]


def test_vera_proves_that_mails_arrive(office: tuple[TownHall, Postbox]) -> None:
    hall, box = office
    assert "noch nie bestätigt" in hall.vera.opens(TESTS).text
    answer = hall.vera.presses(TESTS, {"an": " telefon@musterstadt.example "})
    assert answer.headers["Location"] == TESTS
    text = hall.vera.opens(TESTS).text
    assert "telefon@musterstadt.example" in text
    part = hall.vera.opens(TESTS + "/stand?teil=bisher")
    assert "noch nicht" in part.text
    same = hall.vera.opens(
        TESTS + "/stand?teil=bisher", headers={"If-None-Match": part.headers["ETag"]}
    )
    assert same.status_code == 304
    assert "nie bestätigt" in hall.vera.opens(TESTS + "/stand").text
    counted = hall.store._db.execute("select sum(version) from changes").fetchone()[0]
    hall.later(minutes=1)
    monitor(hall)
    assert box.mails[-1]["To"] == "telefon@musterstadt.example"
    path = button(box)
    for _look in range(3):  # a scanner opens the link
        page = hall.dev.opens(path)
        assert "Ist die Probemail angekommen?" in page.text
        assert page.headers["Referrer-Policy"] == "no-referrer"
    assert "noch nie bestätigt" in hall.vera.opens(TESTS).text
    hall.later(minutes=1)
    assert hall.dev.client.post(path).status_code == 303
    now = hall.store._db.execute("select sum(version) from changes").fetchone()[0]
    assert now > counted  # open pages show it by themselves
    assert "Danke, das ist vermerkt" in hall.dev.opens(path).text
    assert "Der Mailweg ist bestätigt." in hall.vera.opens(TESTS).text
    assert hall.dev.client.post(path).status_code == 303  # pressed twice
    actions = [entry.action for entry in hall.store.audit.page()]
    assert actions.count("mail.confirmed") == 1
    assert actions.count("mail.tested") == 1


def test_another_way_has_to_prove_itself_anew(office: tuple[TownHall, Postbox]) -> None:
    hall, box = office
    hall.vera.presses(TESTS, {"an": "a@musterstadt.example"})
    monitor(hall)
    hall.dev.client.post(button(box))
    assert "ist bestätigt" in hall.vera.opens(TESTS).text
    file = hall.instance / "settings.toml"
    file.write_text(file.read_text().replace("alarm@", "lage@"))
    text = hall.vera.opens(TESTS).text
    assert "noch nie bestätigt" in text
    assert "auf einem früheren Mailweg" in text


def test_a_link_that_is_not_ours_or_too_old_leads_nowhere(
    office: tuple[TownHall, Postbox],
) -> None:
    hall, box = office
    hall.vera.presses(TESTS, {"an": "a@musterstadt.example"})
    monitor(hall)
    path = button(box)
    for wrong in ("/mail-bestaetigen/x", path + "x", "/mail-bestaetigen/" + "ü." * 90):
        assert hall.dev.opens(wrong).status_code == 410
        assert hall.dev.client.post(wrong).status_code == 410
    hall.later(days=8)
    assert hall.dev.opens(path).status_code == 410


def test_a_mail_that_fails_says_so(office: tuple[TownHall, Postbox]) -> None:
    hall, _box = office
    hall.vera.presses(TESTS, {"an": "a@musterstadt.example"})
    (alert,) = hall.store.alerts.tests(limit=5)
    from crisis.types import AlertState

    with hall.store.transaction():
        hall.store.alerts.update(
            replace(alert, state=AlertState.FAILED, last_error="Der Mailserver antwortet nicht.")
        )
    text = hall.vera.opens(TESTS).text
    assert "gescheitert" in text
    assert "Der Mailserver antwortet nicht." in text
    assert MailError


def test_an_address_that_is_none_is_refused(office: tuple[TownHall, Postbox]) -> None:
    hall, _box = office
    answer = hall.vera.presses(TESTS, {"an": "niemand"})
    assert answer.status_code == 422
    assert "ist keine E-Mail-Adresse" in answer.text
    assert not hall.store.alerts.tests(limit=5)


def test_without_a_mail_server_there_is_nothing_to_test(desk: TownHall) -> None:
    assert "Es ist kein Mailserver eingetragen." in desk.vera.opens(TESTS).text
    assert desk.vera.presses(TESTS, {"an": "a@b.example"}).status_code == 422
    for visitor in (desk.ana, desk.ben, desk.chloe):
        assert visitor.opens(TESTS).status_code == 403
        assert visitor.presses(TESTS, {"an": "a@b.example"}).status_code == 403
    assert desk.dev.opens(TESTS).status_code == 302


def test_colleagues_do_not_see_the_secret_in_the_outbox(
    office: tuple[TownHall, Postbox],
) -> None:
    hall, _box = office
    hall.vera.presses(TESTS, {"an": "a@musterstadt.example"})
    (alert,) = hall.store.alerts.tests(limit=5)
    assert hall.ana.opens(f"/postausgang/{alert.id}").status_code == 403
    assert re.search(r"/mail-bestaetigen/\w", hall.vera.opens(f"/postausgang/{alert.id}").text)


def test_a_mail_the_outbox_forgot_is_still_a_proof(office: tuple[TownHall, Postbox]) -> None:
    hall, box = office
    hall.vera.presses(TESTS, {"an": "a@musterstadt.example"})
    monitor(hall)
    hall.dev.client.post(button(box))
    with hall.store.transaction():
        hall.store.alerts.forget(hall.later(days=40))
    text = hall.vera.opens(TESTS).text
    assert "Adresse nicht mehr gespeichert" in text
    assert "ist bestätigt" in text
    (proof,) = try_mail.proofs(hall.store, "anders")
    assert proof.alert is None
    assert not proof.same_way


# --- the guided first hour ---------------------------------------------------------------------


def done(visitor: Visitor) -> int:
    found = re.search(r"(\d+) von 8 erledigt", visitor.opens(FIRST).text)
    assert found
    return int(found[1])


def test_only_administrators_are_guided(desk: TownHall) -> None:
    assert desk.vera.opens(FIRST).status_code == 200
    assert desk.dev.opens(FIRST).status_code == 302
    for visitor in (desk.ana, desk.ben, desk.chloe):
        assert visitor.opens(FIRST).status_code == 403
        assert visitor.presses(FIRST + "spaeter").status_code == 403


def test_each_step_is_asked_of_the_real_state(office: tuple[TownHall, Postbox]) -> None:
    hall, box = office
    store, vera = hall.store, hall.vera
    with store.transaction():
        store.sources.remove(hall.source.id)
        store.rumours.put(replace(rumour(), retired=True), hall.now)
    before = done(vera)  # the authority's name (environment), people, and Vera's own rumour
    text = vera.opens(FIRST).text
    assert 'aria-current="step"' in text
    assert text.count("kern-btn--primary") == 1
    hall.vera.presses(TESTS, {"an": "a@musterstadt.example"})
    monitor(hall)
    hall.dev.client.post(button(box))
    assert done(vera) == before + 1
    with store.transaction():
        store.sources.add(replace(hall.source, id=0, last_success=hall.now))
        assert hall.ana.person is not None
        start = hall.now + timedelta(hours=1)
        store.people.add_shift(
            Shift(person_id=hall.ana.person.id, start=start, end=start + timedelta(hours=8))
        )
        (first, *_rest) = store.sources.all()
        store.drills.add(
            Drill(scenario="x", source_id=first.id, started=hall.now, seconds=1, token="t")
        )
    assert done(vera) == before + 4
    hall.chloe_approves()
    text = vera.opens(FIRST).text
    assert done(vera) == 8
    assert "Alles ist eingerichtet." in text
    with store.transaction():  # a step that becomes undone stands open again
        store.sources.remove(first.id)
    assert done(vera) == 7


def test_a_town_hall_of_one_has_no_second_person(desk: TownHall) -> None:
    before = done(desk.vera)
    with desk.store.transaction():
        for person in desk.store.people.all():
            if Role.ADMIN not in person.roles:
                desk.store.people.update(replace(person, active=False))
    assert done(desk.vera) == before - 1


def test_the_examples_are_no_rumour_of_one_s_own(desk: TownHall) -> None:
    before = done(desk.vera)
    with desk.store.transaction():
        desk.store._db.execute("delete from rumours")  # as after set-up
    wiring.load_examples(desk.house)  # type: ignore[arg-type]
    assert done(desk.vera) == before - 1


def test_later_leads_to_the_board(desk: TownHall) -> None:
    desk.vera.opens(FIRST)
    answer = desk.vera.presses(FIRST + "spaeter")
    assert answer.headers["Location"] == "/"
    assert 'href="/einstellungen/mail"' in desk.vera.opens(FIRST).text


def test_the_board_says_that_mail_was_never_confirmed_until_it_is(
    office: tuple[TownHall, Postbox],
) -> None:
    hall, box = office
    assert "nie bestätigt" in hall.ana.opens("/").text
    assert TESTS not in hall.ana.opens("/").text
    assert f'href="{TESTS}"' in hall.vera.opens("/").text
    assert "Erste Schritte: Es fehlt noch etwas" in hall.vera.opens("/").text
    assert "Erste Schritte" not in hall.ana.opens("/").text
    hall.vera.presses(TESTS, {"an": "a@musterstadt.example"})
    monitor(hall)
    hall.dev.client.post(button(box))
    for visitor in (hall.ana, hall.vera):
        assert "nie bestätigt" not in visitor.opens("/").text


def test_a_newcomer_who_administers_is_led_to_the_first_steps(desk: TownHall) -> None:
    with desk.store.transaction():
        desk.store.sources.remove(desk.source.id)
    assert f'href="{FIRST}"' in desk.vera.opens("/").text
    assert f'href="{FIRST}"' not in desk.ana.opens("/").text
