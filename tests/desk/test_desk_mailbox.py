"""The mailbox is tried from the desk, against a real IMAP server; what comes back is taken as it is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from mail_drop import Drop, open_drop
from people import TownHall

from crisis.types import AlertState, InboxMail, InboxMark, Mailbag
from crisis.workflows import collect, self_test

PATH = "/einstellungen/postfach-probe"
ECHO = "echo@musterstadt.example"


def hall_with(folder: Path, port: int, **more: str) -> TownHall:
    secret = folder / "kennwort"
    secret.write_text("geheim")
    secret.chmod(0o600)
    return TownHall(
        folder,
        CRISIS_INBOX_HOST="127.0.0.1",
        CRISIS_INBOX_PORT=str(port),
        CRISIS_INBOX_SECURITY="none",
        CRISIS_INBOX_USER="lage",
        CRISIS_INBOX_PASSWORD_FILE=str(secret),
        CRISIS_INBOX_TIMEOUT_SECONDS="5",
        **more,
    )


@pytest.mark.parametrize(
    ("more", "refused", "said"),
    [
        ({}, "", "Das Postfach ist erreichbar"),
        ({}, "[AUTHENTICATIONFAILED] no", "nimmt unsere Anmeldung am Postfach nicht an"),
        ({"CRISIS_INBOX_FOLDER": "Gibtsnicht"}, "", "Den Ordner gibt es im Postfach"),
    ],
)
def test_a_button_says_whether_the_mailbox_can_be_read(
    tmp_path: Path, more: dict[str, str], refused: str, said: str
) -> None:
    drop = Drop(sign_in=refused)
    drop.put("From: a@b.example\nSubject: x\n\ny\n")
    with open_drop(drop) as port:
        hall = hall_with(tmp_path, port, **more)
        hall.everybody_signs_in()
        assert "Postfach prüfen" in hall.vera.opens("/einstellungen/probemail").text
        answer = hall.vera.presses(PATH)
        page = answer.text if answer.status_code == 422 else hall.vera.opens(answer.location).text
        assert said in page
        assert hall.ana.presses(PATH).status_code == 403
        assert "Postfach geprüft." in hall.vera.opens("/protokoll/").text
        assert drop.flags(1) == set()  # it reads and marks nothing
        hall.close()


def test_without_a_mailbox_it_says_so(desk: TownHall) -> None:
    assert "liest niemand" in desk.vera.opens("/einstellungen/probemail").text
    assert desk.vera.presses(PATH).status_code == 422


# --- what comes back -------------------------------------------------------------------------


def comes_in(hall: TownHall, content: str) -> int:
    mail = InboxMail(uid=1, content=content.encode(), size=len(content))
    bag = Mailbag(mails=(mail,), mark=InboxMark(numbering=1, uid=1))
    return collect.collect(hall.house, bag, hall.now)


def self_test_sent(hall: TownHall) -> str:
    """Its Message-ID."""
    assert self_test.send(hall.house, ECHO, 0, hall.now, base_url="http://desk", way="w")
    return hall.store.alerts.recent(limit=1)[0].message_id


@pytest.mark.parametrize("more", ["X-None: 1", "Auto-Submitted: auto-replied"])
def test_a_reply_answers_the_self_test_also_a_machines(desk: TownHall, more: str) -> None:
    number = self_test_sent(desk)
    assert self_test.answered(desk.store) is None
    reply = f"From: Echo <{ECHO}>\nMessage-ID: <1@x>\nIn-Reply-To: {number}\n{more}\n\nok\n"
    assert comes_in(desk, reply) == 1
    assert self_test.answered(desk.store) == desk.now
    assert comes_in(desk, reply) == 0  # the same mail again


@pytest.mark.parametrize(
    ("sender", "wrong"), [("dev@elsewhere.example", ""), (ECHO, "x"), (f"{ECHO}.evil", "")]
)
def test_nobody_else_answers_the_self_test(desk: TownHall, sender: str, wrong: str) -> None:
    number = self_test_sent(desk).replace("<", f"<{wrong}")
    comes_in(desk, f"From: {sender}\nMessage-ID: <1@x>\nIn-Reply-To: {number}\n\nok\n")
    assert self_test.answered(desk.store) is None


def test_a_bounce_of_another_address_calls_the_next_but_blames_nobody(desk: TownHall) -> None:
    incident = desk.rumour_spreads()
    (alert,) = desk.store.alerts.of_incident(incident.id)
    with desk.store.transaction():
        desk.store.alerts.claim(5, "x", desk.now)
        gone = replace(alert, state=AlertState.SENT, sent_at=desk.now)
        desk.store.alerts.update(gone, "x")
    comes_in(
        desk,
        "From: MAILER-DAEMON@x.example\nMessage-ID: <2@x>\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="r"\n\n'
        "--r\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\n"
        "Final-Recipient: rfc822; weiter@privat.example\nAction: failed\nStatus: 5.1.1\n\n--r\n"
        f"Content-Type: message/rfc822\n\nMessage-ID: {alert.message_id}\n\nx\n--r--\n",
    )
    assert desk.store.alerts.get(alert.id).state is AlertState.FAILED
    assert desk.store.mails.address(alert.to).reachable
    assert "Eine Mail kam zurück." in desk.vera.opens("/protokoll/").text
