"""Signing in, out and up."""

from __future__ import annotations

from dataclasses import replace

import pytest
from people import PASSWORD, TownHall, Visitor, password_hash

from crisis.types import Person, Role
from crisis.workflows import admit

GOOD = {"name": "Ada Amt", "email": "ada@musterstadt.example"}
WORDS = {"password": "sehr geheimes Wort", "again": "sehr geheimes Wort"}


def test_ana_signs_in_and_sees_the_board(hall: TownHall) -> None:
    answer = hall.ana.signs_in()
    assert answer.status_code == 302
    assert answer.location == "/"
    assert "Lage" in hall.ana.opens("/").text


def test_her_address_may_be_typed_in_capitals(hall: TownHall) -> None:
    form = {"email": " ANA@Musterstadt.Example ", "password": PASSWORD}
    assert hall.ana.presses("/anmelden", form).status_code == 302


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("ana@musterstadt.example", "falsch"),
        ("niemand@musterstadt.example", PASSWORD),
        ("", ""),
        ("ana@musterstadt.example", ""),
        ("ana@musterstadt.example", "x" * 10_000),
    ],
)
def test_whatever_is_wrong_the_answer_is_the_same(
    hall: TownHall, email: str, password: str
) -> None:
    answer = hall.dev.presses("/anmelden", {"email": email, "password": password})
    assert answer.status_code == 422
    assert "E-Mail-Adresse oder Passwort stimmen nicht." in answer.text


def test_somebody_who_left_cannot_sign_in(hall: TownHall) -> None:
    assert hall.ana.person is not None
    with hall.store.transaction():
        hall.store.people.update(replace(hall.ana.person, active=False))
    assert hall.ana.signs_in().status_code == 422


def test_people_of_an_exercise_cannot_sign_in(hall: TownHall) -> None:
    with hall.store.transaction():
        part = Person(
            name="Chloé (Übung)",
            email="chloe@uebung.invalid",
            roles=frozenset({Role.APPROVER}),
            drill=True,
        )
        kept = hall.store.people.add(part, hall.now)
        hall.store.people.set_password(kept.id, password_hash())
    assert Visitor(hall, kept).signs_in().status_code == 422


def test_somebody_invited_who_has_no_password_yet_cannot_sign_in(hall: TownHall) -> None:
    with hall.store.transaction():
        kept = hall.store.people.add(
            Person(name="Neu", email="neu@musterstadt.example", roles=frozenset({Role.DUTY})),
            hall.now,
        )
    for password in ("", "nobody", PASSWORD):
        assert Visitor(hall, kept).signs_in(password).status_code == 422


def test_after_five_failures_even_the_right_password_has_to_wait(hall: TownHall) -> None:
    for _ in range(5):
        assert hall.ana.signs_in("falsch").status_code == 422
    answer = hall.ana.signs_in()
    assert answer.status_code == 429
    assert "15 Minuten" in answer.text
    hall.later(minutes=16)
    assert hall.ana.signs_in().status_code == 302


def test_failures_of_one_account_do_not_lock_another(hall: TownHall) -> None:
    for _ in range(6):
        hall.ana.signs_in("falsch")
    assert hall.ben.signs_in().status_code == 302


def test_guessing_from_many_addresses_locks_the_account_too(hall: TownHall) -> None:
    for number in range(25):
        hall.ana.signs_in("falsch", environ_base={"REMOTE_ADDR": f"192.0.2.{number}"})
    answer = hall.ana.signs_in(environ_base={"REMOTE_ADDR": "192.0.2.99"})
    assert answer.status_code == 429


def test_a_success_forgets_the_failures(hall: TownHall) -> None:
    for _ in range(4):
        hall.ana.signs_in("falsch")
    hall.ana.signs_in()
    hall.ana.presses("/abmelden")
    hall.ana._token = ""
    for _ in range(4):
        hall.ana.signs_in("falsch")
    assert hall.ana.signs_in().status_code == 302


def test_signing_out_ends_the_session(desk: TownHall) -> None:
    assert desk.ana.presses("/abmelden").status_code == 302
    assert desk.ana.opens("/").status_code == 302


def test_a_new_password_ends_old_sessions(desk: TownHall) -> None:
    assert desk.ana.person is not None
    with desk.store.transaction():
        desk.store.people.set_password(desk.ana.person.id, "anders")
    assert desk.ana.opens("/").status_code == 302


def test_who_is_let_go_is_out_at_once(desk: TownHall) -> None:
    assert desk.ana.person is not None
    with desk.store.transaction():
        desk.store.people.update(replace(desk.ana.person, active=False))
    assert desk.ana.opens("/").status_code == 302


@pytest.mark.parametrize("planted", ["zu:viel", "x:y", "99999:abc", ""])
def test_a_session_of_nobody_is_nobody(hall: TownHall, planted: str) -> None:
    with hall.dev.client.session_transaction() as session:
        session["_user_id"] = planted
    assert hall.dev.opens("/").status_code == 302


