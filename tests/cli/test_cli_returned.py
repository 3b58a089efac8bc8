"""The monitor and a real mailbox: a reply becomes a note, a bounce calls the next one, trouble is said."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import wait
from dataclasses import replace

import pytest
from builders import person
from mail_drop import Drop, open_drop
from town import Town

from crisis.cli.returned import PROBLEM, Returned
from crisis.inbox import ImapInbox
from crisis.types import Alert, AlertKind, AlertState, Incident, Role, Severity
from crisis.workflows import escalate, handle, tell


class Office:
    """A town whose mails come back to a mailbox."""

    def __init__(self, town: Town, drop: Drop, port: int) -> None:
        self.town, self.drop = town, drop
        self.inbox = ImapInbox(
            host="127.0.0.1",
            port=port,
            security="none",
            user="lage",
            password="geheim",
            timeout=5,
        )
        self.returned = Returned(self.inbox)
        store = town.store
        with store.transaction():
            self.eve = store.people.add(person("Eve", Role.DUTY), town.now)
            self.vera = store.people.add(person("Vera", Role.ADMIN), town.now)
            store.mails.confirm(town.ana.email, town.now)
            self.incident = store.incidents.open(
                Incident(
                    rumour_id="wasser",
                    opened=town.now,
                    updated=town.now,
                    severity=Severity.HIGH,
                )
            )
            spread = store.incidents.spread(self.incident.id, town.now)
            tell.tell(town.house, self.incident, AlertKind.RAISED, spread, (), town.now)
            (claimed,) = store.alerts.claim(1, "x", town.now)
            sent = replace(claimed, state=AlertState.SENT, sent_at=town.now)
            store.alerts.update(sent, "x")

    @property
    def mail(self) -> Alert:
        return self.town.store.alerts.of_incident(self.incident.id)[0]

    def reads(self) -> int:
        """What is in the mailbox is read, and written down."""
        done = self.returned.look(self.town.house, self.town.now)
        if self.returned._waiting is not None:
            wait([self.returned._waiting], 10)
        return done + self.returned.look(self.town.house, self.town.now)

    def notes(self) -> list[str]:
        return [note.text for note in self.town.store.incidents.notes(self.incident.id)]

    def answer(self, sender: str, text: str, more: str = "") -> str:
        return (
            f"From: {sender}\nSubject: Re\nMessage-ID: <{len(text)}@x>\n"
            f"In-Reply-To: {self.mail.message_id}\n{more}\n{text}\n> Gerücht"
        )


@pytest.fixture
def office(town: Town, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    monkeypatch.setattr("crisis.cli.returned.PATIENCE", 0.05)
    drop = Drop()
    with open_drop(drop) as port:
        made = Office(town, drop, port)
        yield made
        made.returned.close()


def test_a_reply_becomes_a_note_of_who_wrote_it(office: Office) -> None:
    uid = office.drop.put(office.answer("Ana <Ana@stadt.example>", "Bin dran."))
    assert office.reads() == 1
    (note,) = office.town.store.incidents.notes(office.incident.id)
    assert (note.text, note.person_id) == ("Bin dran.", office.town.ana.id)
    entry = office.town.store.audit.of_incident(office.incident.id)[-1]
    assert (entry.action, entry.after["via"]) == ("incident.noted", "mail")
    assert office.reads() == 0, "a mail counts once"
    assert office.drop.flags(uid) == {"\\Seen"}


def test_the_same_mail_under_another_number_counts_once(office: Office) -> None:
    office.drop.put(office.answer("ana@stadt.example", "Bin dran."))
    office.reads()
    office.drop.renumber()
    office.returned.close()
    office.returned = Returned(office.inbox)
    office.reads()
    assert office.notes() == ["Bin dran."]


@pytest.mark.parametrize(
    ("sender", "more", "why"),
    [
        ("dev@elsewhere.example", "", "sender"),
        ("eve@stadt.example", "", "not confirmed"),
        ("ana@stadt.example", "Authentication-Results: mx; dmarc=fail\n", "forged"),
    ],
)
def test_words_of_others_are_not_taken_and_the_log_says_so(
    office: Office, sender: str, more: str, why: str
) -> None:
    office.drop.put(office.answer(sender, "Alles gelogen.", more))
    office.reads()
    assert office.notes() == []
    entry = office.town.store.audit.of_incident(office.incident.id)[-1]
    assert (entry.action, entry.after["why"]) == ("incident.mail_refused", why)


def test_who_may_not_handle_incidents_writes_no_note(office: Office) -> None:
    with office.town.store.transaction():
        office.town.store.mails.confirm(office.town.ben.email, office.town.now)
    office.drop.put(office.answer("ben@stadt.example", "Ich meine …"))
    office.reads()
    assert office.notes() == []


def test_a_mail_about_nothing_of_ours_is_left_alone(office: Office) -> None:
    before = len(office.town.store.audit.of_incident(office.incident.id))
    office.drop.put("From: ana@stadt.example\nMessage-ID: <s@x>\n\nGewinnspiel")
    office.reads()
    assert office.notes() == []
    assert len(office.town.store.audit.of_incident(office.incident.id)) == before


def test_a_bounce_calls_the_next_one_and_tells_who_keeps_the_people(office: Office) -> None:
    office.drop.put(
        "From: MAILER-DAEMON@x\nMessage-ID: <b@x>\nContent-Type: multipart/report;"
        ' report-type=delivery-status; boundary="r"\n\n--r\nContent-Type: message/delivery-status'
        "\n\nReporting-MTA: dns; x\n\nFinal-Recipient: rfc822; ana@stadt.example\n"
        "Action: failed\nStatus: 5.1.1\n\n--r\nContent-Type: message/rfc822\n\n"
        f"Message-ID: {office.mail.message_id}\n\nx\n--r--\n"
    )
    assert office.reads() == 1
    assert office.mail.state is AlertState.FAILED
    assert not office.town.store.mails.address("ANA@stadt.example").reachable
    escalate.escalate(office.town.house, office.town.now)
    kinds = {
        (alert.person_id, alert.kind)
        for alert in office.town.store.alerts.claim(9, "y", office.town.now)
    }
    assert kinds == {
        (office.eve.id, AlertKind.ESCALATED),
        (office.vera.id, AlertKind.UNREACHABLE),
    }


def test_a_note_by_mail_may_still_be_too_late(office: Office) -> None:
    """An incident that has ended takes notes: what somebody knows is worth keeping."""
    handle.dismiss(
        office.town.store, office.incident.id, "Irrtum", office.town.ana, office.town.now
    )
    office.drop.put(office.answer("ana@stadt.example", "Noch etwas: …"))
    office.reads()
    assert office.notes() == ["Noch etwas: …"]


def test_a_mailbox_that_refuses_us_is_said_and_asked_rarely(office: Office) -> None:
    office.drop.sign_in = "[AUTHENTICATIONFAILED] no"
    office.reads()
    assert "Anmeldung" in office.town.store.facts.get(PROBLEM)
    office.drop.sign_in = ""
    office.town.later(minutes=1)
    office.reads()
    assert office.drop.commands.count("LOGIN") == 1
    office.town.later(minutes=20)
    office.drop.put(office.answer("ana@stadt.example", "Bin dran."))
    office.reads()
    assert office.notes() == ["Bin dran."]
    assert office.town.store.facts.get(PROBLEM) == ""
