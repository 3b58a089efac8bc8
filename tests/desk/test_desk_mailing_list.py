"""Press and partners: asked first, mailed once, gone with one click."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from people import TownHall
from post_office import Counter, open_office

from crisis import wiring
from crisis.types import AlertKind, Response
from crisis.workflows import mailing_list, publish


class Office:
    """A town hall with a mail server and a list."""

    def __init__(self, folder: Path, port: int, counter: Counter) -> None:
        self.counter = counter
        self.hall = TownHall(
            folder,
            CRISIS_AUTHORITY_PUBLIC_URL="https://musterstadt.example",
            CRISIS_MAIL_HOST="127.0.0.1",
            CRISIS_MAIL_PORT=str(port),
            CRISIS_MAIL_SECURITY="none",
            CRISIS_MAIL_SENDER="klar@musterstadt.example",
            CRISIS_CHANNELS_PRESS_ENABLED="true",
            CRISIS_CHANNELS_PRESS_REPLY_TO="presse@musterstadt.example",
        )
        self.hall.everybody_signs_in()
        self.hall.chloe_approves()

    @property
    def house(self) -> wiring.House:
        return wiring.house(self.hall.instance, self.hall.environ, store=self.hall.store)

    def adds(self, address: str, name: str = "Tageblatt") -> None:
        answer = self.hall.ben.presses("/verteiler/", {"name": name, "adresse": address})
        assert answer.status_code == 302

    def works(self) -> int:
        """What the monitor does."""
        mailing_list.ask(self.house, self.hall.now)
        return sum(publish.publish(self.house, "monitor:1", self.hall.now) for _ in range(4))

    def confirmed(self, *addresses: str) -> None:
        for address in addresses:
            self.adds(address, address.partition("@")[0])
        self.works()
        for mail in self.counter.mails[-len(addresses) :]:
            self.hall.dev.client.post(link(str(mail.get_content()), "ja"))

    def released(self) -> Response:
        made = self.hall.draft(self.hall.rumour_spreads())
        self.hall.ana.fills(made, submit=True, naechste_info="um 18 Uhr")
        self.hall.chloe.releases(self.hall.store.responses.get(made.id))
        return self.hall.store.responses.get(made.id)


def link(text: str, which: str) -> str:
    found = re.search(rf"https://musterstadt\.example(/verteiler/{which}/\S+)", text)
    assert found is not None, text
    return found[1]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    counter = Counter()
    with open_office(counter) as port:
        made = Office(tmp_path, port, counter)
        yield made
        made.hall.close()


def test_an_address_is_asked_before_it_gets_anything(office: Office) -> None:
    office.adds("redaktion@tageblatt.example")
    office.released()
    office.works()
    (question,) = office.counter.mails
    assert question["Subject"] == "Bitte bestätigen: Klarstellungen von Musterstadt"
    assert office.counter.recipients == [["redaktion@tageblatt.example"]]
    office.works()
    assert len(office.counter.mails) == 1  # asked once
    assert "ist gefragt" in office.hall.ana.opens("/verteiler/").text
    path = link(str(question.get_content()), "ja")
    page = office.hall.dev.opens(path)
    assert page.status_code == 200 and "Ja, das möchte ich" in page.text
    assert "ist gefragt" in office.hall.ana.opens("/verteiler/").text  # looking changes nothing
    office.hall.dev.client.post(path)
    assert "Danke, Sie stehen im Verteiler" in office.hall.dev.opens(path).text
    assert "1 Adresse bekommt Mails" in office.hall.ana.opens("/verteiler/").text


def test_an_answer_goes_to_everybody_who_said_yes_in_a_mail_of_their_own(office: Office) -> None:
    office.confirmed("a@tageblatt.example", "b@funk.example")
    before = len(office.counter.mails)
    made = office.released()
    assert office.works() == 2
    mails = office.counter.mails[before:]
    assert sorted(str(mail["To"]) for mail in mails) == ["a@tageblatt.example", "b@funk.example"]
    mail = mails[0]
    assert mail["Subject"] == "Das Trinkwasser ist in Ordnung"
    assert mail["From"] == "Musterstadt <klar@musterstadt.example>"
    assert mail["Reply-To"] == "presse@musterstadt.example"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    text = str(mail.get_content())
    assert "Das Labor hat um 9 Uhr Proben untersucht." in text and "Abmelden: https://" in text
    assert f"https://musterstadt.example/klarstellungen/{made.slug}" in text
    assert len({str(one["Message-ID"]) for one in mails}) == 2
    assert "2 von 2 hinaus" in office.hall.ana.opens(f"/antworten/{made.id}").text


def test_press_and_partners_get_the_text_made_for_them(office: Office) -> None:
    store, ben = office.hall.store, office.hall.ben
    office.confirmed("a@tageblatt.example", "b@schule.example")
    (school,) = [one for one in store.subscribers.all() if one.address == "b@schule.example"]
    assert ben.presses(f"/verteiler/{school.id}/liste", {"liste": "andere"}).status_code == 422
    assert ben.presses(f"/verteiler/{school.id}/liste", {"liste": "partners"}).status_code == 302
    assert (
        office.hall.dev.presses(f"/verteiler/{school.id}/liste", {"liste": "press"}).status_code
        != 200
    )
    assert [one.address for one in store.subscribers.confirmed("partners")] == ["b@schule.example"]
    with store.transaction():
        made = office.hall.draft(office.hall.rumour_spreads())
        texts = {**made.texts, "press": "Für die Presse.", "long": "Für alle Übrigen."}
        store.responses.update(replace(made, texts=texts))
    made = store.responses.get(made.id)
    office.hall.ana.fills(made, submit=True, naechste_info="um 18 Uhr")
    page = office.hall.chloe.opens(f"/antworten/{made.id}").text
    assert 'value="press" form="freigeben" checked' in page
    assert 'value="partners" form="freigeben" checked' in page
    before = len(office.counter.mails)
    office.hall.chloe.releases(store.responses.get(made.id))
    office.works()
    said = {str(m["To"]): str(m.get_content()) for m in office.counter.mails[before:]}
    assert said["a@tageblatt.example"].startswith("Für die Presse.")
    assert said["b@schule.example"].startswith("Für alle Übrigen.")


def test_without_partners_nobody_is_asked_about_them(office: Office) -> None:
    made = office.hall.draft(office.hall.rumour_spreads())
    office.hall.ana.fills(made, submit=True, naechste_info="um 18 Uhr")
    page = office.hall.chloe.opens(f"/antworten/{made.id}").text
    assert 'value="press"' in page and 'value="partners"' not in page


def test_a_withdrawal_is_told_to_those_who_got_the_text(office: Office) -> None:
    office.confirmed("a@tageblatt.example")
    made = office.released()
    office.works()
    first = office.counter.mails[-1]
    office.confirmed("spaeter@funk.example")
    count = len(office.counter.mails)
    office.hall.chloe.presses(
        f"/antworten/{made.id}/zurueckziehen", {"grund": "Das Labor misst neu."}
    )
    assert office.works() == 1
    (mail,) = office.counter.mails[count:]
    assert mail["Subject"] == "Zurückgezogen: Das Trinkwasser ist in Ordnung"
    assert mail["In-Reply-To"] == first["Message-ID"]
    assert "Das Labor misst neu." in str(mail.get_content())


def test_one_click_of_a_mail_program_is_enough_to_leave(office: Office) -> None:
    office.confirmed("a@tageblatt.example", "b@funk.example")
    made = office.released()
    office.works()
    mail = office.counter.mails[-1]
    path = str(mail["List-Unsubscribe"]).strip("<>").removeprefix("https://musterstadt.example")
    answer = office.hall.dev.client.post(path, data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200 and "abgemeldet" in answer.text
    again = office.hall.dev.client.post(path)
    assert again.status_code == 303  # by hand, and twice
    count = len(office.counter.mails)
    office.hall.chloe.presses(f"/antworten/{made.id}/zurueckziehen", {"grund": "Falsch."})
    office.works()
    told = [str(one["To"]) for one in office.counter.mails[count:]]
    assert told == ["a@tageblatt.example"]  # who has left hears nothing more
    assert "1 Adresse hat sich abgemeldet" in office.hall.ana.opens("/verteiler/").text


def test_somebody_who_left_is_asked_anew_and_not_simply_added(office: Office) -> None:
    office.confirmed("a@tageblatt.example")
    text = str(office.counter.mails[-1].get_content())
    subscriber = office.hall.store.subscribers.all()[0]
    mailing_list.leave(office.hall.store, subscriber.id, office.hall.now)
    office.hall.dev.client.post(link(text, "ja"))  # an old link brings nobody back
    assert office.hall.store.subscribers.confirmed("press") == []
    office.hall.later(hours=1)
    office.adds("A@Tageblatt.example")
    office.works()
    assert len(office.counter.mails) == 2
    assert [s.gets_mail for s in office.hall.store.subscribers.all()] == [False]


def test_ben_asks_again_and_removes(office: Office) -> None:
    office.adds("a@tageblatt.example")
    office.works()
    number = office.hall.store.subscribers.all()[0].id
    office.hall.later(days=1)
    office.hall.ben.presses(f"/verteiler/{number}/noch-einmal")
    office.works()
    assert len({str(mail["Message-ID"]) for mail in office.counter.mails}) == 2
    assert "entfernen?" in office.hall.ben.opens(f"/verteiler/{number}/entfernen").text
    path = link(str(office.counter.mails[-1].get_content()), "ja")
    office.hall.ben.presses(f"/verteiler/{number}/entfernen")
    assert office.hall.store.subscribers.all() == []
    assert office.hall.dev.opens(path).status_code == 410
    gone = office.hall.ben.presses(f"/verteiler/{number}/noch-einmal")
    assert gone.status_code == 404


@pytest.mark.parametrize(
    ("name", "address", "said"),
    [
        ("Tageblatt", "kein-at", "keine E-Mail-Adresse"),
        ("Tageblatt", "a@b.example\nBcc: c@d.example", "keine E-Mail-Adresse"),
        ("", "a@b.example", "wem die Adresse gehört"),
        ("Doppelt", "DA@tageblatt.example", "steht schon im Verteiler"),
    ],
)
def test_what_cannot_be_mailed_is_refused_and_stays_typed(
    office: Office, name: str, address: str, said: str
) -> None:
    office.adds("da@tageblatt.example")
    answer = office.hall.ben.presses("/verteiler/", {"name": name, "adresse": address})
    assert answer.status_code == 422 and said in answer.text


def test_a_mail_server_that_is_away_is_asked_again_and_one_that_refuses_is_told(
    office: Office,
) -> None:
    office.counter.moods = {"RCPT": ["451 later", "550 no such user"]}
    office.adds("a@tageblatt.example")
    mailing_list.ask(office.house, office.hall.now)
    assert "Frage kam nicht an" in office.hall.ana.opens("/verteiler/").text
    mailing_list.ask(office.house, office.hall.now)
    office.hall.later(minutes=11)
    mailing_list.ask(office.house, office.hall.now)
    office.hall.later(days=3)
    mailing_list.ask(office.house, office.hall.now)
    assert office.counter.mails == []
    number = office.hall.store.subscribers.all()[0].id
    office.hall.ben.presses(f"/verteiler/{number}/noch-einmal")
    mailing_list.ask(office.house, office.hall.now)
    assert len(office.counter.mails) == 1


def test_one_address_that_bounces_holds_up_nobody_and_is_told_once(office: Office) -> None:
    office.confirmed("a@tageblatt.example", "b@funk.example", "c@netz.example")
    office.counter.moods = {"RCPT": ["550 no such user", "550 no such user"]}
    made = office.released()
    office.works()
    states = sorted(row.state for row in office.hall.store.publications.of_response(made.id))
    assert states == ["failed", "failed", "sent"]
    told = [a for a in office.hall.store.alerts.recent() if a.kind is AlertKind.UNPUBLISHED]
    assert len(told) == 1


def test_a_mail_server_that_is_down_doubles_nothing(office: Office) -> None:
    office.confirmed("a@tageblatt.example")
    office.counter.moods = {"DATA": ["451 later"]}
    made = office.released()
    assert office.works() == 0
    office.hall.now += timedelta(minutes=1)
    assert office.works() == 1
    (row,) = office.hall.store.publications.of_response(made.id)
    assert row.state == "sent" and row.remote == f"<{row.key}@musterstadt.example>"


def test_strangers_and_others_cannot_touch_the_list(office: Office) -> None:
    office.adds("a@tageblatt.example")
    number = office.hall.store.subscribers.all()[0].id
    for path in ("", f"{number}/noch-einmal", f"{number}/entfernen"):
        form = {"name": "X", "adresse": "x@y.example"}
        assert office.hall.ana.presses(f"/verteiler/{path}", form).status_code == 403
        assert office.hall.dev.presses(f"/verteiler/{path}", form).status_code in (302, 403)
    assert office.hall.ana.opens("/verteiler/").status_code == 200
    assert office.hall.ana.opens(f"/verteiler/{number}/entfernen").status_code == 403
    assert office.hall.dev.opens("/verteiler/").status_code == 302
    for which in ("ja", "nein"):
        for token in ("x", "NQ.x", "ä", "x" * 300):
            assert office.hall.dev.opens(f"/verteiler/{which}/{token}").status_code == 400
    yes = wiring.list_links(office.house.settings).confirm(number).rpartition("/")[2]
    assert office.hall.dev.client.post(f"/verteiler/nein/{yes}").status_code == 400


def test_without_a_mail_server_the_list_cannot_be_switched_on(tmp_path: Path) -> None:
    from crisis.errors import SettingsError
    from crisis.settings import load

    with pytest.raises(SettingsError, match="needs a mail server"):
        load(tmp_path, {"CRISIS_CHANNELS_PRESS_ENABLED": "true"})


def test_the_page_of_an_empty_list_says_what_to_do(hall: TownHall) -> None:
    hall.everybody_signs_in()
    page = hall.ben.opens("/verteiler/").text
    assert "Noch steht niemand im Verteiler" in page and "ist ausgeschaltet" in page