def test_after_signing_in_people_are_where_they_wanted_to_go(hall: TownHall) -> None:
    asked = hall.ana.opens("/vorschlaege/?seite=2")
    assert asked.location == "/anmelden?weiter=/vorschlaege/?seite%3D2"
    form = {"email": "ana@musterstadt.example", "password": PASSWORD}
    assert hall.ana.presses(asked.location, form).location == "/vorschlaege/?seite=2"


@pytest.mark.parametrize(
    "wanted",
    ["https://boese.example/", "//boese.example", "/\\boese.example", "javascript:alert(1)", "x"],
)
def test_nobody_is_sent_to_a_foreign_page(hall: TownHall, wanted: str) -> None:
    form = {"email": "ana@musterstadt.example", "password": PASSWORD}
    answer = hall.ana.client.post(
        "/anmelden",
        query_string={"weiter": wanted},
        data={**form, "csrf_token": hall.ana.token()},
    )
    assert answer.location == "/"


def test_who_is_signed_in_already_goes_straight_on(desk: TownHall) -> None:
    assert desk.ana.opens("/anmelden").location == "/"


# --- the first administrator and invitations -------------------------------------------------


def without_administrator(hall: TownHall) -> str:
    """A fresh installation's one-time link."""
    assert hall.vera.person is not None
    with hall.store.transaction():
        hall.store.people.update(replace(hall.vera.person, active=False))
    token = admit.setup_token(hall.store, hall.now)
    assert token is not None
    return token


def test_the_first_administrator_sets_up_and_is_signed_in(hall: TownHall) -> None:
    path = f"/einrichten/{without_administrator(hall)}"
    assert "Eigene Texte freigeben" in hall.dev.opens(path).text
    answer = hall.dev.presses(path, GOOD | WORDS)
    assert answer.status_code == 302
    ada = hall.store.people.by_email("ada@musterstadt.example")
    assert ada is not None
    assert ada.roles == frozenset(Role)
    assert "Ada Amt" in hall.dev.opens("/").text


def test_the_set_up_link_works_once(hall: TownHall) -> None:
    path = f"/einrichten/{without_administrator(hall)}"
    hall.dev.presses(path, GOOD | WORDS)
    second = Visitor(hall)
    other = GOOD | {"email": "eve@musterstadt.example"} | WORDS
    assert second.presses(path, other).status_code in (403, 422)
    assert second.opens(path).status_code == 403
    assert hall.store.people.by_email("eve@musterstadt.example") is None


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ({"name": ""}, "Ihren Namen"),
        ({"email": "keine"}, "E-Mail-Adresse"),
        ({"email": "a b@c.example"}, "E-Mail-Adresse"),
        ({"password": "kurz", "again": "kurz"}, "mindestens 12 Zeichen"),
        ({"password": "x" * 2000, "again": "x" * 2000}, "zu lang"),
        ({"again": "etwas ganz anderes"}, "verschieden"),
        ({"email": "ana@musterstadt.example"}, ""),
    ],
)
def test_what_is_missing_is_said_and_nobody_is_made(
    hall: TownHall, form: dict[str, str], says: str
) -> None:
    path = f"/einrichten/{without_administrator(hall)}"
    before = len(hall.store.people.all())
    answer = hall.dev.presses(path, GOOD | WORDS | form)
    assert answer.status_code == 422
    assert says in answer.text
    assert 'role="alert"' in answer.text
    assert len(hall.store.people.all()) == before


def test_an_invited_colleague_sets_a_password(hall: TownHall) -> None:
    assert hall.vera.person is not None
    new = Person(name="Finn", email="finn@musterstadt.example", roles=frozenset({Role.DUTY}))
    token = admit.invite(hall.store, new, hall.vera.person, hall.now)
    page = hall.dev.opens(f"/einladung/{token}")
    assert 'value="Finn"' in page.text
    answer = hall.dev.presses(f"/einladung/{token}", {"name": "Finn Flut"} | WORDS)
    assert answer.status_code == 302
    assert "Finn Flut" in hall.dev.opens("/").text
    assert Visitor(hall).opens(f"/einladung/{token}").status_code == 403


@pytest.mark.parametrize("path", ["/einladung/falsch", "/einrichten/falsch"])
def test_a_dead_link_says_so(hall: TownHall, path: str) -> None:
    answer = hall.dev.opens(path)
    assert answer.status_code == 403
    assert "gilt nicht mehr" in answer.text


def test_a_dead_link_refuses_forms_too(hall: TownHall) -> None:
    answer = hall.dev.presses("/einladung/falsch", GOOD | WORDS)
    assert answer.status_code in (403, 422)
    assert "gilt nicht mehr" in answer.text
