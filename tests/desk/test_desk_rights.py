"""Rules over all that they rule: every page, every form, every header."""

from __future__ import annotations

import re

import pytest
from people import TownHall, Visitor
from werkzeug.routing import AnyConverter, Rule

from crisis.desk import security
from crisis.types import Role

# A value for every variable part of an address. None of them needs to exist: rights come first.
PARTS = {
    "token": "nicht-gueltig",
    "rumour_id": "wasser",
    "name": "trinkwasser",
    "slug": "es-gibt-mich-nicht",
    "filename": "desk.css",
    "path": "trinkwasser",
}


def part(rule: Rule, name: str) -> object:
    """Something that may stand there: one of a choice, a known word, or a number."""
    converter = rule._converters[name]
    if isinstance(converter, AnyConverter):
        return sorted(converter.items)[0]
    return PARTS.get(name, 1)


def routes(hall: TownHall) -> list[tuple[str, str, str]]:
    """Every (endpoint, method, address) of the application."""
    found = []
    for rule in hall.app.url_map.iter_rules():
        parts = {name: part(rule, name) for name in rule.arguments}
        with hall.app.test_request_context():
            address = hall.app.url_map.bind("localhost").build(
                rule.endpoint, parts, force_external=False
            )
        methods = (rule.methods or set()) - {"HEAD", "OPTIONS"}
        found += [(rule.endpoint, method, address) for method in sorted(methods)]
    return found


def call(visitor: Visitor, method: str, address: str) -> int:
    if method == "GET":
        return visitor.opens(address).status_code
    return visitor.presses(address).status_code


def test_every_endpoint_has_its_rights_written_down(hall: TownHall) -> None:
    assert {endpoint for endpoint, _, _ in routes(hall)} <= set(security.RIGHTS)


def test_no_right_is_written_down_for_an_endpoint_that_is_not_there(hall: TownHall) -> None:
    assert set(security.RIGHTS) <= set(hall.app.view_functions)


def test_a_stranger_is_refused_everywhere_but_at_the_open_doors(hall: TownHall) -> None:
    for endpoint, method, address in routes(hall):
        if security.is_open(endpoint):
            continue
        answer = hall.dev.opens(address) if method == "GET" else hall.dev.presses(address)
        refused = answer.status_code == 403 or (
            answer.status_code == 302 and answer.location.startswith("/anmelden")
        )
        assert refused, (endpoint, method, answer.status_code)


def test_a_stranger_leaves_no_trace(hall: TownHall) -> None:
    incident = hall.rumour_spreads(3)
    before = len(hall.store.audit.of_incident(incident.id))
    for _endpoint, method, address in routes(hall):
        if method == "POST":
            hall.dev.presses(address)
    assert len(hall.store.audit.of_incident(incident.id)) == before
    assert hall.store.incidents.get(incident.id) == incident


@pytest.mark.parametrize("who", ["ana", "ben", "chloe", "vera"])
def test_people_are_refused_exactly_what_their_roles_do_not_allow(desk: TownHall, who: str) -> None:
    visitor: Visitor = getattr(desk, who)
    assert visitor.person is not None
    for endpoint, method, address in routes(desk):
        if security.is_open(endpoint) or endpoint == "auth.sign_out":
            continue
        allowed = bool(visitor.person.roles & security.RIGHTS[endpoint])
        if not allowed:
            assert call(visitor, method, address) == 403, (who, endpoint, method)
        elif method == "GET":
            assert call(visitor, method, address) != 403, (who, endpoint, method)


def test_somebody_without_any_role_sees_nothing(hall: TownHall) -> None:
    assert hall.ben.person is not None
    from dataclasses import replace

    with hall.store.transaction():
        hall.store.people.update(replace(hall.ben.person, roles=frozenset()))
    hall.ben.signs_in()
    assert hall.ben.opens("/").status_code == 403


def test_a_form_without_its_token_does_nothing(desk: TownHall) -> None:
    incident = desk.rumour_spreads(1)
    answer = desk.ana.client.post(f"/vorfaelle/{incident.id}/uebernehmen")
    assert answer.status_code == 400
    assert "Formular" in answer.text
    assert desk.store.incidents.get(incident.id).acknowledged_at is None


def test_every_form_of_every_page_carries_a_token(desk: TownHall) -> None:
    desk.chloe_approves()
    incident = desk.rumour_spreads(2)
    draft = desk.draft(incident)
    for path in ("/", f"/vorfaelle/{incident.id}", f"/antworten/{draft.id}", "/uebung/"):
        page = desk.ana.opens(path).text
        forms = re.findall(r'<form method="post".*?</form>', page, re.S)
        assert forms
        assert all('name="csrf_token"' in form for form in forms), path


def test_headers_forbid_foreign_code_frames_and_sniffing(hall: TownHall) -> None:
    for path in ("/anmelden", "/", "/gibt-es-nicht", "/static/desk.css"):
        with hall.dev.opens(path) as answer:
            headers = answer.headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["X-Frame-Options"] == "DENY"


def test_pages_behind_the_sign_in_are_never_cached(desk: TownHall) -> None:
    assert desk.ana.opens("/").headers["Cache-Control"] == "no-store"


def test_no_page_holds_inline_code_or_style(desk: TownHall) -> None:
    desk.chloe_approves()
    incident = desk.rumour_spreads(2)
    response = desk.submitted(incident)
    for path in ("/", f"/vorfaelle/{incident.id}", f"/antworten/{response.id}", "/vorschlaege/"):
        page = desk.chloe.opens(path).text
        assert not re.search(r"<script(?![^>]*\bsrc=)|\sstyle=|\son\w+=|javascript:", page), path


def test_cookies_are_for_our_own_pages_only(hall: TownHall) -> None:
    answer = hall.ana.signs_in()
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_behind_tls_cookies_are_secure_and_browsers_stay_on_tls(tmp_path: object) -> None:
    from pathlib import Path

    assert isinstance(tmp_path, Path)
    hall = TownHall(tmp_path, CRISIS_AUTHORITY_PUBLIC_URL="https://desk.musterstadt.example")
    answer = hall.ana.signs_in(base_url="https://desk.musterstadt.example")
    hall.close()
    assert "Secure" in answer.headers.get("Set-Cookie", "Secure")
    assert hall.app.config["SESSION_COOKIE_SECURE"] is True
    assert "Strict-Transport-Security" in answer.headers


def test_roles_in_the_table_are_the_ones_of_the_trade() -> None:
    assert all(right <= frozenset(Role) for right in security.RIGHTS.values())
