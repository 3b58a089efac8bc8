"""A mail scanner opens every link of every mail, again and again, by GET and HEAD: nothing may change."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from http.client import HTTPConnection
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

import pytest
from builders import rumour
from people import TownHall
from werkzeug.serving import make_server

from crisis.types import Alert, AlertKind, AlertState, Incident, Person, Role, Severity
from crisis.workflows import (
    escalate,
    follow_up,
    gather,
    hand_over,
    handle,
    look_after,
    try_mail,
    unreachable,
    welcome,
)

LINK = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)]")


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[TownHall]:
    made = TownHall(
        tmp_path, CRISIS_MAIL_HOST="mail.x.example", CRISIS_MAIL_SENDER="lage@x.example"
    )
    yield made
    made.close()


def written(hall: TownHall) -> list[Alert]:
    """Mails of as many kinds as a night brings."""
    store, house = hall.store, hall.house
    ana, vera = hall.ana.person, hall.vera.person
    assert ana is not None
    assert vera is not None
    with store.transaction():
        store.people.add(
            Person(name="Eve", email="eve@x.example", roles=frozenset({Role.DUTY})), hall.now
        )
    incident = hall.rumour_spreads(2)
    _sent(hall)
    escalate.escalate(house, hall.later(minutes=11))
    _sent(hall)
    handle.acknowledge(store, incident.id, ana, hall.now)
    follow_up.follow_up(house, hall.now)
    look_after.look_after(house, hall.later(minutes=31))
    for number in range(4):
        _another(hall, number)
    escalate.escalate(house, hall.now)
    gather.gather(house, hall.now)
    unreachable.mark(house, "eve@x.example", "Kein Postfach.", "No mailbox.", hall.now)
    try_mail.send(house, ana.email, vera, hall.now, base_url="http://127.0.0.1:8000", way="w")
    guest = Person(name="Neu", email="neu@x.example", roles=frozenset({Role.DUTY}))
    welcome.invite(house, guest, vera, hall.now, base_url="http://127.0.0.1:8000")
    link = "http://127.0.0.1:8000/uebergaben/{id}"
    hand_over.hand_over(house, "Alles ruhig.", hall.now, vera.id, ana, hall.now, link)
    return store.alerts.recent(limit=200)


def _another(hall: TownHall, number: int) -> None:
    with hall.store.transaction():
        hall.store.rumours.put(rumour(id=f"g{number}", text=f"Gerücht {number}"), hall.now)
        hall.store.incidents.open(
            Incident(
                rumour_id=f"g{number}",
                opened=hall.now,
                updated=hall.now,
                severity=Severity.URGENT if number == 0 else Severity.LOW,
            )
        )


def _sent(hall: TownHall) -> None:
    with hall.store.transaction():
        for alert in hall.store.alerts.claim(50, "x", hall.now):
            gone = replace(alert, state=AlertState.SENT, sent_at=hall.now)
            hall.store.alerts.update(gone, "x")


def dump(hall: TownHall) -> list[str]:
    with sqlite3.connect(hall.store.path) as connection:
        return list(connection.iterdump())


def test_every_link_of_every_mail_may_be_opened_ten_times(hall: TownHall) -> None:
    mails = written(hall)
    kinds = {mail.kind for mail in mails}
    wanted = {
        *(AlertKind.RAISED, AlertKind.ESCALATED, AlertKind.TAKEN, AlertKind.STILL),
        *(AlertKind.BUNDLE, AlertKind.UNREACHABLE, AlertKind.TEST, AlertKind.INVITATION),
        AlertKind.HANDOVER,
    }
    assert wanted <= kinds
    links = {found for mail in mails for found in LINK.findall(mail.text + mail.html)}
    paths = sorted({urlsplit(link).path for link in links})
    assert sum(path.startswith("/a/") for path in paths) >= 6
    server = make_server("127.0.0.1", 0, hall.app, threaded=False)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        answers = _opened(server.server_port, paths, 1)
        before = dump(hall)
        answers |= _opened(server.server_port, paths, 10)
        assert dump(hall) == before
    finally:
        server.shutdown()
        thread.join()
    assert answers <= {200, 302, 403, 404, 410}, "whatever they find, nothing breaks"


def _opened(port: int, paths: list[str], times: int) -> set[int]:
    """By a program that knows nothing of us; what it was answered."""
    answers = set()
    for _ in range(times):
        for path in paths:
            for method in ("GET", "HEAD"):
                connection = HTTPConnection("127.0.0.1", port, timeout=10)
                connection.request(method, path)
                answer = connection.getresponse()
                answer.read()
                answers.add(answer.status)
                connection.close()
    return answers
