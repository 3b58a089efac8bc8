"""Ways beside mail: exactly these messages to gateways and these mails, and no other.

The real edge over HTTP to servers on this machine that speak as gateways do.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from builders import NOON
from mail_story import Night, post_office
from outlets import HookServer, serving
from post_office import Counter

from crisis.alerts import gateway_text
from crisis.alerts.recipes import RECIPES
from crisis.channels.gateway import HttpBell
from crisis.channels.wire import Wire
from crisis.errors import (
    ConflictError,
    InvalidInputError,
    NotAllowedError,
    NotFoundError,
    PermanentChannelError,
)
from crisis.interfaces import House
from crisis.reports.shift_change import parts
from crisis.store import Store
from crisis.types import (
    AlertState,
    Gateway,
    Person,
    Policy,
    PolicyStep,
    Ring,
    Role,
    Target,
    TargetKind,
    Way,
)
from crisis.workflows import accompany, change_shift, plan_duty, ring, roster, ways

SECRET = "sehr-geheim-4711"


@pytest.fixture(scope="module")
def office() -> Iterator[tuple[Counter, int]]:
    with post_office() as found:
        yield found


@pytest.fixture(scope="module")
def servers() -> Iterator[tuple[HookServer, HookServer]]:
    found = HookServer(), HookServer()
    with serving(*found):
        yield found


class Reachable(Night):
    """A night in which people have more than mail: an SMS gateway with a template, a signed webhook."""

    def __init__(
        self, store: Store, counter: Counter, port: int, sms: HookServer, hook: HookServer
    ) -> None:
        super().__init__(store, counter, port)
        self.servers = {"sms": sms, "hook": hook}
        for server in self.servers.values():
            server.asked.clear()
            server.trouble = lambda asked: None
        self.wire = Wire(allowed_hosts=[sms.host, hook.host], timeout=2)
        self.bell = HttpBell(lambda: self.wire, "k" * 40, lambda: self.now)
        self.tokens: list[str] = []
        self.gates = {
            "sms": self._gateway(
                "SMS",
                f"{sms.url}/send",
                body='{"to": "{to}", "text": "{text}"}',
                headers=("X-Api-Key: {secret}",),
            ),
            "hook": self._gateway("Leitstelle", f"{hook.url}/alarm"),
        }

    def _gateway(self, name: str, url: str, **more: Any) -> Gateway:
        made = Gateway(name=name, url=url, **more)
        return ways.keep_gateway(self.house, made, SECRET, self.vera, self.now)

    @property
    def house(self) -> House:
        made = super().house
        return replace(made, bell=self.bell) if hasattr(self, "bell") else made

    def step(self) -> None:
        super().step()
        ring.ring(self.house, self.worker, self.now)
        self._read_gateways()
        self._read()

    def _read_gateways(self) -> None:
        minute = int((self.now - self.start).total_seconds() // 60)
        for name, server in self.servers.items():
            for asked in server.asked:
                try:
                    said = json.loads(asked["body"])
                except ValueError:
                    said = {}
                to = said.get("to") or said.get("name")
                what = said.get("event") or _event(said.get("text", ""))
                self.said.append(f"{minute} {name}:{to} {what}")
            self.asked = [*getattr(self, "asked", []), *server.asked]
            server.asked.clear()

    def _has(self, who: Person, which: str, confirmed: str = "") -> None:
        gateway = self.gates[which].id if which in self.gates else None
        address = who.name.lower() if gateway else which
        made = ways.add_way(
            self.store,
            Way(person_id=who.id, gateway_id=gateway, address=address),
            who if who.roles & {Role.DUTY, Role.ADMIN} else self.vera,
            self.now,
        )
        if confirmed:
            with self.store.transaction():
                self.store.ways.confirm(made.id, self.now)

    def gateway(self, which: str, how: str) -> None:
        """ "down" answers 503, "refuses" 422, "up" takes."""
        code = {"down": 503, "refuses": 422, "hangs": 504}.get(how)
        self.servers[which].trouble = lambda asked: None if code is None else (code, {}, {})

    def deaf(self, which: str) -> None:
        """The gateway asks to come back later, once."""
        answers = [(429, {"Retry-After": "120"}, {})]
        self.servers[which].trouble = lambda asked: answers.pop() if answers else None

    def rules(self, which: str) -> None:
        """The first step tells a room as well."""
        step = PolicyStep(targets=(Target(kind=TargetKind.LINE),), gateways=(self.gates[which].id,))
        plan_duty.keep_policy(
            self.store, Policy(steps=(step,)), self.store.oncall.policy().id, self.vera, self.now
        )

    def off(self, which: str) -> None:
        changed = replace(self.store.ways.gateway(self.gates[which].id), active=False)
        ways.keep_gateway(self.house, changed, None, self.vera, self.now)


def _event(text: str) -> str:
    for sign, event in (("Noch offen", "still"), ("Vorfälle", "several"), ("Test", "test")):
        if sign in text:
            return event
    return "sms"


@pytest.fixture
def night(
    store: Store, office: tuple[Counter, int], servers: tuple[HookServer, HookServer]
) -> Reachable:
    return Reachable(store, *office, *servers)


STORIES = {
    "ana is told by mail and by SMS": (
        "ana has sms; rumour; wait 5",
        "0 sms:ana sms, 0 ana raised",
    ),
    "eve has nothing but mail": (
        "ana has sms; rumour; wait 12",
        "0 sms:ana sms, 0 ana raised, 10 eve escalated",
    ),
    "the signed webhook learns that somebody has it, the SMS does not": (
        "ana has sms; ana has hook; rumour; wait 2; ana takes; wait 5",
        "0 sms:ana sms, 0 hook:ana raised, 0 ana raised, 2 hook:ana taken",
    ),
    "taken before anything went: nothing goes by any way": (
        "ana has sms; ana has hook; quietly; ana takes; wait 10",
        "",
    ),
    "taken between two tries of the gateway": (
        "ana has sms; gateway sms down; rumour; gateway sms up; eve takes; wait 10",
        "0 sms:ana sms, 0 ana raised, 0 ana taken",
    ),
    "the gateway is down for a while: mail goes, the SMS comes after": (
        "ana has sms; gateway sms down; rumour; gateway sms up; wait 3",
        "0 sms:ana sms, 0 ana raised, 1 sms:ana sms",
    ),
    "the gateway asks for patience": (
        "ana has sms; deaf sms; rumour; wait 5",
        "0 sms:ana sms, 0 ana raised, 2 sms:ana sms",
    ),
    "the gateway refuses an unconfirmed way: nobody is skipped, mail counts": (
        "ana has sms; gateway sms refuses; rumour; wait 9",
        "0 sms:ana sms, 0 ana raised",
    ),
    "mail refused, unconfirmed SMS taken: the next one at once": (
        "ana has sms; smtp 550; rumour; wait 3",
        "0 sms:ana sms, 1 vera unreachable, 1 eve escalated",
    ),
    "mail refused, confirmed SMS taken: she is reached and waited for": (
        "ana has sms yes; smtp 550; rumour; wait 12",
        "0 sms:ana sms, 1 vera unreachable, 10 eve escalated",
    ),
    "mail refused and confirmed SMS refused: the next one at once": (
        "ana has sms yes; smtp 550; gateway sms refuses; rumour; wait 3",
        "0 sms:ana sms, 1 vera unreachable, 1 eve escalated",
    ),
    "known by a confirmed way she stays the first though her mail is refused": (
        "ana has sms yes; smtp 550; rumour; wait 1; eve takes; wait 1; smtp 550; rumour; wait 1",
        "0 sms:ana sms, 1 vera unreachable, 2 sms:ana sms",
    ),
    "she cannot: her ways fall silent and the next is asked": (
        "ana has sms; gateway sms down; rumour; gateway sms up; ana cannot; wait 5",
        "0 sms:ana sms, 0 ana raised, 0 eve escalated",
    ),
    "a reminder goes by SMS as well": (
        "ana has sms; rumour; ana takes; wait 31",
        "0 sms:ana sms, 0 ana raised, 30 sms:ana still, 30 ana still",
    ),
    "growth is told by it": (
        "ana has hook; rumour; wait 1; grows urgent; wait 1",
        "0 hook:ana raised, 0 ana raised, 1 hook:ana worse, 1 ana worse",
    ),
    "a storm is one SMS": (
        "ana has sms; storm 40; wait 1",
        "0 sms:ana several, 0 ana bundle",
    ),
    "after a storm an urgent one is not held back": (
        "ana has sms; storm 40; rumour urgent; wait 1",
        "0 sms:ana several, 0 ana bundle, 0 sms:ana sms, 0 ana raised",
    ),
    "a step of the rules tells a room, and the room learns that it is settled": (
        "rules hook; rumour; wait 3; ana takes; wait 3",
        "0 hook:Leitstelle raised, 0 ana raised, 3 hook:Leitstelle taken",
    ),
    "a gateway that is switched off is not asked": (
        "ana has sms; off sms; rumour; wait 5",
        "0 ana raised",
    ),
    "switched off while it waits: it fails and mail goes on": (
        "ana has sms; gateway sms down; rumour; off sms; wait 12",
        "0 sms:ana sms, 0 ana raised, 10 eve escalated",
    ),
    "a restart between taking and sending: once": (
        "ana has sms; rumour; restart; wait 2",
        "0 sms:ana sms, 0 ana raised",
    ),
    "reopened by hand: nobody is called for it by any way": (
        "ana has sms; rumour; ana dismisses; wait 1; ana reopens; wait 1",
        "0 sms:ana sms, 0 ana raised",
    ),
    "quiet hours of the mail hold for the SMS": (
        "ana has sms; maintain 30; rumour; wait 31",
        "30 sms:ana sms, 30 ana raised, 30 vera held",
    ),
    "the mail server is down, the SMS goes": (
        "ana has sms; smtp down; rumour; wait 3",
        "0 sms:ana sms",
    ),
}


@pytest.mark.parametrize("story", STORIES)
def test_these_messages_and_no_other(night: Reachable, story: str) -> None:
    told, expected = STORIES[story]
    night.tells(told)
    night._read_gateways()
    wanted = [m for m in expected.split(", ") if m]
    assert sorted(night.said, key=_order) == sorted(wanted, key=_order)
    assert night.nobody_is_paged_for_what_is_taken()


def _order(line: str) -> tuple[int, str]:
    minute, _, rest = line.partition(" ")
    return int(minute), rest


def test_two_workers_ring_once(night: Reachable) -> None:
    night.tells("ana has sms; quietly")
    first = ring.take(night.house, "monitor:1", night.now)
    assert len(first) == 1 and ring.take(night.house, "monitor:2", night.now) == []
    assert ring.keep(night.house, first[0].ring, None, "monitor:1", night.now) == 1
    night.step()
    assert [line for line in night.said if "sms" in line] == []


def test_a_worker_that_dies_on_the_wire_leaves_it_to_the_next_with_the_same_number(
    night: Reachable,
) -> None:
    night.tells("ana has hook; quietly")
    (job,) = ring.take(night.house, "monitor:1", night.now)
    assert ring.send(night.house, job) is None  # and then it dies
    night.tells("restart; wait 1")
    night._read_gateways()
    numbers = [asked["headers"]["webhook-id"] for asked in night.asked]
    assert len(numbers) == 2 and len(set(numbers)) == 1


def test_an_exercise_stays_mail(night: Reachable) -> None:
    night.tells("ana has sms; rumour; ana takes")
    drill = replace(night.incident, drill=True)
    spread = night.store.incidents.spread(drill.id, night.now)
    with night.store.transaction():
        told = accompany.person_beside(
            night.house, drill, "raised", night.town.ana, spread, "x", night.now
        )
        assert told == 0
        gates = [night.gates["hook"].id]
        assert accompany.to_gateways(night.house, drill, "raised", gates, spread, night.now) == 0


# --- what goes over the wire -----------------------------------------------------------------


def test_the_signed_call_holds_a_link_that_takes_the_incident(night: Reachable) -> None:
    night.tells("ana has hook; rumour urgent")
    (asked,) = night.asked
    said = json.loads(asked["body"])
    assert said["event"] == "raised" and said["severity"] == "urgent" and said["to"] == "ana"
    assert said["link"].startswith("http://desk.example/a/")
    assert said["title"] == "DRINGEND: Trinkwasser vergiftet"
    head = asked["headers"]
    signed = f"{head['webhook-id']}.{head['webhook-timestamp']}.".encode() + asked["body"]
    mark = base64.b64encode(hmac.new(SECRET.encode(), signed, hashlib.sha256).digest()).decode()
    assert head["webhook-signature"] == f"v1,{mark}"


def test_the_sms_has_at_most_160_letters_and_the_whole_link(night: Reachable) -> None:
    night.tells("ana has sms; rumour urgent")
    (asked,) = night.asked
    said = json.loads(asked["body"])
    assert len(said["text"]) <= 160 and "http://desk.example/a/" in said["text"]
    assert asked["headers"]["x-api-key"] == SECRET


def test_a_rule_never_hands_out_a_link_that_acts_in_somebodys_name(night: Reachable) -> None:
    night.tells("rules hook; rumour")
    (asked,) = night.asked
    assert json.loads(asked["body"])["link"] == f"http://desk.example/vorfaelle/{night.incident.id}"


def test_the_secret_stands_nowhere_but_on_the_wire(night: Reachable) -> None:
    night.tells("ana has sms; gateway sms refuses; rumour")
    kept = night.store.ways.gateway(night.gates["sms"].id)
    assert SECRET not in kept.secret and SECRET not in repr(kept)
    rows = [night.store.ways.recent(), night.store.ways.all()]
    log = [entry.after for entry in night.store.audit.of_object(f"gateway:{kept.id}")]
    assert SECRET not in repr(rows) + repr(log)
    other = HttpBell(lambda: night.wire, "other" * 10, lambda: night.now)
    night.bell = other
    night.tells("eve takes; gateway sms up; rumour")
    (last, *_) = night.store.ways.recent()
    assert last.state is AlertState.FAILED and "neu ein" in last.problem_de


def test_a_private_address_is_not_spoken_to(night: Reachable) -> None:
    night.tells("ana has sms; ana has hook yes")
    night.wire = Wire(timeout=2)
    night.tells("rumour; wait 1")
    assert [line for line in night.said if "sms" in line or "hook" in line] == []
    (way, *_) = night.store.ways.of(night.town.ana.id)
    assert way.failed_at is not None and "verschlüsselt" in way.problem_de


def test_the_next_shift_hears_of_what_was_refused(night: Reachable) -> None:
    night.tells("ana has sms; gateway sms refuses; rumour")
    planned = roster.of_house(night.house, night.now)
    found = change_shift.facts(night.house, planned, night.start, night.now)
    points = [p["text"] for part in parts(found, "de") for p in part["points"]]
    assert any(text.startswith("SMS an Ana gescheitert: 127.0.0.1 lehnt das ab") for text in points)


def test_what_went_by_which_way_is_in_the_log(night: Reachable) -> None:
    night.tells("ana has sms; rumour")
    (sent,) = night.store.ways.of_incident(night.incident.id)
    (entry,) = night.store.audit.of_object(f"ring:{sent.id}")
    assert entry.action == "ring.sent" and entry.incident_id == night.incident.id
    assert entry.after["person"] == night.town.ana.id


# --- entering, trying, confirming ------------------------------------------------------------


def test_a_test_message_is_confirmed_by_its_button_and_counts_from_then_on(
    night: Reachable,
) -> None:
    night.tells("ana has sms")
    (way,) = night.store.ways.of(night.town.ana.id)
    ways.try_way(night.house, way.id, night.town.ana, night.now, base_url="http://desk.example")
    night.step()
    text = json.loads(night.asked[-1]["body"])["text"]
    token = text.rpartition("/")[2]
    assert not way.counts and len(text) <= 160
    assert ways.open_(night.store, token, night.now) == (way, True)
    ways.confirm(night.store, token, night.now)
    ways.confirm(night.store, token, night.now)
    assert night.store.ways.get(way.id).counts
    with pytest.raises(NotAllowedError):
        ways.open_(night.store, "erfunden", night.now)
    ways.remove_way(night.store, way.id, night.town.ana, night.now)
    with pytest.raises(NotAllowedError):
        ways.open_(night.store, token, night.now)


def test_a_refused_way_counts_again_once_it_takes_something(night: Reachable) -> None:
    night.tells("ana has sms yes; gateway sms refuses; rumour")
    (way,) = night.store.ways.of(night.town.ana.id)
    assert not way.counts and "lehnt" in way.problem_de
    night.tells("eve takes; gateway sms up; rumour")
    assert night.store.ways.get(way.id).counts


def test_people_change_their_own_ways_only(night: Reachable) -> None:
    wish = Way(person_id=night.eve.id, gateway_id=night.gates["sms"].id, address="1")
    with pytest.raises(NotAllowedError):
        ways.add_way(night.store, wish, night.town.ana, night.now)
    with pytest.raises(NotAllowedError):
        ways.add_way(night.store, wish, night.town.dev, night.now)
    kept = ways.add_way(night.store, wish, night.vera, night.now)
    assert ways.add_way(night.store, wish, night.eve, night.now) == kept  # twice is once
    for act in (ways.remove_way,):
        with pytest.raises(NotAllowedError):
            act(night.store, kept.id, night.town.ana, night.now)
    with pytest.raises(NotAllowedError):
        ways.keep_gateway(night.house, night.gates["sms"], None, night.town.ana, night.now)
    with pytest.raises(InvalidInputError):
        ways.add_way(
            night.store, replace(wish, gateway_id=None, address="keine"), night.vera, night.now
        )
    with pytest.raises(NotFoundError):
        ways.add_way(night.store, replace(wish, gateway_id=99), night.vera, night.now)


@pytest.mark.parametrize(
    "changes",
    [
        {"url": "ftp://sms.example"},
        {"url": "https://{to}.example/"},
        {"url": "https://ich:geheim@sms.example/"},
        {"url": "https://sms.example/{was}"},
        {"body": '{"text": {text}}'},
        {"body": '{"text": "{secret}"}'},
        {"headers": ("Kein Doppelpunkt",)},
        {"headers": ("X-A: eins\r\nX-B: zwei",)},
        {"method": "DELETE"},
        {"content_type": "text/html"},
        {"name": ""},
        {"name": "Leitstelle"},
    ],
)
def test_a_gateway_that_cannot_work_is_refused(night: Reachable, changes: dict[str, Any]) -> None:
    before = night.store.ways.gateway(night.gates["sms"].id)
    with pytest.raises((InvalidInputError, ConflictError)):
        ways.keep_gateway(night.house, replace(before, **changes), SECRET, night.vera, night.now)
    assert night.store.ways.gateway(before.id) == before


def test_a_secret_does_not_follow_the_address_to_another_host(night: Reachable) -> None:
    before = night.store.ways.gateway(night.gates["sms"].id)
    moved = replace(before, url="https://anderswo.example/send")
    with pytest.raises(InvalidInputError, match="another host"):
        ways.keep_gateway(night.house, moved, None, night.vera, night.now)
    kept = ways.keep_gateway(night.house, moved, "neu", night.vera, night.now)
    assert kept.secret != before.secret


def test_removing_a_gateway_takes_its_ways_and_what_waits(night: Reachable) -> None:
    night.tells("ana has sms; gateway sms down; rumour")
    ways.remove_gateway(night.store, night.gates["sms"].id, night.vera, night.now)
    assert night.store.ways.all() == []
    assert night.store.ways.of_incident(night.incident.id)[0].state is AlertState.CANCELLED


# --- the recipes of docs/operate/ways.md -----------------------------------------------------


def recipe(night: Reachable, code: str) -> dict[str, Any]:
    """Ana told over this gateway, as the recipe has it but for the host; what the server was asked."""
    made, server = RECIPES[code][2], night.servers["sms"]
    here = urlsplit(made.url)._replace(scheme="http", netloc=server.host).geturl()
    made = replace(made, name="Rezept", url=here)
    night.gates["own"] = ways.keep_gateway(night.house, made, SECRET, night.vera, night.now)
    night.tells("ana has own; rumour urgent")
    (asked,) = night.asked
    return dict(asked)


def test_a_generic_sms_gateway_by_json(night: Reachable) -> None:
    asked = recipe(night, "sms-json")
    said = json.loads(asked["body"])
    assert asked["headers"]["authorization"] == f"Bearer {SECRET}"
    assert said["recipients"] == ["ana"] and said["message"].startswith("DRINGEND: Trinkwasser")


def test_a_generic_sms_gateway_by_form(night: Reachable) -> None:
    asked = recipe(night, "sms-form")
    said = parse_qs(asked["body"].decode())
    assert said["to"] == ["ana"] and said["text"][0].startswith("DRINGEND: ")
    assert asked["headers"]["x-api-key"] == SECRET


def test_ntfy_takes_plain_text_on_a_topic(night: Reachable) -> None:
    asked = recipe(night, "ntfy")
    assert asked["path"] == "/ana" and asked["headers"]["priority"] == "urgent"
    title, link = asked["body"].decode().split("\n")
    assert title == "DRINGEND: Trinkwasser vergiftet" and link.startswith("http://desk.example/a/")


def test_matrix_takes_a_put_into_a_room_once_by_its_number(night: Reachable) -> None:
    asked = recipe(night, "matrix")
    assert asked["method"] == "PUT"
    assert asked["path"].endswith("/m.room.message/" + asked["headers"]["webhook-id"])
    assert json.loads(asked["body"])["msgtype"] == "m.text"


def test_signal_by_its_rest_program(night: Reachable) -> None:
    asked = recipe(night, "signal")
    said = json.loads(asked["body"])
    assert asked["path"] == "/v2/send" and said["recipients"] == ["ana"]
    assert said["message"].startswith("DRINGEND: Trinkwasser vergiftet http://desk.example/a/")


def test_a_program_of_ones_own_gets_all_there_is(night: Reachable) -> None:
    said = json.loads(recipe(night, "webhook")["body"])
    assert set(gateway_text.FIELDS) <= set(said)


def test_an_sms_made_of_a_mail_is_short_and_plain(night: Reachable) -> None:
    night.tells("ana has 4915112345@sms.example; rumour urgent")
    mail = next(m for m in night.letters if "sms.example" in str(m["To"]))
    assert mail.get_content_type() == "text/plain" and mail["Subject"] == "Klarstellung"
    text = mail.get_content().strip()
    assert len(text) <= 160 and "\n" not in text and "http://desk.example/a/" in text


def message(title: str) -> Ring:
    payload = gateway_text.payload(event="raised", title=title, link="l", name="Ana", address=title)
    return Ring(
        way_id=1,
        gateway_id=1,
        person_id=1,
        incident_id=None,
        event="raised",
        payload=payload,
        key="k",
        created=NOON,
        due=NOON,
    )


# --- words -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("„Gift“ im Wasser – überall…", '"Gift" im Wasser - überall...'),
        ("5 € für ẞ {a}", "5 EUR für SS (a)"),
        ("Łódź 🚨\nneu", "?ódz ? neu"),
    ],
)
def test_an_sms_keeps_to_its_letters(text: str, expected: str) -> None:
    assert gateway_text.gsm(text).replace("ó", "o") == expected.replace("ó", "o")


@pytest.mark.parametrize("length", [20, 80, 120, 155, 300])
def test_the_link_is_never_cut(length: int) -> None:
    link = "https://" + "x" * (length - 8)
    text = gateway_text.short_text("Das Trinkwasser ist vergiftet " * 10, link)
    assert len(text) <= 160
    assert link in text or length > 150


def test_what_strangers_wrote_breaks_out_of_nothing() -> None:
    nasty = '", "to": "alle\r\nX-Evil: 1 {secret} {to}&x=1'
    gateway = Gateway(
        name="x", url="https://a.example/{to}", body='{"t": "{title}"}', headers=("K: {secret}",)
    )
    one = message(nasty)
    found = gateway_text.request(gateway, one)
    assert json.loads(found.body) == {"t": nasty}
    assert "\r" not in found.url and "?" not in found.url and "/alle" not in found.url
    form = replace(gateway, body="t={title}&u=2", content_type="application/x-www-form-urlencoded")
    assert parse_qs(gateway_text.request(form, one).body.decode())["t"] == [nasty]


def test_a_bell_without_a_secret_signs_nothing(night: Reachable) -> None:
    gateway = replace(night.gates["hook"], secret="")
    night.bell.ring(gateway_text.request(gateway, message("x")))
    (asked,) = night.servers["hook"].asked
    assert "webhook-signature" not in asked["headers"]
    night.gateway("hook", "refuses")
    with pytest.raises(PermanentChannelError):
        night.bell.ring(gateway_text.request(gateway, message("x")))
